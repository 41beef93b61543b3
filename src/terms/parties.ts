import type { Category, FlagName } from './agency.ts'
import type { LegalProcess } from './legal-process.ts'
import type { StatedPurpose } from './purpose.ts'

/** Somebody who gets the data, placed in the agency directory. */
export interface Party {
  /** Directory id; `person` for people; `unknown` when not placed. */
  readonly id: string
  readonly name: string
  readonly category: Category
  /** `unknown` when it could not be established. */
  readonly jurisdiction: string
  readonly flags: readonly FlagName[]
  /** How it came to be a recipient. */
  readonly via: 'requester' | 'act' | 'reshare' | 'declared' | 'reason' | 'call'
}

/** Who asks, for whom, why and on what authority. */
export interface Parties {
  readonly requester: Party
  /** Always the requester first, then everyone who was added; nobody is ever replaced. */
  readonly recipients: readonly Party[]
  readonly purpose: StatedPurpose
  /** Process by its kind alone, as the caller says it: `entered`, and it covers nothing. */
  readonly process: LegalProcess | null
  /** Ids of the register that the caller presents. */
  readonly presented: { readonly process: string | null; readonly hold: string | null }
  /** Came through another agency (an `act` chain). */
  readonly routed: boolean
  /** The token's `iss` and `sub`, for keyed journal tokens and for "the caller's own". Never written in clear. */
  readonly login: { readonly issuer: string; readonly subject: string }
  /** For people: the key of their own record, by source. */
  readonly subjectOf: ReadonlyMap<string, string>
  /** Words of the lexicon that the free text hit (ids of lexicon entries, never the text). */
  readonly lexiconHits: readonly string[]
  /** The free text itself, for a keyed digest. Never written in clear. */
  readonly reason: string | null
  /** The case number as declared, for a keyed token. It is free text too, so it is never written in clear. */
  readonly caseNumber: string | null
}

/** Claims of a verified token, checked for shape and nothing else. */
export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly exp: number
  readonly agency?: string | undefined
  readonly ori?: string | undefined
  readonly email?: string | undefined
  readonly email_verified?: boolean | undefined
  readonly client_id?: string | undefined
  readonly azp?: string | undefined
  readonly act?: unknown
  readonly cnf?: unknown
  readonly subject_of?: Readonly<Record<string, string>> | undefined
  readonly purpose?: string | undefined
  readonly reason?: string | undefined
  readonly case?: string | undefined
  readonly recipient?: string | readonly string[] | undefined
  readonly process?: unknown
}
