import t from 'tap'
import { openSealed } from '../../src/register/seal.ts'
import { hall } from './hall.ts'

const REASON = { reason: 'the programme needs it' }

t.test('counsel sees what waits, opens it with the key, and decides; others see that it waits', async t => {
  const at = await hall(t)
  const id = await at.hold('R-4711')
  for (const role of ['auditor', 'operator']) {
    const [listed] = (await at.as('dot', role, 'GET', '/holds')).json().holds
    t.match(listed, { id, state: 'open', agency: 'la-fire', classes: ['locating'] })
    const shown = await at.as('dot', role, 'GET', `/holds/${id}`)
    t.equal(shown.status, 200)
    t.notOk(shown.json().sealed, role)
    for (const name of ['owner', 'binding', 'caseToken']) t.notOk(name in shown.json() || name in listed, name)
    t.equal((await at.as('dot', role, 'POST', `/holds/${id}/release`, REASON)).status, 403, role)
  }
  const { sealed } = (await at.as('ana', 'counsel', 'GET', `/holds/${id}`)).json()
  t.match(await openSealed(sealed, at.counselKey), /R-4711/)
  const released = await at.as('ana', 'counsel', 'POST', `/holds/${id}/release`, { ...REASON, classes: ['locating'], hours: 2 })
  t.equal(released.status, 200)
  t.match(released.json(), { state: 'released', release: { classes: ['locating'], by: ['ana'] } })
  const withdrawn = await at.as('ana', 'counsel', 'POST', `/holds/${id}/refuse`, REASON)
  t.match(withdrawn.json(), { state: 'refused' }, 'a release can be withdrawn')
  t.equal((await at.as('ana', 'counsel', 'POST', `/holds/${id}/refuse`, REASON)).status, 409)
  const other = await at.hold('R-4712')
  t.match((await at.as('ana', 'counsel', 'POST', `/holds/${other}/refuse`, REASON)).json(), { state: 'refused' }, 'twin')
  t.notMatch(JSON.stringify(await at.steps('hold')), /programme|4711/)
})

t.test('where two must agree, one person with two logins is one', async t => {
  const at = await hall(t)
  const id = await at.hold('R-1', { people: 2 })
  const release = (sub: string) => at.as(sub, 'counsel', 'POST', `/holds/${id}/release`, REASON)
  t.match((await release('ana')).json(), { state: 'open' })
  t.equal((await release('ana-2')).status, 409)
  t.same(
    (await Promise.all(['ana', 'ana-2', 'ana'].map(release))).map(({ status }) => status),
    [409, 409, 409],
  )
  t.match((await release('ben')).json(), { state: 'released', release: { by: ['ana', 'ben'] } }, 'twin')
})

t.test('an order for a release is read whole or refused', async t => {
  const at = await hall(t)
  const id = await at.hold('R-1')
  for (const [body, path] of [
    [{}, 'reason'],
    [{ reason: ' ' }, 'reason'],
    [{ ...REASON, class: ['locating'] }, 'class'],
    [{ ...REASON, classes: [] }, 'classes'],
    [{ ...REASON, classes: ['everything'] }, 'classes.0'],
    [{ ...REASON, rules: 'all' }, 'rules'],
    [{ ...REASON, hours: 0 }, 'hours'],
    [{ ...REASON, hours: 1.5 }, 'hours'],
    [{ ...REASON, hours: 169 }, 'hours'],
    [{ ...REASON, attests: 'yes' }, 'attests'],
    [{ ...REASON, by: 'ben' }, 'by'],
  ] as const) {
    const page = await at.as('ana', 'counsel', 'POST', `/holds/${id}/release`, body)
    t.equal(page.status, 400, JSON.stringify(body))
    t.match(page.json().problems, [{ path, message: String }], path)
  }
  t.match(at.register.holds.list(), [{ state: 'open' }])
  t.equal((await at.as('ana', 'counsel', 'POST', `/holds/${id}/release`, { ...REASON, hours: 168 })).status, 200, 'twin')
})

t.test('notices and reviews are done once, each at its own address', async t => {
  const at = await hall(t)
  await at.owe('d1', [
    { notify: 'data-subject', within: '72 hours' },
    { review: 'emergency access', within: '72 hours' },
  ])
  const [notice] = (await at.as('dot', 'auditor', 'GET', '/notices')).json().notices
  const [review] = (await at.as('dot', 'auditor', 'GET', '/reviews')).json().reviews
  t.match(
    [notice, review],
    [
      { state: 'open', what: 'data-subject', decision: 'd1' },
      { state: 'open', what: 'emergency access' },
    ],
  )
  t.equal(review.dueAt - review.openedAt, 72 * 3_600_000)
  const note = { note: 'by registered letter' }
  for (const [path, body, status] of [
    [`/notices/${review.id}/done`, note, 404],
    [`/reviews/${notice.id}/done`, note, 404],
    [`/notices/${notice.id}/done`, { ...note, lift: true }, 400],
    [`/reviews/${review.id}/done`, { ...note, lift: true }, 400],
    [`/reviews/${review.id}/done`, {}, 400],
  ] as const)
    t.equal((await at.as('ana', 'counsel', 'POST', path, body)).status, status, `${path} ${JSON.stringify(body)}`)
  t.equal((await at.as('ana', 'counsel', 'GET', `/notices/${review.id}`)).status, 404)
  t.equal((await at.as('dot', 'auditor', 'POST', `/reviews/${review.id}/done`, note)).status, 403)
  t.equal((await at.as('clerk', 'operator', 'POST', `/reviews/${review.id}/done`, note)).status, 403)
  t.match(
    (await at.as('ana', 'counsel', 'POST', `/reviews/${review.id}/done`, note)).json(),
    { state: 'done', done: { by: 'ana' } },
    'twin',
  )
  t.equal((await at.as('ben', 'counsel', 'POST', `/reviews/${review.id}/done`, note)).status, 409)
  t.match((await at.as('clerk', 'operator', 'POST', `/notices/${notice.id}/done`, note)).json(), { state: 'done' }, 'twin')
  const { sealed } = (await at.as('ana', 'counsel', 'GET', `/notices/${notice.id}`)).json()
  t.match(await openSealed(sealed, at.counselKey), /4711/, 'counsel can see who is to be told')
  t.notOk((await at.as('dot', 'auditor', 'GET', `/notices/${notice.id}`)).json().sealed)
})

t.test('certificates are entered, verified by another person and revoked, and make their agency certified in between', async t => {
  const at = await hall(t)
  const [today, inAYear] = [0, 365].map(days => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10))
  const certificate = {
    ...{ agency: 'us-dhs-ice-hsi', statute: 'N.Y. Veh. & Traf. Law § 201(12)', signer: 'J. Doe', title: 'Director' },
    ...{ signed: today, until: inAYear, document: 'b'.repeat(64) },
  }
  t.equal((await at.as('dot', 'auditor', 'POST', '/certificates', certificate)).status, 403)
  t.equal((await at.as('clerk', 'operator', 'POST', '/certificates', { ...certificate, until: '31/12/2099' })).status, 400)
  t.equal((await at.as('clerk', 'operator', 'POST', '/certificates', { ...certificate, until: '2025-12-31' })).status, 400)
  t.equal((await at.as('clerk', 'operator', 'POST', '/certificates', { ...certificate, until: '2099-12-31' })).status, 400)
  t.notOk(at.register.certificates.isCertified('us-dhs-ice-hsi'))
  const entered = await at.as('clerk', 'operator', 'POST', '/certificates', certificate)
  t.equal(entered.status, 201)
  const { id } = entered.json()
  t.notOk(at.register.certificates.isCertified('us-dhs-ice-hsi'))
  t.equal((await at.as('clerk', 'operator', 'POST', `/certificates/${id}/verify`)).status, 403)
  t.equal((await at.as('ana', 'counsel', 'POST', `/certificates/${id}/verify`)).status, 200)
  t.ok(at.register.certificates.isCertified('us-dhs-ice-hsi'), 'twin')
  t.match((await at.as('dot', 'auditor', 'GET', '/certificates')).json().certificates, [{ id, state: 'in-force', certificate }])
  t.match((await at.as('ana', 'counsel', 'POST', `/certificates/${id}/revoke`, { why: 'broken' })).json(), { state: 'revoked' })
  t.equal((await at.as('ana', 'counsel', 'POST', `/certificates/${id}/revoke`, { why: 'broken' })).status, 409)
  t.notOk(at.register.certificates.isCertified('us-dhs-ice-hsi'))
})
