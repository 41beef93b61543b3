import { createHmac, createPublicKey } from 'node:crypto'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { caseworker, type Haven, haven, ISSUER, makeKeys } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const encode = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const now = () => Math.floor(Date.now() / 1000)
const payload = (over: object = {}) => ({
  iss: ISSUER,
  aud: 'haven',
  sub: 'worker-7',
  iat: now(),
  exp: now() + 600,
  ...caseworker,
  ...over,
})

const records = await upstream(t, json([{ id: 'R-1', service: 'rent' }]))
const gate = await haven(t, { upstream: records.url })

const ask = (token: string, headers: Record<string, string> = {}) =>
  fetch(gate.gate + PATH, { headers: { authorization: `Bearer ${token}`, ...headers } })

/** Signs any payload and any header with the issuer's own key: what a confused issuer could make. */
async function signed(claims: object, header: object = {}, key = gate.keys.privateKey): Promise<string> {
  const first = `${encode({ alg: 'ES256', kid: 'k1', ...header })}.${encode(claims)}`
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(first))
  return `${first}.${Buffer.from(signature).toString('base64url')}`
}

async function refused(t: Test, token: string, what: string): Promise<void> {
  const before = records.asked.length
  const answer = await ask(token)
  t.equal(answer.status, 401, what)
  t.equal(answer.headers.get('www-authenticate'), 'Bearer', what)
  t.match(await answer.json(), { type: '/.haven/problems/unauthenticated', status: 401 }, what)
  t.equal(records.asked.length, before, `${what}: the record API is not asked`)
}

t.test('the twin of everything here: the same token, signed properly, passes', async t => {
  const answer = await ask(await signed(payload()))
  t.equal(answer.status, 200)
  t.equal(
    (await fetch(gate.gate + PATH, { headers: { authorization: `bearer ${await signed(payload())}` } })).status,
    200,
    'bearer in lower case',
  )
})

t.test('alg none, in any spelling, with and without a signature', async t => {
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, undefined, 0, ['ES256']]) {
    await refused(t, `${encode({ alg, kid: 'k1' })}.${encode(payload())}.`, `alg ${JSON.stringify(alg)} unsigned`)
    await refused(t, await signed(payload(), { alg }), `alg ${JSON.stringify(alg)} signed`)
  }
})

t.test('HS256 with the public key as its secret, as PEM, as JWK and as raw bytes', async t => {
  const key = createPublicKey({ key: gate.keys.jwk, format: 'jwk' })
  const secrets: (string | Buffer)[] = [
    key.export({ type: 'spki', format: 'pem' }),
    key.export({ type: 'spki', format: 'pem' }).toString().trim(),
    key.export({ type: 'spki', format: 'der' }),
    JSON.stringify(gate.keys.jwk),
    '',
  ]
  for (const alg of ['HS256', 'HS384', 'HS512'])
    for (const secret of secrets) {
      const first = `${encode({ alg, kid: 'k1' })}.${encode(payload())}`
      const hash = alg.replace('HS', 'sha')
      await refused(
        t,
        `${first}.${createHmac(hash, secret).update(first).digest('base64url')}`,
        `${alg} with ${String(secret).slice(0, 12)}`,
      )
    }
})

t.test('an algorithm that is not configured, by a key the issuer does not publish', async t => {
  const { publicKey: _, privateKey } = await crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    true,
    ['sign', 'verify'],
  )
  for (const kid of ['k1', 'rsa', undefined])
    await refused(
      t,
      await new SignJWT(payload()).setProtectedHeader({ alg: 'RS256', ...(kid ? { kid } : {}) }).sign(privateKey),
      `RS256 kid ${kid}`,
    )
  const stranger = await makeKeys('k1')
  await refused(t, await signed(payload(), {}, stranger.privateKey), "another key under the issuer's kid")
  await refused(t, await signed(payload(), { alg: 'ES384' }), 'ES384 in the header of an ES256 signature')
})

t.test('payloads that are no object, or claims of the wrong type', async t => {
  for (const claims of [[payload()], 'text', '"text"', 'null', '1', '{', '', 'true'] as const)
    await refused(t, await signed(claims as object), `payload ${JSON.stringify(claims).slice(0, 20)}`)
  for (const over of [
    { sub: undefined },
    { sub: '' },
    { sub: 7 },
    { iss: [ISSUER] },
    { iss: undefined },
    { exp: '9999999999' },
    { exp: null },
    { agency: ['us-doj'] },
  ])
    await refused(t, await signed(payload(over)), `claims ${JSON.stringify(over)}`)
})

t.test('times', async t => {
  await refused(t, await signed(payload({ exp: undefined })), 'no exp')
  await refused(t, await signed(payload({ exp: now() - 60 })), 'expired')
  await refused(t, await signed(payload({ exp: -1 })), 'a negative exp')
  await refused(t, await signed(payload({ nbf: now() + 3600 })), 'not valid yet')
  await refused(t, await signed(payload({ nbf: 'soon' })), 'nbf is no number')
  t.equal((await ask(await signed(payload({ nbf: now() - 60 })))).status, 200, 'nbf in the past passes')
})

t.test('audience and issuer', async t => {
  for (const aud of [undefined, 'haven-admin', 'Haven', '', [], ['other'], 'haven ', { haven: true }])
    await refused(t, await signed(payload({ aud })), `aud ${JSON.stringify(aud)}`)
  for (const iss of ['https://evil.example', `${ISSUER}/`, ISSUER.toUpperCase(), '__proto__', 'constructor'])
    await refused(t, await signed(payload({ iss })), `iss ${iss}`)
  t.equal((await ask(await signed(payload({ aud: ['other', 'haven'] })))).status, 200, 'a list that holds our audience passes')
})

t.test('an extension that must be understood refuses; twin: one that need not be is ignored', async t => {
  await refused(t, await signed(payload(), { crit: ['exp'] }), 'crit exp')
  await refused(t, await signed(payload(), { crit: ['b64'], b64: false }), 'crit b64')
  await refused(t, await signed(payload(), { crit: [] }), 'an empty crit')
  t.equal((await ask(await signed(payload(), { x: 1 }))).status, 200)
})

t.test('a token bound to its sender (cnf) is refused where nobody shows a certificate', async t => {
  for (const cnf of [{ 'x5t#S256': 'A'.repeat(43) }, { jkt: 'A'.repeat(43) }, { jwk: gate.keys.jwk }, {}, null, 'x', []])
    await refused(t, await signed(payload({ cnf })), `cnf ${JSON.stringify(cnf).slice(0, 30)}`)
})

t.test('keys that the token brings along, or points at, are never used and never fetched', async t => {
  const mine = await makeKeys('mine')
  const lure = await upstream(t, json({ keys: [{ ...mine.jwk }] }))
  const headers = [
    { jwk: mine.jwk },
    { jku: lure.url },
    { x5u: lure.url },
    { x5c: ['MIIB'] },
    { jku: lure.url, x5u: lure.url, jwk: mine.jwk },
  ]
  for (const header of headers)
    for (const kid of ['k1', 'mine', lure.url])
      await refused(t, await signed(payload(), { ...header, kid }, mine.privateKey), `${Object.keys(header).join('+')} kid ${kid}`)
  t.equal(lure.asked.length, 0, 'nothing was fetched')
  t.equal(
    (await ask(await signed(payload(), { jku: lure.url, jwk: mine.jwk }))).status,
    200,
    "twin: the issuer's own signature counts, whatever else the header says",
  )
  t.equal(lure.asked.length, 0, 'still nothing')
})

t.test('key ids that are paths, numbers or very long', async t => {
  for (const kid of [7, null, ['k1'], { toString: 'k1' }, '../../k1', '__proto__', 'k'.repeat(300), 'K1', 'k1 '])
    await refused(t, await signed(payload(), { kid }), `kid ${JSON.stringify(kid).slice(0, 20)}`)
})

t.test('unauthenticated callers are counted in the journal, together, and told nothing', async t => {
  const own: Haven = await haven(t, { upstream: records.url })
  for (const token of ['a.b.c', 'x', '..', `${encode({ alg: 'none' })}.${encode(payload())}.`])
    t.equal((await fetch(own.gate + PATH, { headers: { authorization: `Bearer ${token}` } })).status, 401)
  await own.close()
  const entries = await own.entries()
  t.equal(entries.filter(entry => entry['kind'] === 'decision').length, 0)
  t.same(entries.find(entry => entry['kind'] === 'unauthenticated')?.['counts'] ?? entries.map(e => e['kind']), { 'token.invalid': 4 })
})
