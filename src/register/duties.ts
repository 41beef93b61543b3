import { type JournalEntry, members, textOf } from './journal-entry.ts'

/** What one decision entry makes somebody do. */
export interface OwedTask {
  /** `<decision id>.<n>`, counted from 1. */
  readonly id: string
  readonly kind: 'notice' | 'review'
  readonly what: string
  /** As the rule writes it; null where it sets none. */
  readonly term: string | null
  /** The hold that waits for it. */
  readonly before: string | null
  readonly retryOf: string | null
}

type Owed = Omit<OwedTask, 'id'>

/**
 * What a decision entry owes: its rule's notices and reviews, a look at every emergency access, and one at every question that was judged
 * as an earlier one. The same entry always owes the same, so that the journal alone says what is open.
 */
export function owedBy(entry: JournalEntry): readonly OwedTask[] {
  if (entry.kind !== 'decision') return []
  const owed = byRule(entry)
  if (isEmergency(entry) && !owed.some(({ kind }) => kind === 'review')) owed.push({ ...REVIEW, what: 'emergency access' })
  const retry = members(members(entry.known).retry)
  if (retry.judged === true) owed.push({ ...REVIEW, what: 'retry judged as an earlier purpose', retryOf: textOf(retry.of) })
  return owed.map((one, i) => ({ id: `${entry.id}.${i + 1}`, ...one }))
}

const REVIEW: Omit<Owed, 'what'> = { kind: 'review', term: '72 hours', before: null, retryOf: null }

function byRule(entry: JournalEntry): Owed[] {
  const [decision, hold] = [members(entry.decision), members(entry.hold)]
  const waits = decision.kind === 'hold' && hold.for === 'notice'
  // Asked again, or with the notice given: what must come before is owed once, by the decision that opened the hold.
  const isOwedAlready = hold.opened === false || textOf(members(entry.known).noticed) !== ''
  const obligations = Array.isArray(decision.obligations) ? decision.obligations.map(members) : []
  return obligations.flatMap((duty): Owed[] => {
    const [notify, review, before, within] = [duty.notify, duty.review, duty.before, duty.within].map(textOf)
    if (review) return [{ ...REVIEW, what: review, term: within || null }]
    if (!notify || (before && isOwedAlready)) return []
    const term = before || within || null
    return [{ kind: 'notice', what: notify, term, before: before && waits ? textOf(hold.id) : null, retryOf: null }]
  })
}

/** Records left for an emergency, stated or claimed by paper. The gate's own answers are about no source and no record. */
function isEmergency(entry: JournalEntry): boolean {
  if (members(entry.decision).kind !== 'permit' || textOf(entry.source) === '') return false
  return members(entry.purpose).code === 'emergency' || members(entry.process).kind === 'exigent-claim'
}

/** Notices that a hold of this entry waits for. */
export const noticesFor = (entry: JournalEntry, hold: string): readonly string[] =>
  owedBy(entry)
    .filter(({ before }) => before === hold)
    .map(({ id }) => id)

/** Whether the file still has what a step was taken with: a step whose reason was edited or deleted frees nothing. */
export const isKept = (digest: string, read: (digest: string) => unknown): boolean => digest !== '' && read(digest) !== null
