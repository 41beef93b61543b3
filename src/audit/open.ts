import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../terms/faults.ts'
import { openCheckpoint, type TreeHead } from './checkpoint.ts'
import type { StoredCheckpoint } from './checkpoint-store.ts'
import { type Claimed, claimJournal } from './claim.ts'
import { readIfThere, replaceFile } from './durable-file.ts'
import { createIntegrator } from './integrate.ts'
import { newestOf } from './newest.ts'
import type { Entry } from './parse-entry.ts'
import { createPublisher, writeCheckpoint } from './publish.ts'
import { createJournal, type Journal } from './record.ts'
import { recoverWal } from './recover.ts'
import { refused } from './refused.ts'
import { loadRightEdge } from './right-edge.ts'
import { createTokens } from './tokens.ts'
import type { VerifierKey } from './vkey.ts'
import { openWal, type Wal } from './wal.ts'
import { type OpenWalFile, openWalFile } from './wal-file.ts'
import { createWriter } from './writer.ts'

export interface JournalOptions {
  readonly dir: string
  readonly origin: string
  readonly keyFile: string
  /** SQLite file of the checkpoint store; better on another volume. */
  readonly checkpoints: string
  /** The key the journal must have, if it is pinned. */
  readonly vkey: string | null
  /** Names of the sources at this gate; any other name in a call is the caller's own text and is not written. */
  readonly sources?: readonly string[]
  /** Courts and signers that a rule in force names; any other issuer of process is the caller's own text and is not written. */
  readonly issuers?: () => ReadonlySet<string>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly randomBytes: (n: number) => Uint8Array
  /** Entries are integrated and signed at this rate. */
  readonly checkpointEveryMs: number
  /** The operator's log. */
  readonly warn: (message: string) => void
  /** Told of every entry, and its place, in the moment it has it. */
  readonly observe?: (entry: Entry, index: number) => void
  /** The journal can no longer record. Called once. */
  readonly fatal: (error: Error) => void
}

/**
 * Opens the journal, or makes it. Mends what a crash leaves; refuses, with `Fault('fault.journal')` and without changing anything,
 * whatever would sign a second history: a roll-back, a root that does not fit, damage, another owner, missing parts.
 */
export async function openJournal(options: JournalOptions, openFile: OpenWalFile = openWalFile): Promise<Journal> {
  try {
    const claimed = await claimJournal(options)
    try {
      return await start(options, claimed, openFile)
    } catch (error) {
      claimed.release()
      throw error
    }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw refused(`journal ${options.dir} cannot be opened: ${error instanceof Error ? error.message : 'unknown error'}`, error)
  }
}

async function start(options: JournalOptions, claimed: Claimed, openFile: OpenWalFile): Promise<Journal> {
  const { dir, now, randomBytes, warn } = options
  const { key, stored, store } = claimed
  const head = await checkPublished(options, key.vkey, stored)
  const edge = await loadRightEdge(dir, head.size, head.root)
  const boot = Buffer.from(randomBytes(8)).toString('hex')
  const found = await recoverWal({ dir: join(dir, 'wal'), size: head.size, boot, now, randomBytes, warn })
  const newest = await newestOf(dir, head.size, found.pending)
  const lastTime = Math.max(stored.lastTime, newest.time)

  const integrator = createIntegrator(dir, edge)
  const publisher = createPublisher({ dir, key, store, integrator, stored })
  await integrator.add(found.pending.map(entry => entry.item))
  await publisher.publish(lastTime)
  for (const path of found.segments) await rm(path, { force: true })

  let wal: Wal | null = null
  const writer = createWriter(
    {
      now,
      randomBytes,
      boot,
      seq: found.written,
      lastTime,
      integrator,
      publisher,
      fatal: options.fatal,
      observe: options.observe ?? (() => {}),
    },
    () => wal ?? notYet(),
  )
  const places = { dir: join(dir, 'wal'), next: integrator.size(), segment: found.lastSegment + 1 }
  wal = await openWal({ ...places, openFile, onSynced: writer.synced, onBroken: writer.fail })
  const issuers = options.issuers ?? (() => new Set<string>())
  const terms = { tokens: createTokens(key.secret), sources: new Set(options.sources ?? []), issuers }
  const { checkpointEveryMs } = options
  const shared = { writer, terms, now, checkpointEveryMs, release: claimed.release }
  return createJournal({ ...shared, vkey: key.vkey.text, lastRulebook: newest.rulebook })
}

function notYet(): never {
  throw new Error('the write-ahead log is not open yet')
}

// The store is the truth: it holds the last tree head that was ever signed. What is published may lag behind it by a crash, never lead.
async function checkPublished(options: JournalOptions, vkey: VerifierKey, stored: StoredCheckpoint): Promise<TreeHead> {
  const { dir, warn } = options
  await checkVkeyFile(dir, vkey)
  const opened = openCheckpoint(stored.note, vkey)
  if (!opened.ok) throw refused(`checkpoint store ${options.checkpoints}: ${opened.problem}`)
  const { head } = opened
  const root = head.root.toString('base64')
  if (head.size !== stored.size || root !== stored.root) throw refused(`checkpoint store ${options.checkpoints} contradicts its own note`)
  const file = join(dir, 'public/checkpoint')
  const published = await readIfThere(file)
  if (published?.toString() === stored.note) return head
  if (published !== null) {
    const seen = openCheckpoint(published.toString(), vkey)
    if (!seen.ok) throw refused(`${file}: ${seen.problem}`)
    const { size } = seen.head
    if (size > head.size) throw refused(`${file} is at ${size}, ahead of the checkpoint store at ${head.size}: the store was rolled back`)
    if (size === head.size && !seen.head.root.equals(head.root))
      throw refused(`${file} and the checkpoint store have different roots at ${size}`)
  }
  warn(`${file} is behind the checkpoint store: published again at ${head.size}`)
  await writeCheckpoint(dir, stored.note)
  return head
}

async function checkVkeyFile(dir: string, vkey: VerifierKey): Promise<void> {
  const file = join(dir, 'public/vkey')
  const text = (await readIfThere(file))?.toString().trim() ?? null
  if (text === vkey.text) return
  if (text !== null) throw refused(`journal ${dir} belongs to ${text}, and the configuration's origin and key make ${vkey.text}`)
  await replaceFile(file, Buffer.from(`${vkey.text}\n`), 0o644)
}
