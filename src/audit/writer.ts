import { canonical } from './canonical.ts'
import type { EntryBody } from './entry.ts'
import type { Integrator } from './integrate.ts'
import { type Item, packItem, SALT_BYTES } from './leaf.ts'
import type { Entry } from './parse-entry.ts'
import type { Publisher } from './publish.ts'
import { refused } from './refused.ts'
import type { Wal } from './wal.ts'

// Full files are written between checkpoints too, so that a busy minute does not pile up in memory.
const INTEGRATE_ENTRIES = 1024
const HELD_BYTES_MAX = 128 * 1024 * 1024
const SALTS = 128
// A clock that is set back by less is ordinary slewing.
const CLOCK_STEP_MS = 1000

export interface WriterOptions {
  readonly now: () => number
  readonly randomBytes: (n: number) => Uint8Array
  /** Random name of this run of the writer; `seq` counts within it, without gaps. */
  readonly boot: string
  readonly seq: number
  readonly lastTime: number
  readonly integrator: Integrator
  readonly publisher: Publisher
  readonly fatal: (error: Error) => void
  /** Told of every entry, and its place, in the moment it has it: whoever keeps what the journal says needs no second truth. */
  readonly observe: (entry: Entry, index: number) => void
}

/** Stamps entries, makes them durable, and moves them into the tree off the request path. */
export interface Writer {
  readonly lastTime: () => number
  /** Throws at once, or returns the place of the entry and the promise that it is durable. */
  write(body: EntryBody): { readonly index: number; readonly durable: Promise<void> }
  publish(): Promise<void>
  close(): Promise<void>
  /** Entries that a sync has covered (called by the write-ahead log). */
  readonly synced: (items: readonly Item[]) => Promise<void> | null
  /** Nothing can be recorded from now on. */
  readonly fail: (error: Error) => void
}

interface State {
  readonly options: WriterOptions
  readonly wal: () => Wal
  seq: number
  lastTime: number
  clockIsBehind: boolean
  salts: Uint8Array
  saltAt: number
  pending: Item[]
  pendingBytes: number
  work: Promise<void>
  broken: Error | null
}

export function createWriter(options: WriterOptions, wal: () => Wal): Writer {
  const { seq, lastTime } = options
  const state: State = {
    ...{ options, wal, seq, lastTime, clockIsBehind: false, salts: new Uint8Array(0), saltAt: 0 },
    ...{ pending: [], pendingBytes: 0, work: Promise.resolve(), broken: null },
  }
  return {
    lastTime: () => state.lastTime,
    write: body => write(state, body),
    publish: () => enqueue(state, () => publish(state)),
    close: () => close(state),
    synced: items => synced(state, items),
    fail: error => {
      fail(state, error)
    },
  }
}

function write(state: State, body: EntryBody): { index: number; durable: Promise<void> } {
  if (state.broken !== null) throw state.broken
  const time = Math.floor(state.options.now())
  noteClock(state, time)
  const { boot } = state.options
  try {
    const entry: Entry = { ...body, boot, id: body.id ?? `${boot}.${state.seq}`, seq: state.seq, t_wall: time, v: 1 }
    const place = state.wal().append(packItem(nextSalt(state), canonical(entry)))
    state.seq += 1
    state.lastTime = Math.max(state.lastTime, time)
    state.options.observe(entry, place.index)
    return place
  } catch (error) {
    throw refused(`an entry could not be written: ${error instanceof Error ? error.message : 'unknown error'}`, error)
  }
}

// Expiry is judged by the later of clock and journal; an auditor must be able to see when the two parted. Order is by index, never by time.
function noteClock(state: State, time: number): void {
  const behind = time < state.lastTime - CLOCK_STEP_MS
  if (behind === state.clockIsBehind) return
  state.clockIsBehind = behind
  if (behind) write(state, { kind: 'clock', body: { behindMs: state.lastTime - time, state: 'behind' } }).durable.catch(() => {}) // told by `fatal`
}

function nextSalt(state: State): Uint8Array {
  if (state.saltAt === state.salts.length) {
    state.salts = state.options.randomBytes(SALT_BYTES * SALTS)
    state.saltAt = 0
  }
  const salt = state.salts.subarray(state.saltAt, state.saltAt + SALT_BYTES)
  state.saltAt += SALT_BYTES
  return salt
}

function synced(state: State, items: readonly Item[]): Promise<void> | null {
  for (const item of items) {
    state.pending.push(item)
    state.pendingBytes += item.length
  }
  if (state.pending.length < INTEGRATE_ENTRIES) return null
  const done = enqueue(state, () => integrate(state))
  return state.pendingBytes > HELD_BYTES_MAX ? done : null
}

async function integrate(state: State): Promise<void> {
  const items = state.pending
  state.pending = []
  state.pendingBytes = 0
  await state.options.integrator.add(items)
}

async function publish(state: State): Promise<void> {
  await integrate(state)
  await state.options.publisher.publish(state.lastTime)
  await state.wal().drop(state.options.publisher.size())
}

// One job at a time, in order. A failed one ends the journal: a tree that cannot be written is a record nobody can verify.
function enqueue(state: State, job: () => Promise<void>): Promise<void> {
  const run = state.work.then(async () => {
    if (state.broken !== null) throw state.broken
    try {
      await job()
    } catch (error) {
      throw fail(state, error)
    }
  })
  state.work = run.catch(() => {}) // `fail` has told; the next job must still learn it from `broken`
  return run
}

function fail(state: State, error: unknown): Error {
  if (state.broken !== null) return state.broken
  state.broken = refused(`the journal cannot record: ${error instanceof Error ? error.message : 'unknown error'}`, error)
  state.options.fatal(state.broken)
  return state.broken
}

async function close(state: State): Promise<void> {
  await state.wal().close()
  await state.work
  if (state.broken === null) await enqueue(state, () => publish(state))
  state.broken ??= refused('the journal is closed')
}
