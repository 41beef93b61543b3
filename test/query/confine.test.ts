import fc from 'fast-check'
import t from 'tap'
import { makeInspect } from '../../src/query/inspect.ts'
import { holds } from '../redact/support/holds.ts'
import { callOf, compiled, facts, inspect, inspectWritable } from './support/residents.ts'

function confined(query: string, keys: readonly string[]): string {
  const { confine, upstream } = facts(inspect(`GET /residents/residents?${query}`))
  if (confine === null) return 'null'
  const asked = confine(keys)
  if (asked === null) return 'null'
  t.same({ ...asked, target: '' }, { ...upstream, target: '' }, 'method, headers and body stay')
  return decodeURIComponent(asked.target)
}

t.test('postgrest: one more condition, joined by AND, and everything else stays', async t => {
  for (const [query, expected] of [
    ['select=id', '/residents?select=id&id=in.(7,8)'],
    ['select=id&zip=eq.1', '/residents?select=id&zip=eq.1&id=in.(7,8)'],
    ['select=id&or=(zip.eq.1,id.eq.9)', '/residents?select=id&or=(zip.eq.1,id.eq.9)&id=in.(7,8)'],
    ['select=id&not.and=(zip.eq.1,id.neq.9)', '/residents?select=id&not.and=(zip.eq.1,id.neq.9)&id=in.(7,8)'],
    ['select=id&id=neq.7', '/residents?select=id&id=neq.7&id=in.(7,8)'],
    ['select=id&order=ssn.desc&limit=1&offset=3', '/residents?select=id&id=in.(7,8)&order=ssn.desc&limit=1&offset=3'],
    ['select=count()', '/residents?select="count":count()&id=in.(7,8)'],
    ['select=id,visits(place)&visits.place=eq.x', '/residents?select=id,visits(place)&visits.place=eq.x&id=in.(7,8)'],
  ] as const)
    t.equal(confined(query, ['7', '8']), expected, query)
  t.equal(confined('select=id', []), '/residents?select=id&id=in.()', 'nobody')
})

t.test('postgrest: whatever a key holds, it is one key', async t => {
  t.equal(confined('select=id', ['a,b', 'c"d', 'e)f(', 'g\\h', ' i ']), '/residents?select=id&id=in.("a,b","c\\"d","e)f(","g\\\\h"," i ")')
  const key = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(',', '"', '\\', ')', '(', '&', '=', '#', '%', '+', ' ', 'null', '.', '*'),
  )
  const readable = key.filter(text => text !== '' && !/\p{Cc}|%[0-9a-f]{2}/iu.test(text) && text.isWellFormed())
  holds(
    t,
    fc.property(
      fc.uniqueArray(readable, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('select=id', 'zip=eq.1&limit=1'),
      (keys, query) => {
        const asked = facts(inspect(`GET /residents/residents?${query}`)).confine?.(keys)
        const again = facts(inspect(`GET /residents${asked?.target}`))
        return again.dataSubjects.join('\n') === keys.join('\n') && again.upstream.target === asked?.target
      },
    ),
    1500,
  )
})

t.test('where the dialect cannot say it, or the key says something itself, there is nothing to confine', async t => {
  const options = { headers: { 'content-type': 'application/json' }, body: '{"age":1}' }
  t.equal(facts(inspectWritable('PATCH /residents/residents?zip=eq.1', options)).confine, null)
  t.equal(facts(inspectWritable('POST /people/residents', options)).confine, null)
  t.equal(facts(inspect('GET /people/residents')).confine, null)
  t.equal(facts(inspect('GET /residents/numbers')).confine, null, 'an A-number')
  for (const key of ['a.b', 'limit', 'select', 'on_conflict']) {
    const catalogue = compiled({ source: 'c', collections: { people: { key, fields: { [key]: 'open', n: 'open' } } } }, 'postgrest')
    const answer = makeInspect([{ name: 'c', dialect: 'postgrest', catalogue, writes: false }])(callOf('GET /c/people?select=n'))
    t.equal(facts(answer).confine, null, key)
  }
})

t.test('postgrest: more keys than an address of 6 KiB can carry cannot be asked for', async t => {
  const keys = (count: number) => [...Array(count).keys()].map(i => `a0eebc99-9c0b-4ef8-bb6d-${String(i).padStart(12, '0')}`)
  t.equal(confined('select=id', keys(1000)), 'null')
  t.match(confined('select=id', keys(100)), /&id=in\./, 'the twin')
})
