import { exportJWK, generateKeyPair } from 'jose'
import t from 'tap'
import { makeSeal, openSealed } from '../../src/register/seal.ts'

const pair = async (crv: string) => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv, extractable: true })
  return { open: await exportJWK(publicKey), secret: await exportJWK(privateKey) }
}
const [p256, x25519, other] = [await pair('P-256'), await pair('X25519'), await pair('P-256')]

t.test('what is sealed opens with counsel’s key alone, on both curves', async t => {
  for (const { open, secret } of [p256, x25519]) {
    const sealed = await makeSeal({ ...open, use: 'enc', kid: 'counsel-2026' })('about Jane Doe, 4711 ü')
    t.match(sealed, /^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
    t.same(JSON.parse(Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString()).kid, 'counsel-2026')
    t.notMatch(Buffer.from(sealed.replaceAll('.', ''), 'base64url').toString('latin1'), 'Jane Doe')
    t.equal(await openSealed(sealed, secret), 'about Jane Doe, 4711 ü')
    await t.rejects(openSealed(sealed, other.secret), { message: /does not open it/ })
  }
})

t.test('the same text is never sealed the same, and a changed one does not open', async t => {
  const seal = makeSeal(p256.open)
  const [one, two] = [await seal('text'), await seal('text')]
  t.not(one, two)
  const [header, key, iv, text, tag] = two.split('.')
  for (const changed of [
    [header, key, iv, `A${text?.slice(1)}B`, tag].join('.'),
    [header, key, iv, text, one.split('.')[4]].join('.'),
    [one.split('.')[0], key, iv, text, tag].join('.'),
    'x',
    '',
  ])
    await t.rejects(openSealed(changed, p256.secret), { message: /does not open it/ }, changed)
})

t.test('a key that would let the gate open what it sealed is refused, as is every other kind', async t => {
  const refused: readonly [string, unknown, RegExp][] = [
    ['a private key', p256.secret, /holds a secret/],
    ['a private key on the other curve', x25519.secret, /holds a secret/],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }, /P-256 .* or X25519/],
    ['a symmetric part in a public key', { ...p256.open, k: 'c2VjcmV0' }, /holds a secret/],
    ['RSA', { kty: 'RSA', n: 'AQAB', e: 'AQAB' }, /P-256 .* or X25519/],
    ['another curve', { ...p256.open, crv: 'P-384' }, /P-256 .* or X25519/],
    ['a key for signatures', { ...p256.open, use: 'sig' }, /for signatures/],
    ['Ed25519', { ...x25519.open, crv: 'Ed25519' }, /P-256 .* or X25519/],
    ['a point off the curve', { ...p256.open, x: p256.open.y }, /no key on its curve/],
    ['half a point', { kty: 'EC', crv: 'P-256', x: p256.open.x }, /no key on its curve/],
    ['no object', 'key', /no JWK/],
    ['nothing', null, /no JWK/],
    ['a set of keys', { keys: [p256.open] }, /P-256 .* or X25519/],
    ['a list', [p256.open], /no JWK/],
  ]
  for (const [what, jwk, message] of refused) t.throws(() => makeSeal(jwk), { message }, what)
  t.type(makeSeal(p256.open), 'function', 'and the public half is taken')
})

t.test('opening needs the private key', async t => {
  const sealed = await makeSeal(p256.open)('text')
  await t.rejects(openSealed(sealed, p256.open), { message: /needs the private JWK/ })
  await t.rejects(openSealed(sealed, { kty: 'oct', k: 'c2VjcmV0', d: 'x' }), { message: /P-256/ })
  t.equal(await openSealed(sealed, p256.secret), 'text')
})
