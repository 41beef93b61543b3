import t from 'tap'
import { city, instrument } from '../support/city.ts'

const ero = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', sub: 'deportation-officer-1' }
const ADDRESS = '/water/people?select=id,address&id=eq.11'
const gate = await city(t)
const entries = async (kind: string) => (await gate.entries()).filter(entry => entry['kind'] === kind)

t.test('a water customer is not located for removal, with or without a form of the agency', async t => {
  const bare = await gate.get(ADDRESS, ero)
  t.equal(bare.status, 451)
  t.match(bare.json(), { type: /law$/, reasons: [{ cite: [/188441/] }] })
  const { id } = (await gate.asStaff('POST', '/process', 'clerk', instrument({ kind: 'i-205', form: 'I-205' }))).json()
  t.equal((await gate.asStaff('POST', `/process/${id}/verify`, 'ana', {})).status, 409, 'nobody can make it a warrant')
  const with205 = await gate.get(ADDRESS, ero, { 'haven-process': id })
  t.equal(with205.status, 451)
  t.match(with205.json(), { type: /law$/, detail: /not active/ }, 'and the caller is told that it opens nothing')
  t.equal((await gate.get(ADDRESS, { ...ero, process: 'i-205' })).status, 451)
})

t.test('a magistrate opens what the warrant names once two people verified it, and only for the one it names', async t => {
  const { id } = (await gate.asStaff('POST', '/process', 'clerk', instrument())).json()
  const held = await gate.get(ADDRESS, ero, { 'haven-process': id })
  t.equal(held.status, 451)
  t.match(held.json(), { type: /held$/ }, 'held while nobody verified it')
  await gate.asStaff('POST', `/process/${id}/verify`, 'ana', {})
  t.equal((await gate.get(ADDRESS, ero, { 'haven-process': id })).status, 451, 'one person is not enough')
  t.match((await gate.asStaff('POST', `/process/${id}/verify`, 'ben', {})).json(), { state: 'active' })

  const released = await gate.get(ADDRESS, ero, { 'haven-process': id })
  t.equal(released.status, 200)
  t.same(released.json(), [{ id: '11', address: '1 Olive St' }])
  const household = await gate.get('/water/people?select=id,full_name,address&household=eq.H1', ero, { 'haven-process': id })
  t.equal(household.status, 200)
  t.same(household.json(), [{ id: '11', full_name: 'Ana Reyes', address: '1 Olive St' }], 'a household comes back as the one person')
  t.match(gate.asked.at(-1), /id=in\./, 'and the record API is asked for the one person')
  t.equal((await gate.get(ADDRESS.replace('eq.11', 'eq.12'), ero, { 'haven-process': id })).status, 451, 'another person')
  t.equal((await gate.get(ADDRESS.replace('/water/', '/residents/'), ero, { 'haven-process': id })).status, 451, 'another source')
  const cbp = { ...ero, agency: 'us-dhs-cbp', sub: 'x' }
  const theirs = await gate.get(ADDRESS, cbp, { 'haven-process': id })
  t.equal(theirs.status, 451)
  t.match(theirs.json().detail, /another agency/)
  t.equal((await gate.get(ADDRESS, ero, { 'haven-process': '0'.repeat(32) })).status, 451, 'an id nobody gave')
  t.equal(
    (await gate.get(ADDRESS, ero, { 'haven-process': id, 'haven-recipient': 'us-dhs-cbp' })).status,
    451,
    'a recipient the paper does not name',
  )

  await gate.asStaff('POST', `/process/${id}/revoke`, 'cy', { why: 'withdrawn by the court' })
  t.equal((await gate.get(ADDRESS, ero, { 'haven-process': id })).status, 451, 'revoked')
  t.equal((await entries('process')).filter(({ body }) => (body as { id: string }).id === id).length, 4, 'every step is an entry')
})

t.test('a warrant for one use is used once, also by two calls at once', async t => {
  const id = await gate.activeProcess({ uses: 1 })
  const both = await Promise.all([1, 2, 3, 4].map(() => gate.get(ADDRESS, ero, { 'haven-process': id })))
  t.same(both.map(({ status }) => status).toSorted(), [200, 451, 451, 451])
  t.match((await gate.asStaff('GET', `/process/${id}`, 'ana')).json(), { state: 'exhausted' })
})

t.test('only the fields that are named leave', async t => {
  const id = await gate.activeProcess({ scope: [{ source: 'water', persons: ['11'], fields: ['address'] }] })
  const answer = await gate.get('/water/people?select=id,address,plate,full_name&id=eq.11', ero, { 'haven-process': id })
  t.equal(answer.status, 200)
  t.same(answer.json(), [{ id: '11', address: '1 Olive St' }])
  const oracle = await gate.get('/water/people?select=id,address&id=eq.11&plate=eq.7ABC123', ero, { 'haven-process': id })
  t.equal(oracle.status, 451, 'nor is anything asked about the others')
  const status = await gate.get('/water/people?select=citizenship&id=eq.11', ero, { 'haven-process': id })
  t.ok([403, 451].includes(status.status), 'a field the paper does not name')
})

t.test('a court order opens a clinic record once verified; a foreign subpoena opens none', async t => {
  const order = { kind: 'court-order', scope: [{ source: 'clinic', persons: ['11'] }], usableBy: { agencies: ['us-dhs'] } }
  const dhs = { agency: 'us-dhs', purpose: 'immigration-enforcement', sub: 'dhs-1' }
  const path = '/clinic/people?select=id,address&id=eq.11'
  const { id } = (await gate.asStaff('POST', '/process', 'clerk', instrument(order))).json()
  t.match((await gate.get(path, dhs, { 'haven-process': id })).json(), { type: /held$/ })
  const active = await gate.activeProcess(order)
  t.equal((await gate.get(path, dhs, { 'haven-process': active })).status, 200)
  const foreign = await gate.get(path, { ...dhs, process: 'foreign-subpoena' })
  t.equal(foreign.status, 451)
  t.match(foreign.json(), { type: /law$/ })
  t.match(foreign.text, /56\.10/)
})

t.test('a school record and an administrative subpoena: held, not refused, not released', async t => {
  const answer = await gate.get('/school/people?select=address&id=eq.11', { ...ero, process: 'admin-subpoena' })
  t.equal(answer.status, 451)
  t.match(answer.json(), { type: /held$/, hold: /^[0-9a-f-]{36}$/ })
})
