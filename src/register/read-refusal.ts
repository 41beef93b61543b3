import type { Attempts } from '../terms/consulted.ts'
import { Purpose } from '../terms/purpose.ts'
import { type JournalEntry, listOf, members, textOf } from './journal-entry.ts'
import { shapeOf } from './query-shape.ts'

/** A refusal by law as its entry has it. */
export interface Refusal {
  /** The decision; of a retry that was judged as an earlier purpose, the first one: a chain of retries does not launder. */
  readonly of: string
  readonly purpose: Purpose
  /** Null where no person was named. */
  readonly attempts: Attempts | null
  readonly shape: string
}

/** Null for everything that is no refusal by law of a purpose that says enough. */
export function readRefusal(entry: JournalEntry): Refusal | null {
  if (entry.kind !== 'decision') return null
  const kind = textOf(members(entry.decision).kind)
  // Where the law was not asked, the call was malformed, too frequent or failed: nothing was refused.
  if ((kind !== 'deny' && kind !== 'hold') || Object.keys(members(entry.asked)).length === 0) return null
  const purpose = Purpose.safeParse(members(entry.purpose).code)
  // The gate itself asked for a better purpose: an honest answer must not be punished.
  if (!purpose.success || purpose.data === 'vague' || purpose.data === 'unstated') return null
  const { agency, category } = members(entry.requester)
  if (category === 'person') return null
  const retry = members(members(entry.known).retry)
  return {
    of: retry.judged === true ? textOf(retry.of) : entry.id,
    purpose: purpose.data,
    attempts: attemptsOf(entry),
    shape: shapeOf(textOf(agency), textOf(entry.source), usesOf(entry)),
  }
}

function attemptsOf(entry: JournalEntry): Attempts | null {
  const { own, agency, reason } = members(entry.attempts)
  const found = { own: listOf(own), agency: listOf(agency), reason: textOf(reason) }
  return found.own.length === 0 ? null : found
}

function usesOf({ uses }: JournalEntry) {
  const all = Array.isArray(uses) ? uses.map(members) : []
  return all.map(({ collection, field, kind }) => ({ collection: textOf(collection), field: textOf(field), kind: textOf(kind) }))
}
