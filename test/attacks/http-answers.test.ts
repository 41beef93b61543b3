import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { haven, wire } from '../support/haven.ts'
import { rawUpstream, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const CANARY = 'canary-asylee-900-12-3456'
const ROWS = JSON.stringify([{ id: 'R-1', service: 'rent', citizenship: CANARY }])
const TYPE = { 'content-type': 'application/json' }

let status = 200
let headers: Record<string, string | string[]> = TYPE
let body: string | Buffer = ROWS
const records = await upstream(t, (_asked, reply) => void reply.writeHead(status, headers).end(body))
const gate = await haven(t, { upstream: records.url })

async function answered(code: number, sent: typeof headers = TYPE, text: string | Buffer = ROWS) {
  status = code
  headers = sent
  body = text
  const token = await gate.token()
  const answer = await wire(
    gate.gate,
    `GET ${PATH} HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    800,
  )
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), whole: answer }
}

async function withheld(t: Test, want: number, code: number, sent?: typeof headers, text?: string | Buffer): Promise<void> {
  const { status: got, whole } = await answered(code, sent, text)
  const name = `${code} ${JSON.stringify(sent ?? {}).slice(0, 60)}`
  t.equal(got, want, name)
  t.match(whole, /problems\/upstream/, name)
  t.notMatch(whole, /canary|secret-place/, `${name}: nothing of it shows`)
}

t.test('the twin: a whole, plain answer', async t => {
  const { status: got, whole } = await answered(200)
  t.equal(got, 200)
  t.match(whole, '[{"id":"R-1","service":"rent"}]')
})

t.test('redirects are not followed, and do not show where to', async t => {
  const elsewhere = await upstream(t, (_asked, reply) => void reply.writeHead(200, TYPE).end(ROWS))
  for (const code of [300, 301, 302, 303, 307, 308]) await withheld(t, 502, code, { ...TYPE, location: `${elsewhere.url}/secret-place` })
  t.equal(elsewhere.asked.length, 0)
})

t.test('statuses that carry no whole answer', async t => {
  for (const code of [203, 205, 206, 207, 226, 304, 500, 501, 502, 503, 504, 599])
    await withheld(t, 502, code, { ...TYPE, 'content-range': '0-0/7' })
})

t.test('refusals of the record API keep their status and lose their words', async t => {
  const leaky = JSON.stringify({ message: `Failing row contains (${CANARY})`, hint: 'Perhaps you meant citizenship canary' })
  for (const code of [400, 401, 403, 404, 406, 409, 410, 416, 422, 429])
    await withheld(t, code, code, { ...TYPE, 'www-authenticate': 'Bearer realm=canary', 'retry-after': '7' }, leaky)
  await withheld(t, 502, 500, TYPE, leaky)
  await withheld(t, 502, 500, { 'content-type': 'text/html' }, `<pre>${CANARY}</pre>`)
})

t.test('bodies that cannot be inspected', async t => {
  await withheld(t, 502, 200, { 'content-type': 'text/html' }, `<p>${CANARY}`)
  await withheld(t, 502, 200, { 'content-type': 'text/csv' }, `id,citizenship\nR-1,${CANARY}`)
  await withheld(t, 502, 200, {}, ROWS)
  await withheld(t, 502, 200, { ...TYPE, 'content-encoding': 'gzip' }, gzipSync(ROWS))
  await withheld(t, 502, 200, { ...TYPE, 'content-encoding': 'br' }, ROWS)
  await withheld(t, 502, 200, TYPE, gzipSync(ROWS))
  await withheld(t, 502, 200, { 'content-type': ['application/json', 'text/html'] }, ROWS)
  await withheld(t, 502, 200, { 'content-type': 'application/json, text/html' }, ROWS)
  await withheld(t, 502, 200, { 'content-type': 'application/json; charset=utf-16' }, ROWS)
  for (const text of [
    '',
    'not json canary',
    `${ROWS}${ROWS}`,
    `${ROWS} canary`,
    '[{"id":"R-1","id":"canary"}]',
    `[{"id":"R-1"},"${CANARY}"`,
    `callback(${ROWS})`,
  ])
    await withheld(t, 502, 200, TYPE, text)
})

t.test('headers of the record API stay behind', async t => {
  const sent = {
    ...TYPE,
    etag: '"canary"',
    'last-modified': 'Sun, 22 Nov 2026 19:00:00 GMT',
    'set-cookie': ['a=canary', 'b=canary'],
    'server-timing': 'db;dur=canary',
    'x-total-count': '7',
    'content-range': '0-0/7',
    link: '<http://canary/>; rel=next',
    server: 'canary',
    'x-powered-by': 'canary',
    'content-location': '/residents?citizenship=canary',
    'preference-applied': 'count=exact',
    'content-disposition': 'attachment; filename=canary',
    digest: 'canary',
    'content-digest': 'canary',
    age: '4',
    vary: 'canary',
    'access-control-allow-origin': '*',
    'haven-decision': 'canary',
    'haven-withheld': 'canary',
    'content-language': 'es',
    warning: '199 canary',
    'alt-svc': 'canary',
    'x-soda2-fields': 'citizenship',
  }
  const { status: got, whole } = await answered(200, sent)
  t.equal(got, 200)
  t.notMatch(whole, /canary/)
  const names = [...whole.slice(0, whole.indexOf('\r\n\r\n')).matchAll(/^([a-z0-9-]+):/gim)].map(match => match[1]?.toLowerCase())
  t.equal(new Set(names).size, names.length, 'none twice')
  t.same(
    new Set(names),
    new Set([
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'date',
      'haven-decision',
      'haven-withheld',
      'x-content-type-options',
    ]),
  )
  t.match(whole, /cache-control: no-store/i)
})

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'

/** What the gate answers when the record API speaks these bytes and closes, unless it is to stay silent. */
async function spoken(t: Test, bytes: string, then: 'end' | 'reset' | 'stay' = 'end', timeout = 400) {
  const raw = await rawUpstream(t, socket => {
    socket.write(bytes, 'latin1', () => {
      if (then === 'end') socket.end()
      if (then === 'reset') socket.resetAndDestroy()
    })
  })
  const own = await haven(t, { upstream: raw.url, limits: { upstreamTimeoutMs: timeout } })
  const answer = await own.get(PATH)
  await own.close()
  const outcome = (await own.entries()).find(entry => entry['kind'] === 'outcome')
  return { ...answer, outcome }
}

t.test('answers that break off, by length or by time: nothing of them, and the journal says so', async t => {
  const cases = [
    [HEAD, 'stay', 504, 'upstream.timeout'],
    ['', 'stay', 504, 'upstream.timeout'],
    [`${HEAD}Content-Length: 500\r\n\r\n${ROWS}`, 'stay', 504, 'upstream.timeout'],
    [`${HEAD}Content-Length: 500\r\n\r\n${ROWS}`, 'end', 502, 'upstream.failed'],
    [`${HEAD}Content-Length: 500\r\n\r\n${ROWS}`, 'reset', 502, 'upstream.failed'],
    [`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n[{"id\r\n`, 'end', 502, 'upstream.failed'],
    [`${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'stay', 502, 'upstream.failed'],
    [`${HEAD}Content-Length: ${ROWS.length - 2}\r\n\r\n${ROWS}`, 'end', 502, undefined],
    [`${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\n${ROWS}`, 'end', 502, undefined],
    [`${HEAD}Content-Length: ${ROWS.length}\r\nTransfer-Encoding: chunked\r\n\r\n${ROWS}`, 'end', 502, undefined],
    ['canary\r\n\r\n', 'end', 502, 'upstream.failed'],
    [`HTTP/1.1 200 OK\r\nX-Big: ${'canary'.repeat(5_000)}\r\n\r\n`, 'end', 502, 'upstream.failed'],
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: canary\r\nConnection: upgrade\r\n\r\ncanary', 'stay', 502, 'upstream.failed'],
  ] as const
  for (const [bytes, then, want, code] of cases) {
    const answer = await spoken(t, bytes, then)
    const name = `${JSON.stringify(bytes.slice(-50))} ${then}`
    t.equal(answer.status, want, name)
    t.notMatch(answer.text, /canary|ECONN|UND_ERR|127\.0\.0\.1/, name)
    t.match(answer.outcome, { state: 'withheld', bytes_out: 0, failure: code ? { code } : { code: /^upstream\./ } }, name)
  }
})

t.test('hints before the answer, and a second answer behind it, do not travel', async t => {
  const hints = await spoken(
    t,
    `HTTP/1.1 103 Early Hints\r\nLink: </canary>; rel=preload\r\n\r\n${HEAD}Content-Length: ${ROWS.length}\r\n\r\n${ROWS}`,
  )
  t.equal(hints.status, 200)
  t.same(hints.json(), [{ id: 'R-1', service: 'rent' }])
  t.notOk(hints.headers.get('link'))
  const second = `${HEAD}Content-Length: ${ROWS.length}\r\n\r\n${ROWS.replace('R-1', 'R-9')}`
  const two = await spoken(t, `${HEAD}Content-Length: ${ROWS.length}\r\n\r\n${ROWS}${second}`, 'stay')
  t.notMatch(two.text, /R-9|canary/)
  const trailer = await spoken(
    t,
    `${HEAD}Trailer: X-Total\r\nTransfer-Encoding: chunked\r\n\r\n${ROWS.length.toString(16)}\r\n${ROWS}\r\n0\r\nX-Total: canary\r\n\r\n`,
  )
  t.equal(trailer.status, 200)
  t.notOk([...trailer.headers].some(([name, value]) => /trailer|x-total/.test(name) || value.includes('canary')))
})

t.test('a record API that is not there', async t => {
  const own = await haven(t, { upstream: 'http://127.0.0.1:1' })
  const answer = await own.get(PATH)
  t.equal(answer.status, 502)
  t.match(answer.json(), { type: '/.haven/problems/upstream', decision: /^[0-9a-f-]{36}$/ })
  t.notMatch(answer.text, /ECONN|127\.0\.0\.1/)
})
