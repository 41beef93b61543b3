import { z } from 'zod'
import { DataClass } from './data-class.ts'
import { Citation, Condition } from './law.ts'

/** What the policy can say of one use. `unplaced`: a recipient is not in the directory, so nothing permits it and counsel cannot judge it. */
const EffectName = z.enum(['permit', 'not-permitted', 'withhold', 'hold', 'unplaced', 'deny'])

/** A sentence that must hold over the whole decision space (policies/invariants.yaml). */
const Invariant = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write an id in lower case with hyphens'),
    text: z.string().min(10, 'one plain sentence that a person can read'),
    cite: z.array(Citation).optional(),
    /** Which inquiries it speaks of, in the language of laws. */
    when: Condition.default({}),
    of: z.array(DataClass).min(1).optional(),
    /** Only recipients whose directory entry lists the purpose of the inquiry. */
    entitled: z.boolean().optional(),
    /** `any`: one recipient of whom `when` holds is enough, whoever else receives; `every`: it holds of all of them. */
    recipients: z.enum(['any', 'every']).default('any'),
    /** These may never be said. */
    never: z.array(EffectName).min(1).optional(),
    /** Compared with the same inquiry without any process. */
    'without-process': z.enum(['same', 'no-new-permit']).optional(),
    /** Adding a further recipient, or putting one more law in force, never makes a decision weaker. */
    adding: z.enum(['recipient', 'law']).optional(),
    /** No rule depends on a recipient being federal, unless it is marked `names-federal` with its statute. */
    'federal-only-if-named': z.literal(true).optional(),
    /** Every refusal by a law carries a citation. */
    'refusals-cite': z.literal(true).optional(),
  })
  .refine(
    one =>
      [one.never, one['without-process'], one.adding, one['federal-only-if-named'], one['refusals-cite']].filter(
        claim => claim !== undefined,
      ).length === 1,
    "an invariant claims one thing: write one of 'never', 'without-process', 'adding', 'federal-only-if-named', 'refusals-cite'",
  )
  .refine(
    one => one.recipients === 'every' || !one.never?.some(effect => effect !== 'permit'),
    "what refuses can always come from another recipient; write 'recipients: every', or 'never: [permit]' alone",
  )
export type Invariant = z.infer<typeof Invariant>

export const Invariants = z.strictObject({ invariants: z.array(Invariant).min(1) })
export type Invariants = z.infer<typeof Invariants>
