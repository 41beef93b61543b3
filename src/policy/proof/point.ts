import type { Category, FlagName } from '../../terms/agency.ts'
import type { DataClass, UseKind } from '../../terms/data-class.ts'
import type { LegalProcess, ProcessKind, ProcessState } from '../../terms/legal-process.ts'
import type { Party } from '../../terms/parties.ts'
import type { Purpose } from '../../terms/purpose.ts'
import type { Keeper, RecordClass } from '../../terms/source.ts'
import type { Situation } from '../match.ts'

/** One point of the decision space: one recipient of one inquiry about one use. Parties are what the directory says of them. */
export interface Point {
  readonly purpose: Purpose
  readonly keeper: Keeper
  readonly records: RecordClass

  /** `none` where there is no process; then nothing else is said of it. */
  readonly processKind: ProcessKind | 'none'
  readonly processState: ProcessState
  readonly processCovers: LegalProcess['covers']
  readonly processSealed: boolean
  readonly processCourt: string
  readonly processSigner: string

  readonly requesterCategory: Category
  readonly recipientCategory: Category
  readonly requesterFlags: readonly FlagName[]
  readonly recipientFlags: readonly FlagName[]
  readonly requesterPlace: string
  readonly recipientPlace: string
  /** The directory id, where a rule names one; `written` for everybody else. */
  readonly requesterId: string
  readonly recipientId: string
  readonly class: DataClass
  readonly kind: UseKind
  readonly moment: number
  readonly attested: boolean
  readonly bulk: boolean
  readonly routed: boolean
  readonly retry: boolean
  readonly self: boolean
  /** Only where no grants are at hand (a law checked by itself): whether one covers the use. */
  readonly granted: boolean
}
export type AxisName = keyof Point

/** What is said of no process at all. */
export const ABSENT = {
  processKind: 'none',
  processState: 'none',
  processCovers: 'none',
  processSealed: false,
  processCourt: 'unknown',
  processSigner: 'unknown',
} as const

/** What goes without saying, and stands for a variable that a condition does not speak of. */
export const ORDINARY: Point = {
  purpose: 'service-delivery',
  keeper: 'general',
  records: 'general',

  ...ABSENT,

  requesterCategory: 'city',
  recipientCategory: 'city',
  requesterFlags: [],
  recipientFlags: [],
  requesterPlace: 'us-elsewhere',
  recipientPlace: 'us-elsewhere',
  requesterId: 'written',
  recipientId: 'written',
  class: 'open',
  kind: 'select',
  moment: 0,
  attested: false,
  bulk: false,
  routed: false,
  retry: false,
  self: false,
  granted: false,
}

/** A party of a point: its requester, or its recipient. */
export function partyAt(point: Point, which: 'requester' | 'recipient'): Party {
  const category = point[`${which}Category`]
  const via = which === 'requester' ? 'requester' : 'declared'
  return { id: point[`${which}Id`], name: category, category, jurisdiction: point[`${which}Place`], flags: point[`${which}Flags`], via }
}

/** The process of a point. */
export function processAt({
  processKind,
  processState,
  processCovers,
  processSealed,
  processCourt,
  processSigner,
}: Point): LegalProcess | null {
  if (processKind === 'none') return null
  const issuer = { court: processCourt, signer: processSigner }
  return { kind: processKind, state: processState, covers: processCovers, sealed: processSealed, issuer }
}

/** Of process that is not there nothing is said; other combinations do not occur. */
export function processOccurs(point: Point): boolean {
  return point.processKind !== 'none' || Object.entries(ABSENT).every(([name, value]) => point[name as keyof typeof ABSENT] === value)
}

/** Nobody knows who an unplaced party is, so it has no flags, no place and no id; other combinations do not occur. */
export function occurs(point: Point, which: 'requester' | 'recipient'): boolean {
  if (point[`${which}Category`] !== 'unknown') return true
  return point[`${which}Flags`].length === 0 && point[`${which}Place`] === 'unknown' && point[`${which}Id`] === 'written'
}

/** The situation a compiled condition is asked about. */
export function situationOf(point: Point): Situation {
  const { purpose, keeper, records, kind, moment, granted, bulk, routed, retry, attested, self } = point
  const use = { class: point.class, kind }
  const recipient = partyAt(point, 'recipient')
  const inquiry = {
    requester: partyAt(point, 'requester'),
    recipients: [recipient],
    purpose,
    process: processAt(point),
    source: { keeper, records },
    uses: [use],
  }
  return { inquiry: { ...inquiry, bulk, routed, retry, attested, self, at: moment }, recipient, use, granted }
}
