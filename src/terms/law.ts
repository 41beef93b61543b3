import { z } from 'zod'
import { Category, FlagName, Jurisdiction } from './agency.ts'
import { DataClass, Treatment, UseKind } from './data-class.ts'
import { ProcessKind, ProcessState } from './legal-process.ts'
import { Purpose } from './purpose.ts'
import { Keeper, RecordClass } from './source.ts'

/** A set of values, or everything but a set. */
const oneOf = <T extends z.ZodType>(value: T) =>
  z.union([z.array(value).min(1, 'an empty list can never match'), z.strictObject({ not: z.array(value).min(1) })])

const saysSomething = (value: object): boolean => Object.keys(value).length > 0

const PartyCondition = z
  .strictObject({
    category: oneOf(Category).optional(),
    agency: oneOf(z.string()).optional(),
    jurisdiction: oneOf(Jurisdiction).optional(),
    flags: oneOf(FlagName).optional(),
  })
  .refine(saysSomething, 'an empty condition means everybody; say who, or leave it out')
export type PartyCondition = z.infer<typeof PartyCondition>

const ProcessCondition = z
  .strictObject({
    kind: oneOf(ProcessKind).optional(),
    state: oneOf(ProcessState).optional(),
    covers: z.enum(['none', 'query']).optional(),
    court: oneOf(z.string()).optional(),
    signer: oneOf(z.string()).optional(),
    sealed: z.boolean().optional(),
  })
  .refine(saysSomething, 'an empty condition means any process and none; say which, or leave it out')

/** Whole days, UTC, both included. */
const DateRange = z
  .strictObject({ from: z.iso.date().optional(), until: z.iso.date().optional() })
  .refine(({ from, until }) => from !== undefined || until !== undefined, 'write from, until, or both')

/** A condition. Keys of one condition must all hold; nothing else can be said, so the space stays finite. */
export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.strictObject({
    requester: PartyCondition.optional(),
    recipient: PartyCondition.optional(),
    purpose: oneOf(Purpose).optional(),
    process: ProcessCondition.optional(),
    source: z.strictObject({ keeper: oneOf(Keeper).optional(), records: oneOf(RecordClass).optional() }).optional(),
    uses: oneOf(UseKind).optional(),
    bulk: z.boolean().optional(),
    routed: z.boolean().optional(),
    retry: z.boolean().optional(),
    attested: z.boolean().optional(),
    self: z.boolean().optional(),
    granted: z.boolean().optional(),
    date: DateRange.optional(),
    all: z.array(Condition).min(1).optional(),
    any: z.array(Condition).min(1).optional(),
    not: Condition.optional(),
  }),
)
type OneOf<T> = T[] | { not: T[] }
export interface Condition {
  requester?: PartyCondition | undefined
  recipient?: PartyCondition | undefined
  purpose?: OneOf<Purpose> | undefined
  process?: z.infer<typeof ProcessCondition> | undefined
  source?: { keeper?: OneOf<Keeper> | undefined; records?: OneOf<RecordClass> | undefined } | undefined
  uses?: OneOf<UseKind> | undefined
  bulk?: boolean | undefined
  routed?: boolean | undefined
  retry?: boolean | undefined
  attested?: boolean | undefined
  self?: boolean | undefined
  granted?: boolean | undefined
  date?: z.infer<typeof DateRange> | undefined
  all?: Condition[] | undefined
  any?: Condition[] | undefined
  not?: Condition | undefined
}

const Term = z
  .string()
  .regex(/^[1-9]\d{0,2} (hours?|days?|business days?|months?)$/, 'write a term such as 72 hours, 3 days or 3 business days')

/** What must be carried out, or nothing is released. */
export const Obligation = z.union([
  z.strictObject({ only: z.enum(['named-in-process', 'self']) }),
  z.strictObject({ minimumCount: z.int().min(2) }),
  z.strictObject({ treat: Treatment, of: z.array(DataClass).min(1) }),
  z.strictObject({ notify: z.string().min(1), before: Term.optional(), within: Term.optional() }),
  z.strictObject({ review: z.string().min(1), within: Term.optional() }),
])
export type Obligation = z.infer<typeof Obligation>
/** What is owed to somebody because a decision was taken, whichever it was: a refusal can owe a notice as well. */
export type Duty = Extract<Obligation, { notify: string } | { review: string }>

export const Citation = z.strictObject({ ref: z.string().trim().min(3), certainty: z.enum(['primary', 'secondary', 'unverified']) })
export type Citation = z.infer<typeof Citation>

const Effective = z.strictObject({ from: z.iso.date(), until: z.iso.date().optional() })
const Deadline = z.string().regex(/^[1-9]\d{0,3}h$/, 'write a deadline in hours, such as 24h')
const RuleId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write an id in lower case with hyphens')

const effect = {
  then: z.enum(['permit', 'withhold', 'hold', 'deny']),
  obligations: z.array(Obligation).optional(),
  for: z.literal('counsel').optional(),
  deadline: Deadline.optional(),
  /** How many different people with role counsel must release what is held; one if unsaid. */
  people: z.literal(2).optional(),
}

const Exception = z.strictObject({ when: Condition, text: z.string().optional(), cite: z.array(Citation).optional(), ...effect })
export type Exception = z.infer<typeof Exception>

export const LawRule = z.strictObject({
  id: RuleId,
  text: z.string().trim().min(10, 'one plain sentence that a person can read'),
  cite: z.array(Citation).min(1, 'every rule carries its citation'),
  'names-federal': z.string().trim().min(3, 'name the statute').optional(),
  effective: Effective.optional(),
  when: Condition,
  ...effect,
  then: z.enum(['withhold', 'hold', 'deny']),
  of: z.array(DataClass).min(1).optional(),
  unless: z.array(Exception).optional(),
})
export type LawRule = z.infer<typeof LawRule>

/** What the statute makes a body report: nothing is decided by it, counsel and the reports of the journal read it. */
const Report = z.strictObject({
  to: z.string().min(3),
  what: z.string().min(10, 'one plain sentence that a person can read'),
  every: z.enum(['event', 'month', 'half-year', 'year']),
  due: z
    .string()
    .regex(/^\d{2}-\d{2}$/, 'write a day of the year as month-day, such as 06-01')
    .optional(),
  cite: z.array(Citation).min(1, 'every duty carries its citation'),
})

/** A law file: it only takes away. */
export const LawFile = z.strictObject({
  law: RuleId,
  title: z.string().min(3),
  jurisdiction: Jurisdiction,
  source: z.string().min(3),
  effective: Effective,
  /** One sentence on whose agencies the law binds. */
  bound: z.string().min(3).optional(),
  reports: z.array(Report).optional(),
  /** What counsel must verify before the file governs anybody. */
  verify: z.array(z.string().min(10, 'one plain sentence that a person can read')).optional(),
  /** What is missing. A file that carries it is a stub: it cannot be put in force. */
  missing: z.array(z.string().min(10, 'one plain sentence that a person can read')).min(1).optional(),
  binds: z.strictObject({ keeper: z.array(Keeper).min(1).optional(), records: z.array(RecordClass).min(1).optional() }).optional(),
  rules: z.array(LawRule),
})
export type LawFile = z.infer<typeof LawFile>

export const Grant = z.strictObject({
  id: RuleId,
  text: z.string().trim().min(10, 'one plain sentence that a person can read'),
  cite: z.array(Citation).optional(),
  when: Condition,
  uses: z.array(UseKind).min(1),
  of: z.array(DataClass).min(1),
  obligations: z.array(Obligation).optional(),
})
export type Grant = z.infer<typeof Grant>

/** A city's ordinary business: who may use which record and data classes for what, and how. */
export const GrantsFile = z.strictObject({
  grants: Jurisdiction,
  title: z.string().min(3),
  source: z.string().min(3),
  rules: z.array(Grant).min(1),
})
export type GrantsFile = z.infer<typeof GrantsFile>
