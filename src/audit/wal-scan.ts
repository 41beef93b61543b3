import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere } from './durable-file.ts'
import { findFrame, readFrame } from './frame.ts'
import type { Item } from './leaf.ts'
import { segmentNumber } from './wal-file.ts'

/** An entry found in the write-ahead log, and where. */
export interface WalEntry {
  readonly index: number
  readonly item: Item
  readonly file: string
}

/** Bytes at the end of the last segment that are no whole frame, and proved never to have been acknowledged. */
export interface TornTail {
  readonly path: string
  readonly file: string
  readonly offset: number
  readonly bytes: number
  /** What stands before it, the bytes themselves, and the index the next entry would have had. */
  readonly kept: Buffer
  readonly cut: Buffer
  readonly next: number
}

export interface WalScan {
  readonly paths: readonly string[]
  readonly entries: readonly WalEntry[]
  readonly torn: TornTail | null
  /** Why this log cannot be used: damage, with file and offset. */
  readonly problem: string | null
  readonly lastSegment: number
}

interface Scan {
  readonly entries: WalEntry[]
  next: number | null
  torn: TornTail | null
  problem: string | null
}

/** Reads every segment, in order. Reads only; also beside a running gate, where segments may go and the tail may grow meanwhile. */
export async function scanWal(dir: string): Promise<WalScan> {
  const names = (await readdir(dir)).filter(name => segmentNumber(name) !== null).sort()
  const scan: Scan = { entries: [], next: null, torn: null, problem: null }
  const paths: string[] = []
  for (const [i, name] of names.entries()) {
    const path = join(dir, name)
    const bytes = await readIfThere(path)
    if (bytes === null) continue // integrated and removed since the listing: the checkpoint read next covers it
    paths.push(path)
    if (scan.problem === null) scanSegment(scan, path, `wal/${name}`, bytes, i === names.length - 1)
  }
  const { entries, torn, problem } = scan
  return { paths, entries, torn, problem, lastSegment: segmentNumber(names.at(-1) ?? '') ?? 0 }
}

function scanSegment(scan: Scan, path: string, file: string, bytes: Buffer, isLast: boolean): void {
  let at = 0
  let synced = 0
  while (at < bytes.length) {
    const frame = readFrame(bytes, at)
    if (frame === null) break
    if (frame.kind === 'segment' && at === 0 && frame.first > (scan.next ?? frame.first)) skipTo(scan, frame.first)
    const misplaced =
      frame.kind === 'entry' ? at === 0 : frame.first !== (scan.next ?? frame.first) || (frame.kind === 'segment') !== (at === 0)
    if (misplaced || (frame.kind === 'batch' && frame.synced > at)) {
      scan.problem = `${file}: the frame at byte ${at} does not belong there: entries are missing before it`
      return
    }
    if (frame.kind === 'entry') scan.entries.push({ index: scan.next!++, item: frame.item, file })
    else scan.next = frame.first
    if (frame.kind === 'batch') synced = frame.synced
    at = frame.end
  }
  if (at < bytes.length || at === 0) judgeTail(scan, { path, file, bytes, at, synced, isLast })
}

// Segments go once a checkpoint covers them, and a power cut may undo one such removal and not the next. Whether the missing entries
// are in the tree is judged by `pendingOf`, which knows the checkpoint.
function skipTo(scan: Scan, first: number): void {
  scan.entries.length = 0
  scan.next = first
}

/** The entries that are not in a tree of `size`; a string when some between the two are missing. */
export function pendingOf(scan: WalScan, size: number): readonly WalEntry[] | string {
  const pending = scan.entries.filter(entry => entry.index >= size)
  const first = pending[0]
  if (first === undefined || first.index === size) return pending
  return `${first.file}: entries ${size} to ${first.index - 1} are neither in the tree nor in the write-ahead log`
}

interface Tail {
  readonly path: string
  readonly file: string
  readonly bytes: Buffer
  readonly at: number
  readonly synced: number
  readonly isLast: boolean
}

// "Keep the longest valid prefix" once hid ten thousand good entries behind one flipped byte. A tail is cut only when all three hold.
function judgeTail(scan: Scan, { path, file, bytes, at, synced, isLast }: Tail): void {
  const follows = findFrame(bytes, at + 1)
  if (!isLast) scan.problem = `${file}: damaged at byte ${at}, and it is not the last segment`
  else if (follows !== null)
    scan.problem = `${file}: damaged at byte ${at}; a whole frame follows at byte ${follows}, so this is no torn tail`
  else if (at < synced) scan.problem = `${file}: damaged at byte ${at}, before byte ${synced} that was synced`
  else
    scan.torn = {
      path,
      file,
      offset: at,
      bytes: bytes.length - at,
      kept: bytes.subarray(0, at),
      cut: bytes.subarray(at),
      next: scan.next ?? -1,
    }
}
