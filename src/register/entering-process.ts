import type { Instrument } from '../terms/instrument.ts'
import type { Actor, Done } from './book.ts'
import { refuse } from './book.ts'
import type { Process } from './processes.ts'

const DAY_MS = 86_400_000
/** Every instrument stays in memory and in every list, and one person can enter thousands in an hour. */
const WAITING_MAX = 200

/** Dates that no paper has: it ended before it began, ended already, or is signed after tomorrow (a court may be a day ahead of UTC). */
export function badDates({ signed, from = signed, until }: Instrument, now: number): Done<never> | null {
  if (Date.parse(signed) > now + DAY_MS) return refuse('invalid', `it is signed in the future (${signed}); correct the day`)
  if (until === undefined) return null
  if (until < from || until < signed) return refuse('invalid', `it ends (${until}) before it begins; correct signed, from or until`)
  if (now >= Date.parse(until) + DAY_MS) return refuse('invalid', `it ended on ${until}; enter the one that is in force`)
  return null
}

/** Too many that wait for verification, forms that nobody can verify included. */
export function tooMany(known: ReadonlyMap<string, Process>, { person }: Actor): Done<never> | null {
  let waiting = 0
  for (const { enteredBy, verified, ended } of known.values()) if (enteredBy === person && !ended && verified.length < 2) waiting += 1
  if (waiting < WAITING_MAX) return null
  return refuse(
    'conflict',
    `${waiting} instruments that you entered wait for verification; have counsel verify or revoke some of them first`,
  )
}

/**
 * One document is good once. What a court quashed must not be good again because somebody enters it again, and a warrant for one use is not
 * one for two because it was entered twice.
 */
export function spent(known: ReadonlyMap<string, Process>, process: Process | undefined): Done<never> | null {
  if (!process || process.document === '') return null
  for (const { id, document, ended, verified, instrument, uses, used } of known.values()) {
    if (id === process.id || document !== process.document) continue
    if (ended) return refuse('conflict', `the same document was entered as ${id} and ${ended.step}; it is not good again`)
    if (uses !== null && used >= uses) return refuse('conflict', `the same document was entered as ${id} and used up; it is not good again`)
    // One whose row the register lost opens nothing: the paper may be entered again.
    if (instrument && verified.length >= 2) return refuse('conflict', `the same document was verified as ${id} already; it is good once`)
  }
  return null
}
