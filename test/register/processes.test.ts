import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import type { Journal } from '../../src/audit/record.ts'
import type { Actor, BookParts } from '../../src/register/book.ts'
import { createProcesses, type Processes } from '../../src/register/processes.ts'
import { openRows } from '../../src/register/rows.ts'
import { Instrument } from '../../src/terms/instrument.ts'
import { journalIn, temporary } from '../audit/given.ts'

const DAY = 86_400_000
const START = Date.parse('2026-12-01T12:00:00Z')
const PEOPLE = new Set(['clerk', 'ana', 'ben', 'cy'])
const actor = (person: string, ...roles: ('counsel' | 'operator' | 'auditor')[]): Actor => ({ person, roles: new Set(roles) })
const [clerk, ana, ben] = [actor('clerk', 'operator'), actor('ana', 'counsel'), actor('ben', 'counsel')] as const

/** Another paper each time. */
const warrant = (more: object = {}): Instrument =>
  Instrument.parse({
    kind: 'judicial-warrant',
    issuer: {
      body: 'US District Court',
      court: 'C.D. Cal.',
      docket: '2:26-mj-1',
      signer: 'R. Roe',
      title: 'United States Magistrate Judge',
    },
    signed: '2026-11-30',
    until: '2026-12-14',
    records: 'the address of person 11',
    scope: [{ source: 'residents', persons: ['11'] }],
    document: randomBytes(32).toString('hex'),
    usableBy: { agencies: ['us-doj-fbi'] },
    ...more,
  })

interface Given {
  readonly processes: Processes
  readonly journal: Journal
  readonly clock: { now: number }
  readonly close: () => Promise<void>
}

/** Real journal, real file; a second call on the same home is a restart. */
async function register(t: Test, home: string, clock = { now: START }): Promise<Given> {
  const told: { processes: Processes | null } = { processes: null }
  const now = () => clock.now
  const journal = await journalIn(t, home, { now, observe: entry => told.processes?.observe(entry) })
  const rows = openRows({ file: join(home, 'register.db'), randomBytes })
  let turn: Promise<unknown> = Promise.resolve()
  const parts: BookParts = {
    now: () => Math.max(clock.now, journal.lastTime),
    newId: () => randomBytes(16).toString('hex'),
    token: journal.token,
    read: rows.read,
    take: ({ kind, id, step, by, open, content }) =>
      journal.recordEvent(kind, { ...open, id, step, by, ...(content === undefined ? {} : { digest: rows.add(kind, id, content) }) }),
    inTurn: work => {
      const mine = turn.then(work)
      turn = mine.catch(() => undefined)
      return mine
    },
  }
  const processes = createProcesses(parts, id => PEOPLE.has(id))
  for await (const { entry } of readJournal(join(home, 'journal'))) processes.observe(entry)
  told.processes = processes
  const close = async () => {
    await journal.close()
    rows.close()
  }
  t.teardown(() => close().catch(() => undefined))
  return { processes, journal, clock, close }
}

async function entered(given: Given, instrument = warrant()): Promise<string> {
  const done = await given.processes.add(instrument, clerk)
  if (!done.ok) throw new Error(done.message)
  return done.value.id
}
const state = ({ processes }: Given, id: string) => processes.find(id)?.state

t.test('two people other than the one who entered it make a warrant active', async t => {
  const given = await register(t, await temporary(t))
  const id = await entered(given)
  t.match(id, /^[0-9a-f]{32}$/, '128 random bits')
  t.equal(state(given, id), 'entered')
  t.match(await given.processes.verify(id, ana), { ok: true, value: { state: 'entered' } }, 'one is not enough')
  t.match(await given.processes.verify(id, ben), { ok: true, value: { state: 'active' } })
})

t.test('one person cannot verify it alone', async t => {
  const given = await register(t, await temporary(t))
  const id = await entered(given)
  await given.processes.verify(id, ana)
  t.match(await given.processes.verify(id, ana), { ok: false, code: 'conflict' }, 'the same person again')
  t.match(await given.processes.verify(id, actor('clerk', 'counsel')), { ok: false, code: 'forbidden' }, 'who entered it')
  t.match(await given.processes.verify(id, actor('ben')), { ok: false, code: 'forbidden' }, 'a role that was dropped')
  t.match(await given.processes.verify(id, actor('ben', 'auditor')), { ok: false, code: 'forbidden' })
  const both = await Promise.all(Array.from({ length: 20 }, () => given.processes.verify(id, ana)))
  t.ok(
    both.every(({ ok }) => !ok),
    'a race of one person with itself',
  )
  t.equal(state(given, id), 'entered')
  const others = await Promise.all([given.processes.verify(id, ben), given.processes.verify(id, actor('cy', 'counsel'))])
  t.equal(others.filter(({ ok }) => ok).length, 1, 'a race of two others: one of them was the second')
  t.equal(state(given, id), 'active')
})

t.test('who verified first and is no longer listed does not count', async t => {
  const given = await register(t, await temporary(t))
  const id = await entered(given)
  await given.processes.verify(id, actor('gone', 'counsel'))
  t.match(await given.processes.verify(id, ben), { ok: false, code: 'conflict' })
  t.equal(state(given, id), 'entered')
})

t.test('what was entered by somebody who is no longer listed cannot be verified', async t => {
  const given = await register(t, await temporary(t))
  const renamed = await given.processes.add(warrant(), actor('clerk-before', 'operator'))
  if (!renamed.ok) throw new Error(renamed.message)
  const { id } = renamed.value
  // The same person under the id of today, and somebody else.
  for (const person of ['clerk', 'ana'])
    t.match(await given.processes.verify(id, actor(person, 'counsel')), { ok: false, code: 'conflict', message: /clerk-before/ })
  t.equal(state(given, id), 'entered')
  t.match(await given.processes.verify(await entered(given), ana), { ok: true }, 'twin')
})

t.test('dates that no paper has are refused, and nothing opens before it is signed', async t => {
  const given = await register(t, await temporary(t))
  for (const [dates, message] of [
    [{ signed: '2026-12-03' }, /future/],
    [{ until: '2026-11-29' }, /before it begins/],
    [{ from: '2026-12-10', until: '2026-12-09' }, /before it begins/],
    [{ signed: '2026-11-01', until: '2026-11-30' }, /ended on/],
  ] as const)
    t.match(await given.processes.add(warrant(dates), clerk), { ok: false, code: 'invalid', message }, JSON.stringify(dates))
  t.same(given.processes.list(), [])
  await entered(given, warrant({ until: '2026-12-01' })) // twin: its last day is today
  const id = await entered(given, warrant({ signed: '2026-12-02', from: '2020-01-01' })) // twin: it is tomorrow already where the court sits
  await given.processes.verify(id, ana)
  t.match(await given.processes.verify(id, ben), { ok: true, value: { state: 'verified' } })
  given.clock.now = Date.parse('2026-12-02T00:00:00Z')
  t.equal(state(given, id), 'active', 'twin')
})

t.test('one document is good once, also after a restart, and a lost row is no end', async t => {
  const home = await temporary(t)
  const first = await register(t, home)
  const [quashed, lost, free] = [warrant(), warrant(), warrant()]
  const ids = [await entered(first, quashed), await entered(first, lost)]
  for (const id of ids) {
    await first.processes.verify(id, ana)
    await first.processes.verify(id, ben)
  }
  await first.processes.end(ids[0] ?? '', 'quashed', 'by the court', ana)
  await first.close()
  const db = new DatabaseSync(join(home, 'register.db'))
  db.exec('DELETE FROM content')
  db.close()
  const second = await register(t, home)
  t.equal(state(second, ids[1] ?? ''), 'entered')
  const again = await entered(second, quashed)
  t.match(await second.processes.verify(again, ana), { ok: false, code: 'conflict', message: new RegExp(`${ids[0]} and quashed`) })
  for (const paper of [lost, free]) t.match(await second.processes.verify(await entered(second, paper), ana), { ok: true }, 'twin')
})

t.test('one person has at most two hundred instruments that wait, forms included', async t => {
  const given = await register(t, await temporary(t))
  for (let i = 0; i < 199; i++) await entered(given, warrant({ kind: 'i-205' }))
  const id = await entered(given)
  t.match(await given.processes.add(warrant(), clerk), { ok: false, code: 'conflict', message: /200 instruments/ })
  t.match(await given.processes.add(warrant(), ana), { ok: true }, 'twin: another person')
  await given.processes.verify(id, ana)
  t.match(await given.processes.add(warrant(), clerk), { ok: false }, 'one more must verify it')
  await given.processes.verify(id, ben)
  t.match(await given.processes.add(warrant(), clerk), { ok: true }, 'twin: one of them waits no more')
})

t.test('administrative paper never becomes active, whatever it is called', async t => {
  const given = await register(t, await temporary(t))
  for (const kind of [
    'i-200',
    'i-205',
    'i-247',
    'admin-subpoena',
    'immigration-court-subpoena',
    'ncic-immigration-violator',
    '1373-letter',
  ]) {
    const id = await entered(given, warrant({ kind }))
    t.match(await given.processes.verify(id, ana), { ok: false, code: 'conflict' }, kind)
    t.equal(state(given, id), 'entered', kind)
  }
  const issuer = { ...warrant().issuer, title: 'Immigration Judge' }
  const disguised = await entered(given, warrant({ issuer }))
  t.match(await given.processes.verify(disguised, ana), { ok: false, code: 'conflict' }, 'a "warrant" signed by an immigration judge')
  const bare = await entered(given, warrant({ issuer: { body: 'a court', signer: 'x', title: 'Judge' } }))
  t.match(await given.processes.verify(bare, ana), { ok: false, code: 'invalid' }, 'no court and docket')
  const empty = await entered(given, warrant({ scope: [] }))
  t.match(await given.processes.verify(empty, ana), { ok: false, code: 'invalid' }, 'names nobody')
})

t.test('it ends: by its date, by use, by revocation, by a court; and a clock set back revives nothing', async t => {
  const given = await register(t, await temporary(t))
  const active = async (more: object = {}) => {
    const id = await entered(given, warrant(more))
    await given.processes.verify(id, ana)
    await given.processes.verify(id, ben)
    return id
  }
  const later = await active({ from: '2026-12-03' })
  t.equal(state(given, later), 'verified', 'not before its first day')
  const revoked = await active()
  t.match(await given.processes.end(revoked, 'revoked', '', ana), { ok: false, code: 'invalid' }, 'a reason is needed')
  t.match(await given.processes.end(revoked, 'revoked', 'served late', clerk), { ok: false, code: 'forbidden' })
  t.match(await given.processes.end(revoked, 'revoked', 'served late', ana), { ok: true, value: { state: 'revoked' } })
  t.match(await given.processes.verify(revoked, actor('cy', 'counsel')), { ok: false }, 'and is not verified again')
  const dated = await active()
  given.clock.now = Date.parse('2026-12-14T23:59:00Z')
  t.equal(state(given, dated), 'active', 'its last day is a whole one')
  t.equal(state(given, later), 'active')
  given.clock.now += DAY
  await given.journal.recordEvent('clock', {})
  t.equal(state(given, dated), 'expired')
  given.clock.now = START
  t.equal(state(given, dated), 'expired', 'the journal remembers later than the clock')
})

t.test('everything is the same after a restart, and a file that was edited opens nothing', async t => {
  const home = await temporary(t)
  const first = await register(t, home)
  const ids = [await entered(first), await entered(first), await entered(first)]
  for (const id of ids) {
    await first.processes.verify(id, ana)
    await first.processes.verify(id, ben)
  }
  const before = first.processes.list()
  await first.close()
  const second = await register(t, home)
  t.same(second.processes.list(), before)
  await second.close()

  const db = new DatabaseSync(join(home, 'register.db'))
  const text = warrant({ scope: [{ source: 'residents', persons: ['12'] }] })
  db.prepare('UPDATE content SET text = ? WHERE id = ?').run(JSON.stringify(text), ids[0] ?? '')
  db.prepare('DELETE FROM content WHERE id = ?').run(ids[1] ?? '')
  db.prepare("INSERT INTO content VALUES ('x', 'process', 'forged', x'00', ?)").run(JSON.stringify(text))
  db.close()
  const third = await register(t, home)
  t.match(third.processes.find(ids[0] ?? ''), { instrument: null, state: 'entered' }, 'edited')
  t.match(third.processes.find(ids[1] ?? ''), { instrument: null, state: 'entered' }, 'deleted')
  t.equal(third.processes.find('forged'), null, 'added')
  t.match(third.processes.find(ids[2] ?? ''), { state: 'active' }, 'the twin that was left alone')
})

t.test('the journal says nothing of persons, dockets or signers', async t => {
  const home = await temporary(t)
  const given = await register(t, home)
  const scope = [{ source: 'residents', persons: ['K4711'] }]
  const paper = warrant({ scope, usableBy: { agencies: ['us-doj-fbi'], case: 'DR-77' } })
  const id = await entered(given, paper)
  await given.processes.end(id, 'quashed', 'by Judge Doe', ana)
  const written: string[] = []
  for await (const { entry } of readJournal(join(home, 'journal'))) written.push(JSON.stringify(entry))
  for (const secret of ['K4711', '2:26-mj-1', 'R. Roe', 'DR-77', 'Judge Doe', paper.document]) t.notMatch(written.join('\n'), secret)
  t.match(written.join('\n'), id)
})

t.test('names that stand in the journal are names of agencies and sources', async t => {
  const named = (agency: string, source: string) =>
    Instrument.safeParse({ ...warrant(), usableBy: { agencies: [agency] }, scope: [{ source, persons: ['11'] }] }).success
  for (const bad of ['Maria Lopez', 'maria--1234567', 'a1-2345-67', '-', 'US'])
    t.same([named(bad, 'water'), named('us-doj', bad)], [false, false], bad)
  for (const good of ['us-ca-94301', 'water-2', 'us-123456-a']) t.ok(named(good, good), good)
})
