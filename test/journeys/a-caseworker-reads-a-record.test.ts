import t from 'tap'
import { haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const ANA = {
  id: 'R-1',
  service: 'rent',
  zip: '90012',
  full_name: 'Ana Example',
  address: '1 Main St',
  citizenship: 'asylee',
  alien_number: 'A123456789',
  birth_country: 'Guatemala',
  ssn: '900-12-3456',
  notes: 'es indocumentada',
  uncatalogued: 'secret',
}

t.test('a housing caseworker gets the record without what reveals status', async t => {
  const records = await upstream(t, json([ANA]))
  const gate = await haven(t, { upstream: records.url })
  const answer = await gate.get('/residents/residents?id=eq.R-1')
  t.equal(answer.status, 200)
  t.same(answer.json(), [{ id: 'R-1', service: 'rent', zip: '90012', full_name: 'Ana Example', address: '1 Main St', notes: 'es ***' }])
  t.equal(answer.headers.get('haven-withheld'), 'residents.alien_number, residents.birth_country, residents.citizenship, residents.ssn')
  t.equal(answer.headers.get('cache-control'), 'no-store')
  t.match(answer.headers.get('haven-decision'), /^[0-9a-f-]{36}$/)
  t.equal(records.asked[0]?.headers['accept-encoding'], 'identity')
  t.notOk(records.asked[0]?.headers.authorization, 'the caller’s token does not travel on')
})

t.test('the journal holds the decision and the outcome, and no value', async t => {
  const records = await upstream(t, json([ANA]))
  const gate = await haven(t, { upstream: records.url })
  const answer = await gate.get('/residents/residents?id=eq.R-1')
  await gate.close()
  const entries = await gate.entries()
  const decision = entries.find(entry => JSON.stringify(entry).includes(answer.headers.get('haven-decision') ?? '?'))
  t.ok(decision, 'the decision is in the journal')
  const whole = JSON.stringify(entries)
  for (const value of [...Object.values(ANA).filter(value => value !== 'rent'), 'worker-7']) t.notOk(whole.includes(value), value)
})

t.test('ICE is refused with the law that says so, and the record API is never asked', async t => {
  const records = await upstream(t, json([ANA]))
  const gate = await haven(t, { upstream: records.url })
  const answer = await gate.get('/residents/residents?select=address&id=eq.R-1', { agency: 'us-dhs-ice-ero' })
  t.equal(answer.status, 451)
  t.match(answer.json(), { type: /\/law$/, status: 451, decision: /^[0-9a-f-]{36}$/ })
  t.match(answer.json().reasons[0], {
    rule: 'us-ca-los-angeles-ordinance-188441/no-data-for-enforcement',
    cite: ['Los Angeles Ordinance 188441'],
  })
  t.equal(records.asked.length, 0)
})

t.test('without a token there is nothing to judge', async t => {
  const records = await upstream(t, json([ANA]))
  const gate = await haven(t, { upstream: records.url })
  const answer = await fetch(`${gate.gate}/residents/residents`)
  t.equal(answer.status, 401)
  t.equal(answer.headers.get('www-authenticate'), 'Bearer')
  t.match(await answer.json(), { type: /\/unauthenticated$/ })
})
