import type { KeyObject } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { VerifierKey } from '../../src/audit/vkey.ts'
import { loadConfiguration } from '../../src/config/load.ts'
import { makeSignerKey, readSignerKey } from '../../src/rulebook/signer-key.ts'
import { signStatement, statementOf } from '../../src/rulebook/statement.ts'
import type { City } from './city.ts'

export interface Signer {
  readonly vkey: VerifierKey
  readonly key: KeyObject
  readonly file: string
}

/** Signers with their key files beside a city's configuration. */
export async function signers<const N extends readonly string[]>(la: City, ...names: N): Promise<{ [I in keyof N]: Signer }> {
  const made: Signer[] = []
  for (const name of names) {
    const file = join(la.dir, `${name}.key`)
    made.push({ vkey: await makeSignerKey(file, name), key: await readSignerKey(file), file })
  }
  return made as { [I in keyof N]: Signer }
}

/** The digest of what the folder holds now. */
export const digestOf = (la: City): string => loadConfiguration(join(la.dir, 'haven.yaml')).rulebookDigest

/** Adds signatures over the change to what the folder holds now. */
export async function sign(la: City, previous: string | null, ...by: readonly Signer[]): Promise<void> {
  const statement = statementOf(previous, digestOf(la))
  const notes = by.map(({ key, vkey }) => `${signStatement(statement, key, vkey)}\n`)
  await appendFile(join(la.policies, 'rulebook.signatures'), notes.join(''))
}
