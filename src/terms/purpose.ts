import { z } from 'zod'

/** Why the data is wanted: the closed list of purposes of use. The last three are never declared; Haven concludes them. */
export const Purpose = z.enum([
  'service-delivery',
  'eligibility',
  'payment',
  'treatment',
  'public-health',
  'education',
  'public-safety',
  'criminal-investigation',
  'child-protection',
  'emergency',
  'court',
  'audit',
  'research',
  'public-records',
  'subject-access',
  'immigration-assistance',
  'employment',
  'immigration-enforcement',
  'suspected',
  'vague',
  'unstated',
])
export type Purpose = z.infer<typeof Purpose>

/** A purpose as established for one call, and how it came about; `missing` tells the caller what to add. */
export interface StatedPurpose {
  readonly code: Purpose
  readonly from: 'claim' | 'header' | 'reason' | 'none'
  /** What the caller declared, where Haven concluded something else. */
  readonly declared: Purpose | null
  /** One sentence for the caller when the purpose is `vague`, `unstated` or `suspected`. */
  readonly missing: string | null
}
