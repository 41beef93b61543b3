import { z } from 'zod'
import { Category, FlagName, Jurisdiction } from './agency.ts'
import { DataClass, UseKind } from './data-class.ts'
import { Obligation } from './law.ts'
import { LegalProcess } from './legal-process.ts'
import { Purpose } from './purpose.ts'
import { Keeper, RecordClass } from './source.ts'

/** A directory id, or a party written out. */
const GivenParty = z.union([
  z.string(),
  z.strictObject({
    category: Category,
    jurisdiction: z.union([Jurisdiction, z.literal('unknown')]).optional(),
    flags: z.array(FlagName).default([]),
  }),
])
export type GivenParty = z.infer<typeof GivenParty>

/** An inquiry as a person writes it: the `given` of a case, and the file of `haven policy explain`. */
export const Given = z.strictObject({
  requester: GivenParty,
  recipients: z.array(GivenParty).default([]),
  purpose: Purpose.optional(),
  /** Free text; goes through the lexicon as a caller's would. */
  reason: z.string().optional(),
  process: LegalProcess.optional(),
  source: z.strictObject({ keeper: Keeper.default('general'), records: RecordClass.default('general') }).prefault({}),
  uses: z.partialRecord(UseKind, z.array(DataClass).min(1)),
  bulk: z.boolean().default(false),
  routed: z.boolean().default(false),
  retry: z.boolean().default(false),
  attested: z.boolean().default(false),
  self: z.boolean().default(false),
  at: z.iso.datetime().default('2026-12-01T12:00:00Z'),
})
export type Given = z.infer<typeof Given>

export const Expected = z.strictObject({
  decision: z.enum(['permit', 'hold', 'deny']).optional(),
  released: z.array(DataClass).optional(),
  withheld: z.array(DataClass).optional(),
  held: z.array(DataClass).optional(),
  obligations: z.array(Obligation).optional(),
  for: z.literal('counsel').optional(),
  deadline: z.string().optional(),
  /** How many different people with role counsel must release what is held. */
  people: z.union([z.literal(1), z.literal(2)]).optional(),
  rules: z.array(z.string()).optional(),
  cites: z.array(z.string()).optional(),
})
export type Expected = z.infer<typeof Expected>

const PolicyCase = z.strictObject({
  name: z.string().min(3),
  laws: z.array(z.string()).optional(),
  grants: z.string().optional(),
  given: Given,
  expect: Expected,
})
export type PolicyCase = z.infer<typeof PolicyCase>

/** A `*.cases.yaml` file. */
export const CasesFile = z.strictObject({ law: z.string().optional(), cases: z.array(PolicyCase).min(1) })
export type CasesFile = z.infer<typeof CasesFile>
