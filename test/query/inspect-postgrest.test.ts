import t from 'tap'
import { makeInspect } from '../../src/query/inspect.ts'
import { asked, callOf, compiled, facts, inspect, keysOf, refusal, targetOf, usesOf } from './support/residents.ts'

const get = (query: string, headers?: Record<string, string>) =>
  inspect(`GET /residents/residents?${query.replaceAll(' ', '%20').replaceAll('#', '%23')}`, headers ? { headers } : {})

t.test('no select and * are every catalogued column, and no relation', async t => {
  for (const query of ['', 'select=*']) {
    const answer = get(query)
    t.ok(usesOf(answer).every(use => use.startsWith('implied residents.')))
    t.notOk(targetOf(answer).includes('household'))
    t.ok(targetOf(answer).startsWith('/residents?select=id,case_no,'))
  }
  t.ok(usesOf(get('select=*,ssn')).includes('select residents.ssn'))
  t.notOk(usesOf(get('select=*,ssn')).includes('implied residents.ssn'))
})

t.test('an alias maps the response key to its field', async t => {
  t.same(keysOf(get('select=zip:immigration_status,"a b":"Full Name"')), {
    zip: 'select residents.immigration_status',
    'a b': 'select residents.Full Name',
  })
  t.equal(refusal(get('select=" Full Name"')), 'query.unknown-field', 'a quoted name keeps its blanks')
  t.equal(targetOf(get('select= Full Name ,zip')), '/residents?select="Full Name",zip')
})

t.test('casts and paths are computed, aggregates aggregate, what stands beside them groups', async t => {
  t.same(keysOf(get('select=age::text,profile->a->>b,profile->list->0,n:address->>street')), {
    age: 'computed residents.age',
    b: 'computed residents.profile',
    list: 'computed residents.profile',
    n: 'computed residents.address.street',
  })
  const answer = get('select=ssn.max(),n:count(),avg:age::int.avg()::int,service,zip::text')
  t.same(asked(answer), [
    'aggregate residents.age',
    'aggregate residents.ssn',
    'computed residents.age',
    'computed residents.zip',
    'count residents.*',
    'group residents.service',
    'group residents.zip',
  ])
  t.equal(targetOf(answer), '/residents?select=max:ssn.max(),n:count(),avg:age::int.avg()::int,service,zip:zip::text')
})

t.test('a JSON path below catalogued members must name them', async t => {
  t.same(facts(get('select=address->>street')).uses[0]?.classes, ['locating'])
  t.equal(refusal(get('select=address->>ssn')), 'query.unknown-field')
  t.same(asked(get('address->>city=eq.LA')), ['filter residents.address.city'])
  for (const whole of [
    'address=cs.{}',
    'address=gt.{}',
    'order=address',
    'select=address::text',
    'select=address,count()',
    'select=address.max()',
  ]) {
    t.equal(refusal(get(whole)), 'query.unknown-field', `${whole}: the whole object holds members nobody catalogued`)
  }
  t.same(facts(get('select=address')).uses[0]?.kind, 'select', 'its catalogued members may be selected together')
})

t.test('every operator is read and is a filter', async t => {
  const plain =
    'eq.1 gt.1 gte.1 lt.1 lte.1 neq.1 like.*a* ilike.*a* match.^a imatch.^a isdistinct.1 cs.{a} cd.{a} ov.{a} sl.(1,2) sr.(1,2) nxr.(1,2) nxl.(1,2) adj.(1,2)'
  const others =
    'fts.a fts(english).a plfts(en_US).a phfts.a wfts(english).u is.null is.not_null is.TRUE is.unknown in.(1,"a,b",c) like(any).{a*,b*} eq(all).{1} in.()'
  for (const operation of [...plain.split(' '), ...others.split(' ')]) {
    for (const not of ['', 'not.']) {
      const answer = get(`immigration_status=${not}${operation}`)
      t.same(asked(answer), ['filter residents.immigration_status'], not + operation)
      t.ok(targetOf(answer).endsWith(`&immigration_status=${not}${operation.replace('TRUE', 'true')}`), not + operation)
    }
  }
  for (const bad of [
    '5',
    'eq',
    'foo.5',
    'EQ.5',
    'not.not.eq.1',
    'in.1',
    'in.(1',
    'in.(1)x',
    'is.5',
    'is.nullx',
    'neq(any).5',
    'fts(a b).x',
    'eq(some).5',
  ]) {
    t.equal(refusal(get(`age=${bad}`)), 'query.unreadable', bad)
  }
})

t.test('an equality on the key names the data subject, unless it may name more', async t => {
  t.same(facts(get('id=eq.5')).dataSubjects, ['5'])
  t.same(facts(get('id=in.(5,"6,7")')).dataSubjects, ['5', '6,7'])
  t.same(asked(get('id=eq.5')), ['identify residents.id'])
  for (const query of [
    'id=not.eq.5',
    'id=gt.5',
    'id=eq(any).{1,2}',
    'or=(id.eq.5,id.gt.1)',
    'and=(id.eq.5)',
    'id->a=eq.5',
    'select=household(id)&household.id=eq.5',
  ]) {
    t.same(asked(get(query)), ['filter residents.id'], query)
    t.same(facts(get(query)).dataSubjects, [], query)
  }
  t.same(asked(inspect('GET /residents/numbers?alien_number=eq.A1')), ['filter numbers.alien_number'])
})

t.test('embedded relations are read by name, alias and spread', async t => {
  t.same(keysOf(get('select=id,v:visits(place),household!left(id)')), { id: 'select residents.id', v: 'records', household: 'records' })
  t.same(keysOf(get('select=id,...visits(zip:place)')), { id: 'select residents.id', zip: 'select visits.place' })
  t.same(asked(get('select=id,visits!inner(place)')), ['filter visits.visit_id'])
  t.same(asked(get('select=visits(place)&visits.place=eq.x&visits.order=place.desc&order=visits(place)&visits.limit=1')), [
    'filter visits.place',
    'sort visits.place',
  ])
  t.same(asked(get('select=v:visits(place)&v.place=eq.x')), ['filter visits.place'])
  t.same(asked(get('select=id,visits()&visits=not.is.null')), ['filter visits.visit_id'])
  t.same(asked(get('select=visits(place)&visits.or=(place.eq.x,visit_id.gt.1)')), ['filter visits.place', 'filter visits.visit_id'])
  t.same(
    facts(get('select=custody(visit_id)')).uses.map(use => use.classes),
    [['custody'], ['custody']],
    'the relation itself reveals',
  )
  for (const query of [
    'select=visits!fk(place)',
    'select=nowhere(place)',
    'select=visits',
    'visits.place=eq.x',
    'select=visits(place)&order=household(id)',
    'select=visits(nothing)',
    'select=a:visits(place),b:visits(place)&visits.place=eq.x',
  ]) {
    t.match(refusal(get(query)), /^query\.(unknown-field|undeclared-operation)$/, query)
  }
})

t.test('two items under one response key are refused', async t => {
  for (const query of [
    'select=zip:ssn,zip',
    'select=id,id',
    'select=place:zip,...visits(place)',
    'select=ssn.max(),age.max()',
    'select=*,*',
  ])
    t.equal(refusal(get(query)), 'query.unreadable', query)
  t.equal(refusal(get('select=a:ssn.max(),age.max()')), 'read')
})

t.test('sorting is a use, and free text a use of status too', async t => {
  t.same(asked(get('order=ssn.desc.nullslast,age')), ['sort residents.age', 'sort residents.ssn'])
  t.same(
    facts(get('select=id&caseworker_notes=like.*visa*'))
      .uses.filter(use => use.kind === 'filter')
      .map(use => use.classes),
    [['personal'], ['status']],
  )
})

t.test('Prefer counts rows; other preferences are refused', async t => {
  const answer = get('select=id', { prefer: 'count=exact, return=minimal, handling=strict' })
  t.same(asked(answer), ['count residents.*'])
  t.equal(facts(answer).upstream.headers.get('prefer'), undefined, 'the total is not asked for')
  for (const prefer of [
    'resolution=merge-duplicates',
    'tx=rollback',
    'timezone=UTC',
    'count=all',
    'handling=lenient',
    'max-affected=1',
    'params=single-object',
  ]) {
    t.equal(refusal(get('', { prefer })), 'query.undeclared-operation', prefer)
  }
  t.equal(refusal(get('', { prefer: 'count=exact, count=planned' })), 'query.duplicate')
})

t.test('filters may repeat, nothing else may', async t => {
  t.equal(
    targetOf(get('select=id&age=gte.1&age=lt.5&or=(zip.eq.1)&or=(zip.eq.2)')),
    '/residents?select=id&age=gte.1&age=lt.5&or=(zip.eq.1)&or=(zip.eq.2)',
  )
  for (const query of [
    'select=id&select=ssn',
    'order=id&order=age',
    'limit=1&limit=2',
    'offset=1&offset=2',
    'select=visits(place)&visits.limit=1&"visits".limit=2',
  ]) {
    t.equal(refusal(get(query)), 'query.duplicate', query)
  }
})

t.test('columns named like words of the grammar are asked for in quotes, and only so', async t => {
  const words = ['select', 'order', 'limit', 'and', 'or', 'not', 'count', 'on_conflict', 'a.or', 'a"b\\c', 'ñame', 'a-b']
  const fields = Object.fromEntries(['id', ...words].map(name => [name, 'open']))
  const catalogue = compiled({ source: 'odd', collections: { odd: { key: 'id', fields } } }, 'postgrest')
  const read = makeInspect([{ name: 'odd', dialect: 'postgrest', catalogue, writes: false }])
  for (const word of words) {
    const quoted = encodeURIComponent(`"${word.replace(/["\\]/g, '\\$&')}"`)
    for (const query of [
      `select=id&${quoted}=eq.1`,
      `select=${quoted}.max()`,
      `select=id&order=${quoted}.desc`,
      `select=id&or=(${quoted}.eq.1)`,
      `select=id&not.and=(not.or(${quoted}.in.(1)))`,
    ]) {
      const answer = read(callOf(`GET /odd/odd?${query}`))
      t.same(
        asked(answer).map(use => use.split('.')[0]?.split(' ')[1]),
        ['odd'],
        query,
      )
      t.ok(asked(answer)[0]?.endsWith(` odd.${word}`), query)
      t.same(asked(read(callOf(`GET /odd${facts(answer).upstream.target}`))), asked(answer), 'written as it was meant')
    }
  }
  t.equal(refusal(read(callOf('GET /odd/odd?order=eq.1'))), 'query.unreadable', 'without quotes it is the grammar')
})

t.test('what an object reveals, its members reveal', async t => {
  const fields = { id: 'open', home: { class: 'health', fields: { city: 'open' } } }
  const catalogue = compiled({ source: 'odd', collections: { odd: { key: 'id', fields } } }, 'postgrest')
  const read = makeInspect([{ name: 'odd', dialect: 'postgrest', catalogue, writes: false }])
  for (const query of ['select=home->>city', 'select=home', 'select=id&home->>city=eq.LA']) {
    t.same(facts(read(callOf(`GET /odd/odd?${query}`))).uses.find(use => use.field === 'home.city')?.classes, ['health'], query)
  }
})
