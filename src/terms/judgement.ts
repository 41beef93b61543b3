import type { Call } from './call.ts'
import type { DataClass } from './data-class.ts'
import type { Decision } from './decision.ts'
import type { Inquiry } from './inquiry.ts'
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

/** What a candidate rulebook would have decided. It has no effect on the call. */
export interface ShadowDecision {
  /** Digest of the candidate. */
  readonly rulebook: string
  readonly kind: Decision['kind']
  readonly released: readonly DataClass[]
  readonly held: readonly DataClass[]
  readonly withheld: readonly DataClass[]
  readonly rules: readonly string[]
}

/** Inquiry + decision: what the journal gets. Exactly one per call that carried a valid token. */
export interface Judgement<D extends Decision = Decision> {
  readonly call: Call
  readonly parties: Parties | PartyRefusal
  readonly query: QueryFacts | Opaque | null
  /** What the law was asked; null where the call was refused before, or was for the gate itself. */
  readonly inquiry: Inquiry | null
  readonly decision: D
  readonly hold: HoldTicket | null
  /** One sentence for the caller; may quote the call, so it never reaches the journal. */
  readonly detail: string
  /** The operating fault behind a refusal, as a code. */
  readonly fault: string | null
  readonly rulebook: string
  /** Present only where the candidate rulebook decides otherwise. */
  readonly shadow?: ShadowDecision
}
