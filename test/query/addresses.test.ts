import t from 'tap'
import { compileCatalogue } from '../../src/query/compile-catalogue.ts'
import { makeInspect } from '../../src/query/inspect.ts'
import type { Opaque, QueryFacts } from '../../src/terms/query-facts.ts'
import { callOf, compiled, facts, fromFile, inspect, inspectWritable, refusal, VOCABULARY } from './support/residents.ts'

const FIELDS = {
  id: 'open',
  name: 'personal',
  email: 'personal',
  site: 'open',
  note: { class: 'personal', text: true },
  webhook_url: 'open',
  Topics: 'open',
  hotList: 'open',
  notify: { fields: { target: 'open', cc: 'open' } },
  pages: 'open',
} as const
const PARAMETERS = {
  id: { field: 'id', use: 'identify' },
  callback: { use: 'deliver' },
  notify: { use: 'deliver' },
  fields: { use: 'select' },
}
const PATHS = { '/people/{id}/copies/{to}': { id: { field: 'id', use: 'identify' }, to: { use: 'deliver' } } }
const CATALOGUE = (dialect: string) =>
  compiled(
    {
      source: 'city',
      collections: {
        people: { key: 'id', fields: FIELDS, ...(dialect === 'rest' ? { parameters: PARAMETERS, paths: PATHS } : {}) },
        subscribers: { key: 'id', fields: FIELDS },
      },
    },
    dialect,
  )
const read = makeInspect(
  (['rest', 'postgrest'] as const).map(dialect => ({ name: dialect, dialect, catalogue: CATALOGUE(dialect), writes: true })),
)
const written = (answer: QueryFacts | Opaque) =>
  facts(answer).addresses.map(({ kind, written: text, certain }) => `${certain === false ? 'perhaps ' : ''}${kind} ${text}`)
const get = (call: string) => read(callOf(`GET /rest/${call}`))
const post = (body: unknown, collection = 'people', dialect = 'rest') =>
  read(callOf(`POST /${dialect}/${collection}`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }))

t.test('a declared parameter says where the answer goes, by the form of its value', async t => {
  for (const [value, expected] of [
    ['https://hooks.city.example/x', 'url https://hooks.city.example/x'],
    ['HTTPS://hooks.city.example', 'url HTTPS://hooks.city.example'],
    ['//evil.example/x', 'url //evil.example/x'],
    ['https://good.example@evil.example/', 'url https://good.example@evil.example/'],
    ['https://xn--80ak6aa92e.example./', 'url https://xn--80ak6aa92e.example./'],
    ['https://іce.example/x', 'url https://іce.example/x'],
    ['http://[2001:db8::1]:8080/', 'url http://[2001:db8::1]:8080/'],
    ['https:/evil.example', 'url https:/evil.example'],
    ['\\\\evil.example\\x', 'url \\\\evil.example\\x'],
    ['wss://evil.example', 'url wss://evil.example'],
    ['mailto:a@ice.dhs.gov', 'url mailto:a@ice.dhs.gov'],
    ['s3://bucket/x', 'url s3://bucket/x'],
    ['https://x.example/a,b;c=1', 'url https://x.example/a,b;c=1'],
    ['a@ice.dhs.gov', 'email a@ice.dhs.gov'],
    ['immigration violators', 'topic immigration violators'],
    ['stolen,wanted', 'topic stolen,wanted'],
  ] as const) {
    const answer = get(`people?notify=${encodeURIComponent(value)}`)
    t.same(written(answer), [expected], value)
    t.equal(facts(answer).upstream.target, `/people?notify=${encodeURIComponent(value)}`, 'forwarded like any other')
    t.same(facts(answer).uses, facts(get('people')).uses, 'it uses no field')
  }
})

t.test('several recipients in one value are several', async t => {
  const all = (value: string) => written(get(`people?notify=${encodeURIComponent(value)}`))
  t.same(all('a@city.example,b@ice.dhs.gov'), ['email a@city.example', 'email b@ice.dhs.gov'])
  t.same(all('https://ok.example/x https://evil.example/'), ['url https://ok.example/x', 'url https://evil.example/'])
  t.same(all('https://ok.example ,x@evil.example'), ['url https://ok.example', 'email x@evil.example'])
  t.same(all('Ana Luz <a@city.example>; hot list'), ['email <a@city.example>', 'topic Ana Luz hot list'])
})

t.test('in the path, under a name that elsewhere means script, and from more than one parameter', async t => {
  t.same(written(get('people/7/copies/a%40ice.dhs.gov')), ['email a@ice.dhs.gov'])
  t.same(written(get('people?callback=https%3A%2F%2Fevil.example&notify=b%40x.example')), ['url https://evil.example', 'email b@x.example'])
  t.same(written(get('people?callback=cb')), ['topic cb'])
  t.equal(refusal(read(callOf('GET /postgrest/people?callback=cb'))), 'query.undeclared-operation')
  for (const name of ['Callback', 'jsonp', '_callback', '_method'])
    t.equal(refusal(get(`people?${name}=https%3A%2F%2Fevil.example`)), 'query.undeclared-operation', name)
})

t.test('what nobody declared is refused, and headers never travel', async t => {
  for (const name of ['webhook', 'Notify', 'notify_url', 'email', 'topic', 'hotlist'])
    t.equal(refusal(get(`people?${name}=https%3A%2F%2Fevil.example`)), 'query.unknown-field', name)
  const headers = { 'callback-url': 'https://evil.example', 'x-webhook': 'https://evil.example', notify: 'a@ice.dhs.gov', link: '<//evil>' }
  for (const call of ['/rest/people', '/postgrest/people']) {
    const answer = facts(read(callOf(`GET ${call}`, { headers })))
    t.same([...answer.upstream.headers], [['accept', 'application/json']])
    t.same(answer.addresses, [])
  }
  const wrote = read(
    callOf('POST /postgrest/people', { headers: { ...headers, 'content-type': 'application/json' }, body: '{"name":"a"}' }),
  )
  t.same([...facts(wrote).upstream.headers.keys()], ['accept', 'prefer', 'content-type'])
  for (const prefer of ['respond-async', 'callback="https://evil.example"', 'notify=https://evil.example'])
    t.equal(refusal(read(callOf('GET /postgrest/people', { headers: { prefer } }))), 'query.undeclared-operation', prefer)
})

t.test('an address that is empty, too long or one of too many is not understood', async t => {
  t.equal(refusal(get('people?notify=')), 'query.unreadable')
  t.equal(refusal(get('people?notify=%20')), 'query.unreadable')
  const long = (size: number) => `https://x.example/${'a'.repeat(size - 18)}`
  t.same(written(get(`people?notify=${long(2048)}`)), [`url ${long(2048)}`])
  t.equal(refusal(get(`people?notify=${long(2049)}`)), 'query.unreadable')
  const many = (count: number) => Array.from({ length: count }, (_, i) => `https://x.example/${i}`)
  t.equal(written(post({ webhook_url: many(64) })).length, 64)
  t.equal(refusal(post({ webhook_url: many(65) })), 'query.unreadable')
  t.equal(written(post({ pages: many(65) })).length, 65, 'what is merely mentioned may be many')
  t.equal(written(post({ webhook_url: [...many(64), ...many(64)] })).length, 64, 'repetitions are one')
  t.equal(refusal(post({ webhook_url: long(2049) })), 'query.unreadable')
  t.same(written(post({ site: long(2049) })), [`perhaps url ${long(2049)}`])
})

t.test('writes: names that say delivery, at any depth; under any other name, perhaps', async t => {
  for (const dialect of ['rest', 'postgrest']) {
    for (const [body, expected] of [
      [{ webhook_url: 'evil.example/x' }, ['topic evil.example/x']],
      [{ webhook_url: 'a@ice.dhs.gov' }, ['email a@ice.dhs.gov']],
      [{ Topics: ['immigration violators', 'a@x.example'] }, ['topic immigration violators', 'email a@x.example']],
      [{ hotList: true }, ['topic hotList']],
      [{ hotList: 17 }, ['topic 17']],
      [{ hotList: false, Topics: null }, []],
      [{ notify: { target: 'a@ice.dhs.gov' } }, ['email a@ice.dhs.gov']],
      [[{ name: 'a' }, { notify: [{ cc: ['b@x.example'] }] }], ['email b@x.example']],
      [{ site: 'https://evil.example' }, ['perhaps url https://evil.example']],
      [{ site: { deep: [['//evil.example']] } }, ['perhaps url //evil.example']],
      [{ site: ' \u0001\thTtP://evil.example' }, ['perhaps url hTtP://evil.example']],
      [{ note: 'https://wiki.example/p says so' }, ['perhaps url https://wiki.example/p']],
      [{ note: 'see https://wiki.example, a@x.example' }, ['perhaps url https://wiki.example', 'perhaps email a@x.example']],
      [{ note: 'http: is a protocol', site: 'N/A // none' }, []],
      [{ name: 'a@x.example' }, ['perhaps email a@x.example']],
      [{ site: '{"webhook":"evil.example/x"}' }, ['topic evil.example/x']],
    ] as const)
      t.same(written(post(body, 'people', dialect)), expected, JSON.stringify(body))
  }
})

t.test('a resident’s own e-mail is data; beside a topic, or among subscribers, it is where the answer goes', async t => {
  const email = 'ana@mail.example'
  t.same(written(post({ name: 'Ana', email })), [`perhaps email ${email}`])
  t.same(written(post({ email, Topics: 'rent' })), [`email ${email}`, 'topic rent'])
  t.same(written(post({ email }, 'subscribers')), [`email ${email}`])
  t.same(written(post([{ email }, { Topics: 'rent' }])), [`perhaps email ${email}`, 'topic rent'], 'each record for itself')
})

t.test('reads of postgrest send the answer to nobody else', async t => {
  const answer = inspect('GET /residents/residents?select=id&full_name=eq.https%3A%2F%2Fevil.example')
  t.same(facts(answer).addresses, [])
  t.same(facts(inspectWritable('DELETE /residents/residents?id=eq.1')).addresses, [])
})

t.test('a delivery is bound to no field', async t => {
  const problems = (parameters: unknown) => {
    const file = fromFile({ source: 'c', collections: { people: { key: 'id', fields: { id: 'open' }, parameters } } })
    const result = compileCatalogue(file, VOCABULARY, 'rest')
    return 'problems' in result ? result.problems.map(({ message }) => message).join() : ''
  }
  t.match(problems({ to: { use: 'deliver', field: 'id' } }), /no field/)
  t.match(problems({ to: { use: 'deliver', fields: ['id'] } }), /no field/)
  t.equal(problems({ to: { use: 'deliver' } }), '')
})
