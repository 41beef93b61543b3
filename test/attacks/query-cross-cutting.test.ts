import t from 'tap'
import { asked, facts, inspect, inspectWritable, refusal } from '../query/support/residents.ts'

const SOURCES = ['/residents/residents', '/people/residents']
const json = { 'content-type': 'application/json' }

t.test('D-X-01 another method than the one judged', async t => {
  for (const source of SOURCES) {
    for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      t.equal(refusal(inspect(`GET ${source}`, { headers: { [header]: 'DELETE' } })), 'call.ambiguous', header)
      t.equal(
        refusal(inspectWritable(`POST ${source}`, { headers: { ...json, [header]: 'GET' }, body: '{"age":1}' })),
        'call.ambiguous',
        header,
      )
    }
    for (const name of ['_method', '_Method', '%5Fmethod', ' _method'.replace(' ', '+')]) {
      t.equal(refusal(inspect(`GET ${source}?${name}=DELETE`)), 'query.undeclared-operation', name)
    }
    t.equal(refusal(inspectWritable(`POST ${source}`, { headers: json, body: '{"_method":"GET","age":1}' })), 'query.unknown-field')
    t.equal(refusal(inspect(`GET ${source}`)), 'read', 'the plain call')
    t.equal(refusal(inspectWritable(`POST ${source}`, { headers: json, body: '{"age":1}' })), 'read', 'the plain write')
  }
})

t.test('D-X-01 unlisted methods, and every write where the source takes none', async t => {
  for (const source of SOURCES) {
    for (const method of ['QUERY', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'get', 'REPORT', 'SEARCH']) {
      t.equal(refusal(inspectWritable(`${method} ${source}`)), 'call.method', method)
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      t.match(
        inspect(`${method} ${source}?id=eq.1`, { headers: json, body: '{"age":1}' }),
        { code: 'call.method', refused: 'method' },
        method,
      )
    }
    t.equal(facts(inspect(`HEAD ${source}`)).upstream.method, 'HEAD')
  }
})

t.test('D-X-02 encoded names are decoded once, and twice is refused', async t => {
  t.same(asked(inspect('GET /residents/residents?%69mmigration%5Fstatus=eq.tps')), ['filter residents.immigration_status'])
  t.same(asked(inspect('GET /people/residents?s%74atus=tps')), ['filter residents.immigration_status'])
  for (const call of [
    '/residents/residents?immigration%255Fstatus=eq.tps',
    '/people/residents?st%2561tus=tps',
    '/residents/%2572esidents',
    '/people/residents/%2541',
    '/residents/residents?zip=eq.%2541',
    '/people/residents?age=%2541',
    '/residents/residents?or=(zip.eq.%2541)',
    '/residents/residents?zip=in.(1,%2541)',
  ]) {
    t.equal(refusal(inspect(`GET ${call}`)), 'call.ambiguous', call)
  }
})

t.test('D-X-02 a percent sign that is meant passes, and is encoded once', async t => {
  const pattern = facts(inspect('GET /residents/residents?select=id&full_name=like.*50%25*'))
  t.ok(pattern.upstream.target.endsWith('full_name=like.*50%25*'))
  t.ok(
    facts(inspect('GET /residents/residents?select=id&full_name=ilike.%2541')).upstream.target.endsWith('ilike.%2541'),
    'a pattern may hold %41',
  )
  t.ok(facts(inspect('GET /people/residents?age=100%25')).upstream.target.endsWith('age=100%25'))
})

t.test('D-X-02 encodings that are no UTF-8, or raw bytes', async t => {
  for (const bad of ['%C0%AF', '%ED%A0%80', '%FF', '%', '%4', '%zz', '%00', '%0D%0A', '%7F', '%C2%85', 'é', '\t']) {
    for (const call of [
      `/residents/residents?zip=eq.${bad}`,
      `/people/residents?age=${bad}`,
      `/people/residents/${bad}`,
      `/residents/residents?z${bad}=eq.1`,
    ]) {
      t.equal(refusal(inspect(`GET ${call}`)), 'call.ambiguous', JSON.stringify(call))
    }
  }
  t.equal(refusal(inspect('GET /residents/residents?full_name=eq.%C3%89mile%20O%27Neil')), 'read')
  t.equal(refusal(inspect('GET /people/residents?age=%C3%A9')), 'read')
})

t.test('D-X-04 JSONP', async t => {
  for (const source of SOURCES) {
    for (const name of ['callback', 'jsonp', 'Callback', 'call%62ack', '_callback'])
      t.equal(refusal(inspect(`GET ${source}?${name}=cb`)), 'query.undeclared-operation', name)
  }
})

t.test('D-X-10 the same resource in another format', async t => {
  for (const source of SOURCES) {
    for (const accept of [
      'text/csv',
      'application/geo+json',
      'text/xml',
      'application/octet-stream',
      'text/html, text/csv',
      'application/json;q=0',
      'application/json; version=2',
      'application/vnd.x+json',
      'text/*',
    ]) {
      t.match(
        inspect(`GET ${source}`, { headers: { accept } }),
        { code: 'call.media-type', refused: 'media-type', reply: 'malformed' },
        accept,
      )
    }
    for (const accept of [
      'application/json',
      '*/*',
      'text/html, */*;q=0.1',
      'application/json; charset=utf-8',
      'text/csv, application/json;q=0.5',
      '',
    ]) {
      t.equal(facts(inspect(`GET ${source}`, { headers: { accept } })).upstream.headers.get('accept'), 'application/json', accept)
    }
  }
  for (const name of ['format', 'f', '_format']) t.equal(refusal(inspect(`GET /people/residents?${name}=csv`)), 'query.unknown-field')
  t.equal(
    facts(inspect('GET /people/residents', { headers: { accept: 'application/x-ndjson' } })).upstream.headers.get('accept'),
    'application/x-ndjson',
  )
})

t.test('D-X-11 ranges of bytes or rows', async t => {
  for (const source of SOURCES) t.equal(refusal(inspect(`GET ${source}`, { headers: { range: 'bytes=0-10' } })), 'call.malformed')
  t.equal(refusal(inspect('GET /residents/residents', { headers: { range: '0-9', 'range-unit': 'items' } })), 'call.malformed')
  t.equal(refusal(inspect('GET /residents/residents?limit=10&offset=20')), 'read')
  for (const limit of ['-1', '1.5', '', '1e3', 'all', '0x10', '99999999999', '1 or 1']) {
    t.not(refusal(inspect(`GET /residents/residents?limit=${encodeURIComponent(limit)}`)), 'read', limit)
    t.not(refusal(inspect(`GET /people/residents?page=${encodeURIComponent(limit)}`)), 'read', limit)
  }
})

t.test('D-X-14 a body where there should be none', async t => {
  for (const source of SOURCES) {
    t.equal(refusal(inspect(`GET ${source}`, { body: '{"where":{"ssn":1}}' })), 'call.ambiguous')
    t.equal(refusal(inspect(`HEAD ${source}`, { body: 'x' })), 'call.ambiguous')
    t.equal(refusal(inspect(`GET ${source}`, { body: '' })), 'read', 'an empty one is none')
  }
})

t.test('D-X-07 and D-X-08 only headers the dialect sets reach the record API', async t => {
  const headers = {
    'if-none-match': '"x"',
    cookie: 'a=b',
    authorization: 'Bearer x',
    'x-fields': 'ssn',
    'x-socrata-explain': 'true',
    'accept-encoding': 'br',
  }
  for (const source of SOURCES) t.same([...facts(inspect(`GET ${source}`, { headers })).upstream.headers.keys()], ['accept'])
})

t.test('D-X-14 long and unbalanced texts are judged in time', async t => {
  const long = (piece: string) => piece.repeat(20_000 / piece.length)
  const texts = ['"', '(', 'a-', 'a->', 'a:', '%22%5C', 'id,', '...', '{', 'not.', 'a%20', ')', 'or('].flatMap(piece => [
    long(piece),
    `%22${long(piece)}`,
    `(%22${long(piece)}`,
  ])
  texts.push(`%22${long('a')}`, `id.in.(%22${long('a')}`, `(ssn.eq.%22${long('a')}`, `in.(%22${long('a')}`)
  const startedAt = process.hrtime.bigint()
  for (const text of texts) {
    for (const key of ['select=', 'order=', 'or=', 'id=', '', 'visits.']) t.ok(inspect(`GET /residents/residents?${key}${text}=`))
  }
  for (const body of [
    `{"${'a'.repeat(50_000)}`,
    `["${'\\n'.repeat(50_000)}`,
    '{"a":'.repeat(10_000),
    '['.repeat(50_000),
    '1'.repeat(50_000),
  ]) {
    t.equal(refusal(inspectWritable('POST /people/residents', { headers: json, body })), 'call.malformed')
  }
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
  t.ok(seconds < 20, `${seconds} s`)
})
