import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Agent, request } from 'undici'
import { haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

// Made for this test, good for nothing else: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500
const TLS = join(import.meta.dirname, '../support/tls')
const tls = { key: join(TLS, 'key.pem'), cert: join(TLS, 'cert.pem') }
const ca = readFileSync(tls.cert)

t.test('with a key and a certificate the gate answers over TLS, and says so when it is ready', async t => {
  const records = await upstream(t, json([{ id: 'R-1', full_name: 'Ana', citizenship: 'asylee' }]))
  const gate = await haven(t, { upstream: records.url, config: { tls } })
  t.match(gate.gate, /^https:\/\/127\.0\.0\.1:\d+$/)
  const dispatcher = new Agent({ connect: { ca } })
  t.teardown(() => dispatcher.close())
  const headers = { authorization: `Bearer ${await gate.token()}` }
  const answer = await request(`${gate.gate}/residents/residents?id=eq.R-1`, { headers, dispatcher })
  t.equal(answer.statusCode, 200)
  t.same(await answer.body.json(), [{ id: 'R-1', full_name: 'Ana' }])
})

t.test('in clear it does not answer on that port', async t => {
  const records = await upstream(t, json([]))
  const gate = await haven(t, { upstream: records.url, config: { tls } })
  await t.rejects(fetch(gate.gate.replace('https:', 'http:')))
})
