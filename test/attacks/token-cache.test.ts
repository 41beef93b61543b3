import Fastify from 'fastify'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { registerAuthentication } from '../../src/proxy/authenticate.ts'
import { openKeyStore } from '../../src/proxy/keys.ts'
import { rememberVerified } from '../../src/proxy/verified-tokens.ts'
import { readClaims } from '../../src/requester/claims.ts'
import { Fault } from '../../src/terms/faults.ts'
import type { Claims } from '../../src/terms/parties.ts'
import { city, nth } from '../rulebook/city.ts'
import { ISSUER, type Keys, makeKeys } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const OTHER = 'https://other.city.example'
const MINUTE_MS = 60_000

interface Bench {
  /** The subject of the token, or the code of the refusal. */
  readonly ask: (token: string) => Promise<string>
  readonly publish: (...keys: readonly object[]) => void
  /** Milliseconds that the time of the gate is ahead of the clock. */
  ahead: number
}

/** The real verifier and key stores of two issuers, with a time that a test can move: the journal's may be later than the clock. */
async function bench(t: Test, ours: Keys, theirs: Keys): Promise<Bench> {
  let published: readonly object[] = [ours.jwk]
  const app = Fastify()
  const state = { ahead: 0 }
  const now = () => Date.now() + state.ahead
  const issuer = (name: string, keys: () => readonly object[]) => ({
    ...{ issuer: name, audience: 'haven', algorithms: ['ES256'] },
    keys: openKeyStore(async () => ({ keys: keys() }), now),
  })
  const issuers = [issuer(ISSUER, () => published), issuer(OTHER, () => [theirs.jwk])]
  const { authenticate } = await registerAuthentication(app, { issuers, readClaims, now })
  app.get('/', async request => {
    const found = await authenticate(request, null).catch((error: unknown) => error)
    return found instanceof Fault ? found.code : (found as Claims).sub
  })
  t.teardown(() => app.close())
  return Object.assign(state, {
    ask: async (token: string) => (await app.inject({ url: '/', headers: { authorization: `Bearer ${token}` } })).body,
    publish: (...keys: readonly object[]) => {
      published = keys
    },
  })
}

const sign = (keys: Keys, seconds: number, { issuer = ISSUER, kid = 'k1', sub = 'worker-7' } = {}) =>
  new SignJWT({ sub })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(issuer)
    .setAudience('haven')
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(keys.privateKey)

t.test('a token that was verified a moment ago, by a key that the issuer has withdrawn', async t => {
  const [first, second] = [await makeKeys('k1'), await makeKeys('k2')]
  const gate = await bench(t, first, await makeKeys('k1'))
  const token = await sign(first, 600)
  t.equal(await gate.ask(token), 'worker-7')
  t.equal(await gate.ask(token), 'worker-7', 'twin: now from memory')
  gate.publish(second.jwk)
  t.equal(await gate.ask(await sign(second, 600, { kid: 'k2' })), 'worker-7', 'the rotation is noticed')
  t.equal(await gate.ask(token), 'token.invalid')
  gate.publish(first.jwk, second.jwk)
  gate.ahead = 11 * MINUTE_MS
  t.equal(await gate.ask(await sign(first, 3_600)), 'worker-7', 'twin: published again, it counts again')
})

t.test('another key under the same kid', async t => {
  const [first, second] = [await makeKeys('k1'), await makeKeys('k1')]
  const gate = await bench(t, first, await makeKeys('k1'))
  const token = await sign(first, 3_600)
  t.equal(await gate.ask(token), 'worker-7')
  gate.publish(second.jwk)
  t.equal(await gate.ask(token), 'worker-7', 'nobody has looked yet')
  gate.ahead = 11 * MINUTE_MS
  t.equal(await gate.ask(token), 'token.invalid', 'the key that verified it is gone, though its name is not')
  t.equal(await gate.ask(await sign(second, 3_600)), 'worker-7', 'twin')
})

t.test('one kid of two issuers, and the token of one under the name of the other', async t => {
  const [ours, theirs] = [await makeKeys('k1'), await makeKeys('k1')]
  const gate = await bench(t, ours, theirs)
  for (let i = 0; i < 2; i++) {
    t.equal(await gate.ask(await sign(ours, 600)), 'worker-7')
    t.equal(await gate.ask(await sign(theirs, 600, { issuer: OTHER, sub: 'clerk-3' })), 'clerk-3')
    t.equal(await gate.ask(await sign(theirs, 600)), 'token.invalid')
    t.equal(await gate.ask(await sign(ours, 600, { issuer: OTHER })), 'token.invalid')
  }
  const [head, , signature] = (await sign(ours, 600)).split('.')
  const [, payload] = (await sign(theirs, 600, { issuer: OTHER })).split('.')
  t.equal(await gate.ask(`${head}.${payload}.${signature}`), 'token.invalid', 'payload of one, signature of the other')
})

const verifiedOf = (sub: string, exp: number): Claims => ({ iss: ISSUER, sub, exp })

// CVE-2026-33496: an entry without its issuer answers for every issuer. GHSA-rp9m-7r4c-75qg: without the whole token, for other callers.
t.test('what one issuer and one key vouched for answers for no other', async t => {
  const tokens = rememberVerified(() => 1_000)
  const verified = verifiedOf('worker-7', 2)
  tokens.keep('a.b.c', ISSUER, 'key-1', verified)
  t.equal(tokens.recall('a.b.c', OTHER, 'key-1'), null)
  t.equal(tokens.recall('a.b.c', ISSUER, 'key-2'), null)
  t.equal(tokens.recall('a.b.d', ISSUER, 'key-1'), null)
  t.equal(tokens.recall('a.b.c', ISSUER, 'key-1'), verified, 'twin')
  tokens.empty()
  t.equal(tokens.recall('a.b.c', ISSUER, 'key-1'), null)
})

t.test('an expired token after the clock was set back: the journal remembers later', async t => {
  const keys = await makeKeys('k1')
  const gate = await bench(t, keys, keys)
  const token = await sign(keys, 600)
  t.equal(await gate.ask(token), 'worker-7', 'never seen before')
  gate.ahead = 599_000
  t.equal(await gate.ask(token), 'worker-7', 'twin: until the end')
  gate.ahead = 606_000
  t.equal(await gate.ask(token), 'token.invalid', 'the clock alone would let it pass')
  const stale = await sign(keys, 300)
  t.equal(await gate.ask(stale), 'token.invalid', 'nor does it get in when it is new')
})

t.test('an entry ends with the token: to the millisecond, and for ever', async t => {
  let clock = 0
  const tokens = rememberVerified(() => clock)
  tokens.keep('a.b.c', ISSUER, 'key', verifiedOf('x', 10))
  clock = 9_999
  t.ok(tokens.recall('a.b.c', ISSUER, 'key'))
  clock = 10_000
  t.equal(tokens.recall('a.b.c', ISSUER, 'key'), null)
  clock = 0
  t.equal(tokens.recall('a.b.c', ISSUER, 'key'), null, 'a clock that goes back does not bring it back')
})

t.test('memory is bounded, the oldest out first', async t => {
  const tokens = rememberVerified(() => 0, 3)
  for (const token of ['a', 'b', 'c', 'd']) tokens.keep(token, ISSUER, 'key', verifiedOf(token, 10))
  t.same(
    ['a', 'b', 'c', 'd'].map(token => tokens.recall(token, ISSUER, 'key')?.sub ?? null),
    [null, 'b', 'c', 'd'],
  )
})

t.test('a refusal is not remembered: keys that are published later count', async t => {
  const [first, second] = [await makeKeys('k1'), await makeKeys('k2')]
  const gate = await bench(t, first, first)
  const token = await sign(second, 600, { kid: 'k2' })
  t.equal(await gate.ask(token), 'token.invalid')
  gate.publish(first.jwk, second.jwk)
  t.equal(await gate.ask(token), 'worker-7')
})

t.test('an agency that left the directory is refused with the token that it had', async t => {
  const records = await upstream(t, json([{ id: 'R-1', service: 'rent' }]))
  const la = await city(t, records.url)
  const agencies = 'policies/agencies.yaml'
  const body = { id: 'us-ca-los-angeles-shelters', name: 'Shelter Office', category: 'city', jurisdiction: 'us-ca-los-angeles' }
  await la.edit(agencies, file => file.agencies.push({ ...body, purposes: ['service-delivery'] }))
  const gate = await la.start(t)
  const token = await gate.token({ agency: body.id, purpose: 'service-delivery' })
  const ask = () => fetch(gate.gate + PATH, { headers: { authorization: `Bearer ${token}` } })
  t.equal((await ask()).status, 200)
  t.equal((await ask()).status, 200)
  await la.edit(agencies, file => file.agencies.pop())
  await nth(gate, 'rulebook', 2)
  t.match(await (await ask()).json(), { status: 403, reasons: [{ code: 'party.unknown-agency' }] })
  await la.edit(agencies, file => file.agencies.push({ ...body, purposes: ['service-delivery'] }))
  await nth(gate, 'rulebook', 3)
  t.equal((await ask()).status, 200, 'twin: listed again')
})
