import type { Attempts } from '../terms/consulted.ts'
import { Purpose } from '../terms/purpose.ts'
import { type JournalEntry, listOf, members, textOf } from './journal-entry.ts'
import { shapeOf } from './query-shape.ts'

/** A refusal as its entry has it. */
export interface Refusal {
  /** The decision; of a retry that was judged as an earlier purpose, the first one: a chain of retries does not launder. */
  readonly of: string
  /** As what the question is remembered: `suspected` where somebody who enforces immigration law, or sells to them, was to receive the answer. */
  readonly purpose: Purpose
  /**
   * A law forbade it, or it pointed at enforcement: then other words do not help. What merely waits for counsel, or what no grant covers, is
   * often a wrong code, and the right one must be heard (a payment run that asks for status stops no eligibility).
   */
  readonly binds: boolean
  /** Who asked, so that nobody's refusals push out another's. */
  readonly by: string
  /** The hold it opened; empty where it opened none. */
  readonly hold: string
  /** Null where no person was named. */
  readonly attempts: Attempts | null
  readonly shape: string
}

/** Null for everything that is no refusal of a purpose that says enough. */
export function readRefusal(entry: JournalEntry): Refusal | null {
  if (entry.kind !== 'decision') return null
  const kind = textOf(members(entry.decision).kind)
  // Where the law was not asked, the call was malformed, too frequent or failed: nothing was refused.
  if ((kind !== 'deny' && kind !== 'hold') || Object.keys(members(entry.asked)).length === 0) return null
  const purpose = Purpose.safeParse(members(entry.purpose).code)
  // The gate itself asked for a better purpose: an honest answer must not be punished.
  if (!purpose.success || purpose.data === 'vague' || purpose.data === 'unstated') return null
  const { agency, category, person } = members(entry.requester)
  if (category === 'person') return null
  const retry = members(members(entry.known).retry)
  const serves = servesEnforcement(entry) && !ENFORCING.includes(purpose.data)
  const { opened, id } = members(entry.hold)
  return {
    of: retry.judged === true ? textOf(retry.of) : entry.id,
    purpose: serves ? 'suspected' : purpose.data,
    binds: serves || ENFORCING.includes(purpose.data) || members(entry.decision).reply === 'law',
    by: `${textOf(agency)} ${textOf(person)}`,
    hold: opened === true ? textOf(id) : '',
    attempts: attemptsOf(entry),
    shape: shapeOf(textOf(agency), textOf(entry.source), usesOf(entry)),
  }
}

const ENFORCING: readonly Purpose[] = ['immigration-enforcement', 'suspected']

/** Somebody beside the requester enforces immigration law: leaving the name out next time does not make it another question. */
function servesEnforcement(entry: JournalEntry): boolean {
  const recipients = Array.isArray(entry.recipients) ? entry.recipients.map(members) : []
  return recipients.some(({ via, category, flags }) => {
    if (via === 'requester' || via === 'reshare') return false
    return category === 'immigration-authority' || category === 'data-broker' || listOf(flags).includes('287g')
  })
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
