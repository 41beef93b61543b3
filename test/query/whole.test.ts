import t from 'tap'
import { facts, inspect, inspectWritable } from './support/residents.ts'

const whole = (call: string) => facts(inspect(`GET /${call}`)).whole

t.test('postgrest: the collection as such', async t => {
  for (const query of [
    '',
    'select=id,zip',
    'limit=101',
    'order=zip&limit=1000&offset=5',
    'offset=20',
    'select=count()',
    'select=id,visits(place)&visits.place=eq.x',
    'select=id,visits(place)&visits.limit=5',
    'select=id,v:visits(place)&v.place=eq.x',
    'id=not.is.null',
    'id=is.not_null',
    'id=gt.0',
    'zip=neq.x',
    'zip=not.eq.x',
    'full_name=like.*',
    'full_name=ilike.%25',
    'or=(zip.eq.1,zip.neq.1)',
    'not.and=(zip.eq.1,zip.eq.2)',
  ])
    t.equal(whole(`residents/residents?${query}`), true, query)
})

t.test('postgrest: part of it', async t => {
  for (const query of [
    'id=eq.7',
    'id=in.(7,8)',
    'zip=eq.90012',
    'age=gt.30',
    'full_name=like.An*',
    'or=(zip.eq.1,zip.eq.2)',
    'and=(zip.neq.1,age.eq.2)',
    'limit=100',
    'limit=0',
    'order=ssn&limit=1&offset=1000',
    'select=id,visits!inner(place)&visits.place=eq.x',
    'select=id,v:visits!inner(place)&v.place=eq.x',
    'select=id,visits(place)&visits=is.null',
  ])
    t.equal(whole(`residents/residents?${query}`), false, query)
})

t.test('rest: what no parameter narrows', async t => {
  for (const query of ['', 'fields=id', 'sort=zip', 'page=101', 'status=', 'q=*', 'q=%25', 'count=true'])
    t.equal(whole(`people/residents?${query}`), true, query)
  for (const query of ['id=7', 'status=tps', 'q=rosa', 'page=0', 'page=1', 'page=100'])
    t.equal(whole(`people/residents?${query}`), false, query)
  t.equal(whole('people/residents/7'), false)
  t.equal(whole('people/residents/by-zip/90012'), false)
})

t.test('a write is no reading of everything', async t => {
  const options = { headers: { 'content-type': 'application/json' }, body: '{"age":1}' }
  t.equal(facts(inspectWritable('POST /residents/residents', options)).whole, false)
  t.equal(facts(inspectWritable('POST /people/residents', options)).whole, false)
  t.equal(facts(inspectWritable('PATCH /residents/residents?zip=neq.0', options)).whole, false)
})
