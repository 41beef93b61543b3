import t from 'tap'
import type { Claims, Parties } from '../../src/terms/parties.ts'
import { HOUSING, ids, LAFD, LAPD, PEOPLE, parties } from './call.ts'

const CHP = 'us-ca-chp'
const LAFLA = 'us-ca-lafla'
const HOSPITAL = 'us-ca-la-county-medical-center'
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
  for (const badge of [LAPD, 'us-ca-la-county-sheriff', 'us-ca-lausd-police'])
    t.match(purposeOf({ agency: badge }, { 'haven-purpose': 'emergency' }), { code: 'unstated', declared: 'emergency' }, badge)
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

t.test('the ambulance gets through, whoever called it; nobody else borrows its siren', async t => {
  const reasons = [
    'two injured at immigration raid',
    'ICE contact of unconscious patient',
    'medical aid requested by Border Patrol',
    'diabetic in detention at B-18, ICE requesting ambulance',
    'assist CBP with heart attack at port',
    'transport patient with ICE agents to hospital',
  ]
  const care = [
    { agency: LAFD, purpose: 'emergency' },
    { agency: HOSPITAL, purpose: 'emergency' },
    { agency: HOSPITAL, purpose: 'treatment' },
  ]
  for (const claims of care)
    for (const reason of reasons) {
      const found = parties({ ...claims, reason })
      t.equal(found.purpose.code, claims.purpose, reason)
      t.same(ids(found), [claims.agency], reason)
    }
  t.same(parties({ ...care[0], reason: 'assist CBP with heart attack at port' }).lexiconHits, ['cbp'], 'the journal keeps the hit')
  const dwp = 'us-ca-los-angeles-dwp'
  for (const reason of ['ICE+ERO', 'ICE WARRANT', 'immigration raid', 'medical aid requested by Border Patrol'])
    for (const agency of [LAPD, CHP, dwp])
      t.match(purposeOf({ agency, purpose: 'emergency', reason }), { code: 'suspected', declared: 'emergency' }, `${agency}: ${reason}`)
  t.match(purposeOf({ agency: LAPD, purpose: 'emergency', reason: 'cardiac arrest, ice on the road' }), { code: 'emergency' }, 'twin')
  t.match(purposeOf({ agency: LAFD, purpose: 'service-delivery', reason: 'immigration raid' }), { code: 'suspected' }, 'no emergency')
  t.match(
    purposeOf({ agency: HOUSING, purpose: 'emergency', reason: 'immigration raid' }),
    { code: 'suspected' },
    'housing has no emergencies',
  )
})

t.test('an ambulance that hands its record to an authority is heard', async t => {
  const crew = { agency: LAFD, purpose: 'emergency' }
  const handing = ['copy of run sheet for ERO', 'mandar el reporte a la migra', 'ICE raid, ICE agents want to know who lives in unit 4']
  for (const reason of handing) {
    const found = parties({ ...crew, reason })
    t.match(found.purpose, { code: 'suspected', declared: 'emergency' }, reason)
    t.ok(
      found.recipients.some(party => party.category === 'immigration-authority'),
      reason,
    )
  }
  t.match(purposeOf({ agency: HOSPITAL, purpose: 'treatment', reason: 'fax the chart to ICE' }), { code: 'suspected' })
  t.match(purposeOf({ ...crew, reason: 'chest pain', case: 'copy to ICE' }), { code: 'suspected' }, 'the case number is heard too')
  const caring = [
    'patient in ICE custody',
    'medical aid for ICE detainee',
    'chart of ICE detainee, transfer to ICE',
    'copy of the chart to County USC',
  ]
  for (const reason of caring) t.same(ids(parties({ ...crew, reason })), [LAFD], `twin: ${reason}`)
  for (const reason of caring) t.equal(purposeOf({ ...crew, reason }).code, 'emergency', `twin: ${reason}`)
})

t.test('a person may ask about enforcement and for their own file, and denounces nobody', async t => {
  const person = { iss: PEOPLE, purpose: 'public-records' }
  for (const reason of ['news story on ICE raids', 'emails about deportation policy', 'immigration statistics'])
    t.match(purposeOf({ ...person, reason }), { code: 'public-records' }, reason)
  for (const reason of ['my ex is illegal, report her to ICE', 'quiero que lo deporten, dónde vive', 'give her address to immigration'])
    t.match(purposeOf({ ...person, reason }), { code: 'suspected' }, reason)
  const own = { iss: PEOPLE, purpose: 'subject-access', reason: 'for my ICE check-in' }
  t.match(parties(own), { purpose: { code: 'subject-access' }, recipients: [{ id: 'person' }] })
})

t.test('legal aid speaks of it in every court, and serves no authority there', async t => {
  const lawyer = { agency: LAFLA, purpose: 'court' }
  for (const reason of ['eviction, client detained by ICE', 'wage claim, removal proceedings pending'])
    t.match(purposeOf({ ...lawyer, reason }), { code: 'court' }, reason)
  t.match(purposeOf({ ...lawyer, reason: 'names of tenants for ICE' }), { code: 'suspected' })
})

t.test('an authority that is declared or acts receives the data of an ambulance too', async t => {
  const crew = { agency: LAFD, purpose: 'emergency', reason: 'heart attack' }
  t.same(ids(parties(crew, { 'haven-recipient': 'us-dhs-ice' })), [LAFD, 'us-dhs-ice'])
  t.same(ids(parties({ ...crew, recipient: 'ICE' })), [LAFD, 'us-dhs-ice'])
  t.same(ids(parties({ ...crew, act: { sub: 'us-dhs-ice' } })), [LAFD, 'us-dhs-ice'])
  t.same(ids(parties(crew)), [LAFD], 'twin')
})

t.test('a school, a benefits office and a children’s service speak of immigration; a badge does not', async t => {
  const offices: readonly (readonly [string, string, string])[] = [
    ['us-ca-la-county-dpss', 'eligibility', 'CAPI application, verify immigration status'],
    ['us-ca-la-county-dcfs', 'child-protection', 'parents detained by ICE, placing children'],
    ['us-ca-lausd', 'education', 'ICE at school, contact parents'],
    [HOUSING, 'service-delivery', 'tenant worried about ICE, wants to change phone'],
  ]
  for (const [agency, purpose, reason] of offices) {
    t.match(parties({ agency, purpose, reason }), { purpose: { code: purpose }, recipients: [{ id: agency }] }, reason)
    t.match(purposeOf({ agency, purpose, reason: `${reason} for ICE` }), { code: 'suspected' }, `served: ${reason}`)
  }
  t.match(purposeOf({ agency: LAPD, purpose: 'child-protection', reason: offices[1]![2] }), { code: 'suspected' })
})
