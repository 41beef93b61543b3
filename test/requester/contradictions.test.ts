import t from 'tap'
import { concludePurpose } from '../../src/requester/conclude-purpose.ts'
import { makeIdentify } from '../../src/requester/identify.ts'
import { Agency, type Category } from '../../src/terms/agency.ts'
import type { Purpose } from '../../src/terms/purpose.ts'
import { RecordClass } from '../../src/terms/source.ts'
import { callWith, claimsOf, ISSUERS, shippedLexicon as lexicon, shipped } from './call.ts'

interface Asked {
  readonly purpose: Purpose
  readonly category?: Category
  readonly records?: RecordClass | null
  readonly caseNumber?: string
  readonly reason?: string
}

function conclude({ purpose, category = 'city', records = 'general', caseNumber, reason }: Asked) {
  const agency = Agency.parse({ id: 'body', name: 'Body', category, jurisdiction: 'us-ca', purposes: [purpose] })
  const presented = { process: null, hold: null }
  const declared = { code: purpose, from: 'claim' as const }
  const declarations = { purpose: declared, reason: reason ?? null, case: caseNumber ?? null, recipients: [], process: null, presented }
  return concludePurpose(declarations, agency, lexicon, records).purpose
}

t.test('nobody treats, teaches or bills with plate reads', async t => {
  for (const purpose of ['treatment', 'education', 'payment', 'eligibility'] as const) {
    t.match(
      conclude({ purpose, records: 'alpr' }),
      { code: 'vague', from: 'claim', declared: purpose, missing: /State the purpose/ },
      purpose,
    )
    t.match(conclude({ purpose, records: 'general' }), { code: purpose, missing: null }, `twin: ${purpose}`)
  }
  for (const purpose of ['public-safety', 'criminal-investigation', 'service-delivery'] as const)
    t.equal(conclude({ purpose, records: 'alpr', reason: 'stolen car' }).code, purpose, purpose)
})

t.test('a vendor’s permit is no record of a patient', async t => {
  t.match(conclude({ purpose: 'treatment', category: 'health', records: 'vendor-permit' }), { code: 'vague', missing: /permit/ })
  t.equal(conclude({ purpose: 'treatment', category: 'health', records: 'health' }).code, 'treatment')
  t.equal(conclude({ purpose: 'service-delivery', records: 'vendor-permit' }).code, 'service-delivery')
})

t.test('a case number of a criminal matter contradicts an office’s business', async t => {
  for (const caseNumber of ['Search Warrant 24-118', 'S.W. and search warrant', 'NCIC 8812', 'FUGITIVE 7', 'orden de aprehensión 12'])
    t.match(conclude({ purpose: 'service-delivery', caseNumber }), { code: 'vague', missing: /criminal-investigation/ }, caseNumber)
  for (const caseNumber of [
    '24-001234',
    'SR 26-0012345',
    'tree removal 12',
    'inspection warrant 4',
    'fugitive dust complaint 2026-118',
    'fugitive emissions 12',
    'victim of criminal case BA512345',
    'DV criminal case 7',
  ])
    t.equal(conclude({ purpose: 'service-delivery', caseNumber }).code, 'service-delivery', `twin: ${caseNumber}`)
  t.equal(
    conclude({ purpose: 'criminal-investigation', category: 'local-police', caseNumber: 'Search Warrant 24-118' }).code,
    'criminal-investigation',
  )
})

t.test('nothing contradicts an emergency, a child, a court, an audit, or somebody’s own right', async t => {
  for (const purpose of ['emergency', 'child-protection', 'court', 'audit', 'subject-access', 'public-records'] as const)
    for (const records of RecordClass.options)
      t.equal(conclude({ purpose, records, caseNumber: 'search warrant, NCIC, fugitive' }).code, purpose, `${purpose} on ${records}`)
})

t.test('every record class is met by the purpose it is kept for', async t => {
  const kept: Readonly<Record<RecordClass, Purpose>> = {
    general: 'service-delivery',
    police: 'criminal-investigation',
    alpr: 'criminal-investigation',
    health: 'treatment',
    education: 'education',
    'vendor-permit': 'service-delivery',
    driver: 'public-safety',
    utility: 'payment',
    housing: 'eligibility',
    library: 'service-delivery',
    benefits: 'eligibility',
    custody: 'public-safety',
  }
  for (const records of RecordClass.options) t.equal(conclude({ purpose: kept[records], records }).code, kept[records], records)
})

t.test('suspicion outranks a contradiction, a contradiction a vague reason, and an unknown source contradicts nothing', async t => {
  t.equal(conclude({ purpose: 'payment', category: 'vendor', records: 'alpr', reason: 'for ICE' }).code, 'suspected')
  t.match(conclude({ purpose: 'payment', records: 'alpr', reason: 'inv' }), { code: 'vague', missing: /Plate reads/ })
  t.equal(conclude({ purpose: 'payment', records: null }).code, 'payment')
})

t.test('the gate knows the record class of the source', async t => {
  const recordsOf = (source: string) => (source === 'plates' ? 'alpr' : null)
  const identify = makeIdentify({ directory: shipped, lexicon, issuers: ISSUERS, ownerJurisdiction: 'us-ca-los-angeles', recordsOf })
  const school = claimsOf({ agency: 'us-ca-lausd', purpose: 'education' })
  t.match(identify(callWith({}, 'plates'), school), { purpose: { code: 'vague', declared: 'education', missing: /Plate reads/ } })
  t.match(identify(callWith({}, 'pupils'), school), { purpose: { code: 'education', missing: null } })
})
