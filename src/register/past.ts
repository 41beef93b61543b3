import { setImmediate } from 'node:timers/promises'
import { type JournalEntry, numberOf, textOf } from './journal-entry.ts'
import { isPermit, lasts, shorten } from './past-entry.ts'
import { NOWHERE, type PastFile, type PastItem, type Reach, ROW_ENTRIES } from './past-file.ts'
import { prunePast } from './prune-past.ts'

const MINUTE_MS = 60_000
/** How far the volume counters look back: an hour, and the five minutes that one of their buckets may reach beyond it. */
const COUNTED_MS = 65 * MINUTE_MS
/** A call whose outcome comes later than this is kept until its outcome counts no more. */
const SLOW_MS = 5 * MINUTE_MS
/** What is younger is read from the journal: a counter may still need it, and a crash may still take it back. */
const FRESH_MS = COUNTED_MS + SLOW_MS
const STEP_ENTRIES = 10_000
const UNDER_WAY_MAX = 10_000
/** In place of the index of what was kept before this run. */
const EARLIER = -1

/**
 * What the journal said to the register, kept in the register's file so that a start need not read all of it again. It is an echo of the
 * journal and no second truth: what does not verify is thrown away, and the journal is read instead.
 */
export interface Past {
  /** How far what is kept reaches. Null: nothing is kept. `refused`: it is not what was kept here, or another version kept it. */
  readonly verify: () => Reach | 'refused' | null
  /**
   * Tells the books what is kept, in order. `last`: the entry before `upTo`, as the journal has it.
   * @returns false, and tells nothing, where it is not the one that was there: then this is the past of another history
   */
  readonly tell: (last: JournalEntry | undefined, observe: (entry: JournalEntry) => void) => boolean
  /** Throws away what is kept: the journal is told from its first entry. Where the file does not let it, nothing is kept any more. */
  readonly clear: () => void
  /** Told of every entry from `upTo` on, with its place in the journal. */
  readonly observe: (entry: JournalEntry, index: number) => void
  /** Whether so much waits that it should be kept before more comes. */
  readonly isFull: () => boolean
  /** Keeps what is old enough, in small steps. @throws Fault `fault.register` */
  readonly keep: () => Promise<void>
  /** Whether it is twice what the last pruning left: only then is another one worth its reading. */
  readonly hasGrown: () => boolean
  /** Drops what changes nothing any more, once the journal was told to its end. @throws Fault `fault.register` */
  readonly prune: () => Promise<void>
  /** Keeps once more, and leaves what takes long. @throws Fault `fault.register` */
  readonly close: () => Promise<void>
}

interface Waiting {
  readonly index: number
  readonly name: string
  readonly item: PastItem
  /** Of a call that is kept for its outcome alone: when that came. */
  readonly outcomeAt: number | null
}

interface State {
  readonly file: PastFile
  readonly read: (digest: string) => unknown
  /** False before it is known where to begin, and once an entry was missed: what is kept after it would lack it for ever. */
  isWhole: boolean
  /** How far what is kept reaches, and how far the journal was told. */
  reach: Reach
  told: Reach
  /** Places at which keeping may end, one or two for a minute of the journal; the first is the newest that is old enough. */
  marks: Reach[]
  waiting: Waiting[]
  readonly underWay: Map<string, Waiting>
  fullAt: number
  prunedTo: number
  work: Promise<void>
  isClosing: boolean
}

export function createPast(file: PastFile, read: (digest: string) => unknown): Past {
  const state: State = {
    ...{ file, read, isWhole: false, reach: NOWHERE, told: NOWHERE, marks: [NOWHERE], waiting: [], underWay: new Map() },
    ...{ fullAt: STEP_ENTRIES, prunedTo: STEP_ENTRIES / 2, work: Promise.resolve(), isClosing: false },
  }
  const beginAt = (reach: Reach) => Object.assign(state, { isWhole: true, reach, told: reach, marks: [reach] })
  let found: Reach | 'refused' | null = null
  return {
    verify: () => {
      found = file.verify()
      return found
    },
    tell(last, observe) {
      if (found === null || found === 'refused' || last === undefined || nameOf(last) !== found.last) return false
      tellAll(file, found.newest, (entry, at) => {
        observe(entry)
        if (isPermit(entry) && !lasts(entry)) state.underWay.set(entry.id, { index: EARLIER, name: '', item: [at, entry], outcomeAt: null })
      })
      beginAt(found)
      return true
    },
    clear() {
      try {
        file.clear()
        beginAt(NOWHERE)
      } catch {
        // A damaged page must not stop a city's gate. Nothing is kept then, and each start reads the whole journal.
      }
    },
    observe: (entry, index) => observe(state, entry, index),
    isFull: () => state.waiting.length >= state.fullAt,
    keep: () => inTurn(state, () => keep(state)),
    hasGrown: () => file.size() >= 2 * state.prunedTo,
    prune: () => inTurn(state, () => prune(state)),
    close() {
      state.isClosing = true
      return inTurn(state, () => keep(state))
    },
  }
}

/** In another history another entry stands at the same place: each run of a writer has a random name. */
const nameOf = ({ boot, seq }: JournalEntry): string => `${textOf(boot)}.${numberOf(seq)}`

function tellAll(file: PastFile, newest: number, observe: (entry: JournalEntry, at: number) => void): void {
  let seen = 0
  // Entries that were not kept moved the time on too, and where the clock was set back after them that is what counts.
  const moveOn = (at: number) => {
    if (at > seen) observe({ kind: 'clock', id: '', t_wall: at }, at)
    seen = Math.max(seen, at)
  }
  for (let row = file.after(); row !== null; row = file.after(row.n))
    for (const [at, entry] of row.items) {
      if (at !== entry.t_wall) moveOn(at)
      observe(entry, at)
      seen = at
    }
  moveOn(newest)
}

function observe(state: State, entry: JournalEntry, index: number): void {
  const { told, underWay } = state
  state.isWhole &&= index === told.upTo
  if (!state.isWhole) return
  const newest = Math.max(told.newest, entry.t_wall)
  if (newest >= (state.marks.at(-1)?.newest ?? 0) + MINUTE_MS) state.marks.push(told)
  const name = nameOf(entry)
  state.told = { upTo: index + 1, last: name, newest }
  while ((state.marks[1]?.newest ?? newest) <= newest - FRESH_MS) state.marks.shift()
  const waiting: Omit<Waiting, 'item'> = { index, name, outcomeAt: null }
  if (lasts(entry)) state.waiting.push({ ...waiting, item: [newest, shorten(entry)] })
  else if (entry.kind === 'outcome') settle(underWay, textOf(entry.decision_id), newest)
  else if (isPermit(entry)) begin(underWay, { ...waiting, item: [newest, entry] })
}

/** As it came: nearly all are settled at once and never kept. */
function begin(underWay: Map<string, Waiting>, call: Waiting): void {
  underWay.set(call.item[1].id, call)
  if (underWay.size <= UNDER_WAY_MAX) return
  const [oldest] = underWay.keys()
  underWay.delete(oldest ?? '')
}

/** A quick outcome is over with its call. A slow one may be counted still when the call is no longer read from the journal. */
function settle(underWay: Map<string, Waiting>, decision: string, at: number): void {
  const call = underWay.get(decision)
  if (call === undefined) return
  if (at - call.item[0] < SLOW_MS) underWay.delete(decision)
  else underWay.set(decision, { ...call, outcomeAt: at })
}

/** Entry by entry in the journal's order, so that what a step has written is whole whatever becomes of the next one. */
async function keep(state: State): Promise<void> {
  const [to] = state.marks
  if (!state.isWhole || to === undefined || to.upTo <= state.reach.upTo) return
  const isCounted = (call: Waiting) => isCountedAt(call, state.told.newest)
  const slow = [...state.underWay.values()].filter(call => call.index >= state.reach.upTo && isCounted(call)).map(shortened)
  const due = [...state.waiting, ...slow].filter(({ index }) => index < to.upTo).toSorted((a, b) => a.index - b.index)
  try {
    while (due.length > ROW_ENTRIES) {
      keepRow(state, due.splice(0, ROW_ENTRIES))
      await setImmediate()
    }
    keepRow(state, due, to)
  } finally {
    state.waiting = state.waiting.filter(({ index }) => index >= state.reach.upTo)
    state.fullAt = state.waiting.length + STEP_ENTRIES
    for (const [id, call] of state.underWay) if (call.index < state.reach.upTo && !isCounted(call)) state.underWay.delete(id)
  }
}

const shortened = (call: Waiting): Waiting => ({ ...call, item: [call.item[0], shorten(call.item[1])] })

/** Whether an outcome will be counted, or may be still. Of the calls of an earlier run no other will come than the journal told. */
const isCountedAt = ({ outcomeAt, index }: Waiting, at: number): boolean =>
  outcomeAt === null ? index !== EARLIER : outcomeAt > at - COUNTED_MS

function keepRow(state: State, row: readonly Waiting[], to?: Reach): void {
  const end = row.at(-1)
  const reach = to ?? (end && { upTo: end.index + 1, last: end.name, newest: end.item[0] })
  if (reach === undefined) return
  state.file.append(
    row.map(({ item }) => item),
    reach,
  )
  state.reach = reach
}

async function prune(state: State): Promise<void> {
  if (state.reach.upTo === 0) return
  await prunePast(state.file, {
    newest: state.reach.newest,
    read: state.read,
    isUnderWay: decision => {
      const call = state.underWay.get(decision)
      return call !== undefined && isCountedAt(call, state.told.newest)
    },
    pause: () => setImmediate(!state.isClosing),
  })
  state.prunedTo = Math.max(state.file.size(), STEP_ENTRIES / 2)
}

/** One after the other: who waits is told of a failure, and the next one is another matter. */
function inTurn(state: State, work: () => Promise<void>): Promise<void> {
  const mine = state.work.then(work)
  state.work = mine.catch(() => undefined)
  return mine
}
