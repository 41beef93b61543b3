import type { Call } from './call.ts'
import type { Decision } from './decision.ts'
import type { Parties, Party } from './parties.ts'
import type { Opaque, QueryFacts } from './query-facts.ts'
import type { Reason } from './reason.ts'

/** A hold that was opened: what counsel sees, and what the caller may ask about. */
export interface HoldTicket {
  readonly id: string
  readonly state: 'open'
  readonly openedAt: number
  readonly dueAt: number
  readonly expiresAt: number
  /** `source.collection: class, class`. */
  readonly scope: string
  readonly owner: { readonly issuer: string; readonly subject: string }
}

/** A call that could not be placed or read: who it is from as far as known, and why it is refused. */
export interface PartyRefusal {
  readonly kind: 'party-refusal'
  readonly reply: 'malformed' | 'not-permitted' | 'unauthenticated'
  readonly requester: Party | null
  readonly login: { readonly issuer: string; readonly subject: string } | null
  readonly reason: Reason
  /** For the caller only. */
  readonly detail: string
}

/** Inquiry + decision: what the journal gets. Exactly one per call that carried a valid token. */
export interface Judgement<D extends Decision = Decision> {
  readonly call: Call
  readonly parties: Parties | PartyRefusal
  readonly query: QueryFacts | Opaque | null
  readonly decision: D
  readonly hold: HoldTicket | null
  /** One sentence for the caller; may quote the call, so it never reaches the journal. */
  readonly detail: string
  /** The operating fault behind a refusal, as a code. */
  readonly fault: string | null
  readonly rulebook: string
}
