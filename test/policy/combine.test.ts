import t from 'tap'
import { combine } from '../../src/policy/combine.ts'
import type { UseJudgement } from '../../src/policy/judge.ts'
import type { DataClass, UseKind } from '../../src/terms/data-class.ts'
import type { Effect } from '../../src/terms/decision.ts'

const EFFECTS: readonly Effect[] = ['permit', 'withhold', 'hold', 'deny', 'not-permitted']

function judged(dataClass: DataClass, kind: UseKind, effect: Effect): UseJudgement {
  const reason = { code: 'law.denies', rule: `a/${effect}`, cite: [], text: effect } as const
  const bite = { effect: 'hold', obligations: [], hold: { deadlineHours: 24, people: 1 }, reason } as const
  const use = { class: dataClass, kind }
  const party = { id: 'x', name: 'x', category: 'city', jurisdiction: 'us', flags: [], via: 'requester' } as const
  const matches = effect === 'hold' ? [{ rule: 'a/hold', recipient: party, use, certain: true, exception: null, bite, lifted: false }] : []
  return { use, effect, matches, grants: [], obligations: [], reasons: [reason] }
}

/** The fold in the words of the design, for two selected classes and one filter (or none). */
function expected(first: Effect, second: Effect, filter: Effect | null, business: boolean) {
  const all = [first, second, ...(filter ? [filter] : [])]
  const refusal = {
    kind: 'deny',
    reply: all.includes('deny') ? 'law' : business ? 'query' : 'not-permitted',
    released: [] as string[],
    held: [] as string[],
  }
  if (filter === 'deny' || filter === 'not-permitted' || filter === 'withhold') return refusal
  const named = { personal: first, locating: second }
  const with_ = (effect: Effect) => Object.entries(named).flatMap(([name, found]) => (found === effect ? [name] : []))
  const held = [...with_('hold'), ...(filter === 'hold' ? ['health'] : [])]
  if (filter === 'hold') return { kind: 'hold', reply: null, released: [], held }
  const released = [...with_('permit'), ...(filter === 'permit' ? ['health'] : [])]
  if (released.length > 0) return { kind: 'permit', reply: null, released, held }
  return held.length > 0 ? { kind: 'hold', reply: null, released: [], held } : refusal
}

t.test('the fold follows its truth table, every row', async t => {
  let rows = 0
  for (const first of EFFECTS)
    for (const second of EFFECTS)
      for (const filter of [null, ...EFFECTS])
        for (const business of [true, false]) {
          const uses = [judged('personal', 'select', first), judged('locating', 'implied', second)]
          if (filter) uses.push(judged('health', 'filter', filter))
          const decision = combine(uses, business, [])
          const got = {
            kind: decision.kind,
            reply: decision.kind === 'deny' ? decision.reply : null,
            released: decision.kind === 'permit' ? [...decision.released] : [],
            held: [...decision.held],
          }
          t.same(got, expected(first, second, filter, business), `${first} ${second} filter ${filter} business ${business}`)
          t.same(
            decision.withheld.filter(c => decision.held.includes(c)),
            [],
            'what is held is not also left out',
          )
          rows++
        }
  t.equal(rows, 5 * 5 * 6 * 2)
})

t.test('an equality that names the data subject shares the fate of what is selected with it', async t => {
  for (const identify of EFFECTS) {
    const permitted = combine([judged('personal', 'select', 'permit'), judged('locating', 'identify', identify)], true, [])
    t.equal(permitted.kind, 'permit', identify)
    const denied = combine([judged('personal', 'select', 'deny'), judged('locating', 'identify', identify)], true, [])
    t.equal(denied.kind, 'deny', identify)
  }
})

t.test('an equality alone is judged for itself: existence is a value', async t => {
  t.equal(combine([judged('personal', 'identify', 'not-permitted')], true, []).kind, 'deny')
  t.equal(combine([judged('personal', 'identify', 'permit')], true, []).kind, 'permit')
})

t.test('nothing asked, nothing permitted', async t => {
  t.equal(combine([], true, []).kind, 'deny')
})

t.test('of several rules that hold, the shortest deadline and the most people count, and each is named once', async t => {
  const party = { id: 'x', name: 'x', category: 'city', jurisdiction: 'us', flags: [], via: 'requester' } as const
  const holding = (rule: string, deadlineHours: number, people: 1 | 2, lifted = false): UseJudgement['matches'][number] => {
    const reason = { code: 'law.holds', rule, cite: [], text: rule } as const
    const use = { class: 'personal', kind: 'select' } as const
    const bite = { effect: 'hold', obligations: [], hold: { deadlineHours, people }, reason } as const
    return { rule, recipient: party, use, certain: true, exception: null, bite, lifted }
  }
  const held = (...matches: UseJudgement['matches']) => combine([{ ...judged('personal', 'select', 'hold'), matches }], true, []).hold
  t.match(held(holding('a/one', 72, 1), holding('a/two', 24, 1)), {
    for: 'counsel',
    deadlineHours: 24,
    people: 1,
    rules: ['a/one', 'a/two'],
  })
  t.match(held(holding('a/one', 24, 1), holding('a/two', 72, 2), holding('a/two', 72, 2)), {
    deadlineHours: 24,
    people: 2,
    rules: ['a/one', 'a/two'],
  })
  t.same(held(holding('a/one', 72, 1), holding('a/two', 1, 2, true))?.rules, ['a/one'], 'what counsel lifted waits for nobody any more')
  t.match(held(holding('a/one', 72, 1), holding('a/two', 1, 2, true)), { deadlineHours: 72, people: 1 })
})
