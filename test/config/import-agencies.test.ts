import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { addAgenciesImport } from '../../src/cli/agencies-import.ts'
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

/** Bodies whose signals somebody else's line must not take. */
const CITY = `agencies:
  - { id: us-dhs-ice, name: Immigration and Customs Enforcement, names: [ICE], category: immigration-authority, jurisdiction: us, purposes: [immigration-enforcement], domains: [ice.dhs.gov], networks: [198.51.100.0/24, "2001:db8:1::/48"] }
  - { id: us-ca-city, name: A City, category: city, jurisdiction: us-ca, purposes: [service-delivery], domains: [city.gov], networks: [10.0.0.0/8] }
  - { id: us-ca-city-housing, name: Housing, category: city, jurisdiction: us-ca, purposes: [service-delivery] }
  - { id: us-ca-police, name: Los Ángeles Police, category: local-police, jurisdiction: us-ca, purposes: [public-safety] }
  - { id: us-ca-school, name: A School, category: school, jurisdiction: us-ca, purposes: [education] }
`
const intoCity = (...lines: string[]) => importAgencies(CITY, HEADER + lines.join('\n'))
const school = (column: string, value: string) =>
  intoCity(`us-ca-school,,,,,${['oris', 'domains', 'networks'].map(name => (name === column ? value : '')).join()}`)

function refusedAndTaken(t: Test, column: string, refused: readonly (readonly [string, RegExp])[], taken: readonly string[]): void {
  for (const [value, message] of refused) {
    const { text, refused: found, extended } = school(column, value)
    t.match(found, [{ line: 2, column, message }], value)
    t.same(extended, [], value)
    t.equal(agency(text, 'us-ca-school')[column], undefined, value)
  }
  for (const value of taken) t.match(school(column, value), { refused: [], extended: ['us-ca-school'] }, `twin: ${value}`)
}

t.test('a domain that would speak for others', async t => {
  const [inside, around, everybody, open] = [/inside/, /around/, /many bodies/, /anybody can have/]
  refusedAndTaken(
    t,
    'domains',
    [
      ['ero.ice.dhs.gov', inside],
      ['a.b.city.gov', inside],
      ['dhs.gov', around],
      ['ca.gov', everybody],
      ['tx.gov', everybody],
      ['ca.us', everybody],
      ['k12.ca.us', everybody],
      ['co.uk', everybody],
      ['gov.uk', everybody],
      ['gob.mx', everybody],
      ['com.au', everybody],
      ['mail.yahoo.com', open],
      ['yahoo.co.uk', open],
      ['protonmail.com', open],
      ['me.com', open],
      ['msn.com', open],
      ['x.onmicrosoft.com', open],
      ['gmx.de', open],
      ['gmx.net', open],
      ['mail.com', open],
      ['zoho.com', open],
      ['github.io', open],
      ['10.0.0.1', /no domain/],
      ['0.1', /no domain/],
      ['host.123', /no domain/],
    ],
    [
      'school.edu',
      'school.k12.ca.us',
      'school.ca.gov',
      'dice.dhs.gov',
      'acity.gov',
      'me.example',
      'yahoo.example',
      'school.org.uk',
      '1.school.edu',
    ],
  )
})

t.test("a network that is somebody else's, too wide, or a slip of the pen", async t => {
  const [inside, around, wide] = [/inside/, /around/, /too wide/]
  refusedAndTaken(
    t,
    'networks',
    [
      ['198.51.100.128/25', inside],
      ['10.1.2.3/32', inside],
      ['198.51.0.0/16', around],
      ['2001:db8:1:2::/64', inside],
      ['2001:db8::/32', around],
      ['2001:0db8:0001::/48', /already belongs/],
      ['2000::/8', wide],
      ['2000::/19', wide],
      ['16.0.0.0/7', wide],
      ['192.0.2.1/24', /begins/],
      ['2001:db8:2::1/48', /begins/],
      ['::ffff:192.0.2.0/120', /no network/],
      ['192.0.2.0/24/24', /no network/],
      ['fe80::1%eth0/64', /no network/],
    ],
    ['192.0.2.0/24', '192.0.2.1/32', '11.0.0.0/8', '2001:db8:2::/48', '2a00:1000::/20', '2001:DB8:3::/48'],
  )
})

t.test("an ORI that has the shape of an immigration authority's", async t => {
  const shape = /immigration authorit/
  const oris = ['CAICE0100', 'VTINS07S0', 'TXHSI0100', 'azcbp0001'].map(ori => [ori, shape] as const)
  refusedAndTaken(t, 'oris', oris, ['CA0190000', 'ICE000001', 'CA0ICE000'])
  t.match(intoCity('us-dhs-ice,,,,,CAICE0100,,'), { refused: [], extended: ['us-dhs-ice'] }, 'twin: its own')
  t.match(intoCity('us-x,X,local-police,us,public-safety,TXHSI0100,,').refused, [{ column: 'oris', message: shape }], 'a new body')
})

t.test('a new body in the clothes of another', async t => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['us-dhs-ice-academy,ICE Academy,school,us,education,,,', 'id', /part of 'us-dhs-ice'/],
    ['us-ca-police-x,X,fire-ems,us-ca,emergency,,,', 'id', /part of 'us-ca-police'/],
    ['person,X,city,us,emergency,,,', 'id', /own word/],
    ['unknown,X,city,us,emergency,,,', 'id', /own word/],
    ['written,X,city,us,emergency,,,', 'id', /own word/],
    ['us-x,ice,city,us,emergency,,,', 'name', /'us-dhs-ice'/],
    ['us-x,Immigration  and customs ENFORCEMENT,city,us,emergency,,,', 'name', /'us-dhs-ice'/],
    ['us-x,los angeles police,city,us,emergency,,,', 'name', /'us-ca-police'/],
    ['us-x,X,city,us,suspected,,,', 'purposes', /concludes/],
    ['us-x,X,city,us,emergency;vague,,,', 'purposes', /concludes/],
    ['us-x,X,city,us,unstated,,,', 'purposes', /concludes/],
  ]
  for (const [line, column, message] of cases) t.match(intoCity(line), { added: [], refused: [{ line: 2, column, message }] }, line)
  const taken = [
    'us-dhs-ice-x,X,immigration-authority,us,immigration-enforcement,,,',
    'us-dhs-iceland,X,school,us,education,,,',
    'persons,Icebergs,city,us,emergency,,,',
  ]
  for (const line of taken) t.match(intoCity(line), { refused: [], added: [line.split(',')[0]] }, `twin: ${line}`)
  const twice = intoCity(
    'us-x,Same Name,city,us,audit,,x.example,',
    'us-y,SAME  name,city,us,audit,,,',
    'us-z,Z,city,us,audit,,a.x.example,',
  )
  t.match(
    twice,
    {
      added: ['us-x'],
      refused: [
        { line: 3, column: 'name' },
        { line: 4, column: 'domains' },
      ],
    },
    'of one table too',
  )
})

t.test('a part has its place inside the whole, and the other way round', async t => {
  const part = intoCity('us-ca-city-housing,,,,,,housing.city.gov,10.1.0.0/16')
  t.match(part, { refused: [], extended: ['us-ca-city-housing'] })
  const whole = importAgencies(part.text, `${HEADER}us-ca-city-housing,,,,,,homes.example,172.16.1.0/24\nus-ca-city,,,,,,,172.16.0.0/12`)
  t.match(whole, { refused: [], extended: ['us-ca-city-housing', 'us-ca-city'] })
  const turned = importAgencies(part.text, `${HEADER}us-ca-city,,,,,,x.housing.city.gov,10.1.2.0/24`)
  t.match(turned.refused, [{ column: 'domains' }, { column: 'networks' }], 'a whole inside its part takes it away')
})

/** Runs `haven agencies import` on a directory and a table. */
async function command(t: Test, directory: string, table: string, ...options: string[]) {
  const dir = t.testdir({ 'agencies.yaml': directory })
  const into = join(dir, 'agencies.yaml')
  await writeFile(join(dir, 'table.csv'), HEADER + table)
  const said: string[] = []
  let code: number | null = null
  const io = {
    print: (line: string) => void said.push(line),
    warn: (line: string) => void said.push(line),
    exit: (given: number) => {
      code = given
    },
  }
  const program = new Command('agencies').exitOverride()
  addAgenciesImport(program, io)
  await program.parseAsync(['import', join(dir, 'table.csv'), '--into', into, ...options], { from: 'user' })
  return { code, said: said.join('\n'), text: await readFile(into, 'utf8') }
}

t.test('what the gate would not load is not written', async t => {
  const good = 'us-x,X,city,us,audit,,,'
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a look-alike letter (Cyrillic)',
      CITY,
      'us-x,I\u0421E,city,us,audit,,,',
      /agencies\.yaml \(with the table in it\):\d+:\d+: the name 'ice' already belongs/,
    ],
    ['one network in two spellings', CITY, 'us-x,X,city,us,audit,,,2001:db8:7::/48;2001:db8:7:0::/48', /already belongs to 'us-x'/],
    ['a directory that was broken before', `${CITY}  - { id: A }\n`, good, /lower case with hyphens/],
  ]
  for (const [what, directory, line, message] of cases) {
    for (const options of [[], ['--dry-run'], ['--json']]) {
      const { code, said, text } = await command(t, directory, line, ...options)
      t.equal(code, 1, what)
      t.match(said, message, what)
      t.equal(text, directory, what)
    }
  }
  const { code, said, text } = await command(t, CITY, good)
  t.equal(code, 0, 'twin')
  t.match(said, /1 added/)
  t.match(agency(text, 'us-x'), { name: 'X' })
})
