import fc from 'fast-check'
import t from 'tap'
import { compileRulebook } from '../../src/policy/compile.ts'
import { decide, judgeUses } from '../../src/policy/decide.ts'
import type { Lift } from '../../src/terms/consulted.ts'
import { DataClass } from '../../src/terms/data-class.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import { GrantsFile, LawFile } from '../../src/terms/law.ts'
import type { Party } from '../../src/terms/parties.ts'
import { AT, anyInquiry, rulebook as everyPack, parties } from './support/inquiries.ts'

const cite = (ref: string) => [{ ref, certainty: 'primary' }]
const fromFile = <T>(value: T) => ({ file: 'test.yaml', value, problem: () => ({ file: 'test.yaml', line: 1, column: 1, message: '' }) })
const rule = (id: string, over: object) => ({ id, text: 'A rule for a test.', cite: cite(`Test Code § ${id}`), when: {}, ...over })
const RULES = [
  rule('a', { then: 'hold', of: ['status', 'health'], obligations: [{ notify: 'liaison' }] }),
  rule('b', { when: { bulk: true }, then: 'hold', of: ['status'], people: 2, deadline: '1h' }),
  rule('denies', { when: { routed: true }, then: 'deny', of: ['status'] }),
  rule('leaves-out', { when: { retry: true }, then: 'withhold', of: ['status'] }),
  rule('sometimes', {
    then: 'deny',
    of: ['custody'],
    unless: [{ when: { process: { kind: ['admin-subpoena'] } }, then: 'hold' }],
  }),
]
const GRANT = {
  id: 'g',
  text: 'A grant for a test.',
  when: { purpose: ['audit'], recipient: { category: ['city'] } },
  uses: ['select', 'filter'],
  of: ['open', 'health'],
  obligations: [{ treat: 'mask', of: ['health'] }],
}
const law = { law: 'l', title: 'Law', jurisdiction: 'us-ca', source: 'Test Code', effective: { from: '2020-01-01' }, rules: RULES }
const grants = { grants: 'us-ca', title: 'Grants', source: 'Test', rules: [GRANT] }
const book = compileRulebook([fromFile(LawFile.parse(law))], fromFile(GrantsFile.parse(grants)))

const party = (over: Partial<Party> = {}): Party => ({
  ...{ id: 'a', name: 'A', category: 'city', jurisdiction: 'us-ca-x', flags: [], via: 'requester' },
  ...over,
})
const inquiry = (over: Partial<Inquiry> = {}): Inquiry => ({
  requester: party(),
  recipients: [party()],
  purpose: 'audit',
  process: null,
  source: { keeper: 'general', records: 'general' },
  uses: [
    { class: 'open', kind: 'select' },
    { class: 'status', kind: 'select' },
  ],
  ...{ bulk: false, routed: false, retry: false, attested: false, self: false, at: AT },
  ...over,
})
const lift = (rules: readonly string[], classes: readonly DataClass[]): Lift => ({ hold: 'h', rules, classes })
const BOTH = lift(['l/a', 'l/b'], ['status', 'health', 'custody'])

t.test('counsel releases what no grant gives, and the decision says so, with the citation of the rule that held', async t => {
  t.match(decide(book, inquiry()), { kind: 'permit', released: ['open'], held: ['status'], hold: { rules: ['l/a'], people: 1 } })
  const released = decide(book, inquiry(), lift(['l/a'], ['status']))
  t.match(released, { kind: 'permit', held: [], hold: null, withheld: [] })
  t.same(released.kind === 'permit' && released.released, ['open', 'status'])
  t.same(
    released.reasons.filter(({ code }) => code === 'hold.released'),
    [{ code: 'hold.released', rule: 'l/a', cite: ['Test Code § a'], text: 'Counsel released this after review.' }],
  )
})

t.test('what the lifted rule owes stays owed, and so do the terms of a grant', async t => {
  const asked = inquiry({ uses: [{ class: 'health', kind: 'select' }] })
  const released = decide(book, asked, lift(['l/a'], ['health']))
  t.same(released.obligations, [{ treat: 'mask', of: ['health'] }, { notify: 'liaison' }])
  t.equal(released.kind === 'permit' && released.treatments.get('health'), 'mask')
  const still = decide(book, inquiry({ bulk: true }), lift(['l/a'], ['status']))
  t.ok(
    still.obligations.some(owed => 'notify' in owed),
    'also where another rule still holds',
  )
})

t.test('a release of one rule does not lift another, whose deadline and people then count alone', async t => {
  const bulk = inquiry({ bulk: true })
  t.match(decide(book, bulk).hold, { rules: ['l/a', 'l/b'], people: 2, deadlineHours: 1 })
  t.match(decide(book, bulk, lift(['l/a'], ['status'])).hold, { rules: ['l/b'], people: 2, deadlineHours: 1 })
  t.match(decide(book, bulk, lift(['l/b'], ['status'])).hold, { rules: ['l/a'], people: 1, deadlineHours: 72 })
  t.equal(decide(book, bulk, BOTH).hold, null)
})

t.test('classes outside of the release stay held', async t => {
  const both = inquiry({
    uses: [
      { class: 'status', kind: 'select' },
      { class: 'health', kind: 'select' },
    ],
  })
  const released = decide(book, both, lift(['l/a'], ['health']))
  t.match(released, { kind: 'permit', held: ['status'], hold: { rules: ['l/a'] } })
  t.same(released.kind === 'permit' && released.released, ['health'])
})

t.test('a denial stays, and so does what a law leaves out', async t => {
  t.match(decide(book, inquiry({ routed: true }), BOTH), { kind: 'permit', withheld: ['status'] })
  t.equal(decide(book, inquiry({ routed: true, uses: [{ class: 'status', kind: 'select' }] }), BOTH).kind, 'deny')
  t.match(decide(book, inquiry({ retry: true }), BOTH), { kind: 'permit', withheld: ['status'] })
  const other = inquiry({ uses: [{ class: 'personal', kind: 'select' }] })
  t.match(decide(book, other, lift(['l/a'], ['personal'])), { kind: 'deny', reply: 'query' }, 'nothing held it, so nothing is released')
})

t.test('a rule that denies, save that counsel sees it with some paper, is lifted only where it holds', async t => {
  const custody = lift(['l/sometimes'], ['custody'])
  const uses = [{ class: 'custody', kind: 'select' }] as const
  t.equal(decide(book, inquiry({ uses }), custody).kind, 'deny')
  const process = { kind: 'admin-subpoena', state: 'entered', covers: 'none', sealed: false } as const
  t.equal(decide(book, inquiry({ uses, process })).kind, 'hold')
  t.equal(decide(book, inquiry({ uses, process }), custody).kind, 'permit')
})

t.test('what nobody could place gets nothing by a release', async t => {
  const unknown = party({ id: 'unknown', category: 'unknown', jurisdiction: 'unknown' })
  const asked = inquiry({ uses: [{ class: 'status', kind: 'select' }], recipients: [party(), unknown] })
  t.match(decide(book, asked, BOTH), { kind: 'deny', reply: 'not-permitted', reasons: [{ code: 'party.unknown-recipient' }] })
  const vendor = party({ id: 'v', category: 'vendor' })
  t.equal(decide(book, { ...asked, recipients: [party(), vendor] }, BOTH).kind, 'permit', 'a placed one does')
})

t.test('a filter is released like any use, and an equality that names the person goes with what is selected', async t => {
  const uses = [
    { class: 'open', kind: 'select' },
    { class: 'status', kind: 'filter' },
    { class: 'health', kind: 'identify' },
  ] as const
  t.equal(decide(book, inquiry({ uses })).kind, 'hold')
  const released = decide(book, inquiry({ uses }), lift(['l/a'], ['status']))
  t.equal(released.kind, 'permit')
  t.same(
    released.verdicts.map(({ effect }) => effect),
    ['permit', 'permit', 'permit'],
  )
})

t.test('status that a government body asks for by name (8 U.S.C. 1373) is released by counsel alone', async t => {
  const fbi = parties.find(({ party }) => party.id === 'us-doj-fbi')?.party
  if (!fbi) throw new Error('the directory lacks the agency')
  const asked = inquiry({
    requester: fbi,
    recipients: [fbi],
    purpose: 'criminal-investigation',
    uses: [{ class: 'status', kind: 'select' }],
  })
  const held = decide(everyPack, asked)
  t.match(held, { kind: 'hold', held: ['status'] })
  t.ok(held.hold?.rules.includes('us-8usc1373/status-is-for-counsel'))
  t.match(decide(everyPack, asked, lift(held.hold?.rules ?? [], ['status'])), { kind: 'permit', released: ['status'] })
})

const anyLift = fc.record({
  hold: fc.constant('h'),
  rules: fc.oneof(fc.constant(everyPack.rules.map(({ id }) => id)), fc.subarray(everyPack.rules.map(({ id }) => id))),
  classes: fc.subarray(DataClass.options),
})

t.test('over all packs, whatever is asked and released: a lift opens what was held, in its classes, and nothing else', async t => {
  let opened = 0
  fc.assert(
    fc.property(anyInquiry, anyLift, (asked, lifted) => {
      const [without, with_] = [judgeUses(everyPack, asked), judgeUses(everyPack, asked, lifted)]
      return without.every(({ use, effect: before, reasons, obligations }, i) => {
        const after = with_[i]
        if (!after || after.use !== use) return false
        if (after.effect === 'permit' && before !== 'permit') {
          opened++
          // Only what was held, and what it owed is owed still.
          const owed = obligations.every(one => after.obligations.some(other => JSON.stringify(other) === JSON.stringify(one)))
          return before === 'hold' && owed && lifted.classes.includes(use.class)
        }
        if (before !== 'hold' || !lifted.classes.includes(use.class)) {
          return after.effect === before && JSON.stringify(after.reasons) === JSON.stringify(reasons)
        }
        return after.effect === 'hold' || after.effect === 'withhold'
      })
    }),
    { numRuns: 3000 },
  )
  t.ok(opened > 20, `${opened} held uses were released`)
})

t.test('over all packs, a release of nothing, or none at all, changes nothing', async () => {
  const nothing = fc.constantFrom(
    null,
    lift([], DataClass.options),
    lift(
      everyPack.rules.map(({ id }) => id),
      [],
    ),
    lift(['us/nothing'], DataClass.options),
  )
  fc.assert(
    fc.property(
      anyInquiry,
      nothing,
      (asked, none) => JSON.stringify(decide(everyPack, asked, none)) === JSON.stringify(decide(everyPack, asked)),
    ),
    { numRuns: 1000 },
  )
})
