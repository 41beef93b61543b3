import fc from 'fast-check'
import t from 'tap'
import { createRates } from '../../src/register/rates.ts'
import type { Party } from '../../src/terms/parties.ts'
import { type Asked, POLICE, partiesOf, START } from './desk.ts'

const LIMITS = { urgent: 4, ordinary: 3, bulk: 2 }
const FIRE: Party = { ...POLICE, id: 'us-ca-los-angeles-fire', category: 'fire-ems' }

function gate(limits = LIMITS) {
  const clock = { now: START }
  const rates = createRates(() => clock.now, limits)
  const enterOwn = (asked: Asked = {}) => rates.enterOwn(partiesOf(asked))
  return { clock, enter: (asked: Asked = {}, bulk = false) => rates.enter(partiesOf(asked), bulk), enterOwn }
}

t.test('an agency is served up to its limit, and told how many and when again', async t => {
  const { enter, clock } = gate()
  for (let i = 0; i < 3; i++) t.equal(enter({ officer: `officer-${i}` }), null)
  t.equal(enter(), 'One agency is served 3 ordinary calls a minute; ask again in 20 seconds.')
  clock.now += 19_500
  t.equal(enter(), 'One agency is served 3 ordinary calls a minute; ask again in 1 second.')
  clock.now += 500
  t.equal(enter(), null)
  t.type(enter(), 'string')
})

t.test('another agency has its own', async t => {
  const { enter } = gate()
  for (let i = 0; i < 4; i++) enter()
  t.type(enter(), 'string')
  t.equal(enter({ agency: FIRE }), null)
})

t.test('bulk reading never starves an emergency, nor ordinary business, whatever it takes', async t => {
  const { enter } = gate()
  for (let i = 0; i < 100; i++) enter({}, true)
  t.match(enter({}, true), /^One agency is served 2 bulk calls a minute/)
  t.equal(enter(), null, 'ordinary')
  for (let i = 0; i < 100; i++) enter()
  for (const purpose of ['emergency', 'treatment', 'child-protection'] as const) t.equal(enter({ purpose }), null, purpose)
})

t.test('an emergency of an agency that reads in bulk is still an emergency', async t => {
  const { enter } = gate()
  for (let i = 0; i < 100; i++) enter({}, true)
  t.equal(enter({ purpose: 'emergency' }, true), null)
  for (let i = 0; i < 3; i++) enter({ purpose: 'emergency' }, true)
  t.match(enter({ purpose: 'emergency' }, true), /^One login is served 4 urgent calls a minute/, 'and it has its own limit')
})

t.test('people have their own limits, each login one', async t => {
  const { enter } = gate()
  const agency: Party = { ...POLICE, id: 'person', category: 'person' }
  for (let i = 0; i < 3; i++) t.equal(enter({ agency, officer: 'ana' }), null)
  t.match(enter({ agency, officer: 'ana' }), /^One person is served 3 ordinary calls a minute/)
  t.equal(enter({ agency, officer: 'ben' }), null)
})

t.test('a clock that is set back serves nobody more and locks out nobody for longer', async t => {
  const { enter, clock } = gate()
  for (let i = 0; i < 3; i++) enter()
  clock.now -= 1_000_000
  t.type(enter(), 'string')
  clock.now += 1_000_000 + 20_000
  t.equal(enter(), null)
  t.type(enter(), 'string')
})

t.test('who was silent for an hour may ask as often as anybody', async t => {
  const { enter, clock } = gate()
  enter()
  clock.now += 3_600_000
  for (let i = 0; i < 3; i++) t.equal(enter(), null)
  t.type(enter(), 'string')
})

t.test('who waits as long as told is served, and nobody gets more than the limit and what refilled', async () => {
  const steps = fc.array(fc.record({ wait: fc.nat(30_000), told: fc.boolean() }), { maxLength: 60 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 700 }), (history, limit) => {
      const { enter, clock } = gate({ ...LIMITS, ordinary: limit })
      let served = 0
      for (let i = 0; i < limit; i++) if (enter() === null) served += 1
      if (enter() === null) return false
      for (const { wait, told } of history) {
        const refused = enter()
        if (refused === null) served += 1
        const seconds = Number(/in (\d+) second/.exec(refused ?? '')?.[1] ?? 0)
        clock.now += told ? seconds * 1000 : wait
        if (!told || refused === null) continue
        if (enter() !== null) return false
        served += 1
      }
      return served <= limit + ((clock.now - START) * limit) / 60_000
    }),
    { numRuns: 300 },
  )
})

t.test('memory is bounded, and who was forgotten begins anew', async t => {
  const { enter } = gate()
  const agency: Party = { ...POLICE, id: 'person', category: 'person' }
  for (let i = 0; i < 4; i++) enter({ agency, officer: 'ana' })
  t.type(enter({ agency, officer: 'ana' }), 'string')
  for (let i = 0; i < 9_999; i++) enter({ agency, officer: `p${i}` })
  t.type(enter({ agency, officer: 'ana' }), 'string', 'ten thousand are remembered')
  for (let i = 0; i < 10_000; i++) enter({ agency, officer: `q${i}` })
  t.equal(enter({ agency, officer: 'ana' }), null)
})

t.test('one runaway login takes no urgent call from a colleague', async t => {
  const { enter } = gate()
  const purpose = 'emergency'
  for (let i = 0; i < 4; i++) t.equal(enter({ purpose, officer: 'script' }), null)
  t.match(enter({ purpose, officer: 'script' }), /^One login is served 4 urgent calls a minute/)
  t.equal(enter({ purpose, officer: 'patrol-7' }), null)
  for (let i = 0; i < 3; i++) enter({ officer: 'script' })
  t.type(enter({ officer: 'patrol-7' }), 'string', 'ordinary business is counted for the agency, as ever')
})

t.test('who saves people is never told to wait, but for what is not urgent', async t => {
  for (const category of ['fire-ems', 'health'] as const) {
    const { enter } = gate()
    const agency: Party = { ...FIRE, category }
    for (let i = 0; i < 50; i++) t.equal(enter({ agency, purpose: 'emergency' }, i % 2 === 0), null)
    for (let i = 0; i < 3; i++) t.equal(enter({ agency }), null)
    t.match(enter({ agency }), /^One agency is served 3 ordinary calls a minute/)
  }
})

t.test('a question to the gate itself is ordinary business, whatever its purpose', async t => {
  const { enter, enterOwn } = gate()
  t.equal(enterOwn({ purpose: 'emergency' }), null)
  t.equal(enterOwn({ purpose: 'emergency' }), null)
  t.equal(enter(), null)
  t.match(enterOwn({ purpose: 'emergency' }), /^One agency is served 3 ordinary calls a minute/)
  t.equal(enter({ purpose: 'emergency' }), null, 'and takes nothing from what is urgent')
})
