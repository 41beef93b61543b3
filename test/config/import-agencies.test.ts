import t from 'tap'
import { parse } from 'yaml'
import { importAgencies } from '../../src/config/import-agencies.ts'

const DIRECTORY = `# kept
agencies:
  - id: us-ca-a-police # and this
    name: A Police
    category: local-police
    jurisdiction: us-ca
    purposes: [public-safety]
    oris: [CA0000100]
  - id: us-ca-b-police
    name: B Police
    category: local-police
    jurisdiction: us-ca
    purposes: [public-safety]
`
const HEADER = 'id,name,category,jurisdiction,purposes,oris,domains,networks\n'
const run = (...lines: string[]) => importAgencies(DIRECTORY, HEADER + lines.join('\n'))
const agency = (text: string, id: string) => parse(text).agencies.find((one: { id: string }) => one.id === id)

t.test('a table adds agencies and extends those that are there', async t => {
  const { text, added, extended, refused } = run(
    'us-ca-a-police,,,,,CA0000101; ca0000102,a-police.example,192.0.2.0/24',
    'us-ca-c-police,"C Police, County",local-police,us-ca,public-safety;emergency,CA0000300,c.example,',
    'us-ca-c-police,,,,,CA0000301,,',
  )
  t.same(refused, [])
  t.same([added, extended], [['us-ca-c-police'], ['us-ca-a-police']])
  t.match(agency(text, 'us-ca-a-police'), {
    oris: ['CA0000100', 'CA0000101', 'CA0000102'],
    domains: ['a-police.example'],
    networks: ['192.0.2.0/24'],
  })
  t.match(agency(text, 'us-ca-c-police'), {
    name: 'C Police, County',
    purposes: ['public-safety', 'emergency'],
    oris: ['CA0000300', 'CA0000301'],
  })
  t.match(text, /^# kept\n/)
  t.match(text, /# and this/)
  t.same(importAgencies(text, `${HEADER}us-ca-c-police,,,,,CA0000301,,`).text, text, 'the same line again changes nothing')
})

t.test('every refused line is reported with its place, and the others are taken', async t => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['us-ca-b-police,,,,,CA0000100,,', 'oris', /already belongs to 'us-ca-a-police'/],
    ['us-ca-b-police,,,,,CA01,,', 'oris', /nine characters/],
    ['us-ca-b-police,,,,,,gmail.com,', 'domains', /everybody/],
    ['us-ca-b-police,,,,,,gov,', 'domains', /domain/],
    ['us-ca-b-police,,immigration-authority,,,,,', 'category', /by hand/],
    ['us-ca-b-police,,,,court,,,', 'purposes', /by hand/],
    ['us-ca-b-police,,,,,,,192.0.2.0', 'networks', /no network/],
    ['us-ca-b-police,,,,,,,192.0.2.0/33', 'networks', /no network/],
    ['us-ca-b-police,,,,,,,0.0.0.0/0', 'networks', /too wide/],
    ['us-ca-x,X,police,us-ca,public-safety,,,', 'category', /./],
    ['us-ca-x,,local-police,us-ca,public-safety,,,', 'name', /./],
    ['us-ca-x,X,local-police,us-ca,,,,', 'purposes', /./],
    ['Us_Ca,X,local-police,us-ca,public-safety,,,', 'id', /lower case/],
    [',X,local-police,us-ca,public-safety,,,', 'id', /names no agency/],
  ]
  for (const [line, column, message] of cases) {
    const { refused, added, text } = run(line, 'us-ca-good,Good,city,us-ca,audit,,,')
    t.match(refused[0], { line: 2, column, message }, line)
    t.same(added, ['us-ca-good'])
    t.notOk(agency(text, 'us-ca-b-police').oris, 'a line is taken whole or not at all')
  }
  t.throws(() => importAgencies(DIRECTORY, 'id,orl\na,b'), /line 1: there is no column 'orl'/)
  t.throws(() => importAgencies(DIRECTORY, `${HEADER}a,"b`), /./, 'a quote that never ends')
})
