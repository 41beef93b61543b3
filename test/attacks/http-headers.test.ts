import t from 'tap'
import { caseworker, haven, wire } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const records = await upstream(t, json([{ id: 'R-1', service: 'rent', citizenship: 'asylee-canary' }]))
const gate = await haven(t, { upstream: records.url, source: { auth: { bearer: 'of-the-gate' } } })
const token = await gate.token()
const unplaced = await gate.token({ agency: 'us-ca-los-angeles-lafd', sub: 'engine-1' })

const OURS = new Set(['accept', 'accept-encoding', 'authorization', 'connection', 'host'])

const send = (bearer: string, ...lines: string[]) =>
  wire(gate.gate, [`GET ${PATH} HTTP/1.1`, 'Host: gate', `Authorization: Bearer ${bearer}`, ...lines, '', ''].join('\r\n'), 250)
const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])

t.test('the record API sees the headers of the gate and of the dialect, and no other', async t => {
  const forged = [
    'Cookie: session=1',
    'Forwarded: for=10.0.0.1;host=evil',
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-Host: evil',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Prefix: /admin',
    'X-Original-URL: /admin',
    'X-Rewrite-URL: /admin',
    'X-Envoy-Original-Path: /admin',
    'X-Real-IP: 127.0.0.1',
    'Via: 1.1 x',
    'Proxy-Authorization: Basic eDp5',
    'X-Api-Key: k',
    'Haven-Decision: 01900000-0000-7000-8000-000000000000',
    'Haven-Case: 12-345',
    'If-None-Match: "x"',
    'If-Modified-Since: Sun, 22 Nov 2026 19:00:00 GMT',
    'If-Match: *',
    'Accept-Language: es',
    'User-Agent: probe',
    'TE: trailers',
    'Upgrade: h2c',
    'Keep-Alive: timeout=5',
    'Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'Accept-Encoding: gzip, br',
    'X-Client-Info: x',
    'Origin: https://evil.example',
    'Referer: https://evil.example',
  ]
  t.equal(status(await send(token, ...forged, 'Connection: close')), 200)
  const asked = records.asked.at(-1)
  t.same(new Set(Object.keys(asked?.headers ?? {})), OURS)
  t.equal(asked?.headers.authorization, 'Bearer of-the-gate')
  t.equal(asked?.headers['accept-encoding'], 'identity')
  t.equal(asked?.headers.host, new URL(records.url).host)
})

t.test('a header named in Connection cannot remove one of the gate’s own', async t => {
  for (const named of [
    'authorization',
    'accept-encoding',
    'accept',
    'host',
    'close, authorization, accept-encoding',
    'haven-purpose',
    'haven-decision',
  ]) {
    t.equal(status(await send(token, `Connection: ${named}`)), 200, named)
    const headers = records.asked.at(-1)?.headers ?? {}
    t.same(new Set(Object.keys(headers)), OURS, named)
    t.equal(headers['authorization'], 'Bearer of-the-gate', named)
    t.equal(headers['accept-encoding'], 'identity', named)
  }
})

t.test('nor take a declaration out of sight', async t => {
  t.equal(status(await send(unplaced, 'Haven-Purpose: emergency', 'Connection: close')), 200, 'twin: the declaration counts')
  t.equal(
    status(await send(unplaced, 'Haven-Recipient: us-dhs-ice-ero', 'Haven-Purpose: emergency', 'Connection: close, haven-recipient')),
    451,
  )
  t.equal(status(await send(unplaced, 'Haven-Purpose: immigration-enforcement', 'Connection: close, haven-purpose')), 451)
})

t.test('the caller’s decision id is not taken over', async t => {
  const forged = '01900000-0000-7000-8000-000000000000'
  const answer = await send(token, `Haven-Decision: ${forged}`, 'Connection: close')
  t.match(answer, /haven-decision: [0-9a-f-]{36}/i)
  t.notMatch(answer, forged)
})

t.test('ranges are refused, and conditions are not passed on', async t => {
  const before = records.asked.length
  for (const range of ['bytes=0-3', '0-4', 'items=0-1'])
    t.equal(status(await send(token, `Range: ${range}`, 'Connection: close')), 400, range)
  t.equal(records.asked.length, before)
  for (const condition of [
    'If-None-Match: *',
    'If-None-Match: W/"0"',
    'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT',
    'If-Range: "x"',
  ]) {
    t.equal(status(await send(token, condition, 'Connection: close')), 200, `${condition}: never 304`)
    t.notOk(
      Object.keys(records.asked.at(-1)?.headers ?? {}).some(name => name.startsWith('if-')),
      condition,
    )
  }
})

t.test('headers that should stand once', async t => {
  const before = records.asked.length
  for (const line of ['Haven-Purpose: emergency', 'Haven-Reason: x', 'Haven-Case: 12', 'Haven-Process: i-205'])
    t.equal(status(await send(unplaced, line, line, 'Connection: close')), 400, `${line} twice`)
  t.equal(status(await send(token, 'Accept: application/json', 'Accept: text/csv', 'Connection: close')), 400)
  t.equal(records.asked.length, before)
  t.equal(status(await send(unplaced, 'Haven-Purpose: emergency', 'Connection: close')), 200, 'twin: once')
})

t.test('other formats than JSON are refused, however they are asked for', async t => {
  const before = records.asked.length
  for (const accept of [
    'text/csv',
    'application/geo+json',
    'application/octet-stream',
    'text/*',
    'application/vnd.pgrst.plan+json',
    'application/json;q=0',
    'application/vnd.pgrst.object+json;nulls=stripped',
  ])
    t.ok([415, 403].includes(status(await send(token, `Accept: ${accept}`, 'Connection: close'))), accept)
  t.equal(records.asked.length, before)
  for (const accept of ['*/*', 'application/json', 'text/html, application/json;q=0.9'])
    t.equal(status(await send(token, `Accept: ${accept}`, 'Connection: close')), 200, `twin: ${accept}`)
})

t.test('a crowd of headers hides no declaration: Node drops those beyond two thousand', async t => {
  const before = records.asked.length
  const told = new Set<number>()
  for (const count of [500, 990, 1_500, 1_990, 2_010, 2_100, 3_000]) {
    const crowd = Array.from({ length: count }, () => 'a:')
    const token = await gate.token({ ...caseworker, sub: `crowd-${count}` })
    told.add(status(await send(token, ...crowd, 'Haven-Recipient: us-dhs-ice-ero', 'Connection: close')))
  }
  t.same(told, new Set([451, 431]), 'it is read, or the headers are too large')
  t.equal(records.asked.length, before)
  t.equal(status(await send(token, ...Array.from({ length: 500 }, () => 'a:'), 'Connection: close')), 200, 'twin: without it')
})
