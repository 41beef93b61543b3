import { brotliCompressSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { redact } from '../../src/redact/redact.ts'
import type { UpstreamAnswer } from '../../src/terms/answer.ts'
import { LIMITS, PEOPLE, receipt } from '../redact/support/build.ts'
import { bodyOf } from '../redact/support/run.ts'
import { askHttp, askRaw } from '../redact/support/upstream.ts'

const BODY = '[{"id":1,"ssn":"canary"}]'
const CLEAN = '[{"id":1}]'
const LONG = `[${Array.from({ length: 6000 }, () => '{"id":1,"ssn":"canary"}').join(',')}]`
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const TYPE = { 'content-type': 'application/json' }

const release = (answer: UpstreamAnswer, method = 'GET') =>
  redact(answer, receipt(PEOPLE), LIMITS, method).then(released => bodyOf(released))
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

t.test('a body shorter than declared is never released as if whole', async t => {
  await t.rejects(release(await askRaw(t, [HEAD, `Content-Length: 99\r\n\r\n${BODY}`])), { name: 'Fault', reply: 'upstream' })
  await t.rejects(release(await askRaw(t, [HEAD, `Content-Length: ${LONG.length + 9}\r\n\r\n${LONG}`])), {
    name: 'Fault',
    reply: 'upstream',
  })
  t.equal(await release(await askRaw(t, [HEAD, `Content-Length: ${BODY.length}\r\n\r\n${BODY}`])), CLEAN)
})

t.test('a body cut by a declared length that is too short is not JSON any more', async t => {
  await t.rejects(release(await askRaw(t, [HEAD, `Content-Length: ${BODY.length - 1}\r\n\r\n${BODY}`])), { code: 'upstream.uninspectable' })
  // Cut behind a whole value: what follows belongs to no answer, and is not released.
  t.equal(await release(await askRaw(t, [HEAD, `Content-Length: ${BODY.length}\r\n\r\n${BODY}{"ssn":"canary"}`])), CLEAN)
})

t.test('a chunked body that dies midway', async t => {
  const start = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`
  for (const end of ['end', 'reset'] as const) {
    await t.rejects(release(await askRaw(t, [start, chunk('[{"id":1},')], end)), { code: 'upstream.failed' })
    // Whole as JSON, yet the record API never said that it was finished.
    await t.rejects(release(await askRaw(t, [start, chunk(BODY)], end)), { code: 'upstream.failed' })
    await t.rejects(release(await askRaw(t, [start, chunk(LONG)], end)), { code: 'upstream.failed' })
  }
  t.equal(await release(await askRaw(t, [start, chunk('[{"id":1,"ss'), chunk('n":"canary"}]'), '0\r\n\r\n'])), CLEAN)
})

t.test('no length and no chunks: the close is the end, and half a body is still refused', async t => {
  await t.rejects(release(await askRaw(t, [HEAD, '\r\n[{"id":1}'])), { code: 'upstream.uninspectable' })
  t.equal(await release(await askRaw(t, [HEAD, `\r\n${BODY}`])), CLEAN)
})

t.test('a compressed body, declared or not', async t => {
  const respond = (headers: Record<string, string>, body: Uint8Array) =>
    askHttp(t, (_, reply) => void reply.writeHead(200, { ...TYPE, ...headers }).end(body))
  await t.rejects(release(await respond({ 'content-encoding': 'gzip' }, gzipSync(BODY))), { code: 'upstream.uninspectable' })
  await t.rejects(release(await respond({ 'content-encoding': 'br' }, brotliCompressSync(BODY))), { code: 'upstream.uninspectable' })
  await t.rejects(release(await respond({}, gzipSync(BODY))), { code: 'upstream.uninspectable' })
  await t.rejects(release(await respond({ 'content-encoding': 'identity' }, gzipSync(BODY))), { code: 'upstream.uninspectable' })
  t.equal(await release(await respond({ 'content-encoding': 'identity' }, Buffer.from(BODY))), CLEAN)
})

t.test('a page, an error text or a script with status 200', async t => {
  const respond = (type: string, body: string) => askHttp(t, (_, reply) => void reply.writeHead(200, { 'content-type': type }).end(body))
  await t.rejects(release(await respond('text/html', '<p>canary</p>')), { code: 'upstream.uninspectable' })
  await t.rejects(release(await respond('application/json', '<p>canary</p>')), { code: 'upstream.uninspectable' })
  await t.rejects(release(await respond('text/javascript', `cb(${BODY})`)), { code: 'upstream.uninspectable' })
  await t.rejects(release(await respond('application/json', `cb(${BODY})`)), { code: 'upstream.uninspectable' })
  await t.rejects(release(await respond('text/plain', BODY)), { code: 'upstream.uninspectable' })
  t.equal(await release(await respond('application/vnd.city+json', BODY)), CLEAN)
})

t.test('a part of the answer, another place, an error that echoes data', async t => {
  const respond = (status: number, headers: Record<string, string> = {}) =>
    askHttp(t, (_, reply) => void reply.writeHead(status, { ...TYPE, ...headers }).end(BODY))
  await t.rejects(release(await respond(206, { 'content-range': 'bytes 0-24/99' })), { code: 'upstream.failed', upstreamStatus: 206 })
  await t.rejects(release(await respond(302, { location: '/?ssn=canary' })), { code: 'upstream.failed', upstreamStatus: 302 })
  await t.rejects(release(await respond(500)), { code: 'upstream.failed', upstreamStatus: 500 })
  await t.rejects(release(await respond(400)), { code: 'upstream.refused', upstreamStatus: 400 })
  t.equal(await release(await respond(200, { 'content-range': 'items 0-0/1' })), CLEAN)
  t.equal(await release(await respond(201)), CLEAN)
})

t.test('HEAD passes without a body, whatever length it speaks of', async t => {
  const respond = (type: string) =>
    askHttp(t, (_, reply) => void reply.writeHead(200, { 'content-type': type, 'content-length': '500' }).end(), 'HEAD')
  t.equal(await release(await respond('application/json'), 'HEAD'), '')
  await t.rejects(release(await respond('text/csv'), 'HEAD'), { code: 'upstream.uninspectable' })
})
