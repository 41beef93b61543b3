import t from 'tap'
import type { Claims, Parties } from '../../src/terms/parties.ts'
import { HOUSING, LAFD, LAPD, PEOPLE, parties } from './call.ts'

const CHP = 'us-ca-chp'
const LAFLA = 'us-ca-lafla'
const purposeOf = (claims: Partial<Claims>, headers: Record<string, string> = {}): Parties['purpose'] => parties(claims, headers).purpose

t.test('a declared purpose of the entry stands', async t => {
  t.same(purposeOf({ agency: LAPD, purpose: 'public-safety' }), { code: 'public-safety', from: 'claim', declared: null, missing: null })
  t.same(purposeOf({ agency: LAFD }, { 'haven-purpose': 'emergency' }), {
    code: 'emergency',
    from: 'header',
    declared: null,
    missing: null,
  })
  t.match(purposeOf({ agency: HOUSING, purpose: 'audit' }, { 'haven-purpose': 'audit' }), { code: 'audit', from: 'claim' })
})

t.test('a header counts only for those who may declare', async t => {
  t.match(purposeOf({ agency: CHP }, { 'haven-purpose': 'public-safety' }), {
    code: 'unstated',
    from: 'none',
    declared: 'public-safety',
    missing: /token/,
  })
  t.match(purposeOf({ agency: CHP, purpose: 'public-safety' }), { code: 'public-safety' })
  t.match(purposeOf({ agency: CHP }, { 'haven-purpose': 'immigration-enforcement' }), { code: 'immigration-enforcement' })
  t.match(purposeOf({ agency: 'us-dhs-ice-hsi' }, { 'haven-purpose': 'criminal-investigation' }), { code: 'unstated' })
})

t.test('unknown codes, concluded codes and codes outside the entry are vague', async t => {
  t.match(purposeOf({ agency: LAPD, purpose: 'because' }), { code: 'vague', declared: null, missing: /one of: service-delivery/ })
  for (const purpose of ['vague', 'suspected', 'unstated', ''])
    t.match(purposeOf({ agency: LAPD, purpose }), { code: 'vague', declared: null }, purpose)
  t.match(purposeOf({ agency: LAPD, purpose: 'eligibility' }), { code: 'vague', declared: 'eligibility', missing: /public-safety/ })
  t.match(purposeOf({ agency: HOUSING, purpose: 'eligibility' }), { code: 'eligibility' })
})

t.test('people may state two purposes', async t => {
  for (const purpose of ['subject-access', 'public-records'])
    t.match(purposeOf({ iss: PEOPLE }, { 'haven-purpose': purpose }), { code: purpose, missing: null })
  t.match(purposeOf({ iss: PEOPLE, purpose: 'research' }), { code: 'vague', declared: 'research' })
})

t.test('free text never grants', async t => {
  t.match(purposeOf({ agency: LAPD, reason: 'homicide on 5th street' }), { code: 'unstated', from: 'none', missing: /State a purpose/ })
  t.match(purposeOf({ agency: LAPD, reason: 'inv' }), { code: 'unstated' })
  t.match(purposeOf({ agency: LAPD }), { code: 'unstated' })
  t.match(purposeOf({ agency: LAPD, reason: 'immigration check' }), { code: 'suspected', from: 'reason', declared: null })
})

t.test('the most protective wins', async t => {
  t.match(purposeOf({ agency: LAPD, purpose: 'public-safety', reason: 'immigration check' }), {
    code: 'suspected',
    declared: 'public-safety',
  })
  t.match(purposeOf({ agency: LAPD, purpose: 'eligibility', reason: 'for ICE' }), { code: 'suspected', declared: 'eligibility' })
  t.match(purposeOf({ agency: LAPD, purpose: 'immigration-enforcement', reason: 'black ice' }), { code: 'immigration-enforcement' })
  t.match(purposeOf({ agency: LAPD, purpose: 'immigration-enforcement', reason: 'for ICE' }), { code: 'immigration-enforcement' })
  t.match(purposeOf({ agency: LAPD, purpose: 'public-safety', reason: 'black ice collision' }), { code: 'public-safety', missing: null })
})

t.test('immigration help is no enforcement, unless it names the authority as the one served', async t => {
  const help = { agency: LAFLA, purpose: 'immigration-assistance' }
  for (const reason of [
    'immigration help desk appointment',
    'citizenship workshop for client',
    'deportation defense',
    'client in ICE custody',
  ])
    t.match(purposeOf({ ...help, reason }), { code: 'immigration-assistance' }, reason)
  t.match(purposeOf({ ...help, reason: 'on behalf of ICE' }), { code: 'suspected' })
  t.match(purposeOf({ ...help, reason: 'immigration check' }), { code: 'suspected' })
  t.match(
    purposeOf({ agency: LAPD, purpose: 'immigration-assistance', reason: 'deportation' }),
    { code: 'suspected' },
    'LAPD may not state it',
  )
})

t.test('a vague reason needs a case number where police ask', async t => {
  const police = { agency: LAPD, purpose: 'criminal-investigation' }
  t.match(purposeOf({ ...police, reason: 'inv' }), {
    code: 'vague',
    from: 'reason',
    declared: 'criminal-investigation',
    missing: /Haven-Case/,
  })
  t.match(purposeOf({ ...police, reason: '' }), { code: 'vague' })
  t.match(purposeOf({ ...police, reason: 'inv', case: '24-001234' }), { code: 'criminal-investigation' })
  t.match(purposeOf({ ...police, reason: 'inv' }, { 'haven-case': '24-001234' }), { code: 'criminal-investigation' })
  for (const number of ['', 'n/a', 'case', '1'])
    t.match(purposeOf({ ...police, reason: 'inv', case: number }), { code: 'vague' }, `case '${number}'`)
  t.match(purposeOf({ agency: 'us-doj-fbi', purpose: 'criminal-investigation', reason: 'bank robbery' }), {
    code: 'criminal-investigation',
  })
  t.match(purposeOf({ agency: 'us-doj-fbi', purpose: 'criminal-investigation', reason: 'task force' }), { code: 'vague' })
  t.match(
    purposeOf({ agency: HOUSING, purpose: 'service-delivery', reason: 'case' }),
    { code: 'service-delivery' },
    'an office says little',
  )
  t.match(purposeOf({ agency: LAPD, purpose: 'emergency', reason: 'check' }), { code: 'emergency' }, 'nobody waits in an emergency')
})

t.test('the ambulance gets through, except for an authority', async t => {
  const crew = { agency: LAFD, purpose: 'emergency' }
  t.match(purposeOf({ ...crew, reason: 'two injured at immigration raid' }), { code: 'emergency' })
  t.match(purposeOf({ ...crew, reason: 'ICE contact of unconscious patient' }), { code: 'emergency' })
  t.match(purposeOf({ ...crew, reason: 'address for ICE ERO' }), { code: 'suspected', declared: 'emergency' })
  t.match(
    purposeOf({ agency: HOUSING, purpose: 'emergency', reason: 'immigration raid' }),
    { code: 'suspected' },
    'housing has no emergencies',
  )
})
