import t from 'tap'
import { ids, LAFD, LAPD, parties, refusal } from '../requester/call.ts'

// Case 112: a local officer searches at a federal agent's informal request; the audit log said "ICE+ERO", "ICE WARRANT".
t.test('112: a clean badge with a telling reason', async t => {
  const police = { agency: LAPD, purpose: 'criminal-investigation' }
  for (const reason of [
    'ICE+ERO',
    'ICE WARRANT',
    'immigration',
    'ICE%2BERO',
    'warrant for ICE',
    'ice/ero assist',
    'I.C.E. hold',
    '1CE request',
  ])
    t.match(parties({ ...police, reason, case: '24-001234' }).purpose, { code: 'suspected', declared: 'criminal-investigation' }, reason)
  for (const reason of ['assist ICE', 'ICE request', 'favor for HSI agent', 'CBP asked', 'obo ICE', 'per ERO', 'apoyo a la migra'])
    t.ok(
      parties({ ...police, reason, case: '24-001234' }).recipients.some(party => party.category === 'immigration-authority'),
      reason,
    )
})

t.test('112, twin: the same officer on the same form', async t => {
  const police = { agency: LAPD, purpose: 'criminal-investigation' }
  for (const reason of ['warrant service, burglary', 'black ice collision', 'drive-by shooting', 'stolen ice cream truck']) {
    const found = parties({ ...police, reason })
    t.equal(found.purpose.code, 'criminal-investigation', reason)
    t.same(ids(found), [LAPD], reason)
  }
})

// Case 113: abbreviations in the reason, and after the first report "inv", "case".
t.test('113: abbreviations, then words that say nothing', async t => {
  const police = { agency: LAPD, purpose: 'criminal-investigation' }
  for (const reason of ['HSI', 'CBP', 'H.S.I.', 'C B P', 'ΗЅІ', 'h\u200bsi', 'ＨＳＩ', '🄷🅂🄸', 'h5i'])
    t.match(parties({ ...police, reason }).purpose, { code: 'suspected' }, reason)
  for (const reason of ['inv', 'case', 'Investigation', 'inv.', 'c a s e', 'police business', 'aoa'])
    t.match(parties({ ...police, reason }).purpose, { code: 'vague', missing: /case number/ }, reason)
})

t.test('113, twin: an investigation that says what it is, or has a number', async t => {
  const police = { agency: LAPD, purpose: 'criminal-investigation' }
  t.equal(parties({ ...police, reason: 'inv', case: '24-001234' }).purpose.code, 'criminal-investigation')
  t.equal(parties({ ...police, reason: 'arson inv' }).purpose.code, 'criminal-investigation')
  t.equal(parties({ ...police, reason: 'HSI index names of stocks, fraud' }).purpose.code, 'criminal-investigation')
})

t.test('a reason split between token and header hides nothing', async t => {
  t.match(refusal({ agency: LAPD, purpose: 'public-safety', reason: 'for ICE' }, { 'haven-reason': 'burglary' }), {
    reason: { code: 'party.declarations-disagree' },
  })
  t.match(refusal({ agency: LAPD, purpose: 'public-safety' }, { 'haven-reason': ['burglary', 'for ICE'] }), { reply: 'malformed' })
  t.match(
    refusal({ agency: LAPD, purpose: 'public-safety', reason: `${'x '.repeat(2100)}for ICE` }),
    { reply: 'malformed' },
    'a padded reason is not cut',
  )
  t.equal(parties({ agency: LAPD, purpose: 'public-safety', reason: `${'burglary '.repeat(400)}for ICE` }).purpose.code, 'suspected')
  t.equal(
    parties({ agency: LAPD, purpose: 'public-safety', reason: 'burglary' }, { 'haven-reason': 'burglary' }).purpose.code,
    'public-safety',
  )
})

t.test('an emergency is no cover for a badge, and the ambulance still gets through', async t => {
  for (const reason of ['at ICE request', 'ICE+ERO', 'ICE WARRANT', 'immigration raid'])
    t.equal(parties({ agency: LAPD, purpose: 'emergency', reason }).purpose.code, 'suspected', reason)
  t.equal(parties({ agency: LAPD, purpose: 'emergency', reason: 'cardiac arrest, ice on the road' }).purpose.code, 'emergency')
  t.equal(parties({ agency: LAFD, purpose: 'emergency', reason: 'at ICE request' }).purpose.code, 'emergency')
})

t.test('a case number is a second free text', async t => {
  const police = { agency: LAPD, purpose: 'criminal-investigation', reason: 'burglary' }
  for (const number of [
    'ICE ERO 1234',
    'ICE1234',
    '24ICE0017',
    'HSI-24-7',
    'immigration',
    'I-200',
    'EARM-22319',
    'ENFORCE case 7',
    'final order 7',
  ])
    t.match(parties({ ...police, case: number }).purpose, { code: 'suspected', declared: 'criminal-investigation' }, number)
  t.match(parties(police, { 'haven-case': 'for%20ICE' }), { lexiconHits: ['ice'], recipients: [{ id: LAPD }, { id: 'us-dhs-ice' }] })
  for (const number of ['24-001234', 'DR 26-0012345', 'inv', '7ICE123', 'enforcement 12', ''])
    t.match(parties({ ...police, case: number }), { purpose: { code: police.purpose }, recipients: [{ id: LAPD }] }, `twin: ${number}`)
  t.equal(parties({ ...police, case: '24-001234' }).caseNumber, '24-001234')
  t.equal(parties(police).caseNumber, null)
})

// After the words were known, the logs said what is done and not by whom.
t.test('a reason that names nobody and says what happens', async t => {
  const police = { agency: LAPD, purpose: 'criminal-investigation', case: '24-001234' }
  for (const reason of [
    'feds roundup at the car wash',
    'final order',
    'removal op',
    'get him out of the country',
    'sin papeles',
    'overstayed his visa',
  ])
    t.match(parties({ ...police, reason }).purpose, { code: 'suspected' }, reason)
  const twins = [
    'feds bank robbery pickup',
    'final order of protection',
    'graffiti removal op',
    'fled out of the country',
    'sin placas',
    'overstayed at the hotel',
  ]
  for (const reason of twins) t.match(parties({ ...police, reason }).purpose, { code: 'criminal-investigation' }, `twin: ${reason}`)
})

t.test('a regional network that asks for others receives for others', async t => {
  const police = { agency: LAPD, purpose: 'criminal-investigation' }
  t.same(ids(parties({ ...police, reason: 'RFI from JRIC' })).slice(0, 2), [LAPD, 'us-ca-jric'])
  t.same(ids(parties({ ...police, reason: 'RFI from Phoenix on a school threat' })), [LAPD], 'twin')
})
