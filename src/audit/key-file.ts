import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { writeNew } from './durable-file.ts'
import { refused } from './refused.ts'
import { isOrigin, type VerifierKey, verifierKey } from './vkey.ts'

/** The journal's signing key, and the secret its tokens are derived from. */
export interface JournalKey {
  readonly privateKey: KeyObject
  readonly vkey: VerifierKey
  readonly secret: Uint8Array
}

/** Makes the Ed25519 key file (PKCS #8, PEM, mode 0600). Refuses to overwrite one. */
export async function createKeyFile(keyFile: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeNew(keyFile, Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' })), 0o600)
}

/** Reads the key file. Refuses what is not an Ed25519 key, a file that others may read, and an origin that cannot name a log. */
export async function loadKeyFile(keyFile: string, origin: string): Promise<JournalKey> {
  if (!isOrigin(origin))
    throw refused(`journal origin ${JSON.stringify(origin)}: write a name such as haven.city.example/journal (no scheme, space or +)`)
  const text = await readFile(keyFile, 'utf8').catch((error: Error) => {
    throw refused(`journal key ${keyFile} cannot be read: ${error.message}`)
  })
  // Whoever reads the key can sign another history and undo every token.
  if (((await stat(keyFile)).mode & 0o027) !== 0) throw refused(`journal key ${keyFile} is open to others: chmod 600 it`)
  const privateKey = parse(text)
  const secret = privateKey?.asymmetricKeyType === 'ed25519' ? privateKey.export({ format: 'jwk' }).d : undefined
  if (privateKey === null || secret === undefined) throw refused(`journal key ${keyFile} is not an Ed25519 private key in PEM`)
  return { privateKey, vkey: verifierKey(origin, privateKey), secret: Buffer.from(secret, 'base64url') }
}

function parse(text: string): KeyObject | null {
  try {
    return createPrivateKey(text)
  } catch {
    return null // the message of OpenSSL may quote the key; the caller's own says all there is to say
  }
}
