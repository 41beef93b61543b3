import t from 'tap'
import { makeInspect } from '../../src/query/inspect.ts'
import { asked, callOf, compiled, facts, inspect, keysOf, REST_RESIDENTS, refusal, targetOf, usesOf } from './support/residents.ts'

t.test('a list without a selection implies everything the catalogue lists', async t => {
  const answer = inspect('GET /people/residents?page=2')
  t.equal(targetOf(answer), '/residents?page=2')
  t.same(asked(answer), [])
  t.ok(usesOf(answer).includes('implied residents.ssn'))
  t.ok(usesOf(answer).includes('implied residents.address.street'), 'members of objects')
  t.ok(usesOf(answer).includes('implied visits.place'), 'related records')
  t.same(facts(answer).dataSubjects, [])
})

t.test('a path placeholder names the data subject', async t => {
  const answer = inspect('GET /people/residents/C-1006')
  t.same(facts(answer).dataSubjects, ['C-1006'])
  t.same(asked(answer), ['identify residents.id'])
  t.same(asked(inspect('GET /people/residents/by-zip/90012')), ['filter residents.zip'], 'the literal path before the placeholder')
})

t.test('each parameter is the use it is bound to', async t => {
  t.same(asked(inspect('GET /people/residents?status=tps')), ['filter residents.immigration_status'])
  t.same(asked(inspect('GET /people/residents?sort=-ssn,age')), ['sort residents.age', 'sort residents.ssn'])
  t.same(asked(inspect('GET /people/residents?q=rosa')), ['search residents.caseworker_notes', 'search residents.full_name'])
  t.same(asked(inspect('GET /people/residents?group_by=immigration_status')), ['group residents.immigration_status'])
  t.same(asked(inspect('GET /people/residents?max=ssn')), ['aggregate residents.ssn'])
  t.same(asked(inspect('GET /people/residents?expand=visits')), ['expand residents.visits'])
  t.same(asked(inspect('GET /people/residents?count=true')), ['count residents.*'])
  t.same(asked(inspect('GET /people/residents?id=7')), ['identify residents.id'])
})

t.test('free text that is searched is a use of status', async t => {
  const uses = facts(inspect('GET /people/residents?q=visa')).uses.filter(use => use.kind === 'search')
  t.same(
    uses.map(use => [use.field, use.classes]),
    [
      ['full_name', ['personal']],
      ['caseworker_notes', ['personal']],
      ['caseworker_notes', ['status']],
    ],
  )
})

t.test('a selection names the response keys, and nothing else leaves', async t => {
  t.same(keysOf(inspect('GET /people/residents?fields=id,zip')), { id: 'select residents.id', zip: 'select residents.zip' })
  t.same(keysOf(inspect('GET /people/residents?fields=address')), { address: 'records' })
})

t.test('values are written anew, with exactly one encoding', async t => {
  const answer = facts(inspect('GET /people/residents?age=a+b%26c%3D%C3%A9'))
  t.equal(answer.upstream.target, '/residents?age=a%20b%26c%3D%C3%A9')
  t.same([...answer.upstream.headers], [['accept', 'application/json']])
  t.equal(facts(inspect('GET /people/residents/a%3Ab')).upstream.target, '/residents/a%3Ab')
})

t.test('paths that nobody declared are refused', async t => {
  for (const path of ['/people/db', '/people/residents/1/visits', '/people/Residents', '/people'])
    t.equal(refusal(inspect(`GET ${path}`)), 'source.unknown-path', path)
  t.equal(refusal(inspect('GET /nowhere/residents')), 'source.unknown')
})

t.test('an envelope carries the records and what the catalogue calls open', async t => {
  const residents = { ...REST_RESIDENTS.collections.residents, envelope: { records: 'results', open: ['next_page'] } }
  const catalogue = compiled({ source: 'people', collections: { ...REST_RESIDENTS.collections, residents } }, 'rest')
  const read = makeInspect([{ name: 'people', dialect: 'rest', catalogue, writes: false }])
  const { shape } = facts(read(callOf('GET /people/residents?fields=id')))
  if (shape.node !== 'envelope') throw new Error(shape.node)
  t.same([...shape.members.keys()], ['next_page', 'results'])
  t.equal(facts(read(callOf('GET /people/residents/1'))).shape.node, 'records', 'one record comes bare')
})

t.test('relations that run in circles are cut', async t => {
  const { shape } = facts(inspect('GET /people/residents'))
  let depth = 0
  for (let node = shape; node.node === 'records'; depth++)
    node = node.record.members.get('household') ?? { node: 'envelope', members: new Map() }
  t.equal(depth, 4, 'the residents and three households inside')
})
