import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readOffline } from './admin/read-offline.ts'
import { clock, journalOptions, randomness } from './assembly.ts'
import { openJournal } from './audit/open.ts'
import { loadHavenFile } from './config/load.ts'
import { replayRegister } from './replay-register.ts'

/**
 * The register of a gate that does not run, to look at: a step needs a person's token, and so a gate that checks it.
 * @throws Fault `fault.journal` where a gate runs and has the journal's lock; an error where there is no journal yet
 */
export async function openOffline(configFile: string): Promise<ReturnType<typeof readOffline> & { readonly close: () => Promise<void> }> {
  const haven = loadHavenFile(configFile)
  const { dir } = haven.journal
  // Opening would make one: whoever only looks must not.
  if (!existsSync(join(dir, 'public', 'vkey'))) throw new Error(`there is no journal in ${dir} yet; the gate makes it at its first start`)
  const quiet = { warn: () => {}, fatal: () => {} }
  const journal = await openJournal({ ...journalOptions(haven, quiet, () => new Set()) })
  try {
    const now = () => Math.max(clock(), journal.lastTime)
    const register = await replayRegister(haven, { journal, now, randomBytes: randomness, warn: quiet.warn })
    const close = async () => {
      await journal.close()
      register.close()
    }
    return { ...readOffline(register), close }
  } catch (error) {
    await journal.close()
    throw error
  }
}

/** The verifier key of a configured journal; makes nothing. */
export async function loadJournalKey(configFile: string): Promise<string> {
  const { journal } = loadHavenFile(configFile)
  try {
    return (await readFile(join(journal.dir, 'public', 'vkey'), 'utf8')).trim()
  } catch {
    throw new Error(`there is no journal in ${journal.dir} yet; the gate makes it at its first start`)
  }
}
