import type { DataClass, UseKind } from './data-class.ts'
import type { LegalProcess } from './legal-process.ts'
import type { Party } from './parties.ts'
import type { Purpose } from './purpose.ts'
import type { Keeper, RecordClass } from './source.ts'

/** A pair (data class, kind of use). */
export interface Use {
  readonly class: DataClass
  readonly kind: UseKind
}

/** The decider's whole input. Finite on purpose, so that every inquiry there is can be enumerated. */
export interface Inquiry {
  readonly requester: Party
  readonly recipients: readonly Party[]
  readonly purpose: Purpose
  readonly process: LegalProcess | null
  readonly source: { readonly keeper: Keeper; readonly records: RecordClass }
  readonly uses: readonly Use[]
  readonly bulk: boolean
  readonly routed: boolean
  readonly retry: boolean
  /** Counsel attested, for this case, that the stated purpose is the real one. */
  readonly attested: boolean
  /** The requester is the data subject and asks for nobody else. */
  readonly self: boolean
  /** Milliseconds since 1970, UTC: which laws are in force. */
  readonly at: number
}
