import t, { type Test } from 'tap'
import { city } from '../support/city.ts'
import { haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

// The ways by which local records have really reached immigration enforcement, those that an HTTP gate can see. Each with its harmless twin.

const SHERIFF = `
  - id: us-tx-test-287g-sheriff
    name: A sheriff with an agreement
    category: local-police
    jurisdiction: us-tx
    purposes: [criminal-investigation, public-safety, emergency]
    flags: { 287g: { since: 2025-02-01, evidence: invented for this test } }
  - id: us-ca-test-network
    name: A regional network
    category: fusion-centre
    jurisdiction: us-ca
    purposes: [criminal-investigation, public-safety]
    domains: [network.example]
    reshares: [{ to: us-ca-test-member, sources: [police] }]
  - id: us-ca-test-member
    name: A member that hands everything on
    category: local-police
    jurisdiction: us-ca
    purposes: [criminal-investigation]
    reshares: [{ to: us-dhs-ice-ero, sources: all }]
`
const gate = await city(t, { agencies: SHERIFF })
const because = (reason: string) => ({ 'haven-reason': encodeURIComponent(reason) })
const lapd = { agency: 'us-ca-los-angeles-lapd', purpose: 'criminal-investigation', case: 'DR-26-0100', sub: 'officer-1' }
const POLICE = '/police/people?select=address&id=eq.11'
const PLATES = '/alpr/people?select=plate&id=eq.11'

const refused = async (t: Test, name: string, path: string, claims: object, headers = {}) => {
  const answer = await gate.get(path, { ...claims }, headers)
  t.ok([403, 451].includes(answer.status), `${name}: ${answer.status}`)
  t.notMatch(answer.text, /Olive|7ABC/)
}
const passes = async (t: Test, name: string, path: string, claims: object, headers = {}) =>
  t.equal((await gate.get(path, { ...claims }, headers)).status, 200, name)

t.test('1 and 2: a switch that answers ICE, and a question to the Law Enforcement Support Center', async t => {
  const dmv = { agency: 'us-ca-dmv', purpose: 'service-delivery', sub: 'clerk' }
  await refused(t, 'through the national switch', POLICE, lapd, { 'haven-recipient': 'us-nlets' })
  await refused(t, 'to the ORI of the support center', POLICE, lapd, { 'haven-recipient': 'VTICE0900' })
  await refused(t, 'a driver record for the switch', '/dmv/people?select=address&id=eq.11', dmv, { 'haven-recipient': 'us-nlets' })
  await passes(t, 'an officer for the own case', POLICE, { ...lapd, sub: 'officer-9' }, because('residential burglary, victim contact'))
})

t.test('3 and 4: the side door: a plate search on somebody else’s request', async t => {
  for (const [i, reason] of [
    'ICE+ERO',
    'ICE WARRANT',
    'immigration',
    'assist HSI',
    'para la migra',
    'I.C.E.',
    'ІСЕ',
    'ice%20ero',
  ].entries())
    await refused(t, reason, PLATES, { ...lapd, sub: `proxy-${i}` }, because(reason))
  for (const [i, reason] of ['inv', 'case', 'police business', 'test'].entries())
    await refused(t, `vague: ${reason}`, PLATES, { ...lapd, case: undefined, sub: `vague-${i}` }, because(reason))
  await passes(t, 'black ice', PLATES, { ...lapd, sub: 'traffic' }, because('collision on black ice, hit and run vehicle'))
})

t.test('5: an alert on the Immigration Violator File is an alert for ICE', async t => {
  const records = await upstream(t, json([{ id: 'S-1' }]))
  const catalogue = {
    source: 'residents',
    collections: {
      alerts: {
        key: 'id',
        fields: { id: 'open', service: 'open' },
        parameters: { hotlist: { use: 'deliver' }, callback: { use: 'deliver' }, service: { field: 'service', use: 'filter' } },
        paths: { '/alerts': {} },
      },
    },
  }
  const alerts = await haven(t, { upstream: records.url, dialect: 'rest', catalogue })
  const ask = async (query: string) => (await alerts.get(`/residents/alerts?${query}`)).status
  t.equal(await ask('service=water'), 200, 'the twin')
  t.equal(await ask('hotlist=Stolen%20vehicles'), 200, 'an alert for stolen cars')
  t.not(await ask('hotlist=NCIC%20Immigration%20Violator'), 200)
  t.not(await ask('callback=https%3A%2F%2Fhooks.ice.dhs.gov%2Fin'), 200)
  t.not(await ask('callback=https%3A%2F%2Flacity.org%40evil.example%2F'), 200, 'the host behind the @')
  t.not(await ask('callback=https%3A%2F%2Fnobody-knows.example%2F'), 200, 'nobody can place it')
  t.equal(records.asked.length, 2)
})

t.test('6: a badge with delegated federal power', async t => {
  const deputy = { agency: 'us-tx-test-287g-sheriff', purpose: 'criminal-investigation', case: 'TX-1', reason: 'auto theft', sub: 'deputy' }
  await refused(t, 'plates', PLATES, deputy)
  await refused(t, 'a release date', '/jail/people?select=address&id=eq.11', deputy)
})

t.test('7: a network is what it feeds, over any number of steps', async t => {
  const network = {
    agency: 'us-ca-test-network',
    purpose: 'criminal-investigation',
    case: 'RFI-26-2',
    reason: 'robbery series',
    sub: 'analyst',
  }
  await refused(t, 'its member hands on to ERO', POLICE, network)
  await refused(t, 'an officer who mails it there', POLICE, lapd, { 'haven-recipient': 'analyst@network.example' })
  await passes(t, 'a network that hands nothing on', POLICE, { ...lapd, sub: 'officer-2' }, because('robbery series'))
})

t.test('8: a broker sells to everybody', async t => {
  const dwp = { agency: 'us-ca-los-angeles-dwp', purpose: 'payment', sub: 'clerk' }
  for (const broker of ['broker-lexisnexis', 'broker-thomson-reuters-clear', 'broker-equifax', 'broker-nctue'])
    await refused(t, broker, '/water/people?select=full_name,address', dwp, { 'haven-recipient': broker })
  await refused(t, 'one nobody listed', '/water/people?select=address', dwp, { 'haven-recipient': 'sales@data-partner.example' })
  await passes(t, 'the department’s own bills', '/water/people?select=full_name,address', dwp)
})

t.test('9 and 15: a mixed unit is asked for each request, a deputised agency too', async t => {
  const jttf = { agency: 'us-doj-fbi-jttf', purpose: 'criminal-investigation', sub: 'agent' }
  await refused(t, 'no case, no reason', POLICE, { ...jttf, reason: 'task force' })
  const dea = { agency: 'us-doj-dea', purpose: 'criminal-investigation', case: 'DEA-26-3', sub: 'agent' }
  await refused(t, 'assigned to ERO', POLICE, dea, because('assisting ERO with removal operation'))
  await passes(t, 'its own case', POLICE, { ...dea, sub: 'agent-2' }, because('heroin distribution, wiretap target'))
})

t.test('10: any address below a domain is that body', async t => {
  for (const email of ['a.b@associates.ice.dhs.gov', 'a.b@ICE.DHS.GOV.', 'x@hq.hsi.dhs.gov', 'x@cbp.dhs.gov'])
    await refused(t, email, POLICE, { ...lapd, sub: email }, { 'haven-recipient': encodeURIComponent(email) })
  const signals = await gate.get(POLICE, { ...lapd, sub: 's', email: 'a.b@associates.ice.dhs.gov', email_verified: true })
  t.equal(signals.status, 403, 'a local badge whose verified mail is ICE’s is nobody')
})

t.test('11: a whole programme file is demanded, whatever for', async t => {
  const usda = { agency: 'us-usda', purpose: 'audit', process: 'agency-demand', sub: 'usda' }
  await refused(t, 'programme integrity', '/benefits/people?select=*', usda, because('program integrity, waste, fraud and abuse'))
})

t.test('12: administrative paper, by any name', async t => {
  const ice = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', sub: 'officer' }
  for (const process of ['admin-subpoena', 'i-200', 'i-205', 'i-247a', 'immigration-court-subpoena', 'ncic-immigration-violator'])
    await refused(t, process, '/school/people?select=address&id=eq.11', { ...ice, process })
})
