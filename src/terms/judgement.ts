import type { Call } from './call.ts'
import type { Attempts, Consulted } from './consulted.ts'
import type { DataClass } from './data-class.ts'
import type { Decision } from './decision.ts'
import type { Inquiry } from './inquiry.ts'
import type { Parties, Party } from './parties.ts'
import type { Opaque, QueryFacts } from './query-facts.ts'
import type { Reason } from './reason.ts'

/** Something that waits: for counsel's judgement, or for a notice that the law wants before the disclosure. */
export interface HoldTicket {
  readonly id: string
  readonly for: 'counsel' | 'notice'
  readonly state: 'open' | 'released' | 'refused' | 'used' | 'expired'
  readonly openedAt: number
  readonly dueAt: number
  /** Open or refused: until when the caller may ask about it. Released: until when the release is good. */
  readonly expiresAt: number
  /** `source.collection: field, field`. */
  readonly scope: string
  /** Keyed token of the caller's login: its own holds are found by it and nobody else's. */
  readonly owner: string
  /** Keyed digest of issuer, requester, recipients, purpose, reason, process, case and the canonical call: a release is good for no other. */
  readonly binding: string
  /**
   * Keyed token of agency, recipients, purpose, source and case number: for which calls an attestation is good. Null without a case number,
   * and where no person is named.
   */
  readonly caseToken: string | null
  readonly agency: string
  readonly classes: readonly DataClass[]
  /** `law/rule` of the rules that hold. */
  readonly rules: readonly string[]
  /** How many different people with role counsel must release it. */
  readonly people: 1 | 2
  /** Counsel can attest the stated purpose for the case instead. */
  readonly attestable: boolean
  /** False where this decision found it open already. */
  readonly opened: boolean
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
  /** What the register knew; null where it was not asked. */
  readonly consulted: Consulted | null
  /** Under what a refusal is remembered; null where no person was named, or nothing was refused. */
  readonly attempts: Attempts | null
  /** One sentence for the caller; may quote the call, so it never reaches the journal. */
  readonly detail: string
  /** The operating fault behind a refusal, as a code. */
  readonly fault: string | null
  readonly rulebook: string
  /** Present only where the candidate rulebook decides otherwise. */
  readonly shadow?: ShadowDecision
}
