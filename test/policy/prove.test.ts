import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { compileRulebook } from '../../src/policy/compile.ts'
import { draw, spaceFor } from '../../src/policy/proof/draw.ts'
import { countByValue } from '../../src/policy/proof/measure.ts'
import { type Outcome, towardsBoth } from '../../src/policy/proof/outcome.ts'
import { type AxisName, occurs, type Point, partyAt, processOccurs } from '../../src/policy/proof/point.ts'
import { prove } from '../../src/policy/prove.ts'
import { loadProvablePolicies } from '../../src/prepare-proof.ts'
import { Invariants } from '../../src/terms/invariant.ts'
import { GrantsFile, LawFile } from '../../src/terms/law.ts'

import type { Party } from '../../src/terms/parties.ts'
import { drawn, everyPoint, judged } from './support/points.ts'

const AT = Date.parse('2026-12-01T12:00:00Z')
const cite = [{ ref: 'Test Code § 1', certainty: 'primary' }]
const fromFile = <T>(value: T) => ({
  file: 'test.yaml',
  value,
  problem: (path: readonly PropertyKey[], message: string) => ({
    file: 'test.yaml',
    line: 1,
    column: 1,
    message: `${path.join('.')}: ${message}`,
  }),
})

// A little of everything a condition can say: dates, flags, places that may be unknown, grants, all, any, not, exceptions of each kind.
const LAW = {
  law: 'little',
  title: 'A little law',
  jurisdiction: 'us-ca',
  source: 'Test Code',
  effective: { from: '2020-01-01' },
  rules: [
    {
      id: 'no-enforcement',
      text: 'A rule for a test.',
      cite,
      when: { purpose: ['immigration-enforcement'] },
      then: 'deny',
      of: ['personal', 'locating'],
      obligations: [{ notify: 'somebody', within: '3 days' }],
      unless: [
        {
          when: { process: { kind: ['court-order'], state: ['active'], covers: 'query' } },
          then: 'permit',
          obligations: [{ only: 'named-in-process' }],
        },
        { when: { process: { kind: ['court-order', 'admin-subpoena'], state: ['entered'] } }, then: 'hold', deadline: '24h', people: 2 },
      ],
    },
    {
      id: 'later',
      text: 'A rule for a test.',
      cite,
      effective: { from: '2027-01-01' },
      when: { any: [{ recipient: { jurisdiction: { not: ['us-ca'] } } }, { bulk: true, not: { requester: { category: ['city'] } } }] },
      then: 'withhold',
      of: ['locating'],
    },
    { id: 'status', text: 'A rule for a test.', cite, when: { granted: false, uses: ['select'] }, then: 'hold', of: ['status'] },
  ],
}
const GRANTS = {
  grants: 'us-ca',
  title: 'Grants',
  source: 'Test',
  rules: [
    {
      id: 'a',
      text: 'A grant for a test.',
      when: { purpose: ['audit'], recipient: { category: ['city', 'federal'] } },
      uses: ['select', 'filter'],
      of: ['open', 'personal', 'locating'],
    },
    {
      id: 'b',
      text: 'A grant for a test.',
      when: { purpose: ['audit'], recipient: { flags: ['287g'] } },
      uses: ['select'],
      of: ['status', 'open'],
      obligations: [{ review: 'a flag' }],
    },
  ],
}
const little = compileRulebook([fromFile(LawFile.parse(LAW))], fromFile(GrantsFile.parse(GRANTS)))

const FLAGS = ['', '287g']
const SMALL: Partial<Record<AxisName, readonly unknown[]>> = {
  purpose: ['audit', 'immigration-enforcement', 'unstated'],
  keeper: ['general', 'police'],
  records: ['general'],
  requesterCategory: ['city', 'immigration-authority', 'unknown'],
  recipientCategory: ['city', 'immigration-authority', 'unknown'],
  requesterPlace: ['us-ca', 'us', 'unknown'],
  recipientPlace: ['us-ca', 'us', 'unknown'],
  processKind: ['none', 'court-order', 'admin-subpoena'],
  processState: ['none', 'entered', 'active'],
  processSealed: [false],
  processCourt: ['unknown'],
  processSigner: ['unknown'],
  class: ['open', 'personal', 'locating', 'status'],
  kind: ['select', 'filter'],
  retry: [false],
  self: [false],
  routed: [false],
  attested: [false],
}
const isSmall = (name: AxisName, value: Point[AxisName]): boolean => {
  if (name.endsWith('Flags')) return FLAGS.includes(String(value))
  return SMALL[name]?.includes(value) ?? true
}

t.test('on a small vocabulary the reduced space says, point by point and in number, what the decider says of every inquiry', async t => {
  const space = spaceFor({ books: [little], conditions: [], at: AT, only: isSmall })
  const drawing = draw(little, space, 'terms')
  const counted = new Map<string, bigint>()
  let points = 0
  let wrong = 0
  for (const { point, classes } of everyPoint(space)) {
    const exists = occurs(point, 'requester') && occurs(point, 'recipient') && processOccurs(point)
    const recipients = [partyAt(point, 'requester'), partyAt(point, 'recipient')]
    const decided = exists
      ? judged(little, point, recipients)
      : { effect: 'impossible', obligations: [], deadlineHours: null, people: null }
    if (JSON.stringify(decided) !== JSON.stringify(drawn(drawing, drawing.joint, classes))) wrong++
    counted.set(decided.effect, (counted.get(decided.effect) ?? 0n) + 1n)
    points++
  }
  t.equal(wrong, 0, 'every point agrees')
  t.ok(points > 100_000, `${points} points were decided one by one`)
  t.same(
    new Set(counted.keys()),
    new Set(['deny', 'hold', 'impossible', 'not-permitted', 'permit', 'unplaced', 'withhold']),
    'every effect occurs',
  )
  const weights = space.axes.map(axis => axis.classes.map(members => members.length))
  const totals = new Map<string, bigint>()
  for (const [outcome, count] of countByValue(drawing.chart.diagrams, drawing.joint, weights)) {
    const { effect } = drawing.chart.outcomes.at(outcome)
    totals.set(effect, (totals.get(effect) ?? 0n) + count)
  }
  t.same(Object.fromEntries(totals), Object.fromEntries(counted), 'and so do the printed numbers')
  t.ok(
    space.axes.some(({ classes }) => classes.some(members => members.length > 1)),
    'the space was reduced at all',
  )
})

const { rulebook: book } = loadProvablePolicies(join(import.meta.dirname, '../../policies'), { laws: null, grants: null, at: AT })
const NOTHING: Outcome = { effect: 'permit', obligations: [], deadlineHours: null, people: null }
const RECIPIENT: readonly AxisName[] = ['recipientCategory', 'recipientFlags', 'recipientPlace', 'recipientId']

t.test('over all packs together any inquiry, also one of four recipients, is decided as the diagrams say', async t => {
  t.ok(book.rules.length > 10)
  const space = spaceFor({ books: [book], conditions: [], at: AT })
  const drawing = draw(book, space, 'terms')
  const value = (name: AxisName) => {
    const classes = space.axes[space.level[name]]?.classes ?? []
    return fc.nat(classes.length - 1).chain(at => fc.nat((classes[at]?.length ?? 1) - 1).map(i => ({ at, value: classes[at]?.[i] })))
  }
  const some = (names: readonly AxisName[]) => fc.record(Object.fromEntries(names.map(name => [name, value(name)])))
  const parts = (chosen: Record<string, { at: number; value: unknown }>, part: 'at' | 'value') =>
    Object.fromEntries(Object.entries(chosen).map(([name, one]) => [name, one[part]]))
  const effects = new Set<string>()
  let forTwo = 0
  fc.assert(
    fc.property(some(space.axes.map(({ name }) => name)), fc.array(some(RECIPIENT), { maxLength: 3 }), (first, more) => {
      const each = [first, ...more.map(one => ({ ...first, ...one }))]
      const points = each.map(one => parts(one, 'value') as { [K in AxisName]: never } as Point)
      const [point] = points
      fc.pre(point !== undefined && processOccurs(point) && occurs(point, 'requester') && points.every(one => occurs(one, 'recipient')))
      if (!point) return false
      const decided = judged(book, point, [partyAt(point, 'requester'), ...points.map(one => partyAt(one, 'recipient'))])
      const expected = each
        .map(one => drawn(drawing, drawing.joint, parts(one, 'at') as Record<AxisName, number>))
        .reduce<Outcome>(towardsBoth, NOTHING)
      effects.add(decided.effect)
      if (decided.people === 2) forTwo++
      return JSON.stringify(decided) === JSON.stringify(expected)
    }),
    { numRuns: 20_000 },
  )
  t.ok(effects.size >= 5, `${[...effects].join(', ')} occurred`)
  t.ok(forTwo > 0, `${forTwo} of them wait for two people`)
})

const invariants = (one: object) => Invariants.parse({ invariants: [{ id: 'one', text: 'An invariant for a test.', ...one }] }).invariants

t.test('a broken invariant names the simplest inquiry that breaks it; the same sentence, narrower, holds', async t => {
  const options = { parties: [], at: AT }
  const [broken] = prove(little, {
    ...options,
    invariants: invariants({ when: { purpose: ['immigration-enforcement'] }, never: ['permit'] }),
  }).invariants
  t.equal(broken?.holds, false)
  t.match(broken?.counterexample, { purpose: 'immigration-enforcement', process: { state: 'active', covers: 'query' } })
  t.notOk(broken?.counterexample?.recipients, 'one recipient is enough')
  const when = { purpose: ['immigration-enforcement'], process: { state: { not: ['active'] } } }
  const [holds] = prove(little, { ...options, invariants: invariants({ when, never: ['permit'] }) }).invariants
  t.equal(holds?.holds, true)
  t.ok((holds?.inquiries ?? 0n) > 0n, 'it speaks of something')
})

t.test('each agency that a rule names is proved by itself', async t => {
  const party = (id: string, category: Party['category'], jurisdiction: string): Party => ({
    id,
    name: id,
    category,
    jurisdiction,
    flags: [],
    via: 'requester',
  })
  const parties = [party('us-ca-x-library', 'city', 'us-ca'), party('us-y', 'federal', 'us')].map(one => ({ party: one, purposes: [] }))
  const unless = [{ when: { recipient: { agency: ['us-ca-x-library', 'us-y'] } }, then: 'permit' }]
  const rule = { id: 'r', text: 'A rule for a test.', cite, when: { purpose: ['audit'] }, then: 'deny', unless }
  const book = compileRulebook([fromFile(LawFile.parse({ ...LAW, rules: [rule] }))], fromFile(GrantsFile.parse(GRANTS)))
  const federal = invariants({
    when: { recipient: { category: ['federal'] }, process: { state: ['none'] } },
    of: ['personal'],
    never: ['permit'],
  })
  const [broken] = prove(book, { invariants: federal, parties, at: AT }).invariants
  t.equal(broken?.holds, false, 'the federal one is permitted, whatever the library is')
  t.match(broken?.counterexample, { requester: 'us-y', purpose: 'audit' })
})

t.test('an invariant that speaks of nothing does not hold', async t => {
  const said = (when: object) => prove(little, { parties: [], at: AT, invariants: invariants({ when, never: ['permit'] }) }).invariants[0]
  t.match(said({ bulk: true, not: { bulk: true } }), { holds: false, inquiries: 0n, found: /no inquiry there is/ })
  t.equal(
    said({ date: { from: '2031-01-01' }, purpose: ['suspected'], process: { state: ['none'] } })?.holds,
    true,
    'a day in the future is a day',
  )
})

t.test('paper that opens is found, paper that changes nothing is not', async t => {
  const without = (kind: string, claim: string) =>
    prove(little, { parties: [], at: AT, invariants: invariants({ when: { process: { kind: [kind] } }, 'without-process': claim }) })
      .invariants[0]?.holds
  t.equal(without('court-order', 'no-new-permit'), false)
  t.equal(without('admin-subpoena', 'no-new-permit'), true)
  t.equal(without('admin-subpoena', 'same'), false, 'it holds what would be denied')
  t.equal(without('i-200', 'same'), true)
})

t.test('a rule that singles out federal recipients must name its statute', async t => {
  const singling = (over: object) => {
    const rule = { id: 'r', text: 'A rule for a test.', cite, when: { recipient: { category: ['federal'] } }, then: 'deny', ...over }
    const rulebook = compileRulebook([fromFile(LawFile.parse({ ...LAW, rules: [rule] }))], null)
    return prove(rulebook, { parties: [], at: AT, invariants: invariants({ 'federal-only-if-named': true }) }).invariants[0]
  }
  t.equal(singling({})?.holds, false)
  t.match(singling({})?.found, /little\/r bites a federal recipient .*names-federal/)
  t.equal(singling({ 'names-federal': 'Test Code § 1' })?.holds, true)
  t.equal(singling({ when: { recipient: { category: ['federal', 'state'] } } })?.holds, true)
  t.equal(singling({ when: { recipient: { jurisdiction: ['us'] } } })?.holds, false, 'federal by its place')
  t.equal(singling({ when: { recipient: { jurisdiction: { not: ['us-ca'] } } } })?.holds, true, 'other states are meant as well')
  t.equal(singling({ when: { requester: { category: ['federal'] } } })?.holds, false, 'federal as a requester')
  const spared = [{ when: { recipient: { category: { not: ['federal'] } } }, then: 'permit' }]
  t.equal(singling({ when: { purpose: ['audit'] }, unless: spared })?.holds, false, 'everybody else is spared')
  t.equal(singling({ when: { recipient: { category: ['federal'] }, date: { from: '2026-01-01' } } })?.holds, false, 'later')
})
