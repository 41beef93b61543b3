import { randomBytes } from 'node:crypto'
import t from 'tap'
import { city } from '../support/city.ts'

const officer = (id: string, reshares: string, flags = '', category = 'local-police') => `  - id: ${id}
    name: ${id}
    category: ${category}
    jurisdiction: us-ca
    purposes: [criminal-investigation]
    domains: [${id}.example.gov]
    flags: { ${flags} }
    reshares: [${reshares}]
`
const FLAG = '287g: { since: 2020-01-01, evidence: an agreement }'
const AGENCIES = [
  officer('pd-removal', '{ to: us-dhs-ice-ero, sources: all }'),
  officer('pd-deputised', '{ to: sheriff-287g, sources: all }'),
  officer('sheriff-287g', '', FLAG),
  officer('pd-market', '{ to: a-market, sources: all }'),
  officer('a-market', '', '', 'data-broker'),
  officer('pd-lab', '{ to: a-lab, sources: all }'),
  officer('a-lab', '', '', 'vendor'),
].join('')

const gate = await city(t, { agencies: AGENCIES })
const ask = (agency: string, id: string) =>
  gate.get('/police/people?select=id,address&id=eq.11', { agency, purpose: 'criminal-investigation', sub: agency }, { 'haven-process': id })
const active = (source: string, agencies: readonly string[]) =>
  gate.activeProcess({ scope: [{ source, persons: ['11'] }], usableBy: { agencies }, document: randomBytes(32).toString('hex') })
const warrant = (...agencies: string[]) => active('police', agencies)
const NOT_YOURS = /another agency/

t.test('a warrant for a police department is none for the removal branch it shares with', async t => {
  for (const [agency, onward] of [
    ['pd-removal', 'us-dhs-ice-ero'],
    ['pd-deputised', 'sheriff-287g'],
    ['pd-market', 'a-market'],
  ] as const) {
    const answer = await ask(agency, await warrant(agency))
    t.equal(answer.status, 451, agency)
    t.match(answer.text, NOT_YOURS)
    t.equal((await ask(agency, await warrant(agency, onward))).status, 200, 'the twin: the court named both')
  }
  t.equal((await ask('pd-lab', await warrant('pd-lab'))).status, 200, 'the twin: who does neither needs no name')
})

t.test('an id is that agency, not what begins like it', async t => {
  const ask = (agency: string, id: string) =>
    gate.get(
      '/water/people?select=id,address&id=eq.11',
      { agency, purpose: 'immigration-enforcement', sub: agency },
      { 'haven-process': id },
    )
  const named = (...agencies: string[]) => active('water', agencies)
  const answer = await ask('us-dhs-ice-ero', await named('us-dhs-ice'))
  t.equal(answer.status, 451)
  t.match(answer.text, NOT_YOURS)
  t.equal((await ask('us-dhs-ice-ero', await named('us-dhs-ice-ero'))).status, 200)
})
