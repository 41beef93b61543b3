import t, { type Test } from 'tap'
import { haven, wire } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const CANARY = 'asylee-canary'
const records = await upstream(t, json([{ id: 'R-1', service: 'rent', citizenship: CANARY }]))
const gate = await haven(t, { upstream: records.url })
const token = await gate.token()
let judged = 0

/** One request line as written, over a socket of its own. */
async function send(line: string, ...more: string[]): Promise<{ status: number; body: string; id: string | undefined }> {
  const answer = await wire(
    gate.gate,
    [`${line} HTTP/1.1`, 'Host: gate', `Authorization: Bearer ${token}`, ...more, 'Connection: close', '', ''].join('\r\n'),
  )
  const id = /haven-decision: ([0-9a-f-]{36})/i.exec(answer)?.[1]
  if (id) judged += 1
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), body: answer.slice(answer.indexOf('\r\n\r\n') + 4), id }
}

async function refused(t: Test, target: string, status: number | readonly number[], method = 'GET'): Promise<void> {
  const before = records.asked.length
  const answer = await send(`${method} ${target}`)
  const name = `${method} ${JSON.stringify(target).slice(0, 60)} -> ${answer.status}`
  t.equal([status].flat().includes(answer.status), true, name)
  t.equal(records.asked.length, before, `${name}: the record API is not asked`)
  t.notMatch(answer.body, CANARY, name)
}

t.test('the twin: an ordinary path passes, and is written anew', async t => {
  t.equal((await send('GET /residents/residents?select=id,service&id=eq.R-1')).status, 200)
  t.equal(records.asked.at(-1)?.url, '/residents?select=id,service&id=eq.R-1')
  t.equal((await send('GET /residents/%72esidents?id=eq.R-1')).status, 200, 'an escape that was not needed is decoded once')
  t.equal(records.asked.at(-1)?.url.startsWith('/residents?'), true)
})

t.test('the target names another host, or no path at all', async t => {
  for (const target of [
    `${records.url}/residents`,
    'http://gate/residents/residents',
    'https://evil.example/residents/residents',
    '//evil.example/residents',
    '*',
    'residents/residents',
    '?select=citizenship',
    '@evil.example/residents/residents',
  ])
    await refused(t, target, [400, 403])
})

t.test('paths that a record API might read as others', async t => {
  const paths = [
    '//residents/residents',
    '/residents//residents',
    '/residents/residents/',
    '/residents/./residents',
    '/residents/../residents/residents',
    '/residents/x/../residents',
    '/residents/%2e%2e/residents',
    '/residents/%2E%2E%2Fresidents',
    '/residents/..%2fresidents',
    '/residents/x%2fresidents',
    '/residents/residents%2f',
    '/residents/residents%2Fx',
    '/residents/%5cresidents',
    '/residents/..\\residents',
    '/residents\\residents',
    '/residents/..;foo=bar/residents',
    '/residents/residents;x=y',
    '/residents;x=y/residents',
    '/residents/residents%3bx',
    '/residents/residents%3Fselect=ssn',
    '/residents/%252e%252e/residents',
    '/residents/%2572esidents',
    '/%72esidents/residents',
    '/residents%2fresidents',
    '/RESIDENTS/residents',
    '/residents/residents%00',
    '/residents/residents%0d%0aX:1',
    '/residents/residents%20',
    '/residents/RESIDENTS',
    '/residents/rpc/all',
    '/residents/',
    '/residents',
    '/',
  ]
  for (const path of paths) await refused(t, `${path}?id=eq.R-1`, [400, 403])
})

t.test('fragments, and escapes that are none', async t => {
  for (const target of [
    '/residents/residents#foo',
    '/residents/residents#?id=eq.R-1',
    '/residents/residents?select=id#,citizenship',
    '/residents/residents%23',
  ])
    await refused(t, target, [400, 403])
  for (const target of [
    '/residents/residents?id=eq.%',
    '/residents/residents?id=eq.%zz',
    '/residents/residents?id=eq.%c0%ae',
    '/residents/%zz',
    '/%',
    '/residents/residents%c0%af',
  ])
    await refused(t, target, [400, 403])
})

t.test('raw bytes that belong in no target', async t => {
  for (const target of [
    '/residents/residents?id=eq.\x00',
    '/residents/residents?id=eq.\x01',
    '/residents/residents?id=eq.\x7f',
    '/residents/residents?id=eq.é',
    '/residents/résidents',
  ])
    await refused(t, target, 400)
  for (const target of ['/residents/residents?id=eq.a b', '/residents/residents\t', '/residents/residents?id=eq.\n']) {
    const answer = await send(`GET ${target}`)
    t.equal(answer.status, 400, JSON.stringify(target))
  }
})

t.test('a target that is over-long', async t => {
  await refused(t, `/residents/residents?id=eq.${'x'.repeat(20_000)}`, 431)
  await refused(t, `/residents/${'x'.repeat(5_000)}`, [400, 403])
  t.equal((await send(`GET /residents/residents?id=eq.${'x'.repeat(4_000)}`)).status, 200, 'twin: a long value')
})

t.test('methods nobody listed are judged like any call, recorded, and told what passes', async t => {
  const before = records.asked.length
  for (const method of [
    'QUERY',
    'PROPFIND',
    'TRACE',
    'OPTIONS',
    'SEARCH',
    'REPORT',
    'LOCK',
    'MKCOL',
    'COPY',
    'PURGE',
    'LINK',
    'M-SEARCH',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
  ]) {
    const answer = await send(`${method} /residents/residents?id=eq.R-1`)
    t.equal(answer.status, 405, method)
    t.ok(answer.id, `${method} stands in the journal`)
  }
  t.equal(records.asked.length, before)
})

t.test('a tunnel, and a method that is no word of HTTP', async t => {
  const tunnel = await wire(
    gate.gate,
    `CONNECT 127.0.0.1:${new URL(records.url).port} HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer ${token}\r\n\r\nGET /residents HTTP/1.1\r\nHost: x\r\n\r\n`,
  )
  t.match(tunnel, /^HTTP\/1\.1 405 /)
  t.notMatch(tunnel, CANARY)
  for (const method of ['FOO', 'get', 'GET\u0000', 'GE T']) t.equal((await send(`${method} /residents/residents`)).status, 400, method)
})

t.test('a header that names another method', async t => {
  const before = records.asked.length
  for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'x-http-method-override'])
    for (const method of ['DELETE', 'GET', 'POST'])
      t.equal((await send('GET /residents/residents?id=eq.R-1', `${name}: ${method}`)).status, 400, `${name}: ${method}`)
  t.equal((await send('GET /residents/residents?_method=DELETE')).status, 403)
  t.equal(records.asked.length, before)
})

t.test('every call that carried a token and could be framed stands in the journal once', async t => {
  await gate.close()
  const decisions = (await gate.entries()).filter(entry => entry['kind'] === 'decision')
  t.equal(decisions.length, judged)
  t.equal(new Set(decisions.map(entry => entry['id'])).size, judged)
  t.ok(judged > 70, `${judged} calls`)
})
