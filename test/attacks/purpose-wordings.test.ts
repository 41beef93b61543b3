import t from 'tap'
import { concludePurpose } from '../../src/requester/conclude-purpose.ts'
import type { Purpose } from '../../src/terms/purpose.ts'
import type { RecordClass } from '../../src/terms/source.ts'
import { HOUSING, LAFD, LAPD, shipped, shippedLexicon } from '../requester/call.ts'

const DMV = 'us-ca-dmv'
const CDSS = 'us-ca-cdss'
const DPSS = 'us-ca-la-county-dpss'
const DCFS = 'us-ca-la-county-dcfs'
const SCHOOLS = 'us-ca-lausd'
const WATER = 'us-ca-los-angeles-dwp'
const HOSPITAL = 'us-ca-la-county-medical-center'
const HEALTH = 'us-ca-la-county-public-health'
const EMERGENCIES = 'us-ca-los-angeles-emergency-management'
const IMMIGRANT_AFFAIRS = 'us-ca-los-angeles-immigrant-affairs'
const STREETS = 'us-ca-los-angeles-street-services'

function conclude(id: string, code: Purpose, reason: string, records: RecordClass | null = null, caseNumber: string | null = null) {
  const agency = shipped.byId(id)
  if (agency === null) throw new Error(`no agency ${id}`)
  const presented = { process: null, hold: null }
  const declared = { code, from: 'claim' as const }
  return concludePurpose(
    { purpose: declared, reason, case: caseNumber, recipients: [], process: null, presented },
    agency,
    shippedLexicon,
    records,
  )
}
const codeOf = (...asked: Parameters<typeof conclude>) => conclude(...asked).purpose.code
type Line = readonly [agency: string, purpose: Purpose, ...reasons: string[]]

function check(name: string, bites: readonly Line[], passes: readonly Line[]) {
  t.test(name, async t => {
    for (const [agency, purpose, ...reasons] of bites)
      for (const reason of reasons) t.equal(codeOf(agency, purpose, reason), 'suspected', `${agency} ${purpose}: ${reason}`)
    for (const [agency, purpose, ...reasons] of passes)
      for (const reason of reasons) t.equal(codeOf(agency, purpose, reason), purpose, `twin: ${agency} ${purpose}: ${reason}`)
  })
}

check(
  'a denial ends with its sentence',
  [
    [
      LAPD,
      'criminal-investigation',
      'Not for immigration. Run for ERO.',
      'not for immigration. ICE request',
      'not for immigration\nICE request',
      'not for immigration (ICE request)',
      'not for immigration - ICE request',
      'not for immigration—ICE request',
      'not for immigration... ICE request',
      'no immigration purpose: ICE wants address',
      'did any show up? ICE asks for address',
      'unrelated to case. HSI pickup address',
    ],
  ],
  [
    [
      LAPD,
      'criminal-investigation',
      'burglary, not for ICE or any imm enforcement',
      'burglary: no immigration nexus',
      'did any officer run ICE',
    ],
  ],
)

check(
  'a state body with a badge has no everyday words',
  [
    [DMV, 'eligibility', 'ICE ERO lookup', 'HSI case 1234, owner address', 'undocumented owners list'],
    [DMV, 'service-delivery', 'ICE plate lookup'],
    [DMV, 'audit', 'ICE'],
    [DMV, 'public-records', 'border patrol batch 7'],
  ],
  [
    [DMV, 'eligibility', 'licence renewal, black ice collision'],
    [DMV, 'audit', 'searches that mention ICE'],
  ],
)

t.test('on benefits records a state body is a benefits office', async t => {
  const reason = 'undocumented parent, citizen child'
  t.equal(codeOf(CDSS, 'eligibility', reason, 'benefits'), 'eligibility')
  t.equal(codeOf(CDSS, 'eligibility', reason, 'driver'), 'suspected', 'twin')
})

check(
  'no office has an everyday word for a body beside what it wants, or for nothing but its name',
  [
    [DPSS, 'eligibility', 'ICE ERO', 'ICE pickup list', 'ICE officer here, home address', 'ICE detainer address', 'ICE subpoena response'],
    [DPSS, 'eligibility', 'current address of AU members, ICE agent on the line'],
    [SCHOOLS, 'education', 'pickup by ICE, which classroom', 'ICE agent in the office, schedule of pupil'],
    [DCFS, 'child-protection', 'HSI'],
    [WATER, 'eligibility', 'ICE ERO address'],
    [WATER, 'payment', 'ICE account lookup'],
    [HOUSING, 'eligibility', 'ICE will come by, need unit', 'undocumented tenants roster for the feds'],
    [HEALTH, 'public-health', 'ICE list'],
  ],
  [
    [
      DPSS,
      'eligibility',
      'father in ICE custody, new address of mother',
      'husband detained by ICE, change of address',
      'CAPI address change',
    ],
    [SCHOOLS, 'education', 'father taken by ICE, who else is on the pickup list', 'ice cream social list'],
    [DCFS, 'child-protection', 'mother in ICE detention, reunify'],
    [HOUSING, 'eligibility', 'mixed status household roster', 'ice machine in unit 4'],
    [HEALTH, 'public-health', 'TB contact at ICE detention'],
  ],
)

check(
  'who gives care hands nobody over, with or without saying what',
  [
    [
      HOSPITAL,
      'treatment',
      'send to ICE',
      'give to ICE',
      'hand over to ICE',
      'requested by ICE',
      'for ICE ERO',
      'ICE asks for address',
      'notify ICE when discharged',
      'for immigration enforcement',
      'mandar a ICE',
      'send her over to ICE',
      'upload to ICE portal',
    ],
    [HOSPITAL, 'emergency', 'notify ICE when discharged'],
    [
      LAFD,
      'emergency',
      'do not tell subject ICE wants address',
      'send to ICE',
      'share address with HSI',
      'tell ICE discharge time',
      'ICE needs location of patient',
    ],
  ],
  [
    [
      LAFD,
      'emergency',
      'patient in ICE custody',
      'ICE agents on scene',
      'called by ICE for medical aid',
      'at ICE request',
      'sent to ICE detention facility for chest pain',
      'ICE requests address check of caller',
      'do not tell ICE',
    ],
    [HOSPITAL, 'treatment', 'ICE', 'patient record to ICE health service corps', 'DHS request', 'afraid somebody will tell ICE'],
  ],
)

check(
  'an emergency is about what happens, and serves nobody',
  [
    [LAPD, 'emergency', 'ICE ERO', 'immigration check', 'run address for ICE', 'ICE agents request addresses'],
    [SCHOOLS, 'emergency', 'ICE wants parents address'],
    [EMERGENCIES, 'emergency', 'evacuation list for ICE'],
  ],
  [
    [SCHOOLS, 'emergency', 'ICE agents at gate, need parents phone', 'parents deported'],
    [DCFS, 'emergency', 'both parents picked up by ICE, child alone'],
    [LAPD, 'emergency', 'ICE agents under fire officer needs help', 'shots fired at ICE facility'],
    [EMERGENCIES, 'emergency', 'ICE operation gas leak evacuate'],
  ],
)

check(
  'an office without badges writes down what happened to its clients',
  [
    [SCHOOLS, 'service-delivery', 'deport the mother', 'ICE raid planned, addresses', 'mother for ICE'],
    [HOUSING, 'service-delivery', 'tenant deportation list'],
    [LAPD, 'public-safety', 'tenant deported, unit abandoned', 'rapid response: ICE raid victims list'],
    [DMV, 'service-delivery', 'client deported'],
  ],
  [
    [SCHOOLS, 'service-delivery', 'mother deported, new guardian', 'ICE raid near school, call parents', 'madre deportada, nueva tutora'],
    [DPSS, 'service-delivery', 'ICE detention release date, restart CalWORKs'],
    [HOUSING, 'service-delivery', 'tenant deported, unit abandoned', 'ICE raid damaged door'],
    [IMMIGRANT_AFFAIRS, 'service-delivery', 'rapid response: ICE raid victims'],
    [STREETS, 'service-delivery', 'vendor cart seized in ICE raid'],
    [HEALTH, 'service-delivery', 'patient deported, TB follow up'],
  ],
)

check(
  'the old name, a facility where agents wait, and letters that look Latin',
  [
    [
      LAPD,
      'criminal-investigation',
      'for INS',
      'for I.N.S.',
      'near ICE facility pick up subject for agents waiting',
      'run for ⲒⲤⲈ',
      'run for ꮖꮯꭼ',
      'run for ƗȻɆ',
      'no p@pers',
      'for inmigr@cion',
      'write to agent@ice.dhs.gov',
    ],
  ],
  [
    [
      LAPD,
      'criminal-investigation',
      'collision report for ins claim',
      'robbery near ICE facility',
      'threats by mail to clerk@library.lacity.example',
    ],
  ],
)

t.test('what nobody can read says nothing, whatever its number', async t => {
  const number = '24-001234'
  for (const reason of ['移民局要求地址', '이민세관단속국 요청', 'Иммиграционная служба просит адрес', 'run for ⵏⵎⴹ'])
    t.match(conclude(LAPD, 'criminal-investigation', reason, null, number).purpose, { code: 'vague', missing: /Latin letters/ }, reason)
  for (const reason of ['victim 김민수 assaulted at 5th St', 'welfare check on elderly Фёдоров'])
    t.equal(codeOf(LAPD, 'public-safety', reason), 'public-safety', `a name: ${reason}`)
  t.equal(codeOf(LAPD, 'public-safety', 'inv Фёдоров'), 'vague', 'a name alone')
  t.equal(codeOf(LAPD, 'emergency', '移民局要求地址'), 'emergency', 'nobody waits in an emergency')
})

t.test('a case number is a number', async t => {
  for (const number of ['111', '1', 'case 7', 'n/a']) t.equal(codeOf(LAPD, 'criminal-investigation', 'inv', null, number), 'vague', number)
  for (const number of ['24-0012', 'DR-77', '1234'])
    t.equal(codeOf(LAPD, 'criminal-investigation', 'inv', null, number), 'criminal-investigation', `twin: ${number}`)
})
