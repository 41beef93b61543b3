import { z } from 'zod'
import { DataClass } from './data-class.ts'
import { ProcessKind } from './legal-process.ts'

const Text = z.string().trim().min(1).max(400)
const Day = z.iso.date()
/**
 * The journal says these names in clear, and nobody can take an entry back: a person's name or number must not get there in their place. Seven
 * digits, with or without hyphens, are the shortest A-number.
 */
const Name = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'write a name in lower case with hyphens')
  .regex(/^(?!.*\d(-*\d){6})/, 'seven digits look like the number of a person; write the name that the directory or haven.yaml has')
const AgencyId = Name.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write a directory id in lower case with hyphens')

/** What an instrument opens in one source. It opens nothing that it does not name. */
export const InstrumentScope = z.strictObject({
  source: Name,
  /** Keys of the data subjects in that source. */
  persons: z.array(Text).min(1).max(1000),
  /** Collections; left out: the one whose records are the persons. */
  collections: z.array(Text).min(1).optional(),
  /** Fields, by catalogued name; left out: every field of the classes. */
  fields: z.array(Text).min(1).optional(),
  classes: z.array(DataClass).min(1).optional(),
  /** Only records whose field holds a day in this range, both ends included. */
  between: z.strictObject({ field: Text, from: Day, until: Day }).optional(),
  /** Only records whose field holds one of these values: a place. */
  at: z.strictObject({ field: Text, values: z.array(Text).min(1) }).optional(),
})
export type InstrumentScope = z.infer<typeof InstrumentScope>

/** Legal process as a person enters it into the register: what counsel must be able to check before it opens anything. */
export const Instrument = z.strictObject({
  kind: ProcessKind,
  /** Number of the form, such as AO-93. */
  form: Text.optional(),
  issuer: z.strictObject({ body: Text, court: Text.optional(), docket: Text.optional(), signer: Text, title: Text }),
  signed: Day,
  /** First day it may be used; the day it was signed if unsaid. */
  from: Day.optional(),
  /** Last day it may be used: expiry or return date. */
  until: Day.optional(),
  /** The records as the paper describes them. */
  records: z.string().trim().min(1).max(2000),
  scope: z.array(InstrumentScope).default([]),
  sealed: z.boolean().default(false),
  nonDisclosure: z.boolean().default(false),
  served: z.strictObject({ on: Day, at: Text }).optional(),
  /** SHA-256 of the document, hex. */
  document: z.string().regex(/^[0-9a-f]{64}$/, 'write the SHA-256 of the document, 64 hex digits (sha256sum FILE)'),
  /** Who may use it: directory ids, and the case number if it is for one case alone. */
  usableBy: z.strictObject({ agencies: z.array(AgencyId).min(1), case: Text.optional() }),
  /** How often it may be used; left out: any number of times until it ends. */
  uses: z.int().min(1).optional(),
})
export type Instrument = z.infer<typeof Instrument>

/** A promise that the law wants from a recipient (New York, Colorado, Maryland): while it is in force the recipient is `certified`. */
export const Certificate = z.strictObject({
  /** Directory id. */
  agency: AgencyId,
  /** The statute that asks for it. */
  statute: Text,
  signer: Text,
  title: Text,
  signed: Day,
  /** Last day in force. */
  until: Day,
  document: z.string().regex(/^[0-9a-f]{64}$/, 'write the SHA-256 of the document, 64 hex digits (sha256sum FILE)'),
})
export type Certificate = z.infer<typeof Certificate>
