import { exportJWK, generateKeyPair } from 'jose'
import t from 'tap'
import type { ReleaseOrder } from '../../src/register/holds.ts'
import { makeSeal, openSealed } from '../../src/register/seal.ts'
import {
  actor,
  ana,
  ask,
  ben,
  books,
  clerk,
  DAY,
  eve,
  type Given,
  HOUR,
  HUD,
  held,
  ORDER,
  ok,
  passes,
  START,
  STATUS,
  withHold,
} from './given.ts'

const because = { reason: 'reviewed' }
const both = { ...ORDER, people: 2 } as const
const present = (given: Given, id: string) => given.holds.present(withHold(ask(), id).parties, STATUS)
const steps = (given: Given, id: string) =>
  given.holds
    .list()
    .find(hold => hold.id === id)
    ?.history.map(({ step, by }) => [step, by])

t.test('counsel releases in whole: every class and rule of the ticket, for a day', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  const hold = ok(await given.holds.release(id, because, ana))
  t.match(hold, {
    state: 'released',
    release: { classes: ORDER.classes, rules: ORDER.rules, attests: false, until: START + DAY, by: ['ana'] },
  })
  t.same(present(given, id), {
    lift: { hold: id, rules: ORDER.rules, classes: ORDER.classes },
    attested: false,
    noticed: null,
    remark: null,
  })
})

t.test('counsel releases in part: what is not named stays held', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  ok(await given.holds.release(id, { ...because, classes: ['status'], rules: ['us-1373/status'] }, ana))
  t.match(present(given, id).lift, { hold: id, rules: ['us-1373/status'], classes: ['status'] })
  t.equal(present(given, id).lift?.classes.length, 1)
  t.match(
    await given.holds.release(id, because, ben),
    { ok: false, code: 'conflict', message: /is released/ },
    'the rest is not added later',
  )
})

t.test('an order that the ticket does not carry is refused, and leaves the hold open', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  const wrong: readonly [string, ReleaseOrder, RegExp][] = [
    ['no reason', { reason: '' }, /say why/],
    ['a blank reason', { reason: ' \n' }, /say why/],
    ['a class that is not held', { ...because, classes: ['status', 'health'] }, /status, locating/],
    ['no class', { ...because, classes: [] }, /name some of the classes/],
    ['a rule that does not hold it', { ...because, rules: ['us-ca-values-act/personal-information'] }, /name some of the rules/],
    ['no rule', { ...because, rules: [] }, /name some of the rules/],
    ['an attestation nobody asked for', { ...because, attests: true }, /no rule asks counsel to attest/],
    ['no time', { ...because, hours: 0 }, /1 to 168/],
    ['more than a week', { ...because, hours: 169 }, /1 to 168/],
    ['half an hour', { ...because, hours: 0.5 }, /1 to 168/],
    ['no number', { ...because, hours: Number.NaN }, /1 to 168/],
    ['for ever', { ...because, hours: Number.POSITIVE_INFINITY }, /1 to 168/],
  ]
  for (const [what, order, message] of wrong)
    t.match(await given.holds.release(id, order, ana), { ok: false, code: 'invalid', message }, what)
  for (const person of [eve, clerk, actor('zoe')])
    t.match(await given.holds.release(id, because, person), { ok: false, code: 'forbidden' }, person.person)
  t.match(await given.holds.release('none', because, ana), { ok: false, code: 'not-found' })
  t.equal(given.holds.list()[0]?.state, 'open')
  t.match(ok(await given.holds.release(id, { ...because, hours: 168 }, ana)), { state: 'released', expiresAt: START + 7 * DAY })
})

t.test('counsel refuses, with a reason, and that is the end of it', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  t.match(await given.holds.refuse(id, ' ', ana), { ok: false, code: 'invalid' })
  t.match(await given.holds.refuse(id, 'no', eve), { ok: false, code: 'forbidden' })
  t.match(await given.holds.refuse('none', 'no', ana), { ok: false, code: 'not-found' })
  t.match(ok(await given.holds.refuse(id, 'not lawful', ana)), { state: 'refused', release: null })
  t.match(await given.holds.release(id, because, ben), { ok: false, code: 'conflict', message: /is refused/ })
  t.match(await given.holds.refuse(id, 'again', ben), { ok: false, code: 'conflict' })
  t.equal(present(given, id).remark, 'hold.not-released')
  t.match(given.holds.findOwn(id, HUD.login), { state: 'refused', expiresAt: START + 33 * DAY })
  given.clock.now += 40 * DAY
  t.equal(given.holds.findOwn(id, HUD.login)?.state, 'refused')
})

t.test('where two people are needed, one is not enough, whatever the login', async t => {
  const given = await books(t)
  const id = await held(given, ask({}, { order: both }))
  t.match(ok(await given.holds.release(id, because, ana)), { state: 'open', release: null })
  t.equal(present(given, id).remark, 'hold.not-released')
  t.match(await given.holds.release(id, because, ana), { ok: false, code: 'conflict', message: /another person/ })
  const otherLogin = actor('ana', 'counsel', 'operator') // one person, however many logins
  t.match(await given.holds.release(id, because, otherLogin), { ok: false, code: 'conflict', message: /another person/ })
  t.match(ok(await given.holds.release(id, because, ben)), { state: 'released', release: { by: ['ana', 'ben'] } })
  t.same(steps(given, id), [
    ['kept', null],
    ['agreed', 'ana'],
    ['released', 'ben'],
  ])
  t.equal(await passes(given, withHold(ask(), id)), true)
})

t.test('two people order the same; what differs is said', async t => {
  const given = await books(t)
  const id = await held(given, ask({}, { order: both, attestable: true }))
  ok(await given.holds.release(id, { ...because, classes: ['status'], hours: 48 }, ana))
  const second = (order: Partial<ReleaseOrder>) => given.holds.release(id, { ...because, ...order }, ben)
  t.match(await second({}), { ok: false, code: 'conflict', message: /ana ordered .*classes status, not locating, status/ })
  t.match(await second({ classes: ['status'], rules: ['us-1373/status'] }), { ok: false, code: 'conflict', message: /rules/ })
  t.match(await second({ attests: true }), { ok: false, code: 'conflict', message: /a release, not that the purpose is attested/ })
  t.equal(given.holds.list()[0]?.state, 'open')
  ok(await given.holds.release(id, { ...because, rules: ['us-1373/status'], hours: 48 }, ana))
  t.match(await second({ classes: ['status'] }), { ok: false, code: 'conflict' }, 'the first may order anew; then that counts')
  const hold = ok(await second({ rules: ['us-1373/status'], hours: 2 }))
  t.match(hold.release, { classes: ORDER.classes, rules: ['us-1373/status'], until: START + 2 * HOUR }, 'the shorter of the two times')
})

t.test('either of two may refuse alone; the word of one who has left does not count', async t => {
  const people = new Set(['ana', 'ben', 'cy'])
  const given = await books(t, { isPerson: id => people.has(id) })
  const id = await held(given, ask({}, { order: both }))
  ok(await given.holds.release(id, because, ana))
  people.delete('ana')
  t.match(ok(await given.holds.release(id, because, ben)), { state: 'open' }, 'ben is the first now')
  t.match(ok(await given.holds.release(id, because, actor('cy', 'counsel'))), { state: 'released', release: { by: ['ben', 'cy'] } })
  const other = await held(given, ask({ caseNumber: '2' }, { order: both }))
  ok(await given.holds.release(other, because, ben))
  t.match(ok(await given.holds.refuse(other, 'no', actor('cy', 'counsel'))), { state: 'refused' })
})

t.test(
  'an attestation frees every call about a person, of the same source, agency, purpose, recipients and case, until it ends',
  async t => {
    const given = await books(t)
    const asked = ask({ caseNumber: 'HUD-1' }, { attestable: true })
    const id = await held(given, asked)
    const more = { classes: ['status'] as const, attests: true, reason: 'called the inspector' }
    t.match(await given.holds.release(id, more, ana), { ok: false, code: 'invalid', message: /about the purpose/ })
    ok(await given.holds.release(id, { attests: true, reason: 'called the inspector', hours: 5 }, ana))
    const facts = { ...STATUS, dataSubjects: ['12'], upstream: { ...STATUS.upstream, target: '/other' } }
    const login = { ...HUD.login, subject: 'auditor-2' }
    for (const call of [
      asked,
      withHold(asked, id),
      { ...asked, facts },
      ask({ caseNumber: 'hud-1 ', login }),
      withHold({ ...asked, facts }, id),
    ])
      t.same(given.holds.present(call.parties, call.facts), { lift: null, attested: true, noticed: null, remark: null })
    t.same([await passes(given, asked), await passes(given, asked)], [true, true], 'it is not used up')
    const ero = { ...HUD.requester, id: 'us-dhs-ice-ero' }
    const not = [
      ask(),
      ask({ caseNumber: 'HUD-2' }),
      ask({ caseNumber: 'HUD-1', purpose: { ...HUD.purpose, code: 'research' } }),
      ask({ caseNumber: 'HUD-1', requester: { ...HUD.requester, id: 'us-doj' } }),
      ask({ caseNumber: 'HUD-1', recipients: [...HUD.recipients, ero] }),
    ]
    for (const call of not) t.equal(given.holds.present(call.parties, call.facts).attested, false)
    for (const other of [{ source: 'benefits' }, { dataSubjects: [] }, { whole: true }]) {
      const call = { ...asked, facts: { ...facts, ...other } }
      t.match(given.holds.present(call.parties, call.facts), { attested: false, lift: null }, JSON.stringify(other))
      t.match(given.holds.present(withHold(call, id).parties, call.facts), { attested: false, remark: 'hold.other-call' })
    }
    t.match(given.holds.present(withHold(ask({ caseNumber: 'HUD-2' }), id).parties, STATUS), { attested: false, remark: 'hold.other-call' })
    given.clock.now += 5 * HOUR
    t.equal(given.holds.present(asked.parties, STATUS).attested, false, 'until the release ends')
  },
)

t.test('without a case number an attestation is good once, for its call', async t => {
  for (const caseNumber of [null, '', '  ']) {
    const given = await books(t)
    const asked = ask({ caseNumber }, { attestable: true })
    const id = await held(given, asked)
    ok(await given.holds.release(id, { attests: true, ...because }, ana))
    t.equal(given.holds.present(asked.parties, STATUS).attested, false, 'only where the hold is presented')
    const other = { ...STATUS, upstream: { ...STATUS.upstream, target: '/other' } }
    t.match(given.holds.present(withHold(asked, id).parties, other), { attested: false, remark: 'hold.other-call' })
    t.match(given.holds.present(withHold(asked, id).parties, STATUS), { attested: true, lift: { hold: id, rules: [], classes: [] } })
    t.equal(await passes(given, withHold(asked, id)), true)
    t.equal(await passes(given, withHold(asked, id)), false)
  }
})

t.test('a hold that counsel does not close in time is escalated once, past whoever saw it, and never released', async t => {
  const given = await books(t)
  const [seen, unseen, closed] = [
    await held(given, ask()),
    await held(given, ask({ caseNumber: '2' })),
    await held(given, ask({ caseNumber: '3' })),
  ]
  ok(await given.holds.show(seen, ana))
  ok(await given.holds.refuse(closed, 'no', ana))
  given.clock.now = START + 72 * HOUR
  t.same(await given.holds.escalate(), [], 'due is not overdue')
  given.clock.now += 1
  const overdue = await given.holds.escalate()
  t.same(
    overdue.map(({ id, overdue: is, escalatedFrom }) => [id, is, escalatedFrom]),
    [
      [seen, true, ['ana']],
      [unseen, true, []],
    ],
  )
  t.equal((await given.holds.escalate()).length, 2, 'still overdue')
  t.same(
    steps(given, unseen)?.filter(([step]) => step === 'escalated'),
    [['escalated', null]],
    'and escalated once',
  )
  given.clock.now += 20 * DAY
  t.equal(given.holds.list()[0]?.state, 'open')
  t.equal(present(given, seen).remark, 'hold.not-released')
  t.match(ok(await given.holds.release(seen, because, ben)), { state: 'released', overdue: false, escalatedFrom: ['ana'] })
  given.clock.now += 20 * DAY
  t.match(
    given.holds.list().map(({ state }) => state),
    ['expired', 'expired', 'refused'],
  )
  t.same(await given.holds.escalate(), [])
})

t.test('more holds than are written together are all escalated', async t => {
  const given = await books(t)
  for (let i = 0; i < 150; i++) await held(given, ask({ caseNumber: `c-${i}` }))
  given.clock.now += 73 * HOUR
  const [once, again] = await Promise.all([given.holds.escalate(), given.holds.escalate()])
  t.same([once.length, again.length], [150, 150])
  t.ok(given.holds.list().every(({ history }) => history.filter(({ step }) => step === 'escalated').length === 1))
})

t.test('counsel sees whom it concerns; an auditor sees what was asked; nobody else sees either', async t => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  const given = await books(t, { seal: makeSeal(await exportJWK(publicKey)) })
  const body = Buffer.from('{"name":"Zoë"}')
  const addresses = [{ kind: 'email', written: 'x@ice.dhs.gov' }] as const
  const facts = { ...STATUS, addresses, upstream: { ...STATUS.upstream, body } }
  const id = await held(given, ask({ caseNumber: 'HUD-1', reason: 'about Jane Doe' }, { facts }))
  const shown = ok(await given.holds.show(id, ana))
  t.match(shown, {
    requested: ['residents.citizenship (select)', 'residents.address (select)'],
    reasons: [{ rule: 'us-1373/status', cite: ['8 U.S.C. § 1373'], text: 'Status is held.' }],
  })
  t.same(JSON.parse(await openSealed(shown.sealed ?? '', await exportJWK(privateKey))), {
    ...{ source: 'residents', collection: 'residents', method: 'GET', target: STATUS.upstream.target, body: '{"name":"Zoë"}' },
    ...{ dataSubjects: ['4711'], reason: 'about Jane Doe', caseNumber: 'HUD-1', login: HUD.login },
    ...{ recipients: [{ id: 'us-hud', name: 'HUD', via: 'requester' }], addresses },
  })
  t.match(await given.holds.show(id, eve), { ok: true, value: { sealed: null, requested: shown.requested } })
  t.match(await given.holds.show(id, clerk), { ok: false, code: 'forbidden' })
  t.match(await given.holds.show('none', ana), { ok: false, code: 'not-found' })
  for (const person of [ana, ben, ana, eve]) await given.holds.show(id, person)
  t.same(
    steps(given, id),
    [
      ['kept', null],
      ['looked', 'ana'],
      ['looked', 'ben'],
    ],
    'the first look of each counsel is recorded',
  )
})

t.test('a body that is no text or too long is not shown, and its length is', async t => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true })
  const given = await books(t, { seal: makeSeal(await exportJWK(publicKey)) })
  const bodyOf = async (body: Uint8Array) => {
    const id = await held(given, ask({}, { facts: { ...STATUS, upstream: { ...STATUS.upstream, body } } }))
    const { sealed } = ok(await given.holds.show(id, ana))
    return JSON.parse(await openSealed(sealed ?? '', await exportJWK(privateKey))).body
  }
  t.same(await bodyOf(Buffer.from([0xff, 0xfe])), { bytes: 2 })
  t.same(await bodyOf(Buffer.alloc(64 * 1024 + 1, 'a')), { bytes: 64 * 1024 + 1 })
  t.equal((await bodyOf(Buffer.alloc(64 * 1024, 'a'))).length, 64 * 1024)
})

t.test('without a key nothing is sealed, and counsel still sees what was asked', async t => {
  const given = await books(t)
  const id = await held(given, ask())
  t.match(ok(await given.holds.show(id, ana)), { sealed: null, requested: ['residents.citizenship (select)', /address/], reasons: [{}] })
})

t.test('what a call that names nobody is for cannot be attested; it is released by classes and rules', async t => {
  const given = await books(t)
  for (const facts of [
    { ...STATUS, dataSubjects: [] },
    { ...STATUS, dataSubjects: [], whole: true },
  ]) {
    const asked = ask({ caseNumber: `HUD-${facts.whole}` }, { attestable: true, facts })
    const id = await held(given, asked)
    t.match(await given.holds.release(id, { ...because, attests: true }, ana), { ok: false, code: 'invalid', message: /no rule asks/ })
    ok(await given.holds.release(id, because, ana))
    t.equal(await passes(given, withHold(asked, id)), true)
  }
})

t.test('a release that was a mistake is withdrawn by one person; what was used cannot be', async t => {
  const given = await books(t)
  const [mistake, used] = [await held(given, ask({}, { order: both })), await held(given, ask({ caseNumber: '2' }))]
  ok(await given.holds.release(mistake, because, ana))
  ok(await given.holds.release(mistake, because, ben))
  t.match(present(given, mistake).lift, { hold: mistake })
  t.match(await given.holds.refuse(mistake, 'no', clerk), { ok: false, code: 'forbidden' })
  t.match(ok(await given.holds.refuse(mistake, 'that was a mistake', ben)), { state: 'refused' })
  t.match(present(given, mistake), { lift: null, remark: 'hold.not-released' })
  t.equal(await passes(given, withHold(ask(), mistake)), false)
  ok(await given.holds.release(used, because, ana))
  t.equal(await passes(given, withHold(ask({ caseNumber: '2' }), used)), true)
  t.match(await given.holds.refuse(used, 'no', ana), { ok: false, code: 'conflict', message: /is used/ })
})

t.test('an attestation that is withdrawn frees its case no more, for nobody, also after a restart', async t => {
  const first = await books(t)
  const asked = ask({ caseNumber: 'HUD-1' }, { attestable: true })
  const [kept, login] = [ask({ caseNumber: 'HUD-2' }, { attestable: true }), { ...HUD.login, subject: 'auditor-2' }]
  const [id, other] = [await held(first, asked), await held(first, kept)]
  const second = await held(first, ask({ caseNumber: 'HUD-1', login }, { attestable: true }))
  for (const one of [id, other, second]) ok(await first.holds.release(one, { ...because, attests: true }, ana))
  t.equal(first.holds.present(asked.parties, STATUS).attested, true)
  ok(await first.holds.refuse(id, 'that was a mistake', ben))
  await first.close()
  const given = await books(t, { home: first.home, clock: first.clock })
  for (const call of [
    asked,
    ask({ caseNumber: 'HUD-1', login }),
    withHold(asked, id),
    withHold(ask({ caseNumber: 'HUD-1', login }), second),
  ])
    t.match(given.holds.present(call.parties, STATUS), { attested: false, lift: null })
  t.equal(given.holds.present(withHold(ask({ caseNumber: 'HUD-1', login }), second).parties, STATUS).remark, 'hold.not-released')
  t.equal(given.holds.present(kept.parties, STATUS).attested, true, 'another case is not touched')
})
