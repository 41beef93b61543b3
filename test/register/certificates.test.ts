import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import type { Certificate } from '../../src/terms/instrument.ts'
import { allEntries } from '../audit/given.ts'
import { ana, books, clerk, DAY, eve, ok, START } from './given.ts'

const certificate = (more: Partial<Certificate> = {}): Certificate => ({
  ...{ agency: 'us-hud', statute: 'C.R.S. 24-74-105', signer: 'Rosa Roe', title: 'Director' },
  ...{ signed: '2026-11-30', until: '2027-11-30', document: 'a'.repeat(64), ...more },
})

t.test('a certificate makes its agency certified, from the day it was signed to the last day it says', async t => {
  const given = await books(t)
  const { certificates, clock } = given
  t.equal(certificates.isCertified('us-hud'), false)
  const view = ok(await certificates.add(certificate({ signed: '2026-12-03' }), clerk))
  t.match(view, { certificate: { agency: 'us-hud' }, enteredBy: 'clerk', enteredAt: START, state: 'not-yet' })
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
  ok(await given.certificates.add(certificate({ until: '2026-12-02' }), ana))
  t.equal(given.certificates.isCertified('us-hud'), true)
  given.clock.now += 3 * DAY
  ok(await given.certificates.add(certificate({ agency: 'us-doj' }), ana)) // the journal has seen this time
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
  const { id } = ok(await certificates.add(certificate({ until: '2026-12-01' }), ana))
  t.match(await certificates.revoke(id, 'no', eve), { ok: false, code: 'forbidden' })
  t.match(await certificates.revoke(id, ' ', ana), { ok: false, code: 'invalid' })
  t.match(await certificates.revoke('none', 'why', ana), { ok: false, code: 'not-found' })
  t.equal(certificates.isCertified('us-hud'), true)
  t.match(ok(await certificates.revoke(id, 'shared onward', clerk)), { id, state: 'revoked' })
  t.equal(certificates.isCertified('us-hud'), false)
  t.match(await certificates.revoke(id, 'again', ana), { ok: false, code: 'conflict' })
  ok(await certificates.add(certificate(), ana))
  t.equal(certificates.isCertified('us-hud'), true, 'a new one counts')
})

t.test('after a restart it is the same; one whose row was edited, added or deleted certifies nobody', async t => {
  for (const [what, sql, certified] of [
    ['untouched', 'SELECT 1', true],
    ['another agency', `UPDATE content SET text = replace(text, 'us-hud', 'us-ice')`, false],
    ['a later end', `UPDATE content SET text = replace(text, '2027-11-30', '2099-11-30')`, false],
    ['deleted', 'DELETE FROM content', false],
  ] as const) {
    const first = await books(t)
    ok(await first.certificates.add(certificate(), ana))
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
    t.same(given.certificates.list(), certified ? before : before.map(view => ({ ...view, certificate: null })), what)
  }
})
