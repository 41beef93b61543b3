import type { DataClass } from './data-class.ts'
import type { InstrumentScope } from './instrument.ts'
import type { LegalProcess } from './legal-process.ts'
import type { Purpose } from './purpose.ts'
import type { ReasonCode } from './reason.ts'

/** Process of the register that is active and covers a query: what it names in the query's source. */
export interface Paper {
  readonly id: string
  readonly scope: InstrumentScope
  /** `collection.field` of the query that the process names; nothing else of a record leaves under it. */
  readonly named: ReadonlySet<string>
}

/** A release by counsel that is good for exactly this call. */
export interface Lift {
  /** The hold. */
  readonly hold: string
  /** `law/rule` of the hold rules it lifts, and no other. */
  readonly rules: readonly string[]
  /** It releases these classes and no other. */
  readonly classes: readonly DataClass[]
}

/** An earlier refusal of the same requester about the same data subject, under another reason or purpose. */
export interface Retry {
  /** Id of the decision that refused. */
  readonly of: string
  readonly purpose: Purpose
  /** Judged as the earlier purpose; false: linked and flagged alone. */
  readonly judged: boolean
}

/** What the register knows of one call: everything that earlier calls and people with a role have to do with it. */
export interface Consulted {
  /** Process as the law sees it; `covers: query` only where `paper` is given. */
  readonly process: LegalProcess | null
  readonly paper: Paper | null
  readonly attested: boolean
  readonly bulk: boolean
  readonly retry: Retry | null
  readonly lift: Lift | null
  /** The hold under which the notice was given that the law wants before the disclosure. */
  readonly noticed: string | null
  /** Why something that was presented opens nothing. */
  readonly remarks: readonly ReasonCode[]
  /** What only flags: a colleague was refused this person before. */
  readonly alarms: readonly ('retry-by-colleague' | 'retry-by-shape' | 'volume')[]
}

/** Keyed tokens under which a refusal is remembered, so that the same question in other words is recognised. */
export interface Attempts {
  /** One for each data subject: this requester, this source, this person. */
  readonly own: readonly string[]
  /** The same for the whole agency. */
  readonly agency: readonly string[]
  /** Of the free text. */
  readonly reason: string
}
