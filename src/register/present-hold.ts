import type { Lift } from '../terms/consulted.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'
import type { BookParts } from './book.ts'
import { bindingOf, caseTokenOf, ownerOf } from './hold-binding.ts'
import type { HoldRecord, HoldShelf } from './hold-fold.ts'
import { stateAt } from './hold-state.ts'

/** What a hold that a call presents does for it. */
export interface PresentedHold {
  readonly lift: Lift | null
  readonly attested: boolean
  /** The hold under which the notice was given. */
  readonly noticed: string | null
  /** Why it opens nothing. */
  readonly remark: ReasonCode | null
}

/**
 * What the presented hold does for this call, and whether its case is attested. The release is not used up here but by the journal's entry
 * of the permit, in the same tick: what is judged next finds it used.
 */
export function presentHold(shelf: HoldShelf, parts: BookParts, parties: Parties, facts: QueryFacts): PresentedHold {
  const now = parts.now()
  const caseToken = shelf.attested.size > 0 ? caseTokenOf(parts.token, parties, facts) : null
  const attested = caseToken !== null && now < (shelf.attested.get(caseToken) ?? 0)
  const nothing: PresentedHold = { lift: null, attested, noticed: null, remark: null }
  const id = parties.presented.hold
  if (id === null) return nothing
  const record = shelf.known.get(id)
  // Somebody else's, one that waits, one that is over: the same words, so that nobody learns which ids there are.
  const release = record && stateAt(record, now) === 'released' ? record.release : null
  if (!record || !release || record.ticket.owner !== ownerOf(parts.token, parties.login)) return { ...nothing, remark: 'hold.not-released' }
  const { ticket } = record
  if (release.attests && ticket.caseToken !== null && ticket.caseToken === caseToken)
    return attested ? nothing : { ...nothing, remark: 'hold.not-released' }
  if (ticket.binding !== bindingOf(parts.token, ticket.for, parties, facts)) return { ...nothing, remark: 'hold.other-call' }
  // A call that waits for counsel and for a notice can name one hold: the other one of the same call counts with it.
  const beside = shelf.byBinding.get(bindingOf(parts.token, ticket.for === 'notice' ? 'counsel' : 'notice', parties, facts))
  const other = beside === undefined ? undefined : shelf.known.get(beside)
  const released = [record, ...(other && stateAt(other, now) === 'released' ? [other] : [])]
  return released.reduce(withRelease, nothing)
}

function withRelease(so: PresentedHold, { ticket, release }: HoldRecord): PresentedHold {
  if (ticket.for === 'notice') return { ...so, noticed: ticket.id }
  if (!release) return so
  // A lift that lifts no rule: the permit's entry names the hold by it, and so uses up an attestation that is good for one call alone.
  if (release.attests) return { ...so, attested: true, lift: { hold: ticket.id, rules: [], classes: [] } }
  return { ...so, lift: { hold: ticket.id, rules: release.rules, classes: release.classes } }
}
