import { rm } from 'node:fs/promises'
import { canonical } from './canonical.ts'
import { replaceFile, syncDirectory } from './durable-file.ts'
import { batchFrame, entryFrame, segmentFrame } from './frame.ts'
import { packItem, SALT_BYTES } from './leaf.ts'
import { refused } from './refused.ts'
import { sha256 } from './tree.ts'
import { pendingOf, scanWal, type TornTail, type WalEntry } from './wal-scan.ts'

/** What start-up found in the write-ahead log. */
export interface Recovered {
  /** Durable entries that the signed tree does not hold yet. */
  readonly pending: readonly WalEntry[]
  /** Every old segment: to be removed once a checkpoint covers them. */
  readonly segments: readonly string[]
  readonly lastSegment: number
  /** Entries this run has written already: the `gap` that names a cut. */
  readonly written: number
}

export interface RecoverOptions {
  readonly dir: string
  /** Size of the signed tree. */
  readonly size: number
  readonly boot: string
  readonly now: () => number
  readonly randomBytes: (n: number) => Uint8Array
  readonly warn: (message: string) => void
}

/** Reads the write-ahead log after a stop or a crash. Refuses damage and keeps the file; cuts a tail only when it is proved torn. */
export async function recoverWal(options: RecoverOptions): Promise<Recovered> {
  const first = await scanWal(options.dir)
  if (first.problem !== null) throw refused(`${first.problem}. Nothing was changed; keep the file and call whoever looks after the journal`)
  const wasCut = first.torn !== null && (await cut(options, first.torn))
  const scan = first.torn === null ? first : await scanWal(options.dir)
  const pending = pendingOf(scan, options.size)
  if (typeof pending === 'string') throw refused(pending)
  return { pending, segments: scan.paths, lastSegment: first.lastSegment, written: wasCut ? 1 : 0 }
}

// The repaired segment takes the torn one's place in one rename: a crash leaves either the proof or the record of the cut, never neither.
async function cut(options: RecoverOptions, torn: TornTail): Promise<boolean> {
  const next = torn.next < 0 ? options.size : torn.next
  if (next < options.size) throw refused(`${torn.file}: damaged at byte ${torn.offset}, at entry ${next} that the checkpoint covers`)
  if (torn.bytes === 0) {
    await rm(torn.path)
    await syncDirectory(options.dir)
    return false
  }
  options.warn(`${torn.file}: ${torn.bytes} bytes from byte ${torn.offset} on were never acknowledged (torn tail) and are cut`)
  const kept = torn.kept.length === 0 ? segmentFrame(next) : torn.kept
  const item = packItem(options.randomBytes(SALT_BYTES), gapRecord(options, torn))
  await replaceFile(torn.path, Buffer.concat([kept, batchFrame(next, kept.length), entryFrame(item)]), 0o600)
  return true
}

function gapRecord(options: RecoverOptions, torn: TornTail): string {
  const time = Math.floor(options.now())
  const body = { bytes: torn.bytes, file: torn.file, offset: torn.offset, sha256: sha256(torn.cut).toString('hex') }
  return canonical({ body, boot: options.boot, id: `${options.boot}.0`, kind: 'gap', seq: 0, t_wall: time, v: 1 })
}
