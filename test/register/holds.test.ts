import { join } from 'node:path'
import t from 'tap'
import { createHolds } from '../../src/register/holds.ts'
import type { Hold } from '../../src/terms/decision.ts'
import type { Parties } from '../../src/terms/parties.ts'
import type { QueryFacts } from '../../src/terms/query-facts.ts'
import { allEntries, DENY, PARTY, permitted } from '../audit/given.ts'
import { ana, ask, books, clerk, DAY, HOUR, HUD, held, judge, NOTICE, ORDER, ok, passes, START, STATUS, withHold } from './given.ts'

const because = { reason: 'reviewed' }
const HELD: Hold = { ...DENY, kind: 'hold', held: ORDER.classes, hold: ORDER }
const warrant = { kind: 'judicial-warrant', state: 'entered', covers: 'none', sealed: false } as const

t.test('a hold says what was asked, by whom, why, by which rule and until when, and no value', async t => {
  const given = await books(t)
  const asked = ask({ caseNumber: 'HUD-77-secret', reason: 'about Jane Doe' }, { attestable: true })
  const id = await held(given, asked)
  t.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  const [hold] = given.holds.list()
  t.match(hold, {
    ...{ id, state: 'open', agency: 'us-hud', purpose: 'audit', decision: /^call-/, rules: ORDER.rules, classes: ORDER.classes },
    ...{ scope: 'residents.residents: address, citizenship', openedAt: START, dueAt: START + 72 * HOUR, expiresAt: START + 33 * DAY },
    ...{ overdue: false, attestable: true, people: 1, release: null, escalatedFrom: [] },
  })
  const text = JSON.stringify(await allEntries(join(given.home, 'journal')))
  for (const value of ['4711', '77-secret', 'Jane', 'auditor-1', 'hud.test']) t.notMatch(text, value)
})

t.test('whose hold it is sees it; nobody else does', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  const login = HUD.login
  t.match(given.holds.findOwn(id, login), { id, state: 'open' })
  for (const other of [
    { ...login, subject: 'auditor-2' },
    { ...login, issuer: 'https://other.test' },
    { issuer: `${login.issuer}${login.subject}`, subject: '' },
  ])
    t.equal(given.holds.findOwn(id, other), null)
  t.equal(given.holds.findOwn('01900000-0000-7000-8000-000000000000', login), null)
})

t.test('the same question of another login is a hold of its own', async t => {
  const given = await books(t)
  const login = { ...HUD.login, subject: 'auditor-2' }
  const [mine, theirs] = [await held(given, ask()), await held(given, ask({ login }))]
  t.not(mine, theirs)
  t.match([given.holds.findOwn(mine, HUD.login), given.holds.findOwn(theirs, login)], [{ id: mine }, { id: theirs }])
})

t.test('asking again gives the open one; a hold is none before the journal has it', async t => {
  const given = await books(t)
  const asked = ask()
  const open = () => given.holds.open(asked.order, asked.parties, asked.facts, false)
  t.not(open().id, open().id)
  t.same(given.holds.list(), [], 'opening alone leaves nothing behind')
  const first = judge(given, asked) // nothing is awaited between the two
  const second = judge(given, asked)
  await Promise.all([first.recorded, second.recorded])
  t.match(first.judgement.hold, { opened: true })
  t.match(second.judgement.hold, { id: first.judgement.hold?.id, opened: false })
  t.not(await held(given, { ...asked, order: NOTICE }), first.judgement.hold?.id, 'a notice is another matter')
  t.not(await held(given, { ...asked, order: { ...ORDER, people: 2 } }), first.judgement.hold?.id, 'as is a rule that wants two people')
  given.clock.now += 33 * DAY
  t.not(await held(given, asked), first.judgement.hold?.id, 'one that is over is not found again')
})

const two: Parties['recipients'] = [
  ...HUD.recipients,
  { ...PARTY, id: 'us-dhs-ice-ero', category: 'immigration-authority', via: 'declared' },
]
const upstream = (more: Partial<QueryFacts['upstream']>) => ({ facts: { ...STATUS, upstream: { ...STATUS.upstream, ...more } } })
const others: readonly [string, ReturnType<typeof ask>][] = [
  ['purpose', ask({ purpose: { ...HUD.purpose, code: 'research' } })],
  ['a further recipient', ask({ recipients: two })],
  ['a flag that a recipient has since', ask({ recipients: [{ ...HUD.requester, flags: ['287g'] }] })],
  ['requester', ask({ requester: { ...HUD.requester, id: 'us-doj' } })],
  ['process by kind', ask({ process: warrant })],
  ['process by id', ask({ presented: { process: 'a'.repeat(32), hold: null } })],
  ['case number', ask({ caseNumber: 'X-1' })],
  ['reason', ask({ reason: 'another audit' })],
  ['source', ask({}, { facts: { ...STATUS, source: 'benefits' } })],
  ['method', ask({}, upstream({ method: 'HEAD' }))],
  ['target', ask({}, upstream({ target: '/residents?id=eq.4712&select=citizenship,address,name' }))],
  ['body', ask({}, upstream({ body: Buffer.from('{}') }))],
  ['an empty body', ask({}, upstream({ body: new Uint8Array(0) }))],
  ['what the record API is told in a header', ask({}, upstream({ headers: new Map([['prefer', 'return=representation']]) }))],
]

t.test('a release is for one call: any other opens a hold of its own and is not let through', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  ok(await given.holds.release(id, because, ana))
  for (const [what, other] of others) {
    const presented = { process: other.parties.presented.process, hold: id }
    const call = { ...other, parties: { ...other.parties, presented } }
    t.match(given.holds.present(call.parties, call.facts), { lift: null, attested: false, remark: 'hold.other-call' }, what)
    t.not(await held(given, other), id, `${what}: another hold`)
  }
  t.equal(await passes(given, withHold(ask(), id)), true, 'and the call itself passes')
})

t.test('what does not change a call does not spoil its release', async t => {
  const given = await books(t)
  const id = await held(given, ask({ caseNumber: 'X-1', recipients: two, reason: 'the yearly audit' }))
  ok(await given.holds.release(id, because, ana))
  const recipients = two.toReversed().map(party => ({ ...party, via: 'reshare' as const }))
  const again = ask({ caseNumber: ' x-1 ', recipients, reason: ' the yearly audit\n' })
  const order = { ...ORDER, classes: ['status'] as const, rules: ['us-1373/status'] }
  t.equal(await passes(given, withHold({ ...again, order }, id)), true)
})

t.test('another login cannot use it, and learns nothing: the words are those for a hold that does not exist', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  const waiting = given.holds.present(withHold(ask(), id).parties, STATUS)
  ok(await given.holds.release(id, because, ana))
  const none = { lift: null, attested: false, noticed: null, remark: 'hold.not-released' }
  t.same(waiting, none)
  for (const login of [
    { ...HUD.login, subject: 'auditor-2' },
    { ...HUD.login, issuer: 'https://other.test' },
  ])
    t.same(given.holds.present(withHold(ask({ login }), id).parties, STATUS), none)
  t.same(given.holds.present(withHold(ask(), 'nothing').parties, STATUS), none)
  t.same(given.holds.present(withHold(ask(), '').parties, STATUS), none)
  t.equal(await passes(given, withHold(ask(), id)), true)
})

t.test('it is good once, also for two calls in the same moment', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  ok(await given.holds.release(id, because, ana))
  const call = withHold(ask(), id)
  const both = [judge(given, call), judge(given, call)] // nothing is awaited between the two
  await Promise.all(both.map(({ recorded }) => recorded))
  t.same(
    both.map(({ judgement }) => judgement.decision.kind),
    ['permit', 'hold'],
  )
  t.match(both[1]?.judgement.consulted?.remarks, ['hold.not-released'])
  t.equal(given.holds.findOwn(id, HUD.login)?.state, 'used')
  t.equal(await passes(given, call), false)
})

t.test('a call that is refused for something else does not use it up', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  ok(await given.holds.release(id, because, ana))
  const refused = judge(given, withHold(ask(), id), { decision: DENY })
  await refused.recorded
  t.match(refused.judgement.consulted?.lift, { hold: id }, 'it was presented')
  t.equal(given.holds.findOwn(id, HUD.login)?.state, 'released')
  t.equal(await passes(given, withHold(ask(), id)), true)
})

t.test('it ends with its time, and a clock that is set back revives nothing', async t => {
  const given = await books(t)
  const asked = ask()
  const id = await held(given, asked)
  ok(await given.holds.release(id, { ...because, hours: 2 }, ana))
  t.equal(given.holds.findOwn(id, HUD.login)?.expiresAt, START + 2 * HOUR, 'the caller sees until when')
  given.clock.now = START + 2 * HOUR - 1
  t.match(given.holds.present(withHold(asked, id).parties, STATUS), { lift: { hold: id } })
  given.clock.now = START + 2 * HOUR
  t.match(given.holds.present(withHold(asked, id).parties, STATUS), { lift: null, remark: 'hold.not-released' })
  await held(given, ask({ caseNumber: 'another' })) // the journal has seen this time
  given.clock.now = START
  t.match(given.holds.present(withHold(asked, id).parties, STATUS), { lift: null, remark: 'hold.not-released' })
  t.equal(given.holds.findOwn(id, HUD.login)?.state, 'expired')
})

t.test('a release that outlives its ticket ends with it', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  given.clock.now = START + 33 * DAY - HOUR
  ok(await given.holds.release(id, { ...because, hours: 168 }, ana))
  t.equal(given.holds.findOwn(id, HUD.login)?.expiresAt, START + 33 * DAY)
  given.clock.now = START + 33 * DAY
  t.equal(await passes(given, withHold(ask(), id)), false)
  given.clock.now = START + 63 * DAY - 1
  t.equal(given.holds.findOwn(id, HUD.login)?.state, 'expired')
  given.clock.now = START + 63 * DAY
  t.equal(given.holds.findOwn(id, HUD.login), null, 'a month later it is forgotten')
  t.notOk(given.holds.list().some(hold => hold.id === id))
  t.match(await given.holds.show(id, ana), { ok: false, code: 'not-found' })
})

t.test('what waits for a notice is free once the notice was given, for the same call, once', async t => {
  const given = await books(t)
  const asked = ask({}, { order: NOTICE, obligations: [{ notify: 'data-subject', before: '3 business days' }] })
  const id = await held(given, asked)
  t.equal(await passes(given, withHold(asked, id)), false)
  t.match(await given.holds.release(id, because, ana), { ok: false, code: 'conflict', message: /waits for a notice/ })
  const [notice] = given.tasks.list('notice')
  t.equal(notice?.before, id)
  await given.holds.noticed(id, clerk)
  t.equal(given.holds.findOwn(id, HUD.login)?.state, 'open', 'saying so does not do it while the notice is owed')
  ok(await given.tasks.done(notice?.id ?? '', { note: 'letter of today' }, clerk))
  t.match(given.holds.findOwn(id, HUD.login), { state: 'released', release: { by: ['clerk'], attests: false } })
  const counsel = { ...asked, order: ORDER }
  t.match(given.holds.present(withHold(counsel, id).parties, STATUS), { lift: null, noticed: id })
  t.match(given.holds.present(withHold(ask({ caseNumber: '1' }), id).parties, STATUS), { noticed: null, remark: 'hold.other-call' })
  t.equal(await passes(given, withHold(asked, id)), true)
  t.equal(await passes(given, withHold(asked, id)), false)
  t.equal(given.tasks.list('notice').filter(({ state }) => state === 'open').length, 1, 'asking again after that owes a notice again')
})

t.test('two notices are owed: one of them frees nothing', async t => {
  const given = await books(t)
  const obligations = [
    { notify: 'data-subject', before: '3 days' },
    { notify: 'attorney', before: '1 day' },
  ]
  const asked = ask({}, { order: NOTICE, obligations })
  const id = await held(given, asked)
  const [first, second] = given.tasks.list('notice')
  ok(await given.tasks.done(first?.id ?? '', { note: 'told' }, clerk))
  await given.holds.noticed(id, clerk)
  t.equal(await passes(given, withHold(asked, id)), false)
  ok(await given.tasks.done(second?.id ?? '', { note: 'told' }, clerk))
  t.equal(await passes(given, withHold(asked, id)), true)
})

t.test('a notice frees nothing after counsel refused, or when the hold is over', async t => {
  const given = await books(t)
  const asked = ask({}, { order: NOTICE, obligations: [{ notify: 'data-subject', before: '3 days' }] })
  const [refused, over] = [await held(given, asked), await held(given, { ...asked, parties: { ...asked.parties, caseNumber: '2' } })]
  ok(await given.holds.refuse(refused, 'no', ana))
  t.match(given.tasks.list('notice')[0], { before: refused, state: 'done' }, 'refusing closes its notice')
  given.clock.now += 34 * DAY
  for (const { id } of given.tasks.list('notice')) ok(await given.tasks.done(id, { note: 'told' }, clerk))
  t.match(given.holds.findOwn(refused, HUD.login), { state: 'refused', release: null })
  t.equal(given.holds.findOwn(over, HUD.login)?.state, 'expired')
})

t.test('what counsel is to see of a call is kept once and not replaced', async t => {
  const given = await books(t, { seal: async text => text })
  const { judgement, recorded } = judge(given, ask({ reason: 'the first' }))
  await recorded
  await given.holds.keep({ ...judgement, parties: { ...HUD, reason: 'another' } })
  await given.holds.keep({ ...judgement, hold: judgement.hold && { ...judgement.hold, opened: false } })
  t.match(ok(await given.holds.show(judgement.hold?.id ?? '', ana)).sealed, /the first/)
})

t.test('a notice that nobody owes as a task is said at the hold, by those who may', async t => {
  const given = await books(t)
  const asked = ask({}, { order: NOTICE })
  const id = await held(given, asked)
  await given.holds.noticed(id, { person: 'eve', roles: new Set(['auditor']) })
  t.equal(given.holds.findOwn(id, HUD.login)?.state, 'open')
  await given.holds.noticed(id, clerk)
  await given.holds.noticed(id, clerk)
  t.same(
    given.holds.list()[0]?.history.map(({ step }) => step),
    ['kept', 'noticed'],
  )
  given.clock.now += 7 * DAY
  t.equal(await passes(given, withHold(asked, id)), false, 'a week later it is over')
  const counsel = await held(given, ask())
  await given.holds.noticed(counsel, clerk)
  t.equal(given.holds.findOwn(counsel, HUD.login)?.state, 'open', 'what waits for counsel is not freed by a notice')
})

t.test('when as many are open as the gate keeps, it refuses, and what is over makes room', async t => {
  const given = await books(t)
  const holds = createHolds(given.parts)
  const asked = ask()
  const open = () => holds.open(asked.order, asked.parties, asked.facts, false)
  const ticket = open()
  for (let i = 0; i < 50_000; i++) {
    const hold = {
      ...ticket,
      id: `hold-${i}`,
      binding: `binding-${i}`,
      agency: `agency-${i % 50}`,
      expiresAt: START + (i < 2 ? HOUR : 33 * DAY),
    }
    holds.observe({ kind: 'decision', id: `many-${i}`, t_wall: START, hold: { ...hold } })
  }
  t.throws(open, { code: 'fault.overload', reply: 'unavailable' })
  t.match(given.holds.open(asked.order, asked.parties, asked.facts, false), { opened: true }, 'another register is not full')
  given.clock.now += HOUR
  t.match(open(), { opened: true })
  const hold = (id: string) => ({ ...ticket, id, binding: id, agency: id })
  for (const id of ['a', 'b']) holds.observe({ kind: 'decision', id, t_wall: START, hold: hold(id) })
  t.throws(open, { code: 'fault.overload' })
})

t.test('one agency, or one person, takes the room of no other, and has its own again when one is closed', async t => {
  for (const [agency, other] of [
    [HUD, { ...HUD, requester: { ...HUD.requester, id: 'us-doj' } }],
    [
      { ...HUD, requester: { ...HUD.requester, id: 'person' } },
      { ...HUD, requester: { ...HUD.requester, id: 'person' }, login: { ...HUD.login, subject: 'neighbour' } },
    ],
  ] as const) {
    const given = await books(t)
    const open = (parties: Parties) => given.holds.open(ORDER, parties, STATUS, false)
    const first = await held(given, ask({ ...agency, caseNumber: 'first' }))
    const ticket = open(agency)
    for (let i = 1; i < 1_000; i++)
      given.holds.observe({ kind: 'decision', id: `d-${i}`, t_wall: START, hold: { ...ticket, id: `hold-${i}`, binding: `b-${i}` } })
    t.throws(() => open(agency), { code: 'fault.overload', reply: 'unavailable' })
    t.match(
      given.holds.open(ORDER, { ...agency, caseNumber: 'first' }, STATUS, false),
      { id: first, opened: false },
      'an open one is found',
    )
    t.match(open(other), { opened: true }, 'others are not touched')
    ok(await given.holds.refuse(first, 'no', ana))
    t.match(open(agency), { opened: true })
  }
})

t.test('what could not be kept is kept when the caller asks again, and nothing is released unseen', async t => {
  for (const seal of [async (text: string) => text, null]) {
    const given = await books(t, { seal })
    const hold = given.holds.open(ORDER, HUD, STATUS, false)
    // The file was full: the entry is there, and no `keep` came through.
    await given.journal.recordDecision({ ...permitted('unkept', { parties: HUD, query: STATUS, hold }), decision: HELD })
    if (seal) {
      t.match(ok(await given.holds.show(hold.id, ana)), { sealed: null })
      t.match(await given.holds.release(hold.id, because, ana), { ok: false, code: 'conflict', message: /until the caller asks again/ })
      t.equal(await held(given, ask()), hold.id)
      t.match(ok(await given.holds.show(hold.id, ana)).sealed, /4711/)
    }
    ok(await given.holds.release(hold.id, because, ana))
    t.equal(await passes(given, withHold(ask(), hold.id)), true, 'without a key there is nothing to wait for')
  }
})
