import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

const readKey = async (file: string): Promise<JWK | null> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const makeKey = async (file: string): Promise<JWK> => {
  const { privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  const jwk = await exportJWK(privateKey)
  const key = { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'enc' }
  await writeFile(file, `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx' })
  return key
}

/**
 * Writes `counsel.jwk`, to which the gate seals what waits, into a folder. The private half is made once, mode 0600: what was sealed in an
 * earlier demo must still open. It lies beside the other only because the whole city is one machine here; counsel keeps it elsewhere.
 */
export const makeCounselKey = async (folder: string): Promise<void> => {
  const file = join(folder, 'counsel.private.jwk')
  const { d: _, ...publicHalf } = (await readKey(file)) ?? (await makeKey(file))
  await writeFile(join(folder, 'counsel.jwk'), `${JSON.stringify(publicHalf)}\n`)
}
