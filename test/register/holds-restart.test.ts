import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import type { Certificate } from '../../src/terms/instrument.ts'
import { PERMIT } from '../audit/given.ts'
import {
  ana,
  ask,
  ben,
  books,
  booksOver,
  clerk,
  DAY,
  type Given,
  HOUR,
  HUD,
  held,
  judge,
  NOTICE,
  ORDER,
  ok,
  passes,
  withHold,
} from './given.ts'

const because = { reason: 'reviewed' }
const both = ask({}, { order: { ...ORDER, people: 2 } })
const seal = async (text: string) => `sealed ${text.length}`

/** The same home after a stop in which somebody had the register's file. */
async function tampered(t: Test, given: Given, sql: string, ...values: string[]): Promise<Given> {
  await given.close()
  const db = new DatabaseSync(join(given.home, 'register.db'))
  const { changes } = db.prepare(sql).run(...values)
  db.close()
  t.ok(Number(changes) > 0, `${sql}: the row is there`)
  return books(t, { home: given.home, clock: given.clock, seal })
}

t.test('a restart forgets nothing: what was released, used, refused, agreed', async t => {
  const first = await books(t, { seal })
  const [released, used, refused, agreed] = [
    await held(first, ask()),
    await held(first, ask({ caseNumber: '2' })),
    await held(first, ask({ caseNumber: '3' })),
    await held(first, both),
  ]
  ok(await first.holds.release(released, because, ana))
  ok(await first.holds.release(used, because, ana))
  t.equal(await passes(first, withHold(ask({ caseNumber: '2' }), used)), true)
  ok(await first.holds.refuse(refused, 'no', ana))
  ok(await first.holds.release(agreed, because, ana))
  const before = first.holds.list()
  await first.close()
  const given = await books(t, { home: first.home, clock: first.clock, seal })
  t.same(given.holds.list(), before)
  t.equal(await passes(given, withHold(ask(), released)), true)
  t.equal(await passes(given, withHold(ask({ caseNumber: '2' }), used)), false, 'what was used stays used')
  t.match(await given.holds.release(agreed, because, ana), { ok: false, code: 'conflict' })
  t.match(ok(await given.holds.release(agreed, because, ben)), { state: 'released' })
})

t.test('a release whose row was edited or deleted opens nothing; counsel can decide again', async t => {
  for (const sql of [
    `UPDATE content SET text = replace(text, 'reviewed', 'bribed') WHERE text LIKE '%reviewed%'`,
    `UPDATE content SET salt = zeroblob(32) WHERE text LIKE '%reviewed%'`,
    `DELETE FROM content WHERE text LIKE '%reviewed%'`,
  ]) {
    const first = await books(t, { seal })
    const id = await held(first, ask())
    ok(await first.holds.release(id, because, ana))
    const given = await tampered(t, first, sql)
    t.equal(await passes(given, withHold(ask(), id)), false, sql)
    t.match(given.holds.findOwn(id, HUD.login), { state: 'open', history: [{ step: 'kept' }, { step: 'released', by: 'ana' }] })
    ok(await given.holds.release(id, because, ben))
    t.equal(await passes(given, withHold(ask(), id)), true)
  }
})

t.test('with a lost row a release that was used is not there again', async t => {
  const first = await books(t, { seal })
  const id = await held(first, ask())
  ok(await first.holds.release(id, because, ana))
  t.equal(await passes(first, withHold(ask(), id)), true)
  const given = await tampered(t, first, `DELETE FROM content WHERE text LIKE '%reviewed%'`)
  t.equal(given.holds.findOwn(id, HUD.login)?.state, 'used')
  t.match(await given.holds.release(id, because, ben), { ok: false, code: 'conflict' })
})

t.test('where the file lost what the first of two people said, the second is one person', async t => {
  for (const reason of ['first', 'second']) {
    const first = await books(t, { seal })
    const id = await held(first, both)
    ok(await first.holds.release(id, { reason: 'first' }, ana))
    ok(await first.holds.release(id, { reason: 'second' }, ben))
    const given = await tampered(t, first, 'DELETE FROM content WHERE text LIKE ?', `%${reason}%`)
    t.equal(given.holds.findOwn(id, HUD.login)?.state, 'open', reason)
  }
})

t.test('a row that was added releases nothing', async t => {
  const first = await books(t, { seal })
  const id = await held(first, ask())
  const text = JSON.stringify({ step: 'released', reason: 'forged' })
  const given = await tampered(
    t,
    first,
    `INSERT INTO content (digest, kind, id, salt, text) VALUES ('${'0'.repeat(64)}', 'hold', ?, zeroblob(32), ?)`,
    id,
    text,
  )
  t.equal(await passes(given, withHold(ask(), id)), false)
  t.match(ok(await given.holds.show(id, ana)), { sealed: /^sealed/ })
})

t.test('of a call whose sealed row is gone or changed counsel sees what the journal says, and that the rest is missing', async t => {
  for (const sql of [`DELETE FROM content WHERE text LIKE '%sealed%'`, `UPDATE content SET text = replace(text, 'sealed ', 'other ')`]) {
    const first = await books(t, { seal })
    const id = await held(first, ask())
    const given = await tampered(t, first, sql)
    const shown = ok(await given.holds.show(id, ana))
    t.match(shown, { sealed: null, scope: 'residents.residents: address, citizenship', rules: ORDER.rules })
    t.notOk(shown.requested)
  }
})

t.test('a notice whose note was deleted was not given', async t => {
  const first = await books(t, { seal })
  const asked = ask({}, { order: NOTICE, obligations: [{ notify: 'data-subject', before: '3 days' }] })
  const id = await held(first, asked)
  ok(await first.tasks.done(first.tasks.list('notice')[0]?.id ?? '', { note: 'letter of today' }, clerk))
  const given = await tampered(t, first, `DELETE FROM content WHERE text LIKE '%letter%'`)
  t.match(given.tasks.list('notice'), [{ state: 'open', before: id }])
  t.equal(await passes(given, withHold(asked, id)), false)
})

const certificate: Certificate = {
  ...{ agency: 'us-hud', statute: 'C.R.S. 24-74-105', signer: 'R. Roe', title: 'Director' },
  ...{ signed: '2026-11-30', until: '2027-11-30', document: 'a'.repeat(64) },
}
const emergency = { ...HUD.purpose, code: 'emergency' } as const
const CALLS = [
  ask(),
  both,
  ask({ caseNumber: 'A' }, { attestable: true }),
  ask({ caseNumber: 'A', login: { ...HUD.login, subject: 'auditor-2' } }, { attestable: true }),
  ask({}, { order: NOTICE, obligations: [{ notify: 'data-subject', before: '3 business days' }] }),
  ask({ purpose: emergency }, { obligations: [{ notify: 'head', within: '2 days' }] }),
]

/** One step of somebody, chosen by numbers; whether it is allowed is for the books. */
type Move = readonly [kind: number, which: number, who: number, how: number]
const move: fc.Arbitrary<Move> = fc.tuple(fc.nat(10), fc.nat(30), fc.nat(2), fc.nat(3))

async function take(given: Given, [kind, which, who, how]: Move): Promise<void> {
  const { holds, tasks, certificates, clock } = given
  const person = [ana, ben, clerk][who] ?? ana
  const call = CALLS[which % CALLS.length] ?? ask()
  const of = <T>(list: readonly T[]) => list[which % Math.max(1, list.length)]
  const id = of(holds.list())?.id ?? ''
  if (kind <= 1) await judge(given, call).recorded
  if (kind === 2) await judge(given, withHold(call, id)).recorded
  if (kind === 3) await judge(given, call, { decision: PERMIT, hold: null }).recorded
  if (kind === 4) {
    const order = [{}, { classes: ['status'] as const }, { attests: true }, { hours: 3 }][how] ?? {}
    await holds.release(id, { ...because, ...order }, person)
  }
  if (kind === 5) await (how === 0 ? holds.refuse(id, 'no', person) : holds.show(id, person))
  if (kind === 6) await holds.escalate()
  if (kind === 7) await holds.noticed(id, person)
  if (kind === 8) await tasks.done(of(tasks.list(how % 2 === 0 ? 'notice' : 'review'))?.id ?? '', { note: 'done' }, person)
  if (kind === 9) clock.now += [HOUR, 2 * DAY, 20 * DAY, -3 * DAY][how] ?? 0
  if (kind === 10) {
    if (how < 2) await certificates.add(certificate, person)
    else await certificates.revoke(of(certificates.list())?.id ?? '', 'withdrawn', person)
  }
}

/** All that anybody can see of the three books. */
const seen = ({ holds, tasks, certificates }: Pick<Given, 'holds' | 'tasks' | 'certificates'>) => {
  const ids = ['', ...holds.list().map(({ id }) => id)]
  const presented = CALLS.flatMap(call => ids.map(id => holds.present(withHold(call, id).parties, call.facts)))
  const lists = [holds.list(), tasks.list('notice'), tasks.list('review'), certificates.list()]
  return { presented, lists, own: ids.map(id => holds.findOwn(id, HUD.login)), certified: certificates.isCertified('us-hud') }
}

t.test('whatever was done: new books that are told the journal know exactly the same', async t => {
  let given = await books(t, { seal })
  const tally = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 40 }), fc.boolean(), async (moves, restarts) => {
      for (const one of moves) await take(given, one)
      const live = seen(given)
      const { observe, ...replayed } = booksOver(given.parts)
      for await (const { entry } of readJournal(join(given.home, 'journal'))) observe(entry)
      t.same(seen(replayed), live)
      for (const { state } of given.holds.list()) tally.set(state, (tally.get(state) ?? 0) + 1)
      if (!restarts) return
      await given.close()
      given = await books(t, { home: given.home, clock: given.clock, seal })
      t.same(seen(given), live)
    }),
    { numRuns: 25, seed: 20261201 },
  )
  for (const state of ['open', 'released', 'refused', 'used', 'expired']) t.ok(tally.has(state), `some were ${state}`)
})
