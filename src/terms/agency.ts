import { z } from 'zod'
import { Purpose } from './purpose.ts'

/** What kind of body a party is. `immigration-authority` is by function, so a state or local body can be one. */
export const Category = z.enum([
  'city',
  'county',
  'state',
  'fire-ems',
  'local-police',
  'school',
  'health',
  'utility',
  'court',
  'legal-aid',
  'research',
  'federal',
  'immigration-authority',
  'fusion-centre',
  'data-broker',
  'vendor',
  'person',
  'unknown',
])
export type Category = z.infer<typeof Category>

export const FlagName = z.enum(['287g', 'task-force', 'certified'])
export type FlagName = z.infer<typeof FlagName>

/** Nlets gives federal immigration bodies ORIs of this shape; most are in no public table. */
export const IMMIGRATION_ORI = /^[A-Z]{2}(ICE|INS|CBP|HSI|USB)[A-Z0-9]{4}$/i

/** Ids that Haven itself gives to parties outside the directory. */
export const RESERVED_IDS: readonly string[] = ['person', 'unknown', 'written']

/** Nobody states these: Haven concludes them. */
export const CONCLUDED_PURPOSES: readonly string[] = ['suspected', 'vague', 'unstated']

/** A jurisdiction id such as `us`, `us-ca`, `us-ca-los-angeles`. */
export const Jurisdiction = z.string().regex(/^[a-z]{2}(-[a-z0-9]+)*$/, 'write a jurisdiction such as us, us-ca or us-ca-los-angeles')

const Flag = z.strictObject({ since: z.iso.date(), until: z.iso.date().optional(), evidence: z.string().min(1) })
export type Flag = z.infer<typeof Flag>

const Reshare = z.strictObject({ to: z.string(), sources: z.union([z.literal('all'), z.array(z.string()).min(1)]) })

/** One entry of the agency directory (policies/agencies.yaml). */
export const Agency = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write a directory id in lower case with hyphens'),
  name: z.string().min(1),
  category: Category,
  jurisdiction: Jurisdiction,
  purposes: z.array(Purpose).min(1),
  declares: z.boolean().default(false),
  oris: z.array(z.string().regex(/^[A-Z0-9]{9}$/, 'an ORI has nine characters A-Z and 0-9')).default([]),
  domains: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'write a domain in lower case, such as ice.dhs.gov')).default([]),
  networks: z.array(z.string()).default([]),
  names: z.array(z.string().min(2)).default([]),
  flags: z.partialRecord(FlagName, Flag).default({}),
  reshares: z.array(Reshare).default([]),
})
export type Agency = z.infer<typeof Agency>

export const AgencyDirectory = z.strictObject({ agencies: z.array(Agency) })
export type AgencyDirectory = z.infer<typeof AgencyDirectory>
