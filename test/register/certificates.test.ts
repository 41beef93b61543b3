import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import type { Actor } from '../../src/register/book.ts'
import type { Certificates } from '../../src/register/certificates.ts'
import type { Certificate } from '../../src/terms/instrument.ts'
import { allEntries } from '../audit/given.ts'
import { actor, ana, ben, books, clerk, DAY, eve, ok, START } from './given.ts'

const certificate = (more: Partial<Certificate> = {}): Certificate => ({
  ...{ agency: 'us-hud', statute: 'C.R.S. 24-74-105', signer: 'Rosa Roe', title: 'Director' },
  ...{ signed: '2026-11-30', until: '2027-11-30', document: 'a'.repeat(64), ...more },
})

/** Entered by one person, confirmed by another. */
async function confirmed(certificates: Certificates, paper: Certificate, person: Actor = clerk): Promise<string> {
  const { id } = ok(await certificates.add(paper, person))
  ok(await certificates.verify(id, ben))
  return id
}

t.test('a certificate makes its agency certified, from the day it was signed to the last day it says', async t => {
  const given = await books(t)
  const { certificates, clock } = given
  t.equal(certificates.isCertified('us-hud'), false)
  const view = ok(await certificates.add(certificate({ signed: '2026-12-03' }), clerk))
  t.match(view, { certificate: { agency: 'us-hud' }, enteredBy: 'clerk', enteredAt: START, verified: null, state: 'entered' })
  t.match(ok(await certificates.verify(view.id, ana)), { verified: { by: 'ana', at: START }, state: 'not-yet' })
  const at = (iso: string) => {
    clock.now = Date.parse(iso)
    return [certificates.isCertified('us-hud'), certificates.list()[0]?.state]
  }
  t.same(at('2026-12-02T23:59:59.999Z'), [false, 'not-yet'])
  t.same(at('2026-12-03T00:00:00Z'), [true, 'in-force'])
  t.same(at('2027-11-30T23:59:59.999Z'), [true, 'in-force'])
  t.same(at('2027-12-01T00:00:00Z'), [false, 'expired'])
  t.same([certificates.isCertified('us-hu'), certificates.isCertified('US-HUD'), certificates.isCertified('')], [false, false, false])
  const text = JSON.stringify(await allEntries(join(given.home, 'journal')))
  for (const value of ['Rosa', 'Director', '24-74-105']) t.notMatch(text, value)
})

t.test('a clock that is set back does not bring one that ended back', async t => {
  const given = await books(t)
  await confirmed(given.certificates, certificate({ until: '2026-12-02' }))
  t.equal(given.certificates.isCertified('us-hud'), true)
  given.clock.now += 3 * DAY
  await confirmed(given.certificates, certificate({ agency: 'us-doj' })) // the journal has seen this time
  given.clock.now = START
  t.equal(given.certificates.isCertified('us-hud'), false)
  t.equal(given.certificates.isCertified('us-doj'), true)
})

t.test('it is entered and revoked by somebody who may, and revoked for good', async t => {
  const { certificates } = await books(t)
  t.match(await certificates.add(certificate(), eve), { ok: false, code: 'forbidden' })
  t.match(await certificates.add(certificate({ until: '2026-11-29' }), ana), {
    ok: false,
    code: 'invalid',
    message: /before it was signed/,
  })
  const ended = certificate({ signed: '2025-11-30', until: '2026-11-30' })
  t.match(await certificates.add(ended, ana), { ok: false, code: 'invalid', message: /ended on/ })
  t.same(certificates.list(), [])
  const id = await confirmed(certificates, certificate({ until: '2026-12-01' }), ana)
  t.match(await certificates.revoke(id, 'no', eve), { ok: false, code: 'forbidden' })
  t.match(await certificates.revoke(id, ' ', ana), { ok: false, code: 'invalid' })
  t.match(await certificates.revoke('none', 'why', ana), { ok: false, code: 'not-found' })
  t.equal(certificates.isCertified('us-hud'), true)
  t.match(ok(await certificates.revoke(id, 'shared onward', clerk)), { id, state: 'revoked' })
  t.equal(certificates.isCertified('us-hud'), false)
  t.match(await certificates.revoke(id, 'again', ana), { ok: false, code: 'conflict' })
  await confirmed(certificates, certificate())
  t.equal(certificates.isCertified('us-hud'), true, 'a new one counts')
})

t.test('it certifies nobody before a counsel who did not enter it confirmed it', async t => {
  const { certificates } = await books(t, { isPerson: id => id !== 'gone' })
  const { id } = ok(await certificates.add(certificate(), clerk))
  t.match(await certificates.verify(id, clerk), { ok: false, code: 'forbidden' }, 'no counsel')
  t.match(await certificates.verify(id, actor('clerk', 'counsel')), { ok: false, code: 'forbidden' }, 'who entered it, in another role')
  t.match(await certificates.verify('none', ana), { ok: false, code: 'not-found' })
  const { id: orphan } = ok(await certificates.add(certificate(), actor('gone', 'operator')))
  t.match(await certificates.verify(orphan, ana), { ok: false, code: 'conflict', message: /gone/ })
  const { id: ended } = ok(await certificates.add(certificate(), clerk))
  ok(await certificates.revoke(ended, 'withdrawn', ana))
  t.match(await certificates.verify(ended, ana), { ok: false, code: 'conflict', message: /revoked/ })
  t.equal(certificates.isCertified('us-hud'), false)
  t.match(ok(await certificates.verify(id, ana)), { state: 'in-force' }, 'twin')
  t.equal(certificates.isCertified('us-hud'), true)
  t.match(await certificates.verify(id, ben), { ok: false, code: 'conflict', message: /already/ })
})

t.test('it is good for four hundred days at most', async t => {
  const { certificates } = await books(t)
  t.match(await certificates.add(certificate({ until: '2028-01-05' }), clerk), { ok: false, code: 'invalid', message: /400 days/ })
  t.match(await certificates.add(certificate({ until: '2028-01-04' }), clerk), { ok: true }, 'twin')
})

t.test('after a restart it is the same; one whose row was edited, added or deleted certifies nobody', async t => {
  for (const [what, sql, certified] of [
    ['untouched', 'SELECT 1', true],
    ['another agency', `UPDATE content SET text = replace(text, 'us-hud', 'us-ice')`, false],
    ['a later end', `UPDATE content SET text = replace(text, '2027-11-30', '2099-11-30')`, false],
    ['deleted', 'DELETE FROM content', false],
  ] as const) {
    const first = await books(t)
    await confirmed(first.certificates, certificate())
    const before = first.certificates.list()
    await first.close()
    const db = new DatabaseSync(join(first.home, 'register.db'))
    db.exec(sql)
    const text = JSON.stringify(certificate({ agency: 'us-dhs-ice' }))
    db.prepare(`INSERT INTO content (digest, kind, id, salt, text) VALUES ('added', 'certificate', 'added', zeroblob(32), ?)`).run(text)
    db.close()
    const given = await books(t, { home: first.home, clock: first.clock })
    t.equal(given.certificates.isCertified('us-hud'), certified, what)
    t.equal(given.certificates.isCertified('us-ice'), false)
    t.equal(given.certificates.isCertified('us-dhs-ice'), false)
    t.same(given.certificates.list(), certified ? before : before.map(view => ({ ...view, certificate: null, state: 'entered' })), what)
  }
})
