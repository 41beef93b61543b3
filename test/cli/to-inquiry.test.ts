import t from 'tap'
import { toInquiry } from '../../src/cli/to-inquiry.ts'
import { Given } from '../../src/terms/policy-case.ts'
import { LAFD, LAPD, parties, shipped, shippedLexicon } from '../requester/call.ts'

const inquiryOf = (given: object) =>
  toInquiry(Given.parse({ uses: { select: ['locating'] }, ...given }), {
    directory: shipped,
    lexicon: shippedLexicon,
    home: 'us-ca-los-angeles',
  })

t.test('a case concludes the purpose and the recipients as the gate does', async t => {
  const said = [
    [LAPD, 'criminal-investigation', 'inv'],
    [LAPD, 'criminal-investigation', 'burglary'],
    [LAPD, 'emergency', 'ICE WARRANT'],
    [LAPD, 'public-safety', 'for ICE'],
    [LAFD, 'emergency', 'medical aid requested by Border Patrol'],
    ['us-ca-los-angeles-housing', 'service-delivery', 'inv'],
    ['us-ca-la-county-dpss', 'eligibility', 'verify immigration status'],
  ] as const
  for (const [agency, purpose, reason] of said) {
    const gate = parties({ agency, purpose, reason })
    const written = inquiryOf({ requester: agency, purpose, reason })
    t.equal(written.purpose, gate.purpose.code, `${agency}: ${reason}`)
    t.same(written.recipients, gate.recipients, `${agency}: ${reason}`)
  }
  t.equal(inquiryOf({ requester: LAPD, purpose: 'criminal-investigation', reason: 'inv' }).purpose, 'vague')
})

t.test('a party written out is judged by its category', async t => {
  const written = (category: string, purpose: string, reason: string) => inquiryOf({ requester: { category }, purpose, reason }).purpose
  t.equal(written('local-police', 'criminal-investigation', 'inv'), 'vague')
  t.equal(written('fire-ems', 'emergency', 'immigration raid'), 'emergency')
  t.equal(written('local-police', 'emergency', 'immigration raid'), 'suspected')
  t.equal(written('school', 'education', 'newcomer immigrant student'), 'education')
  t.equal(written('local-police', 'education', 'newcomer immigrant student'), 'suspected')
})

t.test('a case means what it says: any purpose stands, also one that is only ever concluded', async t => {
  t.equal(inquiryOf({ requester: LAPD, purpose: 'eligibility' }).purpose, 'eligibility')
  t.equal(inquiryOf({ requester: { category: 'person' }, purpose: 'research' }).purpose, 'research')
  for (const purpose of ['suspected', 'vague', 'unstated', 'immigration-enforcement'])
    t.equal(inquiryOf({ requester: LAPD, purpose, reason: 'burglary' }).purpose, purpose, purpose)
  t.equal(inquiryOf({ requester: LAPD, reason: 'burglary' }).purpose, 'unstated', 'free text never grants')
  t.equal(inquiryOf({ requester: LAPD, purpose: 'vague', reason: 'ICE WARRANT' }).purpose, 'suspected')
  t.throws(() => inquiryOf({ requester: 'us-nobody' }), /no agency 'us-nobody'/)
})
