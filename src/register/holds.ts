import type { Lift } from '../terms/consulted.ts'
import type { DataClass } from '../terms/data-class.ts'
import type { HoldOrder } from '../terms/decision.ts'
import type { HoldTicket, Judgement } from '../terms/judgement.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'
import type { Actor, Book, BookParts, Done } from './book.ts'

/** A hold and every step that was taken with it, as the journal has them. */
export interface Hold extends HoldTicket {
  /** Steps by people and by the gate, in order. */
  readonly history: readonly { readonly step: string; readonly by: string | null; readonly at: number }[]
  readonly overdue: boolean
  /** Who must not be the only one to look at it any more: escalated past these. */
  readonly escalatedFrom: readonly string[]
  /** What counsel decided, where somebody did. */
  readonly release: {
    readonly classes: readonly DataClass[]
    readonly rules: readonly string[]
    readonly attests: boolean
    readonly until: number
    readonly by: readonly string[]
  } | null
}

/** A hold as counsel sees it: with the query, sealed to counsel's key (JWE, compact). Null where no key is configured or the file lacks it. */
export type HoldDetail = Hold & { readonly sealed: string | null }

export interface ReleaseOrder {
  /** Left out: all that is held. */
  readonly classes?: readonly DataClass[] | undefined
  /** Left out: every rule that holds. */
  readonly rules?: readonly string[] | undefined
  /** Counsel attests that the stated purpose is the real one, instead of lifting the rules. */
  readonly attests?: boolean | undefined
  /** How long the release is good, hours; 24 if unsaid, 168 at most. */
  readonly hours?: number | undefined
  /** Kept in the register alone. */
  readonly reason: string
}

export interface Holds extends Book {
  /** Opens a hold, or gives the open one of the same caller about the same question: asking again must not bury counsel. */
  readonly open: (order: HoldOrder, parties: Parties, facts: QueryFacts, attestable: boolean) => HoldTicket
  /** Keeps what counsel must be able to see of a hold that was just opened, sealed. */
  readonly keep: (judgement: Judgement) => Promise<void>
  /** The caller's own hold. Anybody else's is null, as if it did not exist. */
  readonly findOwn: (id: string, login: Parties['login']) => Hold | null
  /** What the presented hold, or an attestation for the case, does for this call. */
  readonly present: (
    parties: Parties,
    facts: QueryFacts,
  ) => { readonly lift: Lift | null; readonly attested: boolean; readonly noticed: string | null; readonly remark: ReasonCode | null }
  readonly list: () => readonly Hold[]
  readonly show: (id: string, actor: Actor) => Promise<Done<HoldDetail>>
  readonly release: (id: string, order: ReleaseOrder, actor: Actor) => Promise<Done<Hold>>
  readonly refuse: (id: string, reason: string, actor: Actor) => Promise<Done<Hold>>
  /** The notice under which this hold waits was given. */
  readonly noticed: (id: string, actor: Actor) => Promise<void>
  /** Escalates what is overdue, once each; gives those that are overdue now. Never releases anything. */
  readonly escalate: () => Promise<readonly Hold[]>
}

export interface HoldParts extends BookParts {
  /** Seals a text to counsel's key; null where none is configured. */
  readonly seal: ((text: string) => Promise<string>) | null
}

export function createHolds(_parts: HoldParts): Holds {
  throw new Error('not written yet')
}
