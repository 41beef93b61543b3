import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { writeNew } from '../audit/durable-file.ts'
import { isOrigin, parseVkey, type VerifierKey, verifierKey } from '../audit/vkey.ts'

/** Makes a signer's key file (Ed25519, PKCS #8, PEM, mode 0600) and returns its verifier key. Refuses to overwrite a file. */
export async function makeSignerKey(file: string, name: string): Promise<VerifierKey> {
  if (!isOrigin(name)) throw new Error(`'${name}' cannot name a signer: write one word without blanks or +, such as ana.city.example`)
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeNew(file, Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' })), 0o600)
  return verifierKey(name, privateKey)
}

/** Reads a signer's key file. @throws Error where it is no such key, or others may read it */
export async function readSignerKey(file: string): Promise<KeyObject> {
  // Whoever reads it can sign in its owner's name.
  if (((await stat(file)).mode & 0o077) !== 0) throw new Error(`${file} is open to others: chmod 600 it`)
  const key = parse(await readFile(file, 'utf8'))
  if (key?.asymmetricKeyType !== 'ed25519') throw new Error(`${file} is not an Ed25519 private key in PEM`)
  return key
}

function parse(text: string): KeyObject | null {
  try {
    return createPrivateKey(text)
  } catch {
    return null // the message of OpenSSL may quote the key
  }
}

/** Under which of these verifier keys a private key signs; null if it is none of them. */
export function findSigner(key: KeyObject, vkeys: readonly string[]): VerifierKey | null {
  const own = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const known = vkeys.map(text => parseVkey(text)).filter(vkey => vkey !== null)
  return known.find(vkey => vkey.key.export({ format: 'der', type: 'spki' }).equals(own)) ?? null
}
