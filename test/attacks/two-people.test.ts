import { randomBytes } from 'node:crypto'
import t from 'tap'
import { city, instrument } from '../support/city.ts'

const ero = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', sub: 'officer-1' }
const ADDRESS = '/water/people?select=id,address&id=eq.11'
const limits = { callsPerMinute: { urgent: 100_000, ordinary: 100_000, bulk: 100_000 } }
const gate = await city(t, { config: { limits } })

/** Another paper each time: one document is good once. */
const paper = (more: object = {}) => instrument({ document: randomBytes(32).toString('hex'), ...more })
const issuedBy = (more: object) => ({ issuer: { ...(instrument()['issuer'] as object), ...more } })
const enter = async (more: object) => (await gate.asStaff('POST', '/process', 'clerk', paper(more))).json().id as string
const verify = (id: string, who: string) => gate.asStaff('POST', `/process/${id}/verify`, who, {})

/** Enters it, has two people try to verify it; gives its state. */
async function outcome(more: object): Promise<string> {
  const id = await enter(more)
  await verify(id, 'ana')
  await verify(id, 'ben')
  const { state } = (await gate.asStaff('GET', `/process/${id}`, 'ana')).json()
  return state
}

const NO_COURT_TITLES = [
  ...['Immigration  Judge', 'Immigration\u00a0Judge', 'Immigration\nJudge', 'Immigration-Judge', 'immigration_judge', 'ImmigrationJudge'],
  ...[
    'Immigration\u200b Judge',
    'Immi\u200bgration Judge',
    'Immi\u0336gration Judge',
    '\u0399mmigration Judge',
    'I m m i g r a t i o n Judge',
  ],
  ...[
    'lmmigration Judge',
    '1mmigration Judge',
    'Imigration Judge',
    'Irnrnigration Judge',
    'Immi\u{1f176}ration Judge',
    'Immigration Judges',
  ],
  ...['U.S. Immigration Judge', 'Judge of the Immigration Court', 'Judge, Executive Office for Immigration Review', 'Removal Judge'],
  ...['IJ', 'I.J.', 'Judge (IJ)', 'ALJ', 'Administrative Law Judge', 'Administrative  Judge', 'Judge, EOIR', 'Judge, E.O.I.R.'],
  ...['Board of Immigration Appeals member', 'Hearing Officer', 'Deportation Officer', 'Deportation Off.', 'SDDO', 'AFOD', 'FOD', 'SAC'],
  ...['Supervisory Detention and Deportation Officer', '(A) Field Office Director', 'ICE Officer', 'Officer, ICE', 'Judge, lCE'],
  ...['Special  Agent', 'Special Agent, Department of Justice', 'Border Patrol Agent', 'Immigration Enforcement Agent', 'Director', '-'],
]
const COURT_TITLES = [
  ...['United States Magistrate Judge', 'U.S. Magistrate Judge', 'Superior Court Judge', 'Judge, Superior Court, County of Los Angeles'],
  ...['Judge', 'Magistrate', 'Hon. Judge Pro Tempore', 'Associate Justice', 'Court Commissioner', 'Judicial Officer', 'Clerk of the Court'],
]

t.test('a signer who is no judge signs no court process, however the title is written', async t => {
  for (const title of NO_COURT_TITLES) t.equal(await outcome(issuedBy({ title })), 'entered', JSON.stringify(title))
  for (const title of COURT_TITLES) t.equal(await outcome(issuedBy({ title })), 'active', `twin: ${title}`)
})

t.test('who asks with a subpoena is an attorney at times; no attorney signs a warrant', async t => {
  for (const title of ['Deputy Clerk of the Court', 'Attorney for the People'])
    t.equal(await outcome({ kind: 'judicial-subpoena', ...issuedBy({ title }) }), 'active', title)
  t.equal(await outcome(issuedBy({ title: 'Assistant United States Attorney' })), 'entered')
})

t.test('an office of the agency that asks is no court, and its forms are forms', async t => {
  for (const more of [
    ...[
      { court: 'Los Angeles Immigration Court' },
      { court: 'Immigrati\u043en Court' },
      { body: 'Executive Office for Immigration Review' },
    ],
    ...[{ body: 'Immigration and Customs Enforcement' }, { body: 'I.C.E.' }, { body: 'U.S. Department of Homeland  Security' }],
    ...[{ court: 'ERO Los Angeles Field Office' }, { body: 'DHS' }, { body: 'U.S. Customs and Border Protection' }],
  ])
    t.equal(await outcome(issuedBy({ ...more, title: 'Judge' })), 'entered', JSON.stringify(more))
  for (const more of [
    ...[
      { court: 'United States District Court' },
      { court: 'Iowa District Court for Sac County' },
      { court: 'Superior Court, Venice District' },
    ],
    ...[{ body: 'Superior Court of California, County of Los Angeles' }, { body: 'Justice Court' }, { court: 'Tribunal Général de José' }],
  ])
    t.equal(await outcome(issuedBy({ ...more, title: 'Judge' })), 'active', `twin: ${JSON.stringify(more)}`)
  const forms = [
    'I-200',
    'I-205',
    'i-247A',
    'I 205',
    'I205',
    'Form I-200 (Rev. 09/16)',
    'DHS Form I-203',
    '\uff29-205',
    'l-205',
    '1-205',
    'I-2O5',
  ]
  for (const form of [...forms, 'I\u2011205', 'I-138', 'Warrant of Removal', 'Immigration Detainer', 'ICE Form 71-038', '\u0406-205'])
    t.equal(await outcome({ form }), 'entered', JSON.stringify(form))
  for (const kind of ['subject-consent', 'exigent-claim']) t.equal(await outcome({ kind, form: 'I-247A' }), 'entered', kind)
  for (const form of ['AO-93', 'AO 442', 'AO 88B', 'SUBP-001', 'CR-125/JV-525', 'CIVIL-100', 'MC-200', 'TRIAL 200'])
    t.equal(await outcome({ form }), 'active', `twin: ${form}`)
})

t.test('an ended document that is entered again opens nothing', async t => {
  for (const step of ['quash', 'revoke', 'use'] as const) {
    const scope = { uses: 1, document: randomBytes(32).toString('hex') }
    const first = await enter(scope)
    await verify(first, 'ana')
    const early = await enter(scope)
    await verify(early, 'ana')
    t.match((await verify(first, 'ben')).json(), { state: 'active' })
    if (step === 'use') t.equal((await gate.get(ADDRESS, ero, { 'haven-process': first })).status, 200, 'twin')
    else await gate.asStaff('POST', `/process/${first}/${step}`, 'cy', { why: 'a court said so' })
    const again = await enter(scope)
    for (const id of [again, early])
      for (const who of ['ana', 'ben', 'cy']) {
        const refused = await verify(id, who)
        t.equal(refused.status, 409, `${step} ${who}`)
        if (id === again || who !== 'ana') t.match(refused.json().detail, first, 'and is told of the earlier one')
      }
    t.equal((await gate.get(ADDRESS, ero, { 'haven-process': again })).status, 451)
    t.equal(await outcome({ uses: 1 }), 'active', 'twin: another document')
  }
})

t.test('one document is not good twice at once', async t => {
  const scope = { uses: 1, document: randomBytes(32).toString('hex') }
  const [first, second] = [await enter(scope), await enter(scope)]
  for (const who of ['ana', 'ben']) t.equal((await verify(second, who)).status, 200, 'twin: a wrong entry that waits is in nobody’s way')
  t.match((await verify(first, 'ana')).json().detail, second)
})

t.test('one person alone makes no agency certified', async t => {
  const here = await city(t, { config: { limits }, agencies: vendor() })
  const today = new Date().toISOString().slice(0, 10)
  const certificate = {
    ...{ agency: 'us-xx-vendor', statute: 'N.Y. Veh. & Traf. Law § 201(12)', signer: 'J. Doe', title: 'Director' },
    ...{ signed: today, until: new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10), document: 'b'.repeat(64) },
  }
  const isCertified = async () => {
    await here.get('/residents/people?select=id,full_name&id=eq.11', { agency: 'us-xx-vendor', purpose: 'service-delivery', sub: 'v' })
    const decision = (await here.entries()).findLast(({ kind }) => kind === 'decision')
    return JSON.stringify(decision).includes('certified')
  }
  const step = (path: string, who: string, body: object = {}) => here.asStaff('POST', path, who, body)
  const { id, state } = (await step('/certificates', 'clerk', certificate)).json()
  t.equal(state, 'entered')
  t.equal(await isCertified(), false)
  t.equal((await step(`/certificates/${id}/verify`, 'clerk')).status, 403, 'an operator')
  t.equal((await here.asStaff('POST', `/certificates/${id}/verify`, 'clerk-2', {}, { roles: ['counsel'] })).status, 403, 'who entered it')
  t.equal((await step(`/certificates/${id}/verify`, 'ana', { why: 'x' })).status, 400)
  t.equal(await isCertified(), false)
  t.match((await step(`/certificates/${id}/verify`, 'ana')).json(), { state: 'in-force', verified: { by: 'ana' } }, 'twin')
  t.equal(await isCertified(), true)
})

t.test('no name, number or sentence gets into the journal as the name of an agency or a source', async t => {
  const refused = async (path: string, body: object) => (await gate.asStaff('POST', path, 'clerk', body)).status
  const certificate = {
    ...{ statute: 'x', signer: 'x', title: 'x', signed: '2026-01-05', until: '2026-12-31', document: 'b'.repeat(64) },
  }
  for (const secret of ['Maria Lopez', 'a123456789', 'a123-456-789', 'María', 'x'.repeat(65), 'us_dhs', 'US-DHS']) {
    t.equal(await refused('/process', paper({ usableBy: { agencies: [secret] } })), 400, secret)
    t.equal(await refused('/process', paper({ scope: [{ source: secret, persons: ['11'] }] })), 400, secret)
    t.equal(await refused('/certificates', { ...certificate, agency: secret }), 400, secret)
  }
  const named = { usableBy: { agencies: ['us-dhs-ice-ero', 'us-doj-fbi'] }, scope: [{ source: 'water', persons: ['11'] }] }
  t.equal(await refused('/process', paper(named)), 201, 'twin')
})

t.test('what the judge forbids to tell is told to nobody, as what is sealed', async t => {
  const fbi = { agency: 'us-doj-fbi', purpose: 'criminal-investigation', sub: 'f' }
  const scope = { kind: 'judicial-subpoena', scope: [{ source: 'school', persons: ['11'] }], usableBy: { agencies: ['us-doj-fbi'] } }
  const ask = (id: string) => gate.get('/school/people?select=id,address&id=eq.11', fbi, { 'haven-process': id })
  const active = async (more: object) => {
    const id = await enter({ ...scope, ...more })
    await verify(id, 'ana')
    await verify(id, 'ben')
    return id
  }
  t.equal((await ask(await active({}))).status, 451, 'twin: the parents are told before')
  t.equal((await ask(await active({ sealed: true }))).status, 200, 'twin')
  t.equal((await ask(await active({ nonDisclosure: true }))).status, 200)
})

const vendor = (): string => `
  - id: us-xx-vendor
    name: A contractor
    category: vendor
    jurisdiction: us-ca
    purposes: [service-delivery]
`
