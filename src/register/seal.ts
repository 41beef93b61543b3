import { createPrivateKey, createPublicKey } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'

const ALGORITHM = 'ECDH-ES'
const ENCRYPTION = 'A256GCM'

/** Seals a text so that only the holder of counsel's private key can read it. */
export type Seal = (text: string) => Promise<string>

/**
 * Seals to counsel's public key, a JWK on P-256 or X25519. What is sealed is a compact JWE (ECDH-ES, A256GCM); `kid` is in its header
 * where the key has one.
 * @throws Error for a private or a symmetric key, a key for signatures, another curve, or a point that is not on the curve
 */
export function makeSeal(jwk: unknown): Seal {
  const members = readKey(jwk)
  // Whoever can read the gate's files must not be able to open what it sealed.
  if ('d' in members || 'k' in members)
    throw new Error('the counsel key holds a secret; give the gate the public JWK and keep the private one with counsel')
  const key = attempt('the counsel key', () => createPublicKey({ key: members, format: 'jwk' }))
  const kid = typeof members['kid'] === 'string' ? { kid: members['kid'] } : {}
  return text =>
    new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, ...kid }).encrypt(key)
}

/** Opens what was sealed, with counsel's private JWK. @throws Error when the key is not the one it was sealed to, or the text was changed */
export async function openSealed(jwe: string, privateJwk: unknown): Promise<string> {
  const members = readKey(privateJwk)
  if (!('d' in members)) throw new Error('the key has no private part; opening needs the private JWK')
  const key = attempt('the private key', () => createPrivateKey({ key: members, format: 'jwk' }))
  const opened = await compactDecrypt(jwe, key, {
    keyManagementAlgorithms: [ALGORITHM],
    contentEncryptionAlgorithms: [ENCRYPTION],
  }).catch((cause: unknown) => {
    throw new Error('this key does not open it: it was sealed to another key, or changed', { cause })
  })
  return new TextDecoder().decode(opened.plaintext)
}

function readKey(jwk: unknown): Record<string, unknown> {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) throw new Error('the counsel key is no JWK: it must be a JSON object')
  const { kty, crv, use, ...rest } = Object.fromEntries<unknown>(Object.entries(jwk))
  const isKnown = (kty === 'EC' && crv === 'P-256') || (kty === 'OKP' && crv === 'X25519')
  if (!isKnown) throw new Error('the counsel key must be for encryption on P-256 (kty EC) or X25519 (kty OKP)')
  if (use !== undefined && use !== 'enc') throw new Error('the counsel key is marked for signatures; make one with "use": "enc"')
  return { ...rest, kty, crv }
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new Error(`${what} cannot be used: its numbers are no key on its curve`, { cause })
  }
}
