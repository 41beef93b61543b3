import t from 'tap'
import { city } from '../support/city.ts'

// A refused question comes back in other words (156,161 vague searches followed one block), and a wrong code is no attack.

const gate = await city(t)
const officer = { agency: 'us-ca-los-angeles-lapd', purpose: 'public-safety' }
const path = (id: string) => `/residents/people?select=address&id=eq.${id}`
const because = (reason: string) => ({ 'haven-reason': encodeURIComponent(reason) })
const CLEAN = 'burglary on Elm St, witness'

t.test('leaving out who was to receive it does not make it another question', async t => {
  const one = { ...officer, sub: 'officer-1' }
  t.equal((await gate.get(path('21'), one, { 'haven-recipient': 'us-dhs-ice-ero' })).status, 451)
  t.equal((await gate.get(path('21'), one)).status, 451, 'the same without the name')
  t.equal((await gate.get(path('21'), one, because(CLEAN))).status, 451, 'and with a reason')
  t.equal((await gate.get(path('12'), one, because(CLEAN))).status, 200, 'the twin: another person')
  t.equal((await gate.get(path('21'), { ...one, sub: 'officer-2' }, because(CLEAN))).status, 200, 'the twin: a colleague')
})

t.test('a wrong purpose code locks nobody out', async t => {
  const dpss = { agency: 'us-ca-la-county-dpss', sub: 'calsaws' }
  const status = '/benefits/people?select=citizenship&id=eq.11'
  t.equal((await gate.get(status, { ...dpss, purpose: 'payment' })).status, 451, 'status is for counsel')
  t.equal((await gate.get(status, { ...dpss, purpose: 'eligibility' })).status, 200, 'the right code is heard')
  const school = { agency: 'us-ca-lausd', sub: 'sis' }
  const pupil = '/school/people?select=address&id=eq.11'
  t.not((await gate.get(pupil, { ...school, purpose: 'public-records' })).status, 200)
  t.equal((await gate.get(pupil, { ...school, purpose: 'education' })).status, 200)
})

t.test('what counsel released is no refusal any more', async t => {
  const one = { ...officer, sub: 'officer-5' }
  const first = await gate.get(path('13'), one, because('for ICE ERO'))
  t.equal(first.status, 451)
  const { hold } = first.json()
  if (hold !== undefined) {
    t.equal((await gate.get(path('13'), one, because(CLEAN))).status, 451)
    await gate.asStaff('POST', `/holds/${hold}/release`, 'ana', { reason: 'a lawful order of a court was shown' })
    t.equal((await gate.get(path('13'), one, because(CLEAN))).status, 200)
  }
})
