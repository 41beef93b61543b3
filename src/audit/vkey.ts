import { createPublicKey, type KeyObject } from 'node:crypto'
import { sha256 } from './tree.ts'

const ED25519 = 1
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** A log's verifier key (C2SP signed-note): `name+hex8(keyID)+base64(0x01 || public key)`. */
export interface VerifierKey {
  readonly name: string
  readonly id: Buffer
  readonly key: KeyObject
  readonly text: string
}

/** May this be a log's name? Schema-less, no spaces and no `+` (C2SP signed-note); one line. */
export const isOrigin = (name: string): boolean => /^[\x21-\x2a\x2c-\x7e]{1,255}$/.test(name) && !name.includes('://')

/** Makes the verifier key of an Ed25519 key, private or public. */
export function verifierKey(name: string, key: KeyObject): VerifierKey {
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' })
  const typed = Buffer.concat([Buffer.from([ED25519]), spki.subarray(SPKI.length)])
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, 4)
  return {
    name,
    id,
    key: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    text: `${name}+${id.toString('hex')}+${typed.toString('base64')}`,
  }
}

/** Reads a verifier key; `null` unless every character of it is as the key itself would be written. */
export function parseVkey(text: string): VerifierKey | null {
  const [name, id, encoded, ...more] = splitFirstTwo(text)
  if (name === undefined || id === undefined || encoded === undefined || more.length > 0 || !isOrigin(name)) return null
  const typed = Buffer.from(encoded, 'base64')
  if (typed.length !== 33 || typed[0] !== ED25519) return null
  const key = createPublicKey({ key: Buffer.concat([SPKI, typed.subarray(1)]), format: 'der', type: 'spki' })
  const made = verifierKey(name, key)
  return made.text === text ? made : null
}

// The base64 part may itself contain `+`, so only the first two separate.
function splitFirstTwo(text: string): string[] {
  const first = text.indexOf('+')
  const second = text.indexOf('+', first + 1)
  return first < 0 || second < 0 ? [] : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)]
}
