import type { Call } from '../terms/call.ts'
import type { Decision } from '../terms/decision.ts'
import type { Judgement } from '../terms/judgement.ts'
import type { ReasonCode } from '../terms/reason.ts'
import type { Outcome, Receipt } from '../terms/receipt.ts'
import type { JsonValue } from './canonical.ts'
import { decisionEntry, type EntryBody, type EntryTerms } from './entry.ts'
import { outcomeEntry } from './outcome-entry.ts'
import { refused } from './refused.ts'
import type { Tokenizer } from './tokens.ts'
import { countRefusedCallers, type RefusedCallers } from './unauthenticated.ts'
import type { Writer } from './writer.ts'

export type EventKind =
  | 'rulebook'
  | 'rulebook-refused'
  | 'config'
  | 'key'
  | 'gap'
  | 'clock'
  | 'process'
  | 'hold'
  | 'notice'
  | 'review'
  | 'certificate'

/** The journal of one gate. Whatever cannot be recorded throws `Fault('fault.journal')`; after a failed write or sync, everything does. */
export interface Journal {
  readonly vkey: string
  /** Resolves when the decision is on disk (fdatasync has returned). A call is decided once. */
  recordDecision<D extends Decision>(judgement: Judgement<D>): Promise<Receipt<D>>
  /** What left in the end. A receipt takes one outcome; a decision without one counts as released. */
  recordOutcome(receipt: Receipt, outcome: Outcome): Promise<void>
  /** Something that changes how decisions come about. A `rulebook` event carries its digest as `digest`. */
  recordEvent(kind: EventKind, body: Readonly<Record<string, JsonValue>>): Promise<void>
  /** Keyed token of one domain for the whole register, so that it joins there what the entries' own tokens keep apart. */
  readonly token: Tokenizer
  /** Counts a caller refused before it was known; summed, one entry a minute at most and one on close. */
  countUnauthenticated(code: ReasonCode): void
  /** Digest in the newest rulebook or decision entry. */
  readonly lastRulebook: string | null
  /** Newest time in the journal, ms since 1970: the clock must not be believed below it. */
  readonly lastTime: number
  /** Integrates what is durable and signs a checkpoint. */
  publish(): Promise<void>
  /** Flushes, integrates, signs, gives up ownership. Safe to call twice. */
  close(): Promise<void>
}

export interface RecordParts {
  readonly writer: Writer
  readonly terms: EntryTerms
  readonly vkey: string
  readonly lastRulebook: string | null
  readonly now: () => number
  readonly checkpointEveryMs: number
  readonly release: () => void
}

interface State {
  readonly parts: RecordParts
  readonly strangers: RefusedCallers
  readonly decided: WeakSet<Call>
  readonly open: WeakSet<Receipt>
  lastRulebook: string | null
  timer: NodeJS.Timeout | undefined
  closing: Promise<void> | null
}

/** The journal over a writer that owns the disk. */
export function createJournal(parts: RecordParts): Journal {
  const strangers = countRefusedCallers(parts.now, body => writeUnasked(parts.writer, body))
  const { vkey, lastRulebook, writer } = parts
  const state: State = { parts, strangers, decided: new WeakSet(), open: new WeakSet(), lastRulebook, timer: undefined, closing: null }
  schedule(state)
  return {
    vkey,
    recordDecision: judgement => recordDecision(state, judgement),
    recordOutcome: (receipt, outcome) => recordOutcome(state, receipt, outcome),
    recordEvent: (kind, body) => recordEvent(state, kind, body),
    token: parts.terms.tokens('register', ''),
    countUnauthenticated: code => strangers.count(code),
    get lastRulebook() {
      return state.lastRulebook
    },
    get lastTime() {
      return writer.lastTime()
    },
    publish: () => writer.publish(),
    close: () => {
      state.closing ??= close(state)
      return state.closing
    },
  }
}

async function recordDecision<D extends Decision>(state: State, judgement: Judgement<D>): Promise<Receipt<D>> {
  const { writer, terms } = state.parts
  if (state.decided.has(judgement.call)) throw refused(`decision ${judgement.call.id} was recorded before`)
  const { index, durable } = writer.write(decisionEntry(judgement, terms))
  state.decided.add(judgement.call)
  state.lastRulebook = judgement.rulebook
  await durable
  const receipt = { judgement, index } as Receipt<D>
  state.open.add(receipt)
  return receipt
}

async function recordOutcome(state: State, receipt: Receipt, outcome: Outcome): Promise<void> {
  // Two outcomes for one decision would let the later one gloss over the earlier.
  if (!state.open.delete(receipt))
    throw refused(`decision ${receipt.judgement.call.id} takes no outcome: it has one, or is not of this journal`)
  await state.parts.writer.write(outcomeEntry(receipt.judgement.call.id, outcome)).durable
}

async function recordEvent(state: State, kind: EventKind, body: Readonly<Record<string, JsonValue>>): Promise<void> {
  const { durable } = state.parts.writer.write({ kind, body })
  if (kind === 'rulebook' && typeof body.digest === 'string') state.lastRulebook = body.digest
  await durable
}

// Nobody waits for these entries; when they fail, so does the next decision, and `fatal` has been called.
function writeUnasked(writer: Writer, body: EntryBody): void {
  try {
    writer.write(body).durable.catch(() => {})
  } catch {
    // The journal is broken or closed, and has said so.
  }
}

function schedule(state: State): void {
  const { writer, checkpointEveryMs } = state.parts
  state.timer = setTimeout(() => {
    state.strangers.flush('if-due')
    const again = () => {
      if (state.closing === null) schedule(state)
    }
    writer.publish().then(again, () => {}) // a failed checkpoint has called `fatal`; there will be no other
  }, checkpointEveryMs)
  state.timer.unref()
}

async function close(state: State): Promise<void> {
  clearTimeout(state.timer)
  state.strangers.flush('now')
  try {
    await state.parts.writer.close()
  } finally {
    state.parts.release()
  }
}
