import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from './durable-file.ts'
import { batchFrame, entryFrame, entryOf, segmentFrame } from './frame.ts'
import type { Item } from './leaf.ts'
import { refused } from './refused.ts'
import { type OpenWalFile, segmentName, type WalFile } from './wal-file.ts'

const SEGMENT_BYTES = 16 * 1024 * 1024
// More buffers than this in one call may exceed IOV_MAX (1024 on Linux), which would split the write.
const BATCH_ENTRIES_MAX = 1000

/** The write-ahead log: an entry is the journal's as soon as it is synced here. */
export interface Wal {
  /** Takes the next place in the order. `durable` resolves when fdatasync has returned for it, and rejects for ever after a failure. */
  append(item: Item): { readonly index: number; readonly durable: Promise<void> }
  /** Removes the segments whose entries are all below `size`; only once those are durable in records, tiles and checkpoint. */
  drop(size: number): Promise<void>
  /** Waits for what is queued, then closes. */
  close(): Promise<void>
}

export interface WalOptions {
  readonly dir: string
  /** Index of the next entry, and number of the next segment file. */
  readonly next: number
  readonly segment: number
  readonly openFile: OpenWalFile
  /** Entries that are synced now, in order. The next batch waits for the promise: how the log is held back when the tree lags. */
  readonly onSynced: (items: readonly Item[]) => Promise<void> | null
  /** Called once, with the first failure. */
  readonly onBroken: (error: Error) => void
}

interface Batch {
  readonly frames: Buffer[]
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

interface State {
  readonly options: WalOptions
  readonly closed: { readonly path: string; readonly end: number }[]
  file: WalFile
  path: string
  segment: number
  offset: number
  /** Index of the next entry to be queued, and of the next one to be written. */
  next: number
  written: number
  queue: Batch[]
  running: Promise<void> | null
  broken: Error | null
}

/** Starts a segment of its own: old segments are never written to again. */
export async function openWal(options: WalOptions): Promise<Wal> {
  const { segment, next } = options
  const path = join(options.dir, segmentName(segment))
  const { file, offset } = await startSegment(options, path, next)
  const state: State = { options, closed: [], file, path, segment, offset, next, written: next, queue: [], running: null, broken: null }
  return { append: item => append(state, item), drop: size => drop(state, size), close: () => close(state) }
}

async function startSegment(options: WalOptions, path: string, first: number): Promise<{ file: WalFile; offset: number }> {
  const file = await options.openFile(path)
  const header = segmentFrame(first)
  await write(file, [header])
  await file.datasync()
  await syncDirectory(options.dir)
  return { file, offset: header.length }
}

function append(state: State, item: Item): { index: number; durable: Promise<void> } {
  if (state.broken !== null) throw state.broken
  const frame = entryFrame(item)
  let batch = state.queue.at(-1)
  if (batch === undefined || batch.frames.length >= BATCH_ENTRIES_MAX) {
    batch = emptyBatch()
    state.queue.push(batch)
  }
  batch.frames.push(frame)
  state.running ??= run(state)
  return { index: state.next++, durable: batch.promise }
}

function emptyBatch(): Batch {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => {}) // nobody may be waiting for an entry of our own; `onBroken` has told of the failure
  return { frames: [], promise, resolve, reject }
}

// One batch after the other, each as soon as the sync before it has returned: no timer (a batch window gained nothing when measured).
async function run(state: State): Promise<void> {
  await Promise.resolve()
  while (state.queue.length > 0 && state.broken === null) {
    const batch = state.queue.shift()!
    try {
      await flush(state, batch)
      const held = state.options.onSynced(batch.frames.map(entryOf))
      batch.resolve()
      if (held !== null) await held
      if (state.queue.length === 0) await mark(state)
    } catch (error) {
      fail(state, batch, error)
    }
  }
  state.running = null
}

async function flush(state: State, batch: Batch): Promise<void> {
  if (state.offset > SEGMENT_BYTES) await roll(state)
  const buffers = [batchFrame(state.written, state.offset), ...batch.frames]
  state.offset += await write(state.file, buffers)
  await state.file.datasync()
  state.written += batch.frames.length
}

// A batch header behind the last synced entry. It shows, after a crash, that what stands before it was acknowledged: damage there is
// then no torn tail. It needs no sync of its own; entries that come meanwhile bring their own header.
async function mark(state: State): Promise<void> {
  state.offset += await write(state.file, [batchFrame(state.written, state.offset)])
}

async function roll(state: State): Promise<void> {
  await state.file.close()
  state.closed.push({ path: state.path, end: state.written })
  state.segment += 1
  state.path = join(state.options.dir, segmentName(state.segment))
  const { file, offset } = await startSegment(state.options, state.path, state.written)
  state.file = file
  state.offset = offset
}

// A full disk makes writev come back short without an error: unnoticed, acknowledged entries are lost.
async function write(file: WalFile, buffers: readonly Uint8Array[]): Promise<number> {
  let expected = 0
  for (const buffer of buffers) expected += buffer.length
  const { bytesWritten } = await file.writev(buffers)
  if (bytesWritten !== expected) throw new Error(`only ${bytesWritten} of ${expected} bytes were written; is the disk full?`)
  return expected
}

// After a failed write or sync the kernel may have dropped the pages and a retry would report success: nothing is tried again.
function fail(state: State, batch: Batch, error: unknown): void {
  const broken = refused(`the journal cannot record: ${state.path}: ${error instanceof Error ? error.message : 'unknown error'}`, error)
  state.broken = broken
  for (const waiting of [batch, ...state.queue.splice(0)]) waiting.reject(broken)
  state.options.onBroken(broken)
}

async function drop(state: State, size: number): Promise<void> {
  while (state.closed[0] !== undefined && state.closed[0].end <= size) await rm(state.closed.shift()!.path, { force: true })
}

async function close(state: State): Promise<void> {
  await state.running
  const failed = state.broken !== null
  state.broken ??= refused('the journal is closed')
  await state.file.close()
  if (!failed) state.closed.push({ path: state.path, end: state.written })
}
