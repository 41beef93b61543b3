import type { Lift } from '../terms/consulted.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'
import type { BookParts } from './book.ts'
import { bindingOf, caseTokenOf, ownerOf } from './hold-binding.ts'
import type { HoldShelf } from './hold-fold.ts'
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
  const caseToken = shelf.attested.size > 0 ? caseTokenOf(parts.token, parties) : null
  const attested = caseToken !== null && now < (shelf.attested.get(caseToken) ?? 0)
  const nothing = { lift: null, attested, noticed: null, remark: null }
  const id = parties.presented.hold
  if (id === null) return nothing
  const record = shelf.known.get(id)
  // Somebody else's, one that waits, one that is over: the same words, so that nobody learns which ids there are.
  const release = record && stateAt(record, now) === 'released' ? record.release : null
  if (!record || !release || record.ticket.owner !== ownerOf(parts.token, parties.login)) return { ...nothing, remark: 'hold.not-released' }
  const { ticket } = record
  if (release.attests && ticket.caseToken !== null && ticket.caseToken === caseToken) return nothing
  if (ticket.binding !== bindingOf(parts.token, ticket.for, parties, facts)) return { ...nothing, remark: 'hold.other-call' }
  if (ticket.for === 'notice') return { ...nothing, noticed: id }
  // A lift that lifts no rule: the permit's entry names the hold by it, and so uses up an attestation that is good for one call alone.
  if (release.attests) return { ...nothing, attested: true, lift: { hold: id, rules: [], classes: [] } }
  return { ...nothing, lift: { hold: id, rules: release.rules, classes: release.classes } }
}
