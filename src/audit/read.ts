import { leafEntry, recordText } from './leaf.ts'
import { type Entry, memberObject, parseEntry } from './parse-entry.ts'
import { refused } from './refused.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'
import { TILE_WIDTH } from './tree.ts'
import { readEntries, readItems } from './tree-files.ts'
import { pendingOf } from './wal-scan.ts'

/** Which entries. Members that are left out let everything pass; an entry must satisfy all of them. */
export interface EntryFilter {
  /** Place of the first one: what lies before it is not read, and so not compared either. */
  readonly from?: number
  /** A decision's id: the decision itself and its outcome. */
  readonly decisionId?: string
  readonly kind?: string
  /** Milliseconds since 1970, UTC: from `since` on, before `until`. */
  readonly since?: number
  readonly until?: number
  /** The requester's directory id. */
  readonly agency?: string
  readonly decision?: 'permit' | 'hold' | 'deny'
}

/** An entry and its place in the journal's order. `isPending`: durable, and in no checkpoint yet. */
export interface PlacedEntry {
  readonly index: number
  readonly entry: Entry
  readonly isPending: boolean
}

/**
 * Iterates over a journal's entries in order, from records and write-ahead log; read-only, also beside a running gate.
 * Each record is compared with the public commitment before it is handed out; who must believe nothing runs `verifyJournal`.
 * Throws `Fault('fault.journal')` at the first that does not fit.
 */
export async function* readJournal(dir: string, filter: EntryFilter = {}): AsyncGenerator<PlacedEntry> {
  const snapshot = await takeSnapshot(dir)
  const size = sizeOf(dir, snapshot)
  const { from = 0 } = filter
  for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < size; n++) {
    const entries = await readUnit(dir, n, Math.min(TILE_WIDTH, size - n * TILE_WIDTH))
    for (const [i, entry] of entries.entries()) {
      const index = n * TILE_WIDTH + i
      if (index >= from && passes(entry, filter)) yield { index, entry, isPending: false }
    }
  }
  if (snapshot.wal.problem !== null) throw refused(snapshot.wal.problem)
  const pending = pendingOf(snapshot.wal, size)
  if (typeof pending === 'string') throw refused(pending)
  for (const { index, item, file } of pending) {
    const entry = parseEntry(recordText(item))
    if (entry === null) throw refused(`${file}: entry ${index} is not an entry in canonical form`)
    if (index >= from && passes(entry, filter)) yield { index, entry, isPending: true }
  }
}

// The number is taken unproved: reading is not verifying.
function sizeOf(dir: string, snapshot: Snapshot): number {
  if (snapshot.note === null) throw refused(`${dir}/public/checkpoint is missing`)
  const size = /^[^\n]*\n(0|[1-9]\d{0,15})\n/.exec(snapshot.note)?.[1]
  if (size === undefined) throw refused(`${dir}/public/checkpoint is not a checkpoint`)
  return Number(size)
}

async function readUnit(dir: string, n: number, width: number): Promise<Entry[]> {
  const records = await readItems(dir, n, width)
  const leaves = await readEntries(dir, n, width)
  if (records.parts === null) throw refused(`${records.file} is missing or damaged`)
  if (leaves.parts === null) throw refused(`${leaves.file} is missing or damaged`)
  return records.parts.map((item, i) => {
    const entry = leafEntry(item).equals(leaves.parts![i]!) ? parseEntry(recordText(item)) : null
    if (entry === null) throw refused(`${records.file}: entry ${n * TILE_WIDTH + i} is not the one the tree commits to`)
    return entry
  })
}

function passes(entry: Entry, filter: EntryFilter): boolean {
  const { decisionId, kind, since, until, agency, decision } = filter
  if (kind !== undefined && entry.kind !== kind) return false
  if (since !== undefined && entry.t_wall < since) return false
  if (until !== undefined && entry.t_wall >= until) return false
  if (decisionId !== undefined && (entry.kind === 'outcome' ? entry.decision_id : entry.id) !== decisionId) return false
  if (agency !== undefined && memberObject(entry, 'requester')?.agency !== agency) return false
  return decision === undefined || memberObject(entry, 'decision')?.kind === decision
}
