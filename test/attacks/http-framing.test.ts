import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { haven, wire } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const records = await upstream(t, json([{ id: 'R-1', service: 'rent' }]))
const gate = await haven(t, { upstream: records.url, source: { writes: true }, limits: { requestBytes: '16KiB' } })
const token = await gate.token()
const ice = await gate.token({ agency: 'us-dhs-ice-ero' })
const AUTH = `Host: gate\r\nAuthorization: Bearer ${token}\r\n`
const ROW = '[{"id":"R-2"}]'
const JSON_TYPE = 'Content-Type: application/json\r\n'

const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(match => Number(match[1]))
const post = (headers: string, body: string) =>
  wire(gate.gate, `POST /residents/residents HTTP/1.1\r\n${AUTH}${headers}Connection: close\r\n\r\n${body}`)

t.test('the twin: a write with an ordinary body reaches the record API', async t => {
  t.same(statuses(await post(`${JSON_TYPE}Content-Length: ${ROW.length}\r\n`, ROW)), [200])
  t.same(
    statuses(await post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, `${ROW.length.toString(16)}\r\n${ROW}\r\n0\r\n\r\n`)),
    [200],
    'chunked',
  )
  t.equal(records.asked.at(-1)?.body, ROW)
})

t.test('Content-Length and Transfer-Encoding together, and other ways to end a body twice', async t => {
  const before = records.asked.length
  const inner = `0\r\n\r\nGET ${PATH} HTTP/1.1\r\n${AUTH}\r\n`
  const chunks = `${ROW.length.toString(16)}\r\n${ROW}\r\n0\r\n\r\n`
  const heads = [
    `Content-Length: ${inner.length}\r\nTransfer-Encoding: chunked\r\n`,
    `Transfer-Encoding: chunked\r\nContent-Length: 5\r\n`,
    'Transfer-Encoding: chunked, identity\r\n',
    'Transfer-Encoding: xchunked\r\n',
    'Transfer-Encoding : chunked\r\n',
    'Transfer-Encoding:\x0bchunked\r\n',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
    'Content-Length: 5\r\nContent-Length: 6\r\n',
    'Content-Length: 5, 6\r\n',
    'Content-Length: +5\r\n',
    'Content-Length: 0x5\r\n',
    'Content-Length: -1\r\n',
    'Content-Length: 5 \r\n X: y\r\n',
  ]
  for (const head of heads)
    for (const body of [inner, chunks]) {
      const answer = statuses(await post(JSON_TYPE + head, body))
      t.equal(answer.length <= 1 && answer.every(status => status === 400), true, `${JSON.stringify(head)} -> ${answer}`)
    }
  t.equal(records.asked.length, before, 'no smuggled call reaches the record API')
})

t.test('chunks that are not written as the standard says', async t => {
  const before = records.asked.length
  const bodies = [
    'zz\r\nabc\r\n0\r\n\r\n',
    '5;\nx\r\nabcde\r\n0\r\n\r\n',
    '3\r\nabcde\r\n0\r\n\r\n',
    '3\nabc\n0\n\n',
    '-1\r\n',
    '0x3\r\nabc\r\n0\r\n\r\n',
    'fffffffffffffffff\r\n',
    '3\r\nabc0\r\n\r\n',
  ]
  for (const body of bodies) {
    const answer = await post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, body)
    t.same(statuses(answer), [400], JSON.stringify(body))
    t.match(answer, /problems\/malformed/)
  }
  t.equal(records.asked.length, before)
})

t.test('line ends and header lines that parsers read differently', async t => {
  const before = records.asked.length
  const calls = [
    `GET ${PATH} HTTP/1.1\nHost: gate\nAuthorization: Bearer ${token}\n\n`,
    `GET ${PATH} HTTP/1.1\r\nHost: gate\r\nX: a\nAuthorization: Bearer ${token}\r\n\r\n`,
    `GET ${PATH} HTTP/1.1\r\nHost: gate\r\nX: a\rAuthorization: Bearer ${token}\r\n\r\n`,
    `GET ${PATH} HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer\r\n ${token}\r\n\r\n`,
    `GET ${PATH} HTTP/1.1\r\nHost: gate\r\nAuthorization : Bearer ${token}\r\n\r\n`,
    `GET ${PATH} HTTP/1.1\r\n Host: gate\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    `GET ${PATH} HTTP/1.1\r\n${AUTH}X: a\0b\r\n\r\n`,
    `GET ${PATH} HTTP/1.1\r\n${AUTH}no colon here\r\n\r\n`,
    `GET ${PATH} HTTP/2.0\r\n${AUTH}\r\n`,
    `GET ${PATH} HTTP/0.9\r\n\r\n`,
    `GET ${PATH}\r\n\r\n`,
    `GET ${PATH} HTTP/1.1\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    `GET ${PATH} HTTP/1.1\r\nHost: gate\r\nHost: other\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ]
  for (const bytes of calls) {
    const answer = statuses(await wire(gate.gate, bytes))
    t.equal(answer.length <= 1 && !answer.includes(200), true, `${JSON.stringify(bytes.slice(0, 60))} -> ${answer}`)
  }
  t.equal(records.asked.length, before)
})

t.test('calls in a row on one connection keep their own callers', async t => {
  const one = `GET ${PATH} HTTP/1.1\r\n${AUTH}\r\n`
  const other = `GET ${PATH} HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer ${ice}\r\n\r\n`
  const nobody = `GET ${PATH} HTTP/1.1\r\nHost: gate\r\n\r\n`
  t.same(statuses(await wire(gate.gate, one + other + nobody + one)), [200, 451, 401, 200])
  const answer = await wire(gate.gate, `${one}garbage\r\n\r\n`)
  t.notOk(statuses(answer).includes(200) && statuses(answer).length > 2, 'what follows a call cannot add a third answer')
  t.notMatch(answer, /400[\s\S]*"id":"R-1"/, 'and no answer stands behind the refusal')
  await setTimeout(300) // the first call may still be on its way to the record API
})

t.test('a GET or a HEAD with a body', async t => {
  const before = records.asked.length
  for (const method of ['GET', 'HEAD'])
    for (const [head, body] of [
      ['Content-Length: 2\r\n', '{}'],
      ['Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'],
      ['Transfer-Encoding: chunked\r\n', '0\r\n\r\n'],
    ] as const)
      t.same(
        statuses(await wire(gate.gate, `${method} ${PATH} HTTP/1.1\r\n${AUTH}${head}Connection: close\r\n\r\n${body}`)),
        [400],
        `${method} ${head}`,
      )
  t.equal(records.asked.length, before)
  t.same(
    statuses(await wire(gate.gate, `GET ${PATH} HTTP/1.1\r\n${AUTH}Content-Length: 0\r\nConnection: close\r\n\r\n`)),
    [200],
    'twin: a length of 0',
  )
})

t.test('media types that one parser reads and another does not', async t => {
  const before = records.asked.length
  const types = [
    'application/json\t; charset=utf-8, text/plain',
    'application/json garbage',
    'application/json;',
    'text/plain',
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
    'application',
    'application/json, application/json',
    'multipart/form-data; boundary=x',
    '',
  ]
  for (const type of types) {
    const answer = statuses(await post(`Content-Type: ${type}\r\nContent-Length: ${ROW.length}\r\n`, ROW))
    t.equal(type === 'application/json;' || answer[0] === 415 || answer[0] === 400, true, `${JSON.stringify(type)} -> ${answer}`)
  }
  t.same(statuses(await post(`${JSON_TYPE}${JSON_TYPE}Content-Length: ${ROW.length}\r\n`, ROW)), [400], 'twice')
  t.ok(records.asked.length - before <= 1)
  for (const type of ['application/json', ' application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON'])
    t.same(statuses(await post(`Content-Type: ${type}\r\nContent-Length: ${ROW.length}\r\n`, ROW)), [200], `twin: ${type}`)
})

t.test('a body over the limit, declared or not', async t => {
  const before = records.asked.length
  const large = `[{"id":"${'x'.repeat(17 * 1024)}"}]`
  for (const [head, body] of [
    [`Content-Length: ${large.length}\r\n`, large],
    ['Transfer-Encoding: chunked\r\n', `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`],
    ['Content-Length: 99999999999\r\n', '['],
  ] as const) {
    const answer = await post(JSON_TYPE + head, body)
    t.same(statuses(answer), [413], head)
    t.match(answer, /problems\/malformed"[\s\S]*"decision":/, 'a problem that stands in the journal')
  }
  t.equal(records.asked.length, before)
  const fair = `[{"id":"${'x'.repeat(15 * 1024)}"}]`
  t.same(statuses(await post(`${JSON_TYPE}Content-Length: ${fair.length}\r\n`, fair)), [200], 'twin: just under')
})

t.test('headers over the limit, also on the second call of a connection', async t => {
  const big = `X-Big: ${'x'.repeat(20_000)}\r\n`
  const first = await wire(gate.gate, `GET ${PATH} HTTP/1.1\r\n${AUTH}${big}\r\n`)
  t.same(statuses(first), [431])
  t.match(first, /application\/problem\+json[\s\S]*problems\/malformed[\s\S]*call\.header-too-large/)
  const second = await new Promise<string>(done => {
    const { hostname, port } = new URL(gate.gate)
    let answer = ''
    const socket = connect(Number(port), hostname, () => void socket.write(`GET ${PATH} HTTP/1.1\r\n${AUTH}\r\n`))
    socket.once('data', () => void setTimeout(50).then(() => socket.write(`GET ${PATH} HTTP/1.1\r\n${AUTH}${big}\r\n`)))
    socket.on('data', chunk => {
      answer += chunk
    })
    socket.on('error', () => undefined)
    socket.on('close', () => done(answer))
  })
  t.same(statuses(second), [200, 431])
  t.match(second.slice(second.indexOf('HTTP/1.1 431')), /problems\/malformed[\s\S]*call\.header-too-large/)
  t.same(
    statuses(await wire(gate.gate, `GET ${PATH} HTTP/1.1\r\n${AUTH}X-Big: ${'x'.repeat(8_000)}\r\nConnection: close\r\n\r\n`)),
    [200],
    'twin: half as long',
  )
})

t.test('expectations', async t => {
  t.same(statuses(await wire(gate.gate, `GET ${PATH} HTTP/1.1\r\n${AUTH}Expect: 200-ok\r\nConnection: close\r\n\r\n`)), [400])
  t.same(statuses(await wire(gate.gate, `GET ${PATH} HTTP/1.1\r\n${AUTH}Expect: 100-continue\r\nConnection: close\r\n\r\n`)), [100, 200])
})
