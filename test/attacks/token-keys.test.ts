import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openKeyStore } from '../../src/proxy/keys.ts'
import { caseworker, type Haven, haven, ISSUER, type Keys, makeKeys, PEOPLE } from '../support/haven.ts'
import { json, rawUpstream, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const other = 'https://other.city.example'

/** A gate whose issuer publishes its keys at `jwks`; tokens signed with `keys`. */
async function gateWith(t: Test, jwks: string, config: object = {}): Promise<{ gate: Haven; records: { asked: unknown[] } }> {
  const records = await upstream(t, json([{ id: 'R-1', service: 'rent' }]))
  return { gate: await haven(t, { upstream: records.url, issuer: { jwks }, ...config }), records }
}

async function ask(gate: Haven, keys: Keys, kid: string, claims = caseworker, issuer = ISSUER): Promise<Response> {
  const token = await gate.token(claims, { key: keys.privateKey, kid, issuer })
  return fetch(gate.gate + PATH, { headers: { authorization: `Bearer ${token}` } })
}

t.test('fifty unknown key ids cost the issuer four fetches; a rotation is picked up within them', async t => {
  const [first, second] = [await makeKeys('k-1'), await makeKeys('k-2')]
  let published: object[] = [first.jwk]
  const issuer = await upstream(t, (_asked, reply) => void reply.end(JSON.stringify({ keys: published })))
  const { gate } = await gateWith(t, issuer.url)
  t.equal((await ask(gate, first, 'k-1')).status, 200)
  t.equal((await ask(gate, first, 'k-1')).status, 200)
  t.equal(issuer.asked.length, 1, 'known keys are not fetched again')
  published = [second.jwk]
  t.equal((await ask(gate, second, 'k-2')).status, 200, 'the new key counts at once')
  t.equal((await ask(gate, first, 'k-1')).status, 401, 'and the old one no more')
  for (let i = 0; i < 50; i++) t.equal((await ask(gate, second, `strange-${i}`)).status, 401)
  t.ok(issuer.asked.length <= 4, `${issuer.asked.length} fetches in this minute`)
  t.equal((await ask(gate, second, 'k-2')).status, 200, 'twin: the flood does not lock out the known key')
  t.same(
    Object.keys(issuer.asked[0] ?? {}).length > 0 && issuer.asked.every(({ headers }) => !headers.authorization),
    true,
    'no token travels to the issuer',
  )
})

t.test('fifty at the same moment share one fetch', async t => {
  const keys = await makeKeys('k-1')
  const issuer = await upstream(t, json({ keys: [keys.jwk] }))
  const { gate } = await gateWith(t, issuer.url)
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(gate, keys, i % 2 === 0 ? 'k-1' : `strange-${i}`)))
  t.same(new Set(answers.map(({ status }) => status)), new Set([200, 401]))
  t.ok(issuer.asked.length <= 4, `${issuer.asked.length} fetches`)
})

t.test('the limit is a minute long: afterwards a rotation is found again', async t => {
  const [first, second] = [await makeKeys('k-1'), await makeKeys('k-2')]
  let [clock, fetches] = [1_000_000, 0]
  let published: object[] = [first.jwk]
  const store = openKeyStore(
    async () => {
      fetches += 1
      return { keys: published }
    },
    () => clock,
  )
  await store.find('k-1', 'ES256')
  for (let i = 0; i < 50; i++) await t.rejects(store.find(`strange-${i}`, 'ES256'), { code: 'token.invalid' })
  t.equal(fetches, 4)
  published = [second.jwk]
  await t.rejects(store.find('k-2', 'ES256'), { code: 'token.invalid' }, 'the flood hides the rotation for less than a minute')
  clock += 60_001
  t.match((await store.find('k-2', 'ES256')).pem, /BEGIN PUBLIC KEY/)
})

t.test('whoever remembers what a key verified is told when the keys are others, and only then', async t => {
  const [first, second] = [await makeKeys('k-1'), await makeKeys('k-2')]
  let [clock, told] = [1_000_000, 0]
  let published: object[] = [first.jwk]
  const store = openKeyStore(
    async () => ({ keys: published }),
    () => clock,
  )
  store.whenChanged(() => {
    told += 1
  })
  const { thumbprint } = await store.find('k-1', 'ES256')
  t.equal(told, 1)
  clock += 11 * 60_000
  t.equal((await store.find('k-1', 'ES256')).thumbprint, thumbprint)
  t.equal(told, 1, 'fetched again, and the same')
  published = [second.jwk]
  clock += 11 * 60_000
  t.not((await store.find('k-2', 'ES256')).thumbprint, thumbprint)
  t.equal(told, 2)
})

t.test('an issuer that was reachable yesterday still counts; one that is silent for a day does not', async t => {
  const keys = await makeKeys('k-1')
  let clock = 1_000_000
  let failing: Error | null = null
  const store = openKeyStore(
    async () => {
      if (failing !== null) return Promise.reject(failing)
      return { keys: [keys.jwk] }
    },
    () => clock,
  )
  await store.find('k-1', 'ES256')
  failing = new Error('connect ECONNREFUSED')
  clock += 23 * 3_600_000
  t.match((await store.find('k-1', 'ES256')).pem, /BEGIN PUBLIC KEY/, 'an ambulance is not stopped by it')
  clock += 2 * 3_600_000
  await t.rejects(store.find('k-1', 'ES256'), { code: 'fault.keys', reply: 'unavailable' })
})

t.test('an issuer that hangs keeps nobody waiting whose key is at hand', async t => {
  const [known, fresh] = [await makeKeys('k-1'), await makeKeys('k-2')]
  let clock = 1_000_000
  let published: object[] | null = [known.jwk]
  const issuer = await upstream(t, (_asked, reply) => {
    if (published !== null) reply.end(JSON.stringify({ keys: published }))
  })
  const store = openKeyStore(
    async () => (await fetch(issuer.url, { signal: AbortSignal.timeout(1_500) })).json(),
    () => clock,
  )
  const timed = async (kid: string) => {
    const started = performance.now()
    const found = await store.find(kid, 'ES256').catch((error: Error) => error)
    return { found, took: performance.now() - started }
  }
  t.match((await timed('k-1')).found, { pem: String })
  published = null
  clock += 11 * 60_000
  const first = await timed('k-1')
  t.match(first.found, { pem: String })
  t.ok(first.took < 1_000, `the call that has them fetched: ${first.took} ms`)
  const unknown = timed('k-2')
  const rest = await Promise.all(Array.from({ length: 20 }, () => timed('k-1')))
  for (const { found, took } of rest) {
    t.match(found, { pem: String })
    t.ok(took < 200, `a call behind it: ${took} ms`)
  }
  const { found, took } = await unknown
  t.match(found, { code: 'fault.keys' })
  t.ok(took > 500, 'twin: a key that is not at hand is waited for')
  published = [fresh.jwk]
  clock += 60_001
  t.match((await timed('k-1')).found, { code: 'token.invalid' }, 'twin: while the issuer answers, a withdrawn key is refused at once')
  t.match((await timed('k-2')).found, { pem: String })
})

/** Every way in which keys cannot be had: 503 with Retry-After, in our words, and nothing asked of the record API. */
async function unavailable(t: Test, jwks: string, keys: Keys, quietly: RegExp): Promise<void> {
  const { gate, records } = await gateWith(t, jwks)
  const answer = await ask(gate, keys, 'k-1')
  const body = await answer.text()
  t.equal(answer.status, 503)
  t.match(answer.headers.get('retry-after'), /^\d+$/)
  t.match(JSON.parse(body), { type: '/.haven/problems/unavailable', reasons: [{ code: 'fault.keys' }] })
  t.notMatch(body, quietly, 'nothing of the issuer shows')
  t.equal(records.asked.length, 0)
}

t.test('an issuer that is down', async t => {
  const gone = await upstream(t, json({}))
  await unavailable(t, gone.url.replace(/:\d+$/, ':1'), await makeKeys('k-1'), /ECONN|127\.0\.0\.1|:1/)
})

t.test('an issuer that redirects is not followed', async t => {
  const keys = await makeKeys('k-1')
  const lure = await upstream(t, json({ keys: [keys.jwk] }))
  for (const status of [301, 302, 307, 308]) {
    const issuer = await upstream(t, (_asked, reply) => void reply.writeHead(status, { location: lure.url }).end('{"keys":[]}'))
    await unavailable(t, issuer.url, keys, /127\.0\.0\.1/)
  }
  t.equal(lure.asked.length, 0)
})

t.test('an issuer that answers something else', async t => {
  const keys = await makeKeys('k-1')
  const bodies = [
    '',
    'not json',
    '[]',
    '{}',
    '{"keys":"all"}',
    '{"keys":[1]}',
    JSON.stringify({ keys: Array.from({ length: 65 }, () => keys.jwk) }),
  ]
  for (const body of bodies) {
    const issuer = await upstream(t, (_asked, reply) => void reply.end(body))
    await unavailable(t, issuer.url, keys, /not json|Unexpected/)
  }
  const large = await upstream(t, (_asked, reply) => void reply.end(JSON.stringify({ keys: [keys.jwk], padding: 'x'.repeat(65 * 1024) })))
  await unavailable(t, large.url, keys, /xxx/)
  const failing = await upstream(t, json({ keys: [keys.jwk] }, 500))
  await unavailable(t, failing.url, keys, /500/)
  const almost = await upstream(t, (_asked, reply) => void reply.end(JSON.stringify({ keys: [keys.jwk], padding: 'x'.repeat(60 * 1024) })))
  const { gate } = await gateWith(t, almost.url)
  t.equal((await ask(gate, keys, 'k-1')).status, 200, 'twin: just under the limit')
})

t.test('an issuer that hangs, before its answer or inside it, costs about five seconds', async t => {
  const keys = await makeKeys('k-1')
  const silent = createServer(() => undefined)
  await new Promise<void>(listening => silent.listen(0, '127.0.0.1', listening))
  t.teardown(() => void silent.close().closeAllConnections())
  const address = silent.address()
  const url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : ''
  const stuck = await rawUpstream(t, socket => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"keys":['))
  const started = performance.now()
  await Promise.all([unavailable(t, url, keys, /127/), unavailable(t, stuck.url, keys, /127/)])
  t.ok(performance.now() - started < 9_000, `${Math.round(performance.now() - started)} ms`)
})

t.test('a key file that is gone or broken while the gate runs is the trouble of the gate, not of the caller', async t => {
  const records = await upstream(t, json([{ id: 'R-1' }]))
  const gate = await haven(t, { upstream: records.url })
  await writeFile(join(gate.dir, 'jwks.json'), '{"keys": [')
  const answer = await gate.get(PATH)
  t.equal(answer.status, 503)
  t.match(answer.json().reasons, [{ code: 'fault.keys' }])
  await writeFile(join(gate.dir, 'jwks.json'), JSON.stringify({ keys: [gate.keys.jwk] }))
  t.equal((await gate.get(PATH)).status, 200, 'twin: mended, it answers again')
})

t.test("an issuer's keys verify its own tokens only, also where two use the same kid", async t => {
  const [ours, theirs] = [await makeKeys('same'), await makeKeys('same')]
  const [a, b] = [
    await upstream(t, json({ keys: [ours.jwk] })),
    await upstream(t, json({ keys: [theirs.jwk, (await makeKeys('only-b')).jwk] })),
  ]
  const issuer = (name: string, jwks: string) => ({ issuer: name, audience: 'haven', jwks, algorithms: ['ES256'] })
  const identity = { issuers: [issuer(ISSUER, a.url), issuer(other, b.url)] }
  const { gate } = await gateWith(t, a.url, { config: { identity } })
  t.equal((await ask(gate, ours, 'same')).status, 200)
  t.equal((await ask(gate, theirs, 'same', caseworker, other)).status, 200)
  t.equal((await ask(gate, theirs, 'same')).status, 401, "the other's signature under our issuer")
  t.equal((await ask(gate, ours, 'same', caseworker, other)).status, 401, "our signature under the other's issuer")
  t.equal((await ask(gate, theirs, 'only-b')).status, 401, 'a kid that only the other issuer has')
})

t.test('whom an issuer may speak for', async t => {
  const records = await upstream(t, json([{ id: 'R-1' }]))
  const gate = await haven(t, { upstream: records.url, issuer: { agencies: ['us-ca-los-angeles-housing'] } })
  t.equal((await gate.get(PATH)).status, 200)
  const stranger = await gate.get(PATH, { agency: 'us-ca-los-angeles-lafd', purpose: 'emergency' })
  t.equal(stranger.status, 403)
  t.match(stranger.json(), { type: '/.haven/problems/not-permitted', reasons: [{ code: 'party.issuer-oversteps' }] })
  const posing = await gate.token({ agency: 'us-ca-los-angeles-housing', purpose: 'service-delivery' }, { issuer: PEOPLE })
  const person = await fetch(gate.gate + PATH, { headers: { authorization: `Bearer ${posing}` } })
  t.equal(person.status, 403, 'a token of people that names an agency')
  t.match(await person.json(), { reasons: [{ code: 'party.issuer-oversteps' }] })
  t.equal(records.asked.length, 1)
  await gate.close()
  const refusals = (await gate.entries()).filter(entry => entry['refused'] === 'party.issuer-oversteps')
  t.equal(refusals.length, 2, 'both stand in the journal')
})
