import t from 'tap'
import { facts, inspectWritable, refusal } from '../query/support/residents.ts'

const post = (source: string, body: string | Uint8Array, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  inspectWritable(`POST ${source}`, { body, headers })
const SOURCES = ['/residents/residents', '/people/residents']

t.test('73 a body of which only the beginning would be judged', async t => {
  const long = JSON.stringify([...Array(2000).fill({ age: 1 }), { ghost: 1 }])
  for (const source of SOURCES) {
    t.equal(refusal(post(source, long)), 'query.unknown-field', 'the last record is judged like the first')
    t.equal(refusal(post(source, '{"age":1}{"ssn":2}')), 'call.malformed')
    t.equal(refusal(post(source, '{"age":1}\n{"ssn":2}')), 'call.malformed', 'NDJSON')
    t.equal(refusal(post(source, JSON.stringify(Array(2000).fill({ age: 1 })))), 'read')
  }
})

t.test('85 JSON inside a JSON string', async t => {
  for (const source of SOURCES) {
    t.equal(refusal(post(source, JSON.stringify(JSON.stringify({ age: 1 })))), 'call.malformed')
    t.equal(refusal(post(source, '{"age":1}', { 'content-type': 'application/json ; charset' })), 'call.media-type')
  }
})

t.test('86 media types that one parser reads and another does not', async t => {
  for (const type of [
    'application/json\t; charset=utf-8',
    ' application/json',
    'application/json ',
    'application/json garbage',
    'application/json;charset=utf-16',
    'application/json, text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'text/csv',
    'multipart/form-data',
    'application/vnd.pgrst.object+json',
    '',
  ]) {
    for (const source of SOURCES)
      t.match(post(source, '{"age":1}', { 'content-type': type }), { code: 'call.media-type', refused: 'media-type' }, JSON.stringify(type))
  }
  for (const source of SOURCES) {
    t.equal(refusal(post(source, '{"age":1}', {})), 'call.media-type', 'absent')
    t.equal(refusal(post(source, '{"age":1}', { 'content-type': 'application/json', 'content-encoding': 'gzip' })), 'call.media-type')
    for (const type of ['application/json', 'Application/JSON', 'application/json; charset=utf-8', 'application/json;charset=UTF-8'])
      t.equal(refusal(post(source, '{"age":1}', { 'content-type': type })), 'read', type)
  }
})

t.test('95 and D-X-14 the same member twice, however it is spelt', async t => {
  for (const source of SOURCES) {
    for (const body of [
      '{"age":1,"age":2}',
      '{"age":1,"\\u0061ge":2}',
      '[{"age":1},{"age":1,"age":2}]',
      '{"address":{"city":"a","city":"b"}}',
    ])
      t.equal(refusal(post(source, body)), 'call.malformed', body)
    for (const name of ['AGE', 'age ', '__proto__', 'constructor', 'toString'])
      t.equal(refusal(post(source, `{"${name}":1}`)), 'query.unknown-field', name)
    t.equal(
      new TextDecoder().decode(facts(post(source, '{ "age" : 1 , "zip" : "2" }')).upstream.body!),
      '{"age":1,"zip":"2"}',
      'written anew',
    )
  }
})

t.test('D-X-14 bodies that are not UTF-8', async t => {
  for (const source of SOURCES) {
    t.equal(refusal(post(source, new Uint8Array(Buffer.from('{"age":1}', 'utf16le')))), 'call.malformed')
    t.equal(refusal(post(source, new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))), 'call.malformed', 'byte order mark')
    t.equal(refusal(post(source, '')), 'call.malformed')
  }
})
