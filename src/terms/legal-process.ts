import { z } from 'zod'

/** Warrant, order, subpoena, detainer, letter: the closed list of docs/glossary.md. */
export const ProcessKind = z.enum([
  'judicial-warrant',
  'court-order',
  'judicial-subpoena',
  'grand-jury-subpoena',
  'court-enforcement-order',
  'civil-inspection-warrant',
  'foreign-subpoena',
  'admin-subpoena',
  'immigration-court-subpoena',
  'i-200',
  'i-203',
  'i-205',
  'i-247',
  'i-286',
  'ncic-immigration-violator',
  'nsl',
  'agency-demand',
  '1373-letter',
  'records-request',
  'subject-consent',
  'parental-consent',
  'exigent-claim',
])
export type ProcessKind = z.infer<typeof ProcessKind>

/** Process a court issued: the only paper that opens records by itself (a form an immigration officer signs is none: RCW 43.17.420, CGS § 54-192h). */
export const COURT_PROCESS: readonly ProcessKind[] = [
  'judicial-warrant',
  'court-order',
  'judicial-subpoena',
  'grand-jury-subpoena',
  'court-enforcement-order',
  'civil-inspection-warrant',
]

/** What two people can make active. Everything else can be entered, is counted and held or ignored by law, and opens nothing. */
export const CAN_BE_ACTIVE: readonly ProcessKind[] = [...COURT_PROCESS, 'subject-consent', 'parental-consent', 'exigent-claim']

export const ProcessState = z.enum(['none', 'entered', 'verified', 'active', 'expired', 'exhausted', 'revoked', 'quashed'])
export type ProcessState = z.infer<typeof ProcessState>

const Issuer = z.strictObject({ court: z.string().default('unknown'), signer: z.string().default('unknown') })

/** Legal process attached to a call. What the caller merely claims is `entered`: nobody has verified it, so it opens nothing. */
export const LegalProcess = z.strictObject({
  kind: ProcessKind,
  state: ProcessState.default('entered'),
  covers: z.enum(['none', 'query']).default('none'),
  issuer: Issuer.optional(),
  sealed: z.boolean().default(false),
})
export type LegalProcess = z.infer<typeof LegalProcess>
