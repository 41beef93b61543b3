import type { JWTPayload } from 'jose'
import t, { type Test } from 'tap'
import { type Answer, haven, PEOPLE } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const ROW = {
  id: 'R-1',
  service: 'rent',
  full_name: 'Ana Example',
  address: '1 Main St',
  citizenship: 'asylee',
  alien_number: 'A123456789',
}
const POLICE = { keeper: 'police', records: 'police' }
const UTILITY = { keeper: 'utility', records: 'utility' }
const BENEFITS = { keeper: 'benefits', records: 'benefits' }
const ADDRESS = '?select=address&id=eq.R-1'

interface Told {
  readonly answer: Answer
  /** The decision as the journal has it. */
  readonly entry: Record<string, unknown>
  readonly asked: number
}

/** One call through a gate of its own: what the caller gets, what the journal says, how often the record API was asked. */
async function tell(
  t: Test,
  source: object,
  query: string,
  claims: JWTPayload,
  headers: Record<string, string> = {},
  issuer?: string,
): Promise<Told> {
  const records = await upstream(t, json([ROW]))
  const gate = await haven(t, { upstream: records.url, source: { ...source } })
  const token = await gate.token(claims, issuer === undefined ? {} : { issuer })
  const answer = await gate.get(`/residents/residents${query}`, claims, { ...headers, authorization: `Bearer ${token}` })
  await gate.close()
  const entries = await gate.entries()
  const entry = entries.find(({ kind, id }) => kind === 'decision' && id === answer.headers.get('haven-decision'))
  if (entry === undefined) throw new Error(`no decision in the journal: ${answer.status} ${answer.text}`)
  return { answer, entry, asked: records.asked.length }
}

const refusedByLaw = (t: Test, { answer, entry, asked }: Told, cite: string) => {
  t.equal(answer.status, 451)
  t.equal(answer.json().type, '/.haven/problems/law')
  t.ok(
    answer.json().reasons.some((reason: { cite: string[] }) => reason.cite.includes(cite)),
    `cites ${cite}`,
  )
  t.match(entry['decision'], { kind: 'deny', reply: 'law', released: [] })
  t.ok(JSON.stringify(entry['decision']).includes(cite), 'the journal repeats the citation')
  t.equal(asked, 0, 'the record API is never asked')
}

const held = (t: Test, { answer, entry, asked }: Told, hours: number) => {
  t.equal(answer.status, 451)
  const { type, hold, deadline } = answer.json()
  t.equal(type, '/.haven/problems/held')
  t.match(hold, /^[0-9a-f-]{36}$/)
  t.equal(answer.headers.get('haven-hold'), hold)
  t.ok(Math.abs(Date.parse(deadline) - Date.now() - hours * 3_600_000) < 60_000, `within ${hours} hours`)
  t.match(entry, { decision: { kind: 'hold' }, hold: { id: hold } })
  t.equal(asked, 0)
}

t.test('1: ICE asks for the address of a water customer', async t => {
  refusedByLaw(t, await tell(t, UTILITY, ADDRESS, { agency: 'us-dhs-ice-ero', ori: 'VTICE0900' }), 'Los Angeles Ordinance 188441')
  const byOri = await tell(t, UTILITY, ADDRESS, { ori: 'VTICE0900' })
  refusedByLaw(t, byOri, 'Los Angeles Ordinance 188441')
  t.match(byOri.entry, { requester: { agency: 'us-dhs-ice-ero', category: 'immigration-authority' } })
  const twin = await tell(t, UTILITY, ADDRESS, { agency: 'us-ca-los-angeles-dwp', purpose: 'service-delivery' })
  t.same(twin.answer.json(), [{ address: '1 Main St' }], 'twin: the utility itself')
  t.match(twin.entry['decision'], { kind: 'permit' })
})

t.test('2: an I-205 changes nothing, however active the caller says it is', async t => {
  for (const process of ['i-205', { kind: 'I-205', state: 'active', covers: 'query' }, { kind: 'i-200' }, 'I-247A']) {
    const told = await tell(t, UTILITY, ADDRESS, { agency: 'us-dhs-ice-ero', process })
    refusedByLaw(t, told, 'Los Angeles Ordinance 188441')
    t.match(told.entry['process'], { kind: /^i-2/, state: 'entered', covers: 'none' })
  }
  held(
    t,
    await tell(t, UTILITY, ADDRESS, { agency: 'us-dhs-ice-ero', process: { kind: 'judicial-warrant', state: 'active', covers: 'query' } }),
    24,
  )
})

t.test('7: a local officer asks for an immigration authority', async t => {
  const claims = { agency: 'us-ca-los-angeles-lapd', purpose: 'public-safety' }
  const told = await tell(t, POLICE, ADDRESS, { ...claims, reason: 'assist HSI immigration op' })
  refusedByLaw(t, told, 'Cal. Gov. Code § 7284.6(a)(1)(D)')
  t.match(told.entry['recipients'], [{ agency: 'us-ca-los-angeles-lapd' }, { agency: 'us-dhs-ice-hsi', via: 'reason' }])
  const byHeader = await tell(t, POLICE, ADDRESS, claims, { 'haven-reason': encodeURIComponent('assist HSI immigration op') })
  refusedByLaw(t, byHeader, 'Los Angeles Ordinance 188441')
})

t.test('8: black ice is weather', async t => {
  const { answer, entry } = await tell(t, POLICE, '?id=eq.R-1', {
    agency: 'us-ca-los-angeles-lapd',
    purpose: 'public-safety',
    reason: 'black ice collision',
  })
  t.same(answer.json(), [{ id: 'R-1', service: 'rent', full_name: 'Ana Example', address: '1 Main St' }])
  t.match(entry['recipients'], [{ agency: 'us-ca-los-angeles-lapd' }])
})

t.test('10: the FBI and a bank robbery: the record without what reveals status', async t => {
  const claims = { agency: 'us-doj-fbi', purpose: 'criminal-investigation', reason: 'bank robbery', case: '91-LA-1234' }
  const { answer } = await tell(t, POLICE, '?id=eq.R-1', claims)
  t.same(answer.json(), [{ id: 'R-1', service: 'rent', full_name: 'Ana Example', address: '1 Main St' }])
  const named = await tell(t, POLICE, '?select=full_name,citizenship&id=eq.R-1', claims)
  t.same(named.answer.json(), [{ full_name: 'Ana Example' }], 'status named is held, the rest goes out')
  t.equal(named.answer.headers.get('haven-withheld'), 'residents.citizenship')
  t.match(named.answer.headers.get('haven-hold'), /^[0-9a-f-]{36}$/)
  t.match(named.entry['decision'], { kind: 'permit', held: ['status'], released: ['personal'] })
})

t.test('11: HSI states a child-exploitation case: counsel attests first', async t => {
  const claims = { agency: 'us-dhs-ice-hsi', purpose: 'criminal-investigation', reason: 'child exploitation case', case: '23-1044' }
  const told = await tell(t, POLICE, '?select=full_name,address&id=eq.R-1', claims)
  held(t, told, 72)
  t.ok(JSON.stringify(told.entry).includes('us-ca-values-act/attestation'))
  const twin = await tell(t, POLICE, '?select=full_name,address&id=eq.R-1', { ...claims, agency: 'us-ca-los-angeles-lapd' })
  t.equal(twin.answer.status, 200, 'twin: a police department with the same case')
})

t.test('13: a 1373 letter: status waits for counsel, the address is refused, and the journal splits them', async t => {
  const told = await tell(t, {}, '?select=citizenship,address&id=eq.R-1', { agency: 'us-dhs', process: '1373-letter' })
  held(t, told, 72)
  t.match(told.answer.json().detail, /No official is prohibited or restricted/)
  t.match(told.entry['decision'], { kind: 'hold', held: ['status'], released: [], withheld: ['locating'] })
  t.match(told.entry['process'], { kind: '1373-letter' })
  refusedByLaw(t, await tell(t, {}, ADDRESS, { agency: 'us-dhs', process: '1373-letter' }), 'Los Angeles Ordinance 188441')
})

t.test('14: county welfare asks for citizenship, where a grant names it and where none does', async t => {
  const claims = { agency: 'us-ca-la-county-dpss', purpose: 'eligibility' }
  const granted = await tell(t, BENEFITS, '?select=id,citizenship&id=eq.R-1', claims)
  t.same(granted.answer.json(), [{ id: 'R-1', citizenship: 'asylee' }])
  const elsewhere = await tell(t, {}, '?select=id,citizenship&id=eq.R-1', claims)
  t.same(elsewhere.answer.json(), [{ id: 'R-1' }])
  t.match(elsewhere.entry['decision'], { kind: 'permit', held: ['status'] })
  held(t, await tell(t, {}, '?select=citizenship&id=eq.R-1', claims), 72)
})

t.test('26: a HUD audit reads rows; status that a star brings is left out, status that is named is held', async t => {
  const claims = { agency: 'us-hud', purpose: 'audit' }
  for (const query of ['', '?select=*']) {
    const star = await tell(t, {}, query, claims)
    t.same(star.answer.json(), [{ id: 'R-1', service: 'rent', full_name: 'Ana Example', address: '1 Main St' }])
    t.equal(star.answer.headers.get('haven-hold'), null)
  }
  const named = await tell(t, {}, '?select=id,citizenship', claims)
  t.same(named.answer.json(), [{ id: 'R-1' }])
  t.match(named.answer.headers.get('haven-hold'), /^[0-9a-f-]{36}$/)
})

t.test('28: a person reads their own file, status included, and nobody else’s', async t => {
  const claims = { purpose: 'subject-access', subject_of: { residents: 'R-1' } }
  const own = await tell(t, {}, '?id=eq.R-1', claims, {}, PEOPLE)
  t.same(own.answer.json(), [ROW])
  t.match(own.entry['decision'], { kind: 'permit', obligations: [{ only: 'self' }] })
  for (const query of ['?id=eq.R-2', '', '?id=in.(R-1,R-2)', '?full_name=eq.Ana%20Example']) {
    const other = await tell(t, {}, query, claims, {}, PEOPLE)
    t.equal(other.answer.status, 403, query)
    t.equal(other.asked, 0)
  }
  const nobody = await tell(t, {}, '?id=eq.R-1', { purpose: 'subject-access' }, {}, PEOPLE)
  t.equal(nobody.answer.status, 403, 'a token that does not say whose record is theirs')
  const posing = await tell(t, {}, '?id=eq.R-1', { ...claims, subject_of: { residents: 'R-9' } }, {}, PEOPLE)
  t.equal(posing.answer.status, 403)
})
