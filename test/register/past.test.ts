import { createHash, randomBytes } from 'node:crypto'
import { cpSync } from 'node:fs'
import { cp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openPastFile } from '../../src/register/past-file.ts'
import { temporary } from '../audit/given.ts'
import { ana, DAY, HOUR, ok, START } from './given.ts'
import { type Asked, active, answer, call, consult, entriesOf, MINUTE, restarted, seen, type World, world } from './past-world.ts'

const begin = async (t: Test): Promise<World> => world(t, await temporary(t), { clock: { now: START } })
const suspicious: Asked = { purpose: 'immigration-enforcement' }

/** Time passes, something that is soon forgotten happens, and what is old enough is kept. */
async function kept(given: World, afterMs = 71 * MINUTE): Promise<void> {
  given.clock.now += afterMs
  await call(given, { persons: [] }, 'permit')
  await answer(given)
  await given.register.past.keep()
}

/** What the whole journal says, after `given` was closed. */
async function whole(t: Test, given: World): Promise<ReturnType<typeof seen>> {
  await given.close()
  const told = await world(t, given.home, { clock: given.clock, withoutPast: true })
  const known = seen(told)
  await told.close()
  return known
}

/** A restart that must know all that the journal says; how much of that it read there. */
async function sameAfter(t: Test, before: World): Promise<World> {
  const known = await whole(t, before)
  const given = await restarted(t, before)
  t.same(seen(given), known)
  return given
}

const inFile = (home: string, sql: string) => {
  const db = new DatabaseSync(join(home, 'register.db'))
  db.exec(sql)
  db.close()
}

t.test('a start reads from the journal what is younger than an hour and ten minutes, and no record before it', async t => {
  const first = await begin(t)
  await Promise.all(Array.from({ length: 600 }, (_, n) => call(first, { persons: [`p${n}`] }, n % 9 === 0 ? 'deny' : 'permit')))
  await answer(first)
  await kept(first)
  const given = await sameAfter(t, first)
  t.same(given.warnings, [])
  t.equal(given.read, 2, 'the decision that came last, and its outcome')
  await given.close()
  await rm(join(given.home, 'journal', 'records', '000'))
  const again = await restarted(t, given)
  t.equal(again.read, 2)
  await again.close()
  await t.rejects(world(t, given.home, { clock: given.clock, withoutPast: true }), /records\/000/, 'all of it cannot be read any more')
})

t.test('nothing is kept that is younger, and nothing is lost where nothing is kept', async t => {
  const first = await begin(t)
  await call(first, suspicious, 'deny')
  await kept(first, 69 * MINUTE)
  const given = await sameAfter(t, first)
  t.equal(given.read, (await entriesOf(given)).length)
  t.match(consult(given, { purpose: 'audit' }), { retry: { judged: true } })
})

t.test('a process that is revoked after it was kept stays revoked, one that was used stays used, a release too', async t => {
  const first = await begin(t)
  const [revoked, once, twice] = [await active(first), await active(first, { uses: 1 }), await active(first, { uses: 2 })]
  const asked: Asked = { persons: ['12'], caseNumber: '3' }
  const hold = (await call(first, asked, 'hold')).hold?.id ?? ''
  ok(await first.register.holds.release(hold, { reason: 'reviewed', hours: 100 }, ana))
  await call(first, { process: once }, 'deny')
  await answer(first)
  await kept(first)
  const states = ({ register }: World) => [revoked, once, twice].map(id => register.processes.find(id)?.state)

  const second = await sameAfter(t, first)
  t.same(states(second), ['active', 'exhausted', 'active'])
  t.match(consult(second, { ...asked, hold }), { lift: { hold } })
  ok(await second.register.processes.end(revoked, 'revoked', 'withdrawn', ana))
  t.match(await call(second, { ...asked, hold }, 'hold'), { decision: { kind: 'permit' } })
  await call(second, { process: twice }, 'deny')
  await answer(second)

  const third = await sameAfter(t, second)
  t.same(states(third), ['revoked', 'exhausted', 'active'], 'told by the journal')
  t.match(consult(third, { ...asked, hold }), { lift: null, remarks: ['hold.not-released'] })
  await call(third, { process: twice }, 'deny')
  await answer(third)
  await kept(third)

  const fourth = await sameAfter(t, third)
  t.ok(fourth.read <= 2)
  t.same(states(fourth), ['revoked', 'exhausted', 'exhausted'], 'and told by what was kept')
  t.match(consult(fourth, { ...asked, hold }), { lift: null, remarks: ['hold.not-released'] })
})

t.test('the volume counter goes on where it was', async t => {
  const first = await begin(t)
  for (let n = 0; n < 7; n++) await call(first, { persons: [`p${n}`] }, 'permit')
  await answer(first)
  await kept(first, 55 * MINUTE)
  t.match(consult(first, { persons: ['p9'] }), { bulk: true })
  const second = await sameAfter(t, first)
  t.match(consult(second, { persons: ['p9'] }), { bulk: true })
  await kept(second, 71 * MINUTE)
  const third = await sameAfter(t, second)
  t.match(consult(third, { persons: ['p9'] }), { bulk: false })
})

t.test('records of an answer that took an hour count, though the call itself is no longer read', async t => {
  const first = await begin(t)
  await call(first, { persons: [] }, 'permit')
  const slow = first.underWay.splice(0)
  await kept(first)
  first.underWay.push(...slow)
  await answer(first, 30)
  await first.register.past.prune()
  t.match(consult(first, { persons: ['p9'] }), { bulk: true })
  const second = await sameAfter(t, first)
  t.ok(second.read < 5)
  t.match(consult(second, { persons: ['p9'] }), { bulk: true })
  await second.register.past.prune()
  const third = await sameAfter(t, second)
  t.match(consult(third, { persons: ['p9'] }), { bulk: true }, 'nor is it dropped by a gate that never saw the call')
  await kept(third, 3 * HOUR)
  await kept(third)
  await third.register.past.prune()
  const fourth = await sameAfter(t, third)
  t.match(consult(fourth, { persons: ['p9'] }), { bulk: false })
})

t.test('a clock that was set back makes no refusal older than it is', async t => {
  const first = await begin(t)
  const pass = async (afterMs: number) => {
    first.clock.now += afterMs
    await call(first, { persons: [] }, 'permit')
    await answer(first)
  }
  const refuseBehind = async (person: string) => {
    first.clock.now -= 20 * HOUR
    await call(first, { ...suspicious, persons: [person] }, 'deny')
    first.clock.now += 20 * HOUR
  }
  await pass(20 * HOUR)
  await refuseBehind('11')
  // This call moves the time on, is the last that is covered, and is not kept: the refusal after it is read from the journal, and is behind.
  first.clock.now += 2 * HOUR
  await call(first, { persons: [] }, 'permit')
  await refuseBehind('12')
  await answer(first)
  await pass(30_000)
  await pass(70 * MINUTE - 20_000)
  await first.register.past.keep()
  const given = await sameAfter(t, first)
  t.equal(given.read, 7, 'with the entry about the clock')
  given.clock.now += 19 * HOUR
  for (const person of ['11', '12']) t.match(consult(given, { persons: [person] }), { retry: { judged: true } }, person)
  await sameAfter(t, given)
})

/** The next day, a bit earlier: then a refusal is remembered as the one of the day before. */
const nextDay = (given: World): World => {
  given.clock.now += 20 * HOUR
  return given
}

t.test('a refusal that is repeated every day is remembered as the first one, until counsel lifts it', async t => {
  const first = await begin(t)
  const { call: refused } = await call(first, suspicious, 'deny')
  for (let n = 0; n < 40; n++) await call(nextDay(first), { reason: `r${n}` }, 'deny')
  await kept(first)
  await first.register.past.prune()
  const second = await sameAfter(t, first)
  t.match(consult(second, {}), { retry: { of: refused.id, purpose: 'immigration-enforcement' } })
  const permitted = await call(second, { reason: 'another' }, 'permit')
  const review = second.register.tasks.list('review').find(({ decision }) => decision === permitted.call.id)
  ok(await second.register.tasks.done(review?.id ?? '', { note: 'a wrong code', lift: true }, ana))
  const after = await call(second, { purpose: 'criminal-investigation' }, 'deny')
  for (let n = 0; n < 45; n++) await call(nextDay(second), {}, 'deny')
  await answer(second)
  await kept(second)
  await second.register.past.prune()
  const third = await sameAfter(t, second)
  t.ok(third.read < 5)
  t.match(consult(third, {}), { retry: { of: after.call.id } }, 'what was lifted is not remembered again')
})

t.test('what is dropped is judged by what is kept: the journal may still repeat it', async t => {
  const first = await begin(t)
  const { call: refused } = await call(first, suspicious, 'deny')
  await kept(first, 22 * HOUR)
  first.clock.now += HOUR
  await call(first, {}, 'deny')
  await kept(first, 66 * MINUTE)
  await first.register.past.prune()
  const second = await sameAfter(t, first)
  t.ok(second.read < (await entriesOf(second)).length)
  t.match(consult(second, { reason: 'r' }), { retry: { of: refused.id } })
})

t.test('a step whose row is missing stays as long as its task: whoever puts the row back puts back the step', async t => {
  const first = await begin(t)
  const { call: owing } = await call(first, {}, 'permit', [{ notify: 'the person', within: '3 days' }])
  ok(await first.register.tasks.done(`${owing.id}.1`, { note: 'told' }, ana))
  await answer(first)
  await kept(first)
  await first.close()
  inFile(first.home, `UPDATE content SET text = replace(text, 'told', 'lost')`)
  const second = await restarted(t, first)
  await kept(second, 95 * DAY)
  await kept(second)
  await second.register.past.prune()
  t.match(second.register.tasks.list('notice'), [{ state: 'open' }])
  await second.close()
  inFile(first.home, `UPDATE content SET text = replace(text, 'lost', 'told')`)
  const third = await sameAfter(t, second)
  t.ok(third.read <= 2)
  t.same(third.register.tasks.list('notice'), [])
})

t.test('where an entry was missed nothing is kept any more', async t => {
  const first = await begin(t)
  await call(first, suspicious, 'deny')
  await kept(first)
  first.register.observe({ kind: 'clock', id: '', t_wall: START }, 1_000)
  await call(first, { ...suspicious, persons: ['12'] }, 'deny')
  await kept(first)
  await kept(first)
  const given = await sameAfter(t, first)
  t.equal(given.read, (await entriesOf(given)).length - 1)
})

t.test('what is over for a month is dropped, what is open is not', async t => {
  const first = await begin(t)
  const duties = [{ notify: 'the person', within: '3 days' }]
  const done = await call(first, { persons: ['11'] }, 'permit', duties)
  const open = await call(first, { persons: ['12'] }, 'permit', duties)
  for (let n = 0; n < 50; n++) await call(first, { persons: [`h${n}`] }, n % 2 === 0 ? 'hold' : 'deny')
  ok(await first.register.tasks.done(`${done.call.id}.1`, { note: 'told' }, ana))
  await kept(first, 95 * DAY)
  await kept(first)
  const size = () => {
    const db = new DatabaseSync(join(first.home, 'register.db'))
    const found = Number(db.prepare('SELECT sum(length(text)) AS size FROM past').get()?.['size'])
    db.close()
    return found
  }
  await answer(first)
  await first.close()
  const before = size()
  const second = await restarted(t, first)
  await second.register.past.prune()
  t.same(
    second.register.tasks.list('notice').map(({ id }) => id),
    [`${open.call.id}.1`],
  )
  const third = await sameAfter(t, second)
  t.ok(third.read <= 2)
  await third.close()
  t.ok(size() < before / 20, `${size()} instead of ${before}`)
})

t.test('others get their turn while much is kept, and a crash in the middle loses nothing', async t => {
  const first = await begin(t)
  await Promise.all(Array.from({ length: 1_500 }, (_, n) => call(first, { persons: [`p${n}`] }, 'deny')))
  first.clock.now += 71 * MINUTE
  await call(first, {}, 'permit')
  let [turns, isDone] = [0, false]
  const work = first.register.past.keep().then(() => {
    isDone = true
  })
  const copy = await temporary(t)
  while (!isDone) {
    if (++turns === 4) cpSync(first.home, copy, { recursive: true })
    await setImmediate()
  }
  await work
  t.ok(turns > 5, `${turns} turns`)
  await sameAfter(t, first)
  await rm(join(copy, 'journal', 'lock'), { force: true, recursive: true })
  const crashed = await world(t, copy, { clock: first.clock })
  t.same(crashed.warnings, [])
  t.ok(crashed.read < 1_501 && crashed.read > 1, `${crashed.read} were not kept yet`)
  await sameAfter(t, crashed)
})

/** What somebody with the file may do to what is kept, and that must be noticed. */
const EDITS = [
  `UPDATE past SET text = replace(text, '"used":1', '"used":0') || ' '`,
  `UPDATE past SET text = replace(text, 'deny', 'permit')`,
  'DELETE FROM past WHERE n = 1',
  'DELETE FROM past WHERE n = (SELECT max(n) FROM past)',
  'DELETE FROM past',
  'DELETE FROM past_head',
  'UPDATE past SET n = n + 10',
  'UPDATE past SET n = 9223372036854775807 WHERE n = (SELECT max(n) FROM past)',
  'UPDATE past SET n = CASE n WHEN 1 THEN -2 WHEN 2 THEN -1 ELSE n END',
  `INSERT INTO past (n, text) VALUES (99, '[]')`,
  `UPDATE past_head SET text = replace(text, '"upTo":', '"upTo":1')`,
  `UPDATE past_head SET mac = 'AAAAAAAAAAAAAAAAAAAAAA'`,
  'DROP TABLE past_head',
  'DROP TABLE past; CREATE TABLE past (n INTEGER PRIMARY KEY, other TEXT)',
] as const

/** Two rows of refusals, and what a warrant and a release were used for. */
async function lived(t: Test): Promise<World> {
  const given = await begin(t)
  await call(given, { process: await active(given, { uses: 1 }) }, 'deny')
  await call(given, suspicious, 'deny')
  await kept(given)
  await call(given, { persons: ['12'] }, 'notice', [{ notify: 'the person', before: '14 days' }])
  await kept(given)
  await given.close()
  return given
}

t.test('what was changed in the file is noticed: the whole journal is read, and said once', async t => {
  for (const sql of EDITS) {
    const first = await lived(t)
    inFile(first.home, sql)
    const given = await sameAfter(t, first)
    t.match(given.warnings, [/kept of the past .* the whole journal is read/], sql)
    t.equal(given.warnings.length, 1)
    t.equal(given.read, (await entriesOf(given)).length)
    await kept(given)
    const again = await sameAfter(t, given)
    t.same(again.warnings, [], 'and it is kept anew')
    t.ok(again.read < given.read)
  }
})

t.test('a damaged page of the past stops nothing', async t => {
  const first = await lived(t)
  const file = join(first.home, 'register.db')
  const db = new DatabaseSync(file)
  const root = Number(db.prepare(`SELECT rootpage AS root FROM sqlite_schema WHERE name = 'past'`).get()?.['root'])
  db.close()
  const damage = await open(file, 'r+')
  await damage.write(randomBytes(4096), 0, 4096, (root - 1) * 4096)
  await damage.close()
  const given = await sameAfter(t, first)
  t.match(given.warnings, [/the whole journal is read/])
  await kept(given)
  const again = await sameAfter(t, given)
  t.equal(again.read, (await entriesOf(again)).length)
})

t.test('an untouched file is believed; one without any past reads all and says nothing', async t => {
  const given = await sameAfter(t, await lived(t))
  t.same([given.warnings, given.read], [[], 2])
  await given.close()
  inFile(given.home, 'DELETE FROM past; DELETE FROM past_head')
  const again = await sameAfter(t, given)
  t.same([again.warnings, again.read], [[], (await entriesOf(again)).length])
})

t.test('the past of another journal is thrown away', async t => {
  const [mine, other] = [await lived(t), await lived(t)]
  inFile(
    mine.home,
    `ATTACH '${join(other.home, 'register.db')}' AS other; DELETE FROM past; DELETE FROM past_head;
    INSERT INTO past SELECT * FROM other.past; INSERT INTO past_head SELECT * FROM other.past_head`,
  )
  const given = await sameAfter(t, mine)
  t.equal(given.warnings.length, 1)
})

t.test('an older past of the same journal is good: more is read', async t => {
  const first = await lived(t)
  const [older, second] = [await temporary(t), await restarted(t, first)]
  await cp(first.home, older, { recursive: true })
  await call(second, { persons: ['13'], ...suspicious }, 'deny')
  await kept(second)
  await second.close()
  inFile(
    second.home,
    `ATTACH '${join(older, 'register.db')}' AS older; DELETE FROM past; DELETE FROM past_head;
    INSERT INTO past SELECT * FROM older.past; INSERT INTO past_head SELECT * FROM older.past_head`,
  )
  const given = await sameAfter(t, second)
  t.same(given.warnings, [])
  t.ok(given.read > 2)
  t.match(consult(given, { persons: ['13'] }), { retry: { judged: true } })
})

t.test('a past that is ahead of the journal, or of a branch of it that was lost, is thrown away', async t => {
  for (const grows of [false, true]) {
    const first = await lived(t)
    const older = await temporary(t)
    await cp(first.home, older, { recursive: true })
    const second = await restarted(t, first)
    await call(second, suspicious, 'deny')
    await kept(second)
    await second.close()
    if (grows) {
      const branch = await world(t, older, { clock: second.clock })
      for (let n = 0; n < 9; n++) await call(branch, { persons: ['p1'] }, 'permit')
      await branch.close()
    }
    await cp(join(second.home, 'register.db'), join(older, 'register.db'))
    const given = await sameAfter(t, { ...second, home: older })
    t.match(given.warnings, [/not of this journal/], grows ? 'grown on' : 'shorter')
  }
})

t.test('what entries name and the file lacks is counted, and said once', async t => {
  const first = await lived(t)
  inFile(first.home, `DELETE FROM content WHERE kind = 'process' AND text LIKE '%scope%'`)
  const given = await sameAfter(t, first)
  t.same(given.warnings, ['1 things of the register are missing or were changed in its file; they open nothing'])
  t.match(given.register.processes.list(), [{ instrument: null, state: 'entered' }])
})

t.test('a draft that a crash left beside the past is nothing', async t => {
  const first = await lived(t)
  inFile(first.home, `CREATE TABLE past_draft (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT; INSERT INTO past_draft VALUES (1, '[]')`)
  const given = await sameAfter(t, first)
  t.same(given.warnings, [])
  await given.register.past.prune()
  await sameAfter(t, given)
})

t.test('what another version kept is not enough for this one', async t => {
  const db = new DatabaseSync(':memory:')
  const file = openPastFile(db, (...parts) => parts.join('\0'))
  file.clear()
  file.append([], { upTo: 1, last: 'b.0', newest: START })
  t.match(file.verify(), { upTo: 1 })
  const older = String(db.prepare('SELECT text FROM past_head').get()?.['text']).replace(/"format":\d+/, '"format":0')
  db.prepare('UPDATE past_head SET text = ?, mac = ?').run(older, ['head', '', older].join('\0'))
  t.equal(file.verify(), 'refused')
})

t.test('many rows are read in their order', async t => {
  const file = openPastFile(new DatabaseSync(':memory:'), (...parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex'))
  file.clear()
  const reach = (upTo: number) => ({ upTo, last: `b.${upTo - 1}`, newest: START })
  for (let n = 1; n <= 123; n++) file.append([[START, { kind: 'clock', id: `${n}`, t_wall: START }]], reach(n))
  t.same(file.verify(), reach(123))
  t.equal(file.size(), 123)
  let [n, last] = [0, 124]
  for (let row = file.after(); row; row = file.after(row.n)) t.equal(row.items[0]?.[1].id, `${++n}`)
  for (let row = file.before(); row; row = file.before(row.n)) t.equal(row.items[0]?.[1].id, `${--last}`)
  t.same([n, last], [123, 1])
})

t.test('a row that cannot be written moves nothing', async t => {
  const db = new DatabaseSync(':memory:')
  const file = openPastFile(db, (...parts) => parts.join())
  file.clear()
  const reach = { upTo: 1, last: 'b.0', newest: START }
  file.append([[START, { kind: 'clock', id: '', t_wall: START }]], reach)
  db.exec('CREATE TRIGGER full BEFORE INSERT ON past_head BEGIN SELECT RAISE(ABORT, $$disk full$$); END'.replaceAll('$$', "'"))
  t.throws(() => file.append([[START, { kind: 'clock', id: 'x', t_wall: START }]], { ...reach, upTo: 2 }), { code: 'fault.register' })
  db.exec('DROP TRIGGER full')
  t.same(file.verify(), reach)
  t.equal(file.size(), 1)
})
