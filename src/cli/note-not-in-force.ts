import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { lastRulebookOf } from '../audit/last-rulebook.ts'

/** The rulebook of a configuration, and the journal that says which one is in force. */
export interface Offered {
  readonly digest: string
  readonly journalDir: string
  readonly signers: readonly string[]
}

/** A note where a gate would not take this rulebook without signatures. Only reads, and a journal that cannot be read is no failure here. */
export async function noteNotInForce({ digest, journalDir, signers }: Offered): Promise<readonly string[]> {
  if (signers.length === 0) return []
  try {
    await stat(join(journalDir, 'public'))
    const inForce = await lastRulebookOf(journalDir)
    if (inForce === null || inForce === digest) return []
    return ['this rulebook is not the one in force; a change needs signatures: haven policy sign']
  } catch {
    return [] // no journal yet, or not one this user may read: nothing is known to be in force
  }
}
