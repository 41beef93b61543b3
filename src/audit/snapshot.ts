import { join } from 'node:path'
import { readIfThere } from './durable-file.ts'
import { scanWal, type WalScan } from './wal-scan.ts'

/** One moment of a journal that may be growing. */
export interface Snapshot {
  readonly wal: WalScan
  /** Text of the published checkpoint; `null` when there is none. */
  readonly note: string | null
}

/**
 * Reads the write-ahead log first and the checkpoint after it: an entry that leaves the one in between is then covered by the other.
 * Rejects when the directory holds no journal.
 */
export async function takeSnapshot(dir: string): Promise<Snapshot> {
  const wal = await scanWal(join(dir, 'wal'))
  const note = await readIfThere(join(dir, 'public/checkpoint'))
  return { wal, note: note === null ? null : note.toString() }
}
