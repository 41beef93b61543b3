import t from 'tap'
import { redact } from '../../src/redact/redact.ts'
import { answer, LIMITS, PEOPLE, receipt } from './support/build.ts'
import { bodyOf } from './support/run.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
type Headers = Parameters<typeof answer>[1]

async function outcomeOf(headers: Headers, status = 200, body: readonly string[] = ['[]'], method = 'GET'): Promise<string> {
  const upstream = answer(body, headers, status)
  try {
    const released = await redact(upstream, receipt(PEOPLE), LIMITS, method)
    return `${released.status} ${released.contentType} ${await bodyOf(released)}`
  } catch (error) {
    const { code, reply, upstreamStatus } = error as { code?: string; reply?: string; upstreamStatus?: number }
    t.ok(upstream.destroyed() > 0, 'the upstream is destroyed')
    return `${code} ${reply} ${upstreamStatus}`
  }
}

const UNINSPECTABLE = 'upstream.uninspectable upstream 200'

t.test('only whole, final successes carry an answer', async t => {
  for (const status of [400, 401, 403, 404, 406, 410, 416, 429, 451, 499])
    t.equal(await outcomeOf(JSON_TYPE, status), `upstream.refused upstream ${status}`)
  for (const status of [0, 100, 101, 203, 205, 206, 207, 226, 300, 301, 302, 304, 307, 500, 503, 599, 600]) {
    t.equal(await outcomeOf(JSON_TYPE, status), `upstream.failed upstream ${status}`)
  }
  for (const status of [200, 201, 202]) t.equal(await outcomeOf(JSON_TYPE, status), `${status} application/json []`)
  t.equal(await outcomeOf({}, 204, []), '204 null ')
})

t.test('types that can be inspected, and what is released of them', async t => {
  const read = [
    ['application/json', 'application/json'],
    ['Application/JSON', 'application/json'],
    ['application/json;charset=UTF-8', 'application/json; charset=utf-8'],
    ['application/json ; charset="utf-8"', 'application/json; charset=utf-8'],
    ['application/json;odata.metadata=minimal;IEEE754Compatible=true', 'application/json'],
    ['application/json; profile="a;charset=utf-16;\\"x"', 'application/json'],
    ['application/json;', 'application/json'],
    ['application/fhir+json', 'application/fhir+json'],
    ['application/vnd.pgrst.object+json; charset=utf-8', 'application/vnd.pgrst.object+json; charset=utf-8'],
  ] as const
  for (const [header, released] of read) t.equal(await outcomeOf({ 'content-type': header }), `200 ${released} []`)
  for (const header of ['application/x-ndjson', 'application/ndjson', 'application/jsonl; charset=utf-8']) {
    t.equal(await outcomeOf({ 'content-type': header }, 200, ['{"id":1}\n']), `200 ${header} {"id":1}\n`)
  }
})

t.test('types that cannot', async t => {
  const refused: readonly (string | readonly string[])[] = [
    'text/html',
    'text/html; charset=utf-8',
    'text/plain',
    'text/json',
    'text/javascript',
    'application/javascript',
    'application/xml',
    'application/geo+xml',
    'image/svg+json',
    'application/jsonp',
    'application/json-seq',
    'application/octet-stream',
    'multipart/byteranges; boundary=x',
    'application/+json',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf8',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset=utf-8; Charset=utf-8',
    'application/json; charset',
    'application/json; charset=',
    'application/json; charset="utf-8',
    'application/json, text/html',
    'application/json text/html',
    'application/json\u00a0',
    ' application/json',
    'application/json\u0000',
    'json',
    '',
    ['application/json', 'application/json'],
    ['application/json', 'text/html'],
    [],
  ]
  for (const header of refused) t.equal(await outcomeOf({ 'content-type': header }), UNINSPECTABLE, String(header))
  t.equal(await outcomeOf({}), UNINSPECTABLE, 'no content type')
})

t.test('encodings and lengths', async t => {
  const refused: readonly Headers[] = [
    { ...JSON_TYPE, 'content-encoding': 'gzip' },
    { ...JSON_TYPE, 'content-encoding': 'identity, gzip' },
    { ...JSON_TYPE, 'content-encoding': ['identity', 'br'] },
    { ...JSON_TYPE, 'content-encoding': '' },
    { ...JSON_TYPE, 'transfer-encoding': 'gzip, chunked' },
    { ...JSON_TYPE, 'content-length': '3' },
    { ...JSON_TYPE, 'content-length': '1' },
    { ...JSON_TYPE, 'content-length': ['2', '2'] },
    { ...JSON_TYPE, 'content-length': '+2' },
    { ...JSON_TYPE, 'content-length': '2, 2' },
    { ...JSON_TYPE, 'content-length': '0x2' },
    { ...JSON_TYPE, 'content-length': String(LIMITS.answerBytes + 1) },
  ]
  for (const headers of refused) t.equal(await outcomeOf(headers), UNINSPECTABLE, JSON.stringify(headers))
  const fine: readonly Headers[] = [
    { ...JSON_TYPE, 'content-encoding': 'Identity', 'content-length': '2' },
    { ...JSON_TYPE, 'transfer-encoding': 'chunked', 'content-range': '0-1/2' },
  ]
  for (const headers of fine) t.equal(await outcomeOf(headers), '200 application/json []', JSON.stringify(headers))
})

t.test('HEAD and empty bodies', async t => {
  t.equal(await outcomeOf({ ...JSON_TYPE, 'content-length': '99' }, 200, [], 'HEAD'), '200 application/json ')
  t.equal(await outcomeOf({ 'content-type': 'text/html' }, 200, [], 'HEAD'), UNINSPECTABLE)
  t.equal(await outcomeOf(JSON_TYPE, 200, ['[]'], 'HEAD'), UNINSPECTABLE, 'a body that may not be')
  t.equal(await outcomeOf(JSON_TYPE, 404, [], 'HEAD'), 'upstream.refused upstream 404')
  t.equal(await outcomeOf(JSON_TYPE, 200, []), UNINSPECTABLE, 'an empty 200')
  t.equal(await outcomeOf({ 'content-type': 'application/x-ndjson' }, 200, []), UNINSPECTABLE)
  t.equal(await outcomeOf({ 'content-length': '0' }, 201, []), '201 null ')
  t.equal(await outcomeOf(JSON_TYPE, 201, []), '201 null ')
  t.equal(await outcomeOf({}, 201, ['[]']), 'upstream.uninspectable upstream 201', 'a body of no type')
  t.equal(await outcomeOf(JSON_TYPE, 204, ['[]']), 'upstream.uninspectable upstream 204')
})
