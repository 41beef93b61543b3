import t from 'tap'
import { makeInspect } from '../../src/query/inspect.ts'
import type { AnswerShape, QueryFacts } from '../../src/terms/query-facts.ts'
import { asked, callOf, compiled, facts, refusal } from '../query/support/residents.ts'
import { run } from '../redact/support/run.ts'

/** `resident_id` and `stop_id` are protected; the relations of the same foreign keys are catalogued as a city would. */
const COLLECTIONS = {
  residents: { key: 'id', fields: { id: 'open', zip: 'open', inspections: { collection: 'inspections' } } },
  inspections: { key: 'id', fields: { id: 'open', result: 'open', resident_id: 'personal', residents: { collection: 'residents' } } },
  stops: { key: 'id', fields: { id: 'open', bookings: { class: 'custody', collection: 'bookings' } } },
  bookings: {
    key: 'id',
    fields: { id: 'open', stop_id: 'personal', stops: { collection: 'stops' }, fines: { class: 'open', collection: 'fines' } },
  },
  fines: { key: 'id', fields: { id: 'open', amount: 'open' } },
}
const PARTS = {
  parameters: {
    fields: { use: 'select' },
    expand: { use: 'expand' },
    group: { use: 'group' },
    max: { use: 'aggregate' },
    sort: { use: 'sort' },
  },
}
const REST_COLLECTIONS = { ...COLLECTIONS, inspections: { ...COLLECTIONS.inspections, ...PARTS } }
const read = makeInspect([
  { name: 'city', dialect: 'postgrest', catalogue: compiled({ source: 'city', collections: COLLECTIONS }, 'postgrest'), writes: false },
  { name: 'rest', dialect: 'rest', catalogue: compiled({ source: 'rest', collections: REST_COLLECTIONS }, 'rest'), writes: false },
])
const get = (call: string) => read(callOf(`GET /${call}`))

/** `class kind` of every use: what the decider judges. */
const judged = (call: string) => new Set(facts(get(call)).uses.flatMap(use => use.classes.map(name => `${name} ${use.kind}`)))
/** What leaves where only open data may, as for a request for public records. */
const publicly = (call: string, body: string) => run(facts(get(call)).shape, body, OPEN).out
const OPEN = { permitted: (['select', 'implied', 'aggregate', 'computed', 'count'] as const).map(kind => ['open', kind] as const) }
const related = (shape: AnswerShape, name: string) => (shape.node === 'records' ? shape.record.members.get(name) : undefined)

t.test('a foreign key under the name of its relation', async t => {
  t.equal(publicly('city/inspections?select=id,resident_id', '[{"id":1,"resident_id":7}]'), '[{"id":1}]', 'the key itself')
  for (const [select, member] of [
    ['residents(id)', '"residents":{"id":7}'],
    ['r:residents(id)', '"r":{"id":7}'],
    ['residents!inner(id)', '"residents":{"id":7}'],
    ['residents(*)', '"residents":{"id":7,"zip":"90012"}'],
    ['...residents(who:id)', '"who":7'],
    ['...residents(*)', '"zip":"90012"'],
    ['residents(n:count())', '"residents":{"n":1}'],
    ['...residents(n:count())', '"n":1'],
    ['residents(...inspections(other:id))', '"residents":{"other":2}'],
    ['...residents(other:inspections(id))', '"other":[{"id":2}]'],
  ] as const) {
    const own = select.includes('count') || select.startsWith('...residents(*') ? 'result' : 'id'
    const call = `city/inspections?select=${own},${select}`
    t.equal(publicly(call, `[{"${own}":1,${member}}]`), `[{"${own}":1}]`, select)
    t.ok(judged(call).has('personal select'), select)
    t.ok(
      facts(get(call)).uses.some(use => use.collection === 'inspections' && use.field === 'residents' && use.kind === 'select'),
      select,
    )
  }
  t.equal(publicly('city/inspections?select=id,result', '[{"id":1,"result":"pass"}]'), '[{"id":1,"result":"pass"}]')
})

t.test('a relation that is open passes, and its records with it', async t => {
  const body = '[{"id":1,"fines":[{"amount":5}]}]'
  t.equal(publicly('city/bookings?select=id,fines(amount)', body), body)
  t.equal(publicly('city/bookings?select=id,...fines(amount)', '[{"id":1,"amount":5}]'), '[{"id":1,"amount":5}]')
  t.match(related(facts(get('city/bookings?select=id,f:fines(amount)')).shape, 'f'), {
    relation: { collection: 'bookings', field: 'fines', through: ['fines'], classes: ['open'], kind: 'select' },
  })
  const inside = related(facts(get('city/stops?select=bookings(fines(amount))')).shape, 'bookings')
  t.match(inside && related(inside, 'fines'), { relation: { field: 'fines', classes: ['custody'] } }, 'what is around reveals too')
})

t.test('which stops ended in custody', async t => {
  for (const query of [
    'select=id,bookings!inner()',
    'select=id,bookings!inner(id)',
    'select=id,bookings()&bookings=not.is.null',
    'select=id,bookings()&bookings=is.null',
    'select=id,bookings()&or=(bookings.is.null,id.gt.5)',
    'select=id,bookings!inner()&bookings.id=gt.5',
    'select=id,bookings()&bookings.or=(id.gt.5,id.lt.3)',
    'select=id,b:bookings()&b=not.is.null',
    'select=id,...bookings!inner()',
  ]) {
    t.ok(judged(`city/stops?${query}`).has('custody filter'), query)
  }
  t.ok(judged('city/stops?select=id,bookings()&order=bookings(id)').has('custody sort'))
  t.ok(judged('city/stops?select=id,bookings()&bookings.order=id').has('custody sort'))
  t.ok(judged('city/stops?select=id,bookings(count())').has('custody count'))
  t.ok(judged('city/stops?select=bookings(id.max())').has('custody aggregate'))
  t.ok(judged('city/stops?select=bookings(id::text)').has('custody computed'))
  t.ok(judged('city/stops?select=count(),...bookings(id)').has('custody group'))
  t.ok(judged('city/bookings?select=id,stops!inner()').has('personal filter'), 'a relation nobody gave a class')
  t.same([...judged('city/stops?select=id&id=gt.5&order=id')], ['open select', 'open filter', 'open sort'], 'its own columns')
  t.same([...judged('city/stops?select=count()')], ['open count'], 'the rows themselves')
})

t.test('rest: a relation that is shown, expanded or asked by', async t => {
  for (const query of ['', '?fields=id,residents', '?expand=residents']) {
    const answer: QueryFacts = facts(get(`rest/inspections${query}`))
    t.ok(
      answer.uses.some(use => use.field === 'residents' && use.classes.includes('personal')),
      query,
    )
    t.equal(run(answer.shape, '[{"id":1,"residents":{"id":7}}]', OPEN).out, '[{"id":1}]', query)
  }
  t.ok(judged('rest/inspections?expand=residents').has('personal expand'))
  t.match(related(facts(get('rest/inspections')).shape, 'residents'), { relation: { field: 'residents', kind: 'implied' } })
  t.match(related(facts(get('rest/inspections?fields=residents')).shape, 'residents'), { relation: { kind: 'select' } })
  for (const name of ['group', 'max', 'sort']) {
    t.equal(refusal(get(`rest/inspections?${name}=residents`)), 'query.unknown-field', name)
    t.equal(refusal(get(`rest/inspections?${name}=result`)), 'read', name)
  }
  t.equal(publiclyWhole('rest/bookings'), '[{"id":1,"fines":[{"amount":5}]}]', 'an open relation stays')
})

const publiclyWhole = (call: string) => publicly(call, '[{"id":1,"fines":[{"amount":5}],"stops":[{"id":3}]}]')

t.test('a filter on related records names nobody', async t => {
  t.same(facts(get('city/inspections?select=id,residents!inner()&residents.id=eq.7')).dataSubjects, [])
  t.same(asked(get('city/inspections?select=id&id=eq.7')), ['identify inspections.id'])
})
