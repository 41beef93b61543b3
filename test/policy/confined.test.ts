import fc from 'fast-check'
import t from 'tap'
import { decide } from '../../src/policy/decide.ts'
import { draw, spaceFor } from '../../src/policy/proof/draw.ts'
import { ABSENT, type AxisName } from '../../src/policy/proof/point.ts'
import { simplestOf } from '../../src/policy/proof/to-given.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import type { LegalProcess } from '../../src/terms/legal-process.ts'
import type { Party } from '../../src/terms/parties.ts'
import { AT, anyInquiry, parties, rulebook } from './support/inquiries.ts'

const ONLY = JSON.stringify({ only: 'named-in-process' })

function party(id: string): Party {
  const found = parties.find(one => one.party.id === id)
  if (!found) throw new Error(`the directory lacks ${id}`)
  return found.party
}

const consent = (covers: LegalProcess['covers']): LegalProcess => ({ kind: 'subject-consent', state: 'active', covers, sealed: false })
const water = (who: string, process: LegalProcess | null): Inquiry => ({
  requester: party(who),
  recipients: [party(who)],
  purpose: 'child-protection',
  process,
  source: { keeper: 'utility', records: 'utility' },
  uses: [
    { class: 'personal', kind: 'select' },
    { class: 'locating', kind: 'select' },
  ],
  ...{ bulk: false, routed: false, retry: false, attested: false, self: false, at: AT },
})

t.test('a grant covers the use anyway, and a law lifted by consent still confines it to whoever consented', async t => {
  const open = decide(rulebook, water('us-doj-fbi', consent('query')))
  t.match(open, { kind: 'permit', released: ['personal', 'locating'], held: [] })
  t.same(open.obligations, [{ only: 'named-in-process' }])
  t.match(decide(rulebook, water('us-doj-fbi', null)), { kind: 'hold', held: ['personal', 'locating'] })
})

t.test('where no law stands in the way, consent that comes along confines nothing', async t => {
  const county = water('us-ca-la-county-dcfs', consent('query'))
  t.same(decide(rulebook, county), decide(rulebook, { ...county, process: null }))
  t.match(decide(rulebook, county), { kind: 'permit', obligations: [] })
})

t.test('consent of another person, which does not cover the query, is no paper', async t => {
  const other = decide(rulebook, water('us-doj-fbi', consent('none')))
  t.same(other, decide(rulebook, water('us-doj-fbi', null)))
  t.equal(other.kind, 'hold')
})

t.test('over all packs, consent that does not cover the query, or is not active, opens and closes nothing', async t => {
  let decided = 0
  const idle = fc.constantFrom<LegalProcess>(
    consent('none'),
    { ...consent('none'), kind: 'parental-consent' },
    ...(['expired', 'exhausted', 'revoked', 'quashed'] as const).map(state => ({ ...consent('query'), state })),
  )
  // What is refused without it may be put before counsel with it: who reads a consent, and for what, is not for a machine to say.
  const leaves = (asked: Inquiry, process: LegalProcess | null) => {
    const decision = decide(rulebook, { ...asked, process })
    if (decision.kind !== 'permit') return null
    decided++
    return [decision.released, decision.obligations.filter(duty => 'only' in duty)]
  }
  fc.assert(
    fc.property(anyInquiry, idle, (asked, process) => JSON.stringify(leaves(asked, process)) === JSON.stringify(leaves(asked, null))),
    { numRuns: 3000 },
  )
  t.ok(decided > 20, `${decided} were permitted`)
})

t.test('over every inquiry there is: what nothing but process opens, it opens of those it names', async t => {
  const known = parties.map(one => one.party)
  const drawing = draw(rulebook, spaceFor({ books: [rulebook], conditions: [], known, at: AT }), 'terms')
  const { chart, joint } = drawing
  const { diagrams, space } = chart
  const without = Object.entries(ABSENT).reduce((drawn, [name, value]) => {
    const level = space.level[name as AxisName]
    const classes: readonly (readonly unknown[])[] = space.axes[level]?.classes ?? []
    return diagrams.restrict(
      drawn,
      level,
      classes.findIndex(members => members.includes(value)),
    )
  }, joint)
  const outcome = (n: number) => chart.outcomes.at(n)
  const opens = (now: number, before: number): boolean => outcome(now).effect === 'permit' && outcome(before).effect !== 'permit'
  const where = (name: string, holds: (now: number, before: number) => boolean) =>
    simplestOf(
      drawing,
      diagrams.apply(name, (now, before) => (holds(now, before) ? 1 : 0), joint, without),
      known,
    )
  t.same(
    where('opens to all', (now, before) => opens(now, before) && !outcome(now).obligations.includes(ONLY)),
    null,
  )
  t.ok(where('opens', opens), 'and process does open something')
})
