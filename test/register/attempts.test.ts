import t from 'tap'
import type { Party } from '../../src/terms/parties.ts'
import type { Purpose } from '../../src/terms/purpose.ts'
import { desk, factsOf, HOUR, POLICE, partiesOf, refusing, START } from './desk.ts'

const DAY = 24 * HOUR
const noEnforcement = refusing('immigration-enforcement', 'suspected')

t.test('another purpose after a refusal is linked in the journal and judged as the earlier purpose', async t => {
  const { ask, entries } = await desk(t)
  const first = await ask({ purpose: 'suspected', reason: 'ICE ERO', law: noEnforcement })
  t.match(first, { kind: 'deny', retry: null })
  const second = await ask({ purpose: 'criminal-investigation', reason: 'inv', law: noEnforcement })
  t.match(second, { kind: 'deny', judgedAs: 'suspected', retry: { of: first.id, purpose: 'suspected', judged: true } })
  t.match(
    entries.find(({ id }) => id === second.id),
    {
      known: { retry: { of: first.id, purpose: 'suspected', judged: true } },
      purpose: { code: 'suspected', declared: 'criminal-investigation' },
    },
  )
})

t.test('... and without the earlier refusal the same question passes', async t => {
  const { ask } = await desk(t)
  t.match(await ask({ purpose: 'criminal-investigation', reason: 'inv', law: noEnforcement }), { kind: 'permit', retry: null, alarm: null })
})

t.test('... and so does a question after a permit, about another person, or in another collection or source', async t => {
  const { ask } = await desk(t)
  await ask({ purpose: 'audit' })
  t.match(await ask({ purpose: 'research' }), { kind: 'permit', retry: null })
  await ask({ purpose: 'suspected', law: noEnforcement })
  for (const other of [{ persons: ['12'] }, { facts: { collection: 'visits' } }, { facts: { source: 'permits' } }])
    t.match(await ask({ ...other, law: noEnforcement }), { kind: 'permit', retry: null })
})

t.test(
  'another reason alone is linked too; the same words in other capitals, blanks and invisible signs are not another reason',
  async t => {
    const { ask } = await desk(t)
    const law = refusing('criminal-investigation')
    const first = await ask({ reason: 'Stolen car', law })
    for (const reason of ['Stolen car', ' stolen  CAR ', 'stol\u200Ben car'])
      t.match(await ask({ reason, law }), { kind: 'deny', retry: null })
    for (const reason of ['a burglary', undefined])
      t.match(await ask({ ...(reason === undefined ? {} : { reason }), law }), {
        retry: { of: first.id, purpose: 'criminal-investigation' },
      })
  },
)

t.test('what waits for counsel under an ordinary purpose is linked and binds nobody; what points at enforcement binds', async t => {
  const { ask } = await desk(t)
  const first = await ask({ purpose: 'audit', law: purpose => (purpose === 'audit' ? 'hold' : 'permit') })
  t.match(await ask({ purpose: 'research' }), { judgedAs: 'research', retry: { of: first.id, judged: false } })
  const second = await ask({ purpose: 'suspected', persons: ['77'], law: purpose => (purpose === 'suspected' ? 'hold' : 'permit') })
  t.match(await ask({ purpose: 'research', persons: ['77'] }), { judgedAs: 'suspected', retry: { of: second.id, judged: true } })
})

t.test('a person who is written in another way is the same person, also behind fifty strangers', async t => {
  const { ask } = await desk(t)
  const uuid = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'
  const first = await ask({ purpose: 'suspected', persons: ['11'], law: noEnforcement })
  const other = await ask({ purpose: 'suspected', persons: [uuid], law: noEnforcement })
  for (const written of ['011', ' 11', '+11', '11.0', '１１', '11\u00a0'])
    t.match(await ask({ persons: [written] }), { retry: { of: first.id, judged: true } }, JSON.stringify(written))
  for (const written of [uuid.toUpperCase(), `{${uuid}}`, uuid.replaceAll('-', '')])
    t.match(await ask({ persons: [written] }), { retry: { of: other.id } }, written)
  for (const somebody of ['111', '1.1', '-11', '11a', '0']) t.match(await ask({ persons: [somebody] }), { retry: null }, somebody)
  const strangers = Array.from({ length: 80 }, (_, i) => `9${i}000`)
  t.match(await ask({ persons: [...strangers, '11'] }), { retry: { of: first.id, judged: true } })
  t.match(await ask({ persons: strangers }), { retry: null })
})

t.test('the window is a day from the last refusal', async t => {
  const { ask, clock } = await desk(t)
  await ask({ purpose: 'suspected', law: noEnforcement })
  clock.now += DAY - 1
  t.match(await ask({ law: noEnforcement }), { kind: 'deny', retry: { judged: true } })
  clock.now += DAY - 1
  t.match(await ask(), { kind: 'permit', retry: { judged: true } }, 'asking again kept it alive')
  clock.now += 1
  t.match(await ask(), { kind: 'permit', retry: null })
})

t.test('a clock that is set back revives nothing and forgets nothing', async t => {
  const { ask, clock } = await desk(t)
  clock.now += DAY
  const first = await ask({ purpose: 'suspected', law: noEnforcement })
  clock.now -= 3 * DAY
  t.match(await ask(), { retry: { of: first.id } })
  const behind = await ask({ persons: ['12'], purpose: 'suspected', law: noEnforcement })
  t.match(await ask({ persons: ['12'] }), { retry: { of: behind.id } }, 'what was refused while it was behind is not old')
})

t.test('counsel lifts: then it is judged as what it states, and only what stands on that refusal is lifted', async t => {
  const { ask, lift } = await desk(t)
  const first = await ask({ purpose: 'suspected', law: noEnforcement })
  const other = await ask({ purpose: 'suspected', persons: ['12'], law: noEnforcement })
  await lift('another decision')
  t.match(await ask({ law: noEnforcement }), { kind: 'deny', retry: { of: first.id } })
  await lift(first.id)
  t.match(await ask({ law: noEnforcement }), { kind: 'permit', retry: null })
  t.match(await ask({ persons: ['12'], law: noEnforcement }), { kind: 'deny', retry: { of: other.id } })
})

t.test('a review that is done without a lift, or a lift that is not done, lifts nothing', async t => {
  const { ask, journal } = await desk(t)
  const first = await ask({ purpose: 'suspected', law: noEnforcement })
  await journal.recordEvent('review', { id: 'task.0', step: 'done', by: 'ana' })
  await journal.recordEvent('review', { id: 'task.0', step: 'noted', by: 'ana', lifts: first.id })
  await journal.recordEvent('notice', { id: 'task.0', step: 'done', by: 'ana', lifts: first.id })
  t.match(await ask({ law: noEnforcement }), { kind: 'deny', retry: { of: first.id, judged: true } })
})

t.test('a chain of retries does not launder: the first refusal stays the yardstick', async t => {
  const { ask, lift } = await desk(t)
  const first = await ask({ purpose: 'suspected', law: noEnforcement })
  for (const purpose of ['audit', 'research', 'court', 'criminal-investigation'] as const)
    t.match(await ask({ purpose, reason: purpose, law: noEnforcement }), { kind: 'deny', judgedAs: 'suspected', retry: { of: first.id } })
  t.match(await ask({ purpose: 'audit', persons: ['11', '12'], law: noEnforcement }), { kind: 'deny' })
  t.match(
    await ask({ purpose: 'audit', persons: ['12'], law: noEnforcement }),
    { retry: { of: first.id } },
    'who was named with it shares its lot',
  )
  await lift(first.id)
  t.match(
    await ask({ purpose: 'audit', persons: ['11', '12'], law: noEnforcement }),
    { kind: 'permit', retry: null },
    'one lift frees the chain',
  )
})

t.test('an emergency that was refused in between does not launder a suspicion either', async t => {
  const { ask } = await desk(t)
  const first = await ask({ purpose: 'suspected', law: noEnforcement })
  t.match(await ask({ purpose: 'emergency', law: () => 'deny' }), { judgedAs: 'emergency', retry: { judged: false } })
  t.match(await ask({ purpose: 'audit', law: noEnforcement }), {
    kind: 'deny',
    retry: { of: first.id, purpose: 'suspected', judged: true },
  })
})

t.test('a suspicion that comes later outranks the milder refusal before it', async t => {
  const { ask } = await desk(t)
  await ask({ purpose: 'audit', law: refusing('audit', 'suspected') })
  const second = await ask({ purpose: 'suspected', law: refusing('audit', 'suspected') })
  t.match(second, { judgedAs: 'suspected', retry: { purpose: 'audit', judged: false } })
  t.match(await ask({ purpose: 'audit', law: noEnforcement }), { kind: 'deny', judgedAs: 'suspected', retry: { of: second.id } })
})

t.test('of several persons with earlier refusals the most protective one counts', async t => {
  const { ask } = await desk(t)
  await ask({ purpose: 'audit', persons: ['11'], law: refusing('audit') })
  const second = await ask({ purpose: 'suspected', persons: ['12'], law: noEnforcement })
  t.match(await ask({ persons: ['11', '12'] }), { judgedAs: 'suspected', retry: { of: second.id } })
})

t.test('nobody is judged more mildly because of an earlier refusal', async t => {
  for (const purpose of ['immigration-enforcement', 'suspected', 'vague', 'unstated'] as const) {
    const { ask } = await desk(t)
    await ask({ purpose: 'audit', law: refusing('audit') })
    t.match(await ask({ purpose }), { judgedAs: purpose, retry: { purpose: 'audit', judged: false } }, purpose)
  }
  const { ask } = await desk(t)
  await ask({ purpose: 'emergency', law: refusing('emergency') })
  t.match(await ask({ purpose: 'audit' }), { judgedAs: 'audit', retry: { judged: false } }, 'an emergency opens more than an audit')
})

t.test('never for an agency entitled to an emergency, and never for an emergency or a treatment: linked, and judged as stated', async t => {
  const FIRE: Party = { ...POLICE, id: 'us-ca-los-angeles-fire', category: 'fire-ems' }
  const { ask } = await desk(t)
  const first = await ask({ agency: FIRE, entitled: true, purpose: 'payment', law: refusing('payment') })
  for (const purpose of ['emergency', 'audit'] as const) {
    const again = await ask({ agency: FIRE, entitled: true, purpose, law: refusing('payment') })
    t.match(again, { kind: 'permit', judgedAs: purpose, retry: { of: first.id, purpose: 'payment', judged: false } })
  }
  await ask({ purpose: 'payment', law: refusing('payment') })
  for (const purpose of ['emergency', 'treatment'] as const)
    t.match(await ask({ purpose, law: refusing('payment') }), { kind: 'permit', judgedAs: purpose, retry: { judged: false } })
  t.match(
    await ask({ purpose: 'audit', law: refusing('payment') }),
    { kind: 'deny', judgedAs: 'payment', retry: { judged: true } },
    'the twin',
  )
})

t.test('who was asked for a better purpose may give it', async t => {
  for (const purpose of ['vague', 'unstated'] as const) {
    const { ask } = await desk(t)
    t.match(await ask({ purpose, law: refusing(purpose) }), { kind: 'deny' })
    t.match(await ask({ purpose: 'audit' }), { kind: 'permit', judgedAs: 'audit', retry: null, alarm: null })
  }
})

t.test('where the law was not asked nothing was refused', async t => {
  const { ask } = await desk(t)
  for (const unasked of ['malformed', 'unauthenticated', 'unavailable'] as const) await ask({ purpose: 'suspected', unasked })
  t.match(await ask(), { kind: 'permit', retry: null, alarm: null })
})

t.test('a colleague is flagged and judged as ever: one officer cannot lock out a department', async t => {
  const { ask } = await desk(t)
  await ask({ officer: 'officer-1', purpose: 'suspected', law: noEnforcement })
  const colleague = await ask({ officer: 'officer-2', law: noEnforcement })
  t.match(colleague, { kind: 'permit', judgedAs: 'criminal-investigation', retry: null, alarm: 'retry-by-colleague' })
  const stranger = await ask({ officer: 'officer-3', agency: { ...POLICE, id: 'us-ca-san-diego-police' }, law: noEnforcement })
  t.match(stranger, { kind: 'permit', retry: null, alarm: null }, 'another agency is not even flagged')
  t.match(await ask({ officer: 'officer-2', persons: ['12'], purpose: 'suspected' }), { alarm: null }, 'nor is another person')
  t.match(
    await ask({ officer: 'officer-1', law: noEnforcement }),
    { kind: 'deny', alarm: null },
    'who was refused is no colleague of itself',
  )
})

t.test('the colleague flag goes with the lift and with the window', async t => {
  const { ask, lift, clock } = await desk(t)
  const first = await ask({ purpose: 'suspected', law: noEnforcement })
  t.match(await ask({ officer: 'officer-2' }), { alarm: 'retry-by-colleague' })
  await lift(first.id)
  t.match(await ask({ officer: 'officer-2' }), { alarm: null })
  await ask({ purpose: 'suspected', law: noEnforcement })
  clock.now += DAY
  t.match(await ask({ officer: 'officer-2' }), { alarm: null })
})

t.test('the same query shape under another purpose is flagged and judged as ever, also where no person is named', async t => {
  const { ask } = await desk(t)
  await ask({ persons: [], purpose: 'suspected', law: noEnforcement })
  t.match(await ask({ persons: [], law: noEnforcement }), { kind: 'permit', retry: null, alarm: 'retry-by-shape' })
  t.match(await ask({ officer: 'officer-2', persons: ['12'], law: noEnforcement }), { kind: 'permit', alarm: 'retry-by-shape' })
  t.match(await ask({ persons: [], purpose: 'suspected', law: noEnforcement }), { alarm: null }, 'the same purpose is no other word')
  const [use] = factsOf({}).uses
  t.match(
    await ask({ persons: [], facts: { uses: use ? [{ ...use, field: 'phone' }] : [] } }),
    { alarm: null },
    'another field is another shape',
  )
  t.match(await ask({ persons: [], agency: { ...POLICE, id: 'us-ca-san-diego-police' } }), { alarm: null })
})

t.test('a person who asks for their own file is never a retry, and no call without a person is remembered', async t => {
  const { ask, attempts } = await desk(t)
  const PERSON: Party = { ...POLICE, id: 'person', category: 'person' }
  const resident = { agency: PERSON, purpose: 'public-records' as Purpose }
  t.equal(attempts.of(partiesOf(resident), factsOf(resident)), null)
  t.match(await ask({ ...resident, law: () => 'deny' }), { kind: 'deny' })
  t.match(await ask({ ...resident, purpose: 'subject-access' }), { kind: 'permit', retry: null, alarm: null })
  t.equal(attempts.of(partiesOf({}), factsOf({ persons: [] })), null)
  t.match(attempts.of(partiesOf({}), factsOf({})), { own: { length: 1 }, agency: { length: 1 }, reason: /^[\w-]{22}$/ }, 'the twin')
})

t.test('people who are refused cannot wash out what agencies were refused', async t => {
  const { ask, attempts } = await desk(t)
  await ask({ persons: [], purpose: 'suspected', law: noEnforcement })
  const refuse = (category: string) => {
    for (let i = 0; i < 6_000; i++)
      attempts.observe({
        ...{ kind: 'decision', id: `x${i}`, t_wall: START, asked: { bulk: false }, decision: { kind: 'deny' }, source: `s${i}`, uses: [] },
        ...{ purpose: { code: 'public-records' }, requester: { agency: 'person', category }, attempts: null, known: null },
      })
  }
  refuse('person')
  t.match(await ask({ persons: [] }), { alarm: 'retry-by-shape' })
  refuse('city')
  t.match(await ask({ persons: [] }), { alarm: 'retry-by-shape' }, 'nor can another agency that holds most')
})

t.test('the tokens say nothing: no key, login or reason is in the journal, and at most fifty persons are remembered', async t => {
  const { ask, entries, attempts } = await desk(t)
  await ask({ officer: 'officer-77', persons: ['4711-secret'], reason: 'welfare check', purpose: 'suspected', law: noEnforcement })
  t.notMatch(JSON.stringify(entries), /4711-secret|officer-77|welfare/)
  const many = Array.from({ length: 200 }, (_, i) => `p${i}`)
  const tokens = attempts.of(partiesOf({}), factsOf({ persons: [...many, ...many, ' P0 '] }))
  t.equal(new Set(tokens?.own).size, 50)
  t.equal(new Set(tokens?.agency).size, 50)
  const reasonOf = (officer: string) => attempts.of(partiesOf({ officer, reason: 'welfare check' }), factsOf({}))?.reason
  t.not(reasonOf('officer-1'), reasonOf('officer-2'), 'a common reason does not join two officers')
  t.equal(reasonOf('officer-1'), reasonOf('officer-1'))
})
