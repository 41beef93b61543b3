import t from 'tap'
import { asked, facts, inspectWritable, keysOf, refusal, targetOf, usesOf } from './support/residents.ts'

const json = { 'content-type': 'application/json' }
const write = (line: string, body?: string, headers: Record<string, string> = json) =>
  inspectWritable(line, { headers, ...(body === undefined ? {} : { body }) })
const sent = (answer: ReturnType<typeof write>) => new TextDecoder().decode(facts(answer).upstream.body ?? new Uint8Array())

t.test('postgrest: an insert writes each member, and shows nothing unless asked', async t => {
  const answer = write('POST /residents/residents', '[{"full_name":"A","age":9007199254740993},{"ssn":null}]')
  t.same(usesOf(answer), ['write residents.age', 'write residents.full_name', 'write residents.ssn'])
  t.equal(sent(answer), '[{"full_name":"A","age":9007199254740993},{"ssn":null}]')
  t.equal(facts(answer).upstream.headers.get('prefer'), 'return=minimal')
  t.same(keysOf(answer), {})
  t.equal(facts(answer).writes, true)
})

t.test('postgrest: what a write returns is selected like any answer', async t => {
  const answer = write('POST /residents/residents?select=zip:ssn', '{"age":1}', { ...json, prefer: 'return=representation' })
  t.same(keysOf(answer), { zip: 'select residents.ssn' })
  t.equal(targetOf(answer), '/residents?select=zip:ssn')
  t.ok(
    usesOf(write('DELETE /residents/residents?id=eq.1', undefined, { prefer: 'return=representation' })).includes('implied residents.ssn'),
  )
})

t.test('postgrest: update and delete need a filter', async t => {
  t.same(asked(write('PATCH /residents/residents?id=eq.5', '{"age":1}')), ['identify residents.id', 'write residents.age'])
  t.ok(
    asked(write('DELETE /residents/residents?id=eq.5')).includes('write residents.immigration_status'),
    'a deleted row loses every field',
  )
  t.equal(refusal(write('PATCH /residents/residents', '{"age":1}')), 'query.unreadable')
  t.equal(refusal(write('DELETE /residents/residents')), 'query.unreadable')
  t.equal(refusal(write('PATCH /residents/residents?id=eq.5', '[{"age":1}]')), 'call.malformed')
})

t.test('postgrest: upserts, columns, paging and PUT are not offered', async t => {
  t.equal(refusal(write('POST /residents/residents?on_conflict=ssn', '{"age":1}')), 'query.undeclared-operation')
  t.equal(refusal(write('POST /residents/residents?columns=ssn', '{"age":1}')), 'query.undeclared-operation')
  t.equal(
    refusal(write('POST /residents/residents', '{"age":1}', { ...json, prefer: 'resolution=merge-duplicates' })),
    'query.undeclared-operation',
  )
  t.equal(refusal(write('POST /residents/residents?ssn=gt.5', '{"age":1}')), 'query.undeclared-operation')
  t.equal(refusal(write('PATCH /residents/residents?id=eq.1&limit=1', '{"age":1}')), 'query.undeclared-operation')
  t.equal(refusal(write('PUT /residents/residents?id=eq.1', '{"age":1}')), 'call.method')
  t.equal(refusal(write('POST /residents/residents?select=ssn', '{"age":1}')), 'query.unreadable')
})

t.test('a member the catalogue does not list is refused at every depth', async t => {
  for (const line of ['POST /residents/residents', 'POST /people/residents']) {
    for (const body of ['{"ghost":1}', '{"address":{"ghost":1}}', '{"household":{"id":1}}', '{"__proto__":{}}']) {
      t.equal(refusal(write(line, body)), 'query.unknown-field', `${line} ${body}`)
    }
    t.same(asked(write(line, '{"address":{"city":"LA"}}')), ['write residents.address', 'write residents.address.city'])
    for (const body of ['{}', '[]', '"{\\"age\\":1}"', '[[{"age":1}]]', '{"age":1,"age":2}'])
      t.equal(refusal(write(line, body)), 'call.malformed', body)
  }
})

t.test('rest: a write other than POST names its record in the path', async t => {
  t.same(asked(write('PUT /people/residents/5', '{"age":1}')), ['identify residents.id', 'write residents.age'])
  t.ok(asked(write('DELETE /people/residents/5')).includes('write residents.ssn'))
  t.equal(refusal(write('DELETE /people/residents')), 'query.unreadable')
  t.equal(refusal(write('PATCH /people/residents?id=5', '{"age":1}')), 'query.unreadable')
  t.equal(refusal(write('DELETE /people/residents/by-zip/90012')), 'query.unreadable')
  t.equal(refusal(write('DELETE /people/residents/5', '{"age":1}')), 'call.malformed')
})
