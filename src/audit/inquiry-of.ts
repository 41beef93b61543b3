import { z } from 'zod'
import { Category, FlagName } from '../terms/agency.ts'
import { DataClass, UseKind } from '../terms/data-class.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import { LegalProcess } from '../terms/legal-process.ts'
import type { Party } from '../terms/parties.ts'
import { Purpose } from '../terms/purpose.ts'
import { Keeper, RecordClass } from '../terms/source.ts'
import type { Entry } from './parse-entry.ts'

const Placed = z.object({ agency: z.string(), category: Category, jurisdiction: z.string(), flags: z.array(FlagName) })
const Via = z.enum(['requester', 'act', 'reshare', 'declared', 'reason', 'call'])
const Process = LegalProcess.omit({ issuer: true }).extend({
  issuer: z
    .object({ court: z.string(), signer: z.string() })
    .nullish()
    .transform(issuer => issuer ?? undefined),
})

const Asked = z.object({
  kind: z.literal('decision'),
  asked: z.object({
    attested: z.boolean(),
    bulk: z.boolean(),
    keeper: Keeper,
    records: RecordClass,
    retry: z.boolean(),
    self: z.boolean(),
  }),
  requester: Placed,
  recipients: z.array(Placed.extend({ via: Via })).min(1),
  purpose: z.object({ code: Purpose }),
  process: Process.nullable(),
  routed: z.boolean(),
  uses: z.array(z.object({ classes: z.array(DataClass), kind: UseKind })),
  t_wall: z.int(),
})

/**
 * What the law was asked in a decision entry; null where it was not asked, or where the entry was written by a version that did not say.
 * Exact, but for three things: names of parties are lost, the moment is the entry's, and the words of a court or signer that no rule in
 * force named then are all `other`.
 */
export function inquiryOf(entry: Entry): Inquiry | null {
  const read = Asked.safeParse(entry)
  if (!read.success) return null
  const { asked, requester, recipients, purpose, process, routed, uses, t_wall: at } = read.data
  const { keeper, records, ...facts } = asked
  return {
    requester: partyOf(requester, 'requester'),
    recipients: recipients.map(recipient => partyOf(recipient, recipient.via)),
    purpose: purpose.code,
    process,
    source: { keeper, records },
    uses: uses.flatMap(({ classes, kind }) => classes.map(dataClass => ({ class: dataClass, kind }))),
    ...facts,
    routed,
    at,
  }
}

function partyOf({ agency, category, jurisdiction, flags }: z.infer<typeof Placed>, via: Party['via']): Party {
  return { id: agency, name: agency, category, jurisdiction, flags, via }
}
