import t from 'tap'
import { city, instrument } from '../support/city.ts'

const RENO = `
  - id: us-nv-test-sheriff
    name: A sheriff of another state
    category: local-police
    jurisdiction: us-nv
    purposes: [criminal-investigation, public-safety]
    flags: { 287g: { since: 2025-01-01, evidence: invented for this test } }
  - id: us-nv-test-police
    name: A police department of another state
    category: local-police
    jurisdiction: us-nv
    purposes: [criminal-investigation, public-safety]
`
const gate = await city(t, { agencies: RENO })
const lapd = { agency: 'us-ca-los-angeles-lapd', purpose: 'public-safety', sub: 'officer-1' }
const because = (reason: string) => ({ 'haven-reason': encodeURIComponent(reason) })

t.test('a clean officer who asks for somebody else is judged by who that is', async t => {
  const path = '/residents/people?select=address&id=eq.11'
  const proxied = await gate.get(path, lapd, because('assist HSI immigration op'))
  t.equal(proxied.status, 451)
  const entry = (await gate.entries()).findLast(({ kind }) => kind === 'decision')
  t.match(entry, { purpose: { code: 'suspected' } })
  t.equal(
    (await gate.get(path, { ...lapd, sub: 'traffic' }, because('black ice collision on Olive St, next of kin'))).status,
    200,
    'weather is weather',
  )
  t.equal((await gate.get(path, lapd, { ...because('collision on Olive St'), 'haven-recipient': 'us-dhs-ice-ero' })).status, 451)
  t.equal((await gate.get(path, { ...lapd, act: { sub: 'x', agency: 'us-dhs-ice-hsi' } }, because('collision'))).status, 451)
})

t.test('the FBI and a bank robbery: without the status, unless it is named', async t => {
  const fbi = {
    agency: 'us-doj-fbi',
    purpose: 'criminal-investigation',
    case: '91A-LA-2266',
    sub: 'agent-1',
    reason: 'armed robbery of a bank',
  }
  const answer = await gate.get('/police/people?select=*&id=eq.21', fbi)
  t.equal(answer.status, 200)
  t.match(answer.json(), [{ address: '9 Elm St' }])
  t.notMatch(answer.text, /citizen/)
  t.match(answer.headers.get('haven-withheld'), /people\.citizenship/)
})

t.test('licence plates: not for another state, whatever the crime; for a police department of California they are', async t => {
  const path = '/alpr/people?select=plate,address&id=eq.11'
  const theft = { purpose: 'criminal-investigation', case: 'DR-26-1', reason: 'stolen vehicle, theft report' }
  for (const agency of ['us-nv-test-sheriff', 'us-nv-test-police']) {
    const refused = await gate.get(path, { ...theft, agency })
    t.equal(refused.status, 451, agency)
    t.match(refused.text, /1798\.90/)
  }
  const own = await gate.get(path, { ...theft, agency: 'us-ca-orange-county-sheriff', sub: 'deputy-9' })
  t.equal(own.status, 200)
  const entry = (await gate.entries()).findLast(({ kind }) => kind === 'decision')
  t.match(entry, {
    t_wall: Number,
    requester: { agency: 'us-ca-orange-county-sheriff', person: /^[\w-]{22}$/ },
    purpose: { code: 'criminal-investigation' },
    subjects: [/^[\w-]{22}$/],
    uses: [{ kind: String }],
  })
})

t.test('a list for a broker is a disclosure to everybody the broker serves', async t => {
  const streets = { agency: 'us-ca-los-angeles-street-services', purpose: 'service-delivery' }
  const list = '/vendors/people?select=full_name,address'
  const broker = await gate.get(list, streets, { 'haven-recipient': 'broker-thomson-reuters-clear' })
  t.equal(broker.status, 451)
  t.match(broker.text, /51036|51037|51038|51039|114381|SB 635/)
  t.equal((await gate.get(list, streets)).status, 200, 'the department itself works with its list')
  const dwp = { agency: 'us-ca-los-angeles-dwp', purpose: 'payment' }
  t.equal((await gate.get('/water/people?select=full_name,address', dwp, { 'haven-recipient': 'broker-equifax' })).status, 451)
  t.equal((await gate.get('/water/people?select=full_name,address', dwp)).status, 200)
})

t.test('programmes: what the grant names flows, status named elsewhere waits for counsel', async t => {
  const dpss = { agency: 'us-ca-la-county-dpss', purpose: 'eligibility' }
  t.equal((await gate.get('/benefits/people?select=citizenship&id=eq.11', dpss)).status, 200)
  t.match((await gate.get('/residents/people?select=citizenship&id=eq.11', dpss)).json(), { type: /held$/ })
  const hud = { agency: 'us-hud', purpose: 'audit' }
  const rows = await gate.get('/residents/people?select=*', hud)
  t.equal(rows.status, 200)
  t.notMatch(rows.text, /asylee|tps/)
  t.match((await gate.get('/residents/people?select=citizenship', hud)).json(), { type: /held$/ })
})

t.test('one’s own file, with one’s own status', async t => {
  const token = await gate.token(
    { purpose: 'subject-access', subject_of: { residents: '11' }, sub: 'ana' },
    { issuer: 'https://my.city.example' },
  )
  const headers = { authorization: `Bearer ${token}` }
  const own = await fetch(`${gate.gate}/residents/people?select=*&id=eq.11`, { headers })
  t.equal(own.status, 200)
  t.match(await own.json(), [{ citizenship: 'asylee' }])
  t.not((await fetch(`${gate.gate}/residents/people?select=*&id=eq.12`, { headers })).status, 200)
})

t.test('a letter that cites 8 U.S.C. 1373: the status waits, the address is refused, and the journal says both', async t => {
  const ice = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', process: '1373-letter', sub: 'officer-7' }
  const answer = await gate.get('/residents/people?select=citizenship,address&id=eq.11', ice)
  t.equal(answer.status, 451)
  t.match(answer.json(), { type: /held$/, hold: String })
  t.match(answer.json().detail, /No official is prohibited or restricted/)
  const entry = (await gate.entries()).findLast(({ kind }) => kind === 'decision')
  t.match(entry, { decision: { held: ['status'], withheld: ['locating'] }, hold: { rules: Array, classes: ['status'] } })
})

t.test('Washington and the District of Columbia', async t => {
  const wa = await city(t, { laws: ['us-wa'] })
  const ice = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement' }
  const path = '/police/people?select=id,address&id=eq.11'
  t.not((await wa.get(path, ice)).status, 200)
  const order = { kind: 'court-order', scope: [{ source: 'police', persons: ['11'] }] }
  const { id } = (await wa.asStaff('POST', '/process', 'clerk', instrument(order))).json()
  t.match((await wa.get(path, ice, { 'haven-process': id })).json(), { type: /held$/ })
  t.equal((await wa.get(path, ice, { 'haven-process': await wa.activeProcess(order) })).status, 200)
  const dc = await city(t, { laws: ['us-dc'] })
  t.equal((await dc.get('/jail/people?select=address&id=eq.11', ice)).status, 451)
  t.match((await dc.get('/jail/people?select=citizenship&id=eq.11', ice)).json(), { type: /held$/ })
})
