import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import t from 'tap'
import { makeSeal, openSealed } from '../../src/register/seal.ts'
import type { Consulted } from '../../src/terms/consulted.ts'
import type { Permit } from '../../src/terms/decision.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import type { Judgement } from '../../src/terms/judgement.ts'
import type { Obligation } from '../../src/terms/law.ts'
import { allEntries, DENY, PERMIT, permitted } from '../audit/given.ts'
import {
  ana,
  ask,
  books,
  booksOver,
  clerk,
  DAY,
  eve,
  type Given,
  HOUR,
  HUD,
  held,
  judge,
  NOTICE,
  ok,
  passes,
  START,
  STATUS,
  withHold,
} from './given.ts'

/** A decision on ordinary business, recorded. */
async function decided(given: Given, more: Partial<Judgement>, asked = ask()): Promise<string> {
  const { judgement, recorded } = judge(given, asked, { hold: null, decision: PERMIT, ...more })
  await recorded
  return judgement.call.id
}
const owing = (...obligations: Obligation[]): Permit => ({ ...PERMIT, obligations })
const notices = (given: Given) => given.tasks.list('notice')
const reviews = (given: Given) => given.tasks.list('review')
const emergency = ask({ purpose: { ...HUD.purpose, code: 'emergency' } })

t.test('every notice and review that a decision owes is a task, whichever decision it was', async t => {
  const given = await books(t)
  const permit = await decided(given, {
    decision: owing(
      { notify: 'data-subject', within: '3 days' },
      { treat: 'mask', of: ['status'] },
      { review: 'federal access', within: '1 day' },
    ),
  })
  const denied = await decided(given, {
    decision: { ...DENY, obligations: [{ notify: 'the director', within: '1 month' }, { review: 'why' }] },
  })
  const shared = {
    agency: 'us-hud',
    purpose: 'audit',
    source: 'residents',
    openedAt: START,
    state: 'open',
    done: null,
    overdue: false,
    times: 1,
  }
  const plain = { before: null, retryOf: null }
  t.same(notices(given), [
    { id: `${permit}.1`, kind: 'notice', decision: permit, what: 'data-subject', dueAt: START + 3 * DAY, ...shared, ...plain },
    {
      id: `${denied}.1`,
      kind: 'notice',
      decision: denied,
      what: 'the director',
      dueAt: Date.parse('2027-01-01T12:00:00Z'),
      ...shared,
      ...plain,
    },
  ])
  t.same(reviews(given), [
    { id: `${permit}.2`, kind: 'review', decision: permit, what: 'federal access', dueAt: START + DAY, ...shared, ...plain },
    { id: `${denied}.2`, kind: 'review', decision: denied, what: 'why', dueAt: START + 3 * DAY, ...shared, ...plain },
  ])
  await decided(given, {})
  t.equal(notices(given).length + reviews(given).length, 4, 'a decision that owes nothing opens nothing')
})

t.test('an emergency that was let through is looked at within 72 hours, once', async t => {
  const given = await books(t)
  const stated = await decided(given, {}, emergency)
  t.match(reviews(given), [{ id: `${stated}.1`, what: 'emergency access', dueAt: START + 72 * HOUR }])
  const ruled = await decided(given, { decision: owing({ review: 'by rule', within: '2 hours' }) }, emergency)
  t.match(reviews(given)[1], { id: `${ruled}.1`, what: 'by rule' })
  const paper = { kind: 'exigent-claim', state: 'entered', covers: 'none', sealed: false } as const
  const claimed = await decided(given, {}, ask({ process: paper }))
  t.match(reviews(given)[2], { decision: claimed, what: 'emergency access' })
  await decided(given, { decision: DENY }, emergency)
  await decided(given, { query: null, call: { ...permitted('own').call, source: '.haven' } }, emergency)
  t.equal(reviews(given).length, 3, 'nothing left when it was refused, or where the gate answered for itself')
})

const consulted: Consulted = {
  ...{ process: null, paper: null, attested: false, bulk: false, lift: null, noticed: null, remarks: [], alarms: [] },
  retry: { of: 'earlier', purpose: 'immigration-enforcement', judged: true },
}
const inquiry: Inquiry = {
  ...{ requester: HUD.requester, recipients: HUD.recipients, purpose: 'immigration-enforcement', process: null, uses: [], at: START },
  ...{ source: { keeper: 'general', records: 'general' }, bulk: false, routed: false, retry: true, attested: false, self: false },
}

t.test('a question judged as an earlier one is looked at, and counsel alone frees it', async t => {
  const given = await books(t)
  const id = await decided(given, { decision: DENY, inquiry, consulted })
  await decided(given, { decision: DENY, inquiry, consulted: { ...consulted, retry: { ...consulted.retry!, judged: false } } })
  t.match(reviews(given), [{ id: `${id}.1`, what: 'retry judged as an earlier purpose', retryOf: 'earlier', dueAt: START + 72 * HOUR }])
  t.equal(reviews(given).length, 1, 'one that only flags is not')
  t.match(await given.tasks.done(`${id}.1`, { note: 'mistaken', lift: true }, clerk), { ok: false, code: 'forbidden' })
  ok(await given.tasks.done(`${id}.1`, { note: 'mistaken', lift: true }, ana))
  const [last] = (await allEntries(join(given.home, 'journal'))).slice(-1)
  t.match(last?.entry, { kind: 'review', body: { step: 'done', by: 'ana', lifts: 'earlier' } })
})

t.test('done without lifting frees nothing, and nothing else can be lifted', async t => {
  const given = await books(t)
  const id = await decided(given, { decision: DENY, inquiry, consulted })
  const other = await decided(given, {}, emergency)
  t.match(await given.tasks.done(`${other}.1`, { note: 'seen', lift: true }, ana), {
    ok: false,
    code: 'invalid',
    message: /leave lift out/,
  })
  ok(await given.tasks.done(`${id}.1`, { note: 'rightly refused' }, ana))
  const events = (await allEntries(join(given.home, 'journal'))).filter(({ entry }) => entry.kind === 'review')
  t.equal(events.length, 1)
  t.notMatch(JSON.stringify(events), /lifts|rightly/)
})

t.test('a task is done by somebody who may, with a note, once', async t => {
  const given = await books(t)
  const id = await decided(given, { decision: owing({ notify: 'data-subject' }, { review: 'look' }) })
  const [notice, review] = [`${id}.1`, `${id}.2`]
  const done = (task: string, note: string, by: typeof ana) => given.tasks.done(task, { note }, by)
  t.match(await done(notice, 'told', eve), { ok: false, code: 'forbidden' })
  t.match(await done(review, 'seen', clerk), { ok: false, code: 'forbidden', message: /role counsel/ })
  t.match(await done(review, 'seen', eve), { ok: false, code: 'forbidden' })
  t.match(await done(notice, ' ', clerk), { ok: false, code: 'invalid' })
  for (const nothing of ['none', id, `${id}.3`, `${id}.0`]) t.match(await done(nothing, 'x', ana), { ok: false, code: 'not-found' })
  t.match(ok(await done(notice, 'told by letter', clerk)), { id: notice, state: 'done', done: { by: 'clerk', at: START }, overdue: false })
  t.match(ok(await done(review, 'in order', ana)), { state: 'done' })
  t.match(await done(notice, 'again', ana), { ok: false, code: 'conflict' })
  const [first, second] = await Promise.all(['a', 'b'].map(async note => done(`${await decided(given, {}, emergency)}.1`, note, ana)))
  t.match([first, second], [{ ok: true }, { ok: true }])
  const again = `${await decided(given, {}, emergency)}.1`
  t.same(
    (await Promise.all([done(again, 'a', ana), done(again, 'b', ana)])).map(one => one.ok),
    [true, false],
  )
})

t.test('what is overdue says so; what was done stays listed for 30 days, what is open for ever', async t => {
  const given = await books(t)
  const id = await decided(given, { decision: owing({ notify: 'data-subject', within: '3 days' }, { notify: 'head', within: '3 days' }) })
  given.clock.now = START + 3 * DAY
  t.same(
    notices(given).map(({ overdue }) => overdue),
    [false, false],
  )
  given.clock.now += 1
  t.same(
    notices(given).map(({ overdue }) => overdue),
    [true, true],
  )
  ok(await given.tasks.done(`${id}.1`, { note: 'told' }, clerk))
  t.same(
    notices(given).map(({ overdue }) => overdue),
    [false, true],
  )
  const doneAt = given.clock.now
  given.clock.now = doneAt + 30 * DAY - 1
  t.equal(notices(given).length, 2)
  given.clock.now = doneAt + 30 * DAY
  t.match(notices(given), [{ id: `${id}.2`, state: 'open', overdue: true }])
  t.match(await given.tasks.show(`${id}.1`, ana), { ok: false, code: 'not-found' })
  given.clock.now += 5000 * DAY
  await decided(given, {}) // memory is given back here
  t.match(notices(given), [{ id: `${id}.2` }])
  t.equal(notices(given).length, 1)
})

t.test('the notice that a hold waits for is owed once, by the decision that opened it', async t => {
  const given = await books(t)
  const obligations: Obligation[] = [
    { notify: 'data-subject', before: '3 business days' },
    { notify: 'head', within: '1 day' },
  ]
  const asked = ask({}, { order: NOTICE, obligations })
  const hold = await held(given, asked)
  // START is a Tuesday.
  t.match(notices(given), [
    { what: 'data-subject', before: hold, dueAt: START + 3 * DAY },
    { what: 'head', before: null, dueAt: START + DAY },
  ])
  t.equal(await held(given, asked), hold)
  const open = () => notices(given).filter(({ what }) => what === 'data-subject')
  t.equal(open().length, 1, 'asking again owes nothing more before')
  t.match(notices(given)[1], { what: 'head', times: 2 }, 'and what it owes besides is one matter while it is open')
  t.equal(notices(given).length, 2)
  ok(await given.tasks.done(open()[0]?.id ?? '', { note: 'told' }, clerk))
  t.equal(await passes(given, withHold(asked, hold)), true)
  t.equal(open().length, 1, 'nor does the disclosure that the notice came before')
  await decided(given, { decision: owing({ notify: 'data-subject', before: '2 days' }) })
  t.match(open()[1], { before: null, dueAt: START + 2 * DAY }, 'where nothing waited for it, it is owed afterwards')
})

t.test('whom a notice concerns is sealed to counsel', async t => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  const given = await books(t, { seal: makeSeal(await exportJWK(publicKey)) })
  const id = await decided(given, { decision: owing({ review: 'look' }, { notify: 'data-subject' }, { notify: 'head' }) })
  for (const n of [2, 3]) {
    const { sealed } = ok(await given.tasks.show(`${id}.${n}`, ana))
    t.match(JSON.parse(await openSealed(sealed ?? '', await exportJWK(privateKey))), {
      dataSubjects: ['4711'],
      target: STATUS.upstream.target,
    })
  }
  t.match(ok(await given.tasks.show(`${id}.1`, ana)), { kind: 'review', sealed: null })
  t.match(ok(await given.tasks.show(`${id}.2`, eve)), { sealed: null })
  t.match(ok(await given.tasks.show(`${id}.2`, clerk)), { sealed: null })
  t.match(await given.tasks.show(`${id}.1`, clerk), { ok: false, code: 'forbidden' })
  t.match(await given.tasks.show('none', clerk), { ok: false, code: 'not-found' })
  const bare = await decided(given, { decision: owing({ review: 'look' }) })
  t.equal((await allEntries(join(given.home, 'journal'))).filter(({ entry }) => entry.kind === 'notice').length, 1, bare)
})

t.test('without a key nothing is kept of a notice', async t => {
  const given = await books(t)
  const id = await decided(given, { decision: owing({ notify: 'data-subject' }) })
  t.match(ok(await given.tasks.show(`${id}.1`, ana)), { sealed: null })
  t.notOk((await allEntries(join(given.home, 'journal'))).some(({ entry }) => entry.kind === 'notice'))
})

t.test('a restart has the same tasks, and a lost note makes one open again', async t => {
  const first = await books(t)
  const id = await decided(first, { decision: owing({ notify: 'data-subject' }, { review: 'look' }) })
  ok(await first.tasks.done(`${id}.1`, { note: 'told' }, clerk))
  const before = [notices(first), reviews(first)]
  await first.close()
  const given = await books(t, { home: first.home, clock: first.clock })
  t.same([notices(given), reviews(given)], before)
  const lost = booksOver({ ...given.parts, read: () => null })
  for (const { entry } of await allEntries(join(given.home, 'journal'))) lost.observe(entry)
  t.match(lost.tasks.list('notice'), [{ state: 'open', done: null }])
})

const told: Obligation = { notify: 'data-subject', within: '3 days' }
const refusing: Judgement['decision'] = { ...DENY, obligations: [told] }

t.test('the same refusal again and again is one notice, counted; another one is another', async t => {
  const given = await books(t)
  const asked = ask()
  for (let i = 0; i < 20; i++) await decided(given, { decision: refusing }, asked)
  t.match(notices(given), [{ what: 'data-subject', times: 20, dueAt: START + 3 * DAY }])
  t.equal(notices(given).length, 1)
  const others: readonly [string, ReturnType<typeof ask>, Judgement['decision']][] = [
    ['another login', ask({ login: { ...HUD.login, subject: 'auditor-2' } }), refusing],
    ['another person', ask({}, { facts: { ...STATUS, dataSubjects: ['4712'] } }), refusing],
    ['another source', ask({}, { facts: { ...STATUS, source: 'benefits' } }), refusing],
    ['another duty', asked, { ...DENY, obligations: [{ notify: 'head', within: '3 days' }] }],
    ['another term', asked, { ...DENY, obligations: [{ ...told, within: '1 day' }] }],
  ]
  for (const [what, other, decision] of others) {
    const before = notices(given).length
    for (let i = 0; i < 2; i++) await decided(given, { decision, query: other.facts }, other)
    t.equal(notices(given).length, before + 1, what)
    t.equal(notices(given).at(-1)?.times, 2, what)
  }
  ok(await given.tasks.done(notices(given)[0]?.id ?? '', { note: 'told' }, clerk))
  await decided(given, { decision: refusing }, asked)
  t.match(notices(given).at(-1), { state: 'open', times: 1 }, 'after it was done the next refusal is a new matter')
})

t.test('what was let out is owed each time', async t => {
  const given = await books(t)
  for (let i = 0; i < 3; i++) await decided(given, { decision: owing(told) })
  await decided(given, { decision: refusing })
  t.same(
    notices(given).map(({ times }) => times),
    [1, 1, 1, 1],
  )
})

t.test('where no person is named, only the same call is the same matter', async t => {
  const given = await books(t)
  const nobody = ask({}, { facts: { ...STATUS, dataSubjects: [] } })
  const query = nobody.facts
  for (let i = 0; i < 3; i++) await decided(given, { decision: refusing, query }, nobody)
  await decided(given, { decision: refusing, query, call: { ...permitted('other').call, query: 'name=eq.Roe' } }, nobody)
  t.same(
    notices(given).map(({ times }) => times),
    [3, 1],
  )
})

t.test('a retry has one review while it is open, however often it is tried', async t => {
  const given = await books(t)
  for (let i = 0; i < 5; i++) await decided(given, { decision: DENY, inquiry, consulted })
  t.match(reviews(given), [{ retryOf: 'earlier', times: 5 }])
  t.equal(reviews(given).length, 1)
  await decided(given, { decision: DENY, inquiry, consulted: { ...consulted, retry: { ...consulted.retry!, of: 'other' } } })
  await decided(given, { inquiry, consulted })
  t.same(
    reviews(given).map(({ retryOf, times }) => [retryOf, times]),
    [
      ['earlier', 5],
      ['other', 1],
      ['earlier', 1],
    ],
    'another refusal has its own, and so has a permit',
  )
})

t.test('counted refusals are counted the same after a restart, and their notice says whom it concerns', async t => {
  const seal = async (text: string) => text
  const first = await books(t, { seal })
  const both: Judgement['decision'] = { ...DENY, obligations: [told, { notify: 'head' }] }
  await decided(first, { decision: refusing })
  const id = await decided(first, { decision: both })
  await decided(first, { decision: both })
  const before = notices(first)
  t.match(before, [{ times: 3 }, { id: `${id}.2`, what: 'head', times: 2 }])
  await first.close()
  const given = await books(t, { home: first.home, clock: first.clock, seal })
  t.same(notices(given), before)
  for (const task of before) t.match(ok(await given.tasks.show(task.id, ana)).sealed, /4711/, task.what)
})

t.test('what is done of many is done of all, in one step, and what came after is open', async t => {
  const given = await books(t)
  const ids: string[] = []
  for (let i = 0; i < 150; i++) ids.push(await decided(given, { decision: DENY, inquiry, consulted }))
  const other = await decided(given, { decision: DENY, inquiry, consulted: { ...consulted, retry: { ...consulted.retry!, of: 'other' } } })
  t.match(ok(await given.tasks.done(`${ids[0]}.1`, { note: 'mistaken', lift: true }, ana)), { state: 'done', times: 150 })
  const events = (await allEntries(join(given.home, 'journal'))).filter(({ entry }) => entry.kind === 'review')
  t.equal(events.length, 150)
  t.equal(events.filter(({ entry }) => JSON.stringify(entry).includes('lifts')).length, 1, 'and the refusal is lifted once')
  await decided(given, { decision: DENY, inquiry, consulted })
  t.same(
    reviews(given).map(({ state, times }) => [state, times]),
    [
      ['done', 150],
      ['open', 1],
      ['open', 1],
    ],
  )
  t.equal(reviews(given)[1]?.id, `${other}.1`)
  t.match(await given.tasks.done(`${ids[7]}.1`, { note: 'again' }, ana), { ok: false, code: 'conflict' })
})

t.test('counsel who refuses what waits for a notice closes the notice', async t => {
  const given = await books(t)
  const before: Obligation = { notify: 'data-subject', before: '3 days' }
  const asked = ask({}, { order: NOTICE, obligations: [before] })
  const [refused, other] = [await held(given, asked), await held(given, { ...asked, parties: { ...HUD, caseNumber: '2' } })]
  ok(await given.holds.refuse(refused, 'no', ana))
  t.match(
    notices(given).map(task => [task.before, task.state, task.done?.by]),
    [
      [refused, 'done', 'ana'],
      [other, 'open', undefined],
    ],
  )
  ok(await given.tasks.done(notices(given)[1]?.id ?? '', { note: 'told' }, clerk))
  t.equal(await passes(given, withHold({ ...asked, parties: { ...HUD, caseNumber: '2' } }, other)), true, 'the other one is given')
})
