import fc from 'fast-check'
import t, { type Test } from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import type { JournalEntry } from '../../src/register/journal-entry.ts'
import { createReading } from '../../src/register/reading.ts'
import { type BulkThreshold, createVolume, type Volume } from '../../src/register/volume.ts'
import type { Party } from '../../src/terms/parties.ts'
import { type Asked, type Desk, desk, factsOf, HOUR, POLICE, partiesOf, START } from './desk.ts'

const MINUTE = 60_000
const TEN: BulkThreshold = { subjectsPerHour: 10, atNight: null }
const OTHERS: Party = { ...POLICE, id: 'us-ca-san-diego-police' }
const names = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `p${from + i}`)

interface Counted extends Desk {
  readonly isBulk: (asked?: Asked) => boolean
}

async function counted(t: Test, threshold: BulkThreshold = TEN): Promise<Counted> {
  const told: { volume: Volume | null } = { volume: null }
  const opened = await desk(t, [{ observe: entry => told.volume?.observe(entry) }])
  const volume = createVolume(() => Math.max(opened.clock.now, opened.journal.lastTime), new Map([['residents', threshold]]))
  told.volume = volume
  return { ...opened, isBulk: (asked = {}) => volume.isBulk(partiesOf(asked), factsOf(asked)) }
}

t.test('many persons in an hour are bulk, also one by one; fewer are not', async t => {
  const { ask, isBulk } = await counted(t)
  for (const person of names(8)) await ask({ persons: [person] })
  t.notOk(isBulk({ persons: ['p8'] }), 'the ninth')
  t.ok(isBulk({ persons: ['p8', 'p9'] }), 'the ninth and the tenth')
  await ask({ persons: ['p8'] })
  t.ok(isBulk({ persons: ['p9'] }), 'the tenth')
})

t.test('one call that names many is bulk by itself; the same name twice is one person', async t => {
  const { isBulk } = await counted(t)
  t.ok(isBulk({ persons: names(10) }))
  t.notOk(isBulk({ persons: names(9) }))
  t.notOk(isBulk({ persons: [...names(9), ...names(9)] }))
})

t.test('the same person again and again is one person', async t => {
  const { ask, isBulk } = await counted(t)
  for (let i = 0; i < 30; i++) await ask({ persons: ['p1', 'p2'] })
  t.notOk(isBulk({ persons: ['p1'] }))
})

t.test('a whole collection is bulk, with a threshold or without', async t => {
  const { isBulk } = await counted(t)
  t.ok(isBulk({ persons: [], facts: { whole: true } }))
  t.notOk(isBulk({ persons: [], facts: { whole: false } }))
  t.ok(isBulk({ persons: [], facts: { source: 'permits', whole: true } }), 'without a threshold')
  t.notOk(isBulk({ persons: [], facts: { source: 'permits', whole: false } }), 'the twin')
  t.notOk(isBulk({ persons: names(50), facts: { source: 'permits' } }))
})

t.test('records that came without a name count, and those of persons who were named do not count twice', async t => {
  const { ask, isBulk } = await counted(t)
  await ask({ persons: ['p1', 'p2'], records: 2 })
  await ask({ persons: [], records: 7 })
  t.notOk(isBulk({ persons: [] }), 'nine')
  await ask({ persons: ['p1'], records: 2 })
  t.ok(isBulk({ persons: [] }), 'and one that came along')
})

t.test('what was refused or held was not read: one officer cannot make a department wait', async t => {
  const { ask, isBulk } = await counted(t)
  for (const [i, person] of names(9).entries()) await ask({ persons: [person], law: () => (i % 2 ? 'deny' : 'hold') })
  t.notOk(isBulk({ persons: ['p9'] }))
  await ask({ persons: names(9) })
  t.ok(isBulk({ persons: ['p9'] }), 'the twin')
  t.notOk(isBulk({ persons: [] }))
})

t.test('an hour later it is forgotten, and not before', async t => {
  const { ask, isBulk, clock } = await counted(t)
  await ask({ persons: names(9) })
  clock.now += HOUR - 1
  t.ok(isBulk({ persons: ['p9'] }))
  clock.now += 1
  t.notOk(isBulk({ persons: ['p9'] }))
  await ask({ persons: [], records: 9 })
  clock.now += HOUR - 1
  t.ok(isBulk({ persons: ['p9'] }), 'records too')
  clock.now += 5 * MINUTE + 1
  t.notOk(isBulk({ persons: ['p9'] }), 'five minutes later at most')
})

t.test('each agency and each source has its own count', async t => {
  const { ask, isBulk } = await counted(t)
  await ask({ persons: names(9) })
  t.notOk(isBulk({ agency: OTHERS, persons: ['p9'] }))
  t.notOk(isBulk({ facts: { source: 'permits' }, persons: ['p9'] }))
  t.ok(isBulk({ officer: 'officer-2', persons: ['p9'] }), 'and its officers have one together: reading in turns is reading in bulk')
})

t.test('people are counted call by call: strangers have only the word person in common', async t => {
  const { ask, isBulk } = await counted(t)
  const agency: Party = { ...POLICE, id: 'person', category: 'person' }
  for (const person of names(20)) await ask({ agency, officer: person, persons: [person] })
  t.notOk(isBulk({ agency, persons: ['p1'] }))
  t.ok(isBulk({ agency, persons: names(10) }))
  t.ok(isBulk({ agency, persons: [], facts: { whole: true } }))
})

t.test('a burst at night has the lower threshold, across midnight and in the time of the place', async t => {
  const atNight = { subjectsPerHour: 3, from: '22:00', until: '06:00', timeZone: 'America/Los_Angeles' }
  const { isBulk, clock } = await counted(t, { subjectsPerHour: 10, atNight })
  const at = (time: string) => {
    clock.now = Date.parse(time)
    return isBulk({ persons: names(3) })
  }
  for (const night of ['2026-12-02T22:00:00-08:00', '2026-12-03T00:00:00-08:00', '2026-12-03T05:59:59-08:00', '2027-07-01T22:30:00-07:00'])
    t.ok(at(night), night)
  for (const day of ['2026-12-02T21:59:59-08:00', '2026-12-03T06:00:00-08:00', '2026-12-03T22:30:00Z', '2027-07-01T21:30:00-07:00'])
    t.notOk(at(day), day)
})

t.test('a night within one day, the same time twice, a higher number at night, an unknown time zone', async t => {
  const bulkAt = (time: string, from: string, until: string, subjectsPerHour = 3, named = 3) => {
    const atNight = { subjectsPerHour, from, until, timeZone: 'UTC' }
    const volume = createVolume(() => Date.parse(time), new Map([['residents', { subjectsPerHour: 5, atNight }]]))
    return volume.isBulk(partiesOf({}), factsOf({ persons: names(named) }))
  }
  t.ok(bulkAt('2026-12-02T01:00:00Z', '00:00', '06:00'))
  t.notOk(bulkAt('2026-12-02T06:00:00Z', '00:00', '06:00'))
  t.ok(bulkAt('2026-12-02T12:00:00Z', '00:00', '00:00'), 'all day')
  t.notOk(bulkAt('2026-12-02T01:00:00Z', '00:00', '06:00', 50))
  t.ok(bulkAt('2026-12-02T01:00:00Z', '00:00', '06:00', 50, 5), 'the lower of the two')
  const nowhere = { ...TEN, atNight: { subjectsPerHour: 1, from: '22:00', until: '06:00', timeZone: 'Nowhere/City' } }
  t.throws(() => createVolume(() => 0, new Map([['residents', nowhere]])), RangeError)
})

t.test('a clock that is set back forgets nothing', async t => {
  const { ask, isBulk, clock } = await counted(t)
  await ask({ agency: OTHERS })
  clock.now -= 5 * HOUR
  await ask({ persons: names(9) })
  t.ok(isBulk({ persons: ['p9'] }))
})

t.test('after a restart the counts are the same', async t => {
  const { ask, isBulk, clock, dir, journal } = await counted(t)
  for (const person of names(5)) await ask({ persons: [person] })
  await ask({ persons: [], records: 4 })
  clock.now += 10 * MINUTE
  t.ok(isBulk({ persons: ['p9'] }))
  await journal.close()
  const again = createVolume(() => clock.now, new Map([['residents', TEN]]))
  t.notOk(again.isBulk(partiesOf({}), factsOf({ persons: ['p9'] })), 'nothing is known before the replay')
  for await (const { entry } of readJournal(dir)) again.observe(entry)
  t.ok(again.isBulk(partiesOf({}), factsOf({ persons: ['p9'] })))
  t.notOk(again.isBulk(partiesOf({}), factsOf({ persons: [] })))
})

interface Read {
  readonly after: number
  readonly agency: number
  readonly persons: readonly number[]
  readonly permitted: boolean
  readonly records: number
}
const reads: fc.Arbitrary<readonly Read[]> = fc.array(
  fc.record({
    ...{ after: fc.nat(20 * MINUTE), agency: fc.nat(2), persons: fc.array(fc.nat(20), { maxLength: 4 }) },
    ...{ permitted: fc.boolean(), records: fc.nat(3) },
  }),
  { maxLength: 40 },
)

function entriesOf(history: readonly Read[]): readonly JournalEntry[] {
  let at = START
  return history.flatMap(({ after, agency, persons, permitted, records }, i) => {
    at += after
    const decision: JournalEntry = {
      ...{ kind: 'decision', id: `d${i}`, t_wall: at, source: 'residents', subjects: persons.map(String) },
      ...{ decision: { kind: permitted ? 'permit' : 'deny' }, requester: { agency: `a${agency}`, category: 'city' } },
    }
    const outcome: JournalEntry = { kind: 'outcome', id: `o${i}`, t_wall: at, decision_id: `d${i}`, records }
    return permitted ? [decision, outcome] : [decision]
  })
}

t.test('what is counted is what a plain count of the last hour says', async () => {
  fc.assert(
    fc.property(reads, fc.integer({ min: 1, max: 15 }), (history, subjectsPerHour) => {
      const entries = entriesOf(history)
      const now = entries.at(-1)?.t_wall ?? START
      const volume = createVolume(() => now, new Map([['residents', { subjectsPerHour, atNight: null }]]))
      for (const entry of entries) volume.observe(entry)
      let at = START
      const timed = history.map(read => {
        at += read.after
        return { ...read, at }
      })
      return [0, 1, 2].every(agency => {
        const mine = timed.filter(read => read.agency === agency)
        const persons = new Set(mine.filter(read => read.permitted && read.at > now - HOUR).flatMap(read => read.persons)).size
        const recordsSince = (from: number) =>
          mine
            .filter(read => read.permitted && read.at > from)
            .reduce((sum, read) => sum + Math.max(0, read.records - read.persons.length), 0)
        const found = volume.isBulk(partiesOf({ agency: { ...POLICE, id: `a${agency}` } }), factsOf({ persons: [] }))
        // Records are forgotten in steps of five minutes: between the two both answers are right.
        const [least, most] = [persons + recordsSince(now - HOUR), persons + recordsSince(now - HOUR - 5 * MINUTE)]
        return found ? most >= subjectsPerHour : least < subjectsPerHour
      })
    }),
    { numRuns: 500 },
  )
})

t.test('a restart at any moment changes no answer', async () => {
  fc.assert(
    fc.property(reads, fc.nat(40), (history, restart) => {
      const entries = entriesOf(history)
      let now = START
      const open = () => createVolume(() => now, new Map([['residents', TEN]]))
      const answer = (volume: Volume) =>
        [0, 1, 2].map(agency => volume.isBulk(partiesOf({ agency: { ...POLICE, id: `a${agency}` } }), factsOf({ persons: [] })))
      const alive = open()
      let restarted = open()
      return entries.every((entry, i) => {
        now = entry.t_wall
        alive.observe(entry)
        if (i === restart) {
          restarted = open()
          for (const past of entries.slice(0, i)) restarted.observe(past)
        }
        restarted.observe(entry)
        return JSON.stringify(answer(alive)) === JSON.stringify(answer(restarted))
      })
    }),
    { numRuns: 300 },
  )
})

t.test('of two thousand readers the one that was silent longest is forgotten', async t => {
  const volume = createVolume(() => START, new Map([['residents', TEN]]))
  const read = (agency: string, subjects: readonly string[]) =>
    volume.observe({
      ...{ kind: 'decision', id: 'd', t_wall: START, source: 'residents', subjects, decision: { kind: 'permit' } },
      requester: { agency, category: 'city' },
    })
  for (const agency of ['first', 'second']) read(agency, names(10))
  for (let i = 0; i < 1998; i++) read(`a${i}`, [])
  read('first', [])
  read('one-more', [])
  const isBulk = (agency: string) => volume.isBulk(partiesOf({ agency: { ...POLICE, id: agency } }), factsOf({ persons: [] }))
  t.ok(isBulk('first'))
  t.notOk(isBulk('second'))
})

t.test('memory is bounded: a reading, the readers, and answers that never ended', { timeout: 60_000 }, async t => {
  const reading = createReading(11)
  for (let i = 0; i < 1_000_000; i++) reading.addPerson(`p${i}`, START)
  t.equal(reading.count(START), 11)
  const volume = createVolume(() => START, new Map([['residents', TEN]]))
  const isBulk = (agency: string) => volume.isBulk(partiesOf({ agency: { ...POLICE, id: agency } }), factsOf({ persons: [] }))
  const entry = (id: number, agency: string, subjects: readonly string[]): JournalEntry => ({
    ...{ kind: 'decision', id: `d${id}`, t_wall: START, source: 'residents', subjects, decision: { kind: 'permit' } },
    requester: { agency, category: 'city' },
  })
  volume.observe(entry(0, 'oldest', names(10)))
  t.ok(isBulk('oldest'))
  for (let i = 1; i <= 20_000; i++) volume.observe(entry(i, `a${i % 1999}`, []))
  t.ok(isBulk('oldest'), 'two thousand readers are remembered')
  volume.observe(entry(20_001, 'one-more', []))
  t.notOk(isBulk('oldest'), 'and one more is one too many')
  const outcome = (decision: number): JournalEntry => ({
    kind: 'outcome',
    id: 'o',
    t_wall: START,
    decision_id: `d${decision}`,
    records: 50,
  })
  volume.observe(outcome(5))
  t.notOk(isBulk('a5'), 'an answer that was under way before ten thousand others')
  volume.observe(outcome(19_995))
  t.ok(isBulk('a5'), 'the twin')
})
