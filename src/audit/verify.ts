import { join } from 'node:path'
import { openCheckpoint } from './checkpoint.ts'
import { isMissing, readIfThere } from './durable-file.ts'
import { recordText } from './leaf.ts'
import { takeSnapshot } from './snapshot.ts'
import { createStructureCheck } from './verify-structure.ts'
import { verifyTree } from './verify-tree.ts'
import { parseVkey } from './vkey.ts'
import { pendingOf } from './wal-scan.ts'

/** What was found. `problem` names the first lie: which file, which entry, what. */
export interface VerifyReport {
  readonly ok: boolean
  /** Entries checked: those in the tree, and those durable but not in it yet. */
  readonly entries: number
  readonly size: number
  readonly pending: number
  /** Bytes at the end of the write-ahead log that are no whole entry: a write under way, or cut short by a crash. */
  readonly tornBytes: number
  /** Permits without an outcome: they count as released. */
  readonly withoutOutcome: number
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null
  readonly problem: string | null
}

/**
 * Re-reads a whole journal and believes nothing but the key. Read-only; also beside a running gate.
 * Throws a `TypeError` for a key that is none. Holds the ids of all decisions in memory (about 100 bytes each).
 */
export async function verifyJournal(
  dir: string,
  vkey: string,
  progress: (done: number, total: number) => void = () => {},
): Promise<VerifyReport> {
  const key = parseVkey(vkey)
  if (key === null) throw new TypeError('this is not a verifier key: write name+id+key, as in public/vkey')
  const report = { ok: false, entries: 0, size: 0, pending: 0, tornBytes: 0, withoutOutcome: 0, checkpoint: null }
  const snapshot = await takeSnapshot(dir).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (snapshot === null) return { ...report, problem: `${dir}/wal is missing: this is no journal, or part of it was removed` }
  const stated = (await readIfThere(join(dir, 'public/vkey')))?.toString().trim()
  if (stated !== key.text) return { ...report, problem: `public/vkey says ${stated ?? 'nothing'}, not the key given` }
  if (snapshot.note === null) return { ...report, problem: 'public/checkpoint is missing' }
  const opened = openCheckpoint(snapshot.note, key)
  if (!opened.ok) return { ...report, problem: `public/checkpoint: ${opened.problem}` }
  const { head } = opened
  const tornBytes = snapshot.wal.torn?.bytes ?? 0
  const seen = { ...report, size: head.size, tornBytes, checkpoint: { ...head, root: head.root.toString('base64') } }

  const structure = createStructureCheck()
  const treeProblem = await verifyTree(dir, head, (index, item) => structure.check(index, recordText(item)), progress)
  if (treeProblem !== null) return { ...seen, entries: structure.checked(), problem: treeProblem }
  if (snapshot.wal.problem !== null) return { ...seen, entries: structure.checked(), problem: snapshot.wal.problem }
  const pending = pendingOf(snapshot.wal, head.size)
  if (typeof pending === 'string') return { ...seen, entries: structure.checked(), problem: pending }
  for (const { index, item, file } of pending) {
    const problem = structure.check(index, recordText(item))
    if (problem !== null) return { ...seen, entries: structure.checked(), problem: `${file}: entry ${index} ${problem}` }
  }
  const counts = { entries: structure.checked(), pending: pending.length, withoutOutcome: structure.withoutOutcome() }
  return { ...seen, ...counts, ok: true, problem: null }
}
