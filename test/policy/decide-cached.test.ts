import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { decide } from '../../src/policy/decide.ts'
import { rememberDecisions } from '../../src/policy/decide-cached.ts'
import { loadProvablePolicies } from '../../src/prepare-proof.ts'
import { FlagName } from '../../src/terms/agency.ts'
import { DataClass, UseKind } from '../../src/terms/data-class.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import { ProcessKind, ProcessState } from '../../src/terms/legal-process.ts'
import type { Party } from '../../src/terms/parties.ts'
import { Purpose } from '../../src/terms/purpose.ts'
import { Keeper, RecordClass } from '../../src/terms/source.ts'

const AT = Date.parse('2026-12-01T12:00:00Z')
const { rulebook, parties } = loadProvablePolicies(join(import.meta.dirname, '../../policies'), { laws: null, grants: null, at: AT })
const [first] = parties
if (!first) throw new Error('the directory is empty')

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
const inquiry: fc.Arbitrary<Inquiry> = fc
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

t.test('a remembered decision is the decision, whatever was asked before it', async t => {
  const remember = rememberDecisions(rulebook, 50)
  fc.assert(
    fc.property(fc.array(inquiry, { minLength: 2, maxLength: 12 }), asked => {
      for (const one of [...asked, ...asked]) t.same(JSON.stringify(remember(one)), JSON.stringify(decide(rulebook, one)))
    }),
    { numRuns: 150 },
  )
})

t.test('every attribute of an inquiry tells two of them apart', async t => {
  const base: Inquiry = {
    requester: first.party,
    recipients: [first.party],
    purpose: 'public-records',
    process: null,
    source: { keeper: 'general', records: 'general' },
    uses: [{ class: 'open', kind: 'select' }],
    bulk: false,
    routed: false,
    retry: false,
    attested: false,
    self: false,
    at: AT,
  }
  const other = { ...first.party, flags: ['287g'] as const }
  const paper = { kind: 'court-order', state: 'active', covers: 'query', sealed: false, issuer: { court: 'a', signer: 'b' } } as const
  const changed: Partial<Inquiry>[] = [
    { requester: other },
    { recipients: [first.party, other] },
    { purpose: 'audit' },
    { process: paper },
    { process: { ...paper, sealed: true } },
    { process: { ...paper, issuer: { court: 'b', signer: 'a' } } },
    { source: { keeper: 'police', records: 'general' } },
    { source: { keeper: 'general', records: 'police' } },
    { uses: [{ class: 'open', kind: 'implied' }] },
    { uses: [...base.uses, { class: 'personal', kind: 'select' }] },
    { bulk: true },
    { routed: true },
    { retry: true },
    { attested: true },
    { self: true },
    { at: Date.parse('2027-01-02T00:00:00Z') },
  ]
  const remember = rememberDecisions(rulebook)
  const seen = new Set([remember(base)])
  t.equal(remember({ ...base, at: AT + 1 }), [...seen][0], 'the same inquiry a moment later is remembered')
  for (const change of changed) {
    const decision = remember({ ...base, ...change })
    t.notOk(seen.has(decision), `${JSON.stringify(change)} is another inquiry`)
    seen.add(decision)
  }
})

t.test('the memory does not grow beyond its bound', async t => {
  const remember = rememberDecisions(rulebook, 3)
  const asking = (kind: Inquiry['uses'][number]['kind']): Inquiry => ({
    requester: first.party,
    recipients: [first.party],
    purpose: 'public-records',
    process: null,
    source: { keeper: 'general', records: 'general' },
    uses: [{ class: 'open', kind }],
    bulk: false,
    routed: false,
    retry: false,
    attested: false,
    self: false,
    at: AT,
  })
  const decision = remember(asking('select'))
  t.equal(remember(asking('select')), decision)
  for (const kind of ['filter', 'sort', 'count'] as const) remember(asking(kind))
  t.not(remember(asking('select')), decision, 'the oldest was forgotten')
})
