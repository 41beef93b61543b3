import { join } from 'node:path'
import fc from 'fast-check'
import { loadProvablePolicies } from '../../../src/prepare-proof.ts'
import { FlagName } from '../../../src/terms/agency.ts'
import { DataClass, UseKind } from '../../../src/terms/data-class.ts'
import type { Inquiry } from '../../../src/terms/inquiry.ts'
import { ProcessKind, ProcessState } from '../../../src/terms/legal-process.ts'
import type { Party } from '../../../src/terms/parties.ts'
import { Purpose } from '../../../src/terms/purpose.ts'
import { Keeper, RecordClass } from '../../../src/terms/source.ts'

export const AT = Date.parse('2026-12-01T12:00:00Z')

/** All packs together, and the agencies of the directory. */
export const { rulebook, parties } = loadProvablePolicies(join(import.meta.dirname, '../../../policies'), {
  laws: null,
  grants: null,
  at: AT,
})

const party = fc
  .tuple(fc.constantFrom(...parties), fc.subarray(FlagName.options))
  .map(([known, flags]): Party => ({ ...known.party, flags }))
const process = fc.option(
  fc.record({
    kind: fc.constantFrom(...ProcessKind.options),
    state: fc.constantFrom(...ProcessState.options),
    covers: fc.constantFrom('none' as const, 'query' as const),
    sealed: fc.boolean(),
    issuer: fc.record({ court: fc.string(), signer: fc.string() }),
  }),
)

/** Any inquiry of an agency of the directory, with up to two further recipients. */
export const anyInquiry: fc.Arbitrary<Inquiry> = fc
  .record({
    requester: party,
    further: fc.array(party, { maxLength: 2 }),
    purpose: fc.constantFrom(...Purpose.options),
    process,
    source: fc.record({ keeper: fc.constantFrom(...Keeper.options), records: fc.constantFrom(...RecordClass.options) }),
    uses: fc.array(fc.record({ class: fc.constantFrom(...DataClass.options), kind: fc.constantFrom(...UseKind.options) }), {
      minLength: 1,
      maxLength: 4,
    }),
    bulk: fc.boolean(),
    routed: fc.boolean(),
    retry: fc.boolean(),
    attested: fc.boolean(),
    self: fc.boolean(),
    at: fc.constantFrom(AT, Date.parse('2026-12-31T23:59:59Z'), Date.parse('2027-01-01T00:00:00Z')),
  })
  .map(({ further, ...rest }) => ({ ...rest, recipients: [rest.requester, ...further] }))
