import t from 'tap'
import { compileCatalogue } from '../../src/query/compile-catalogue.ts'
import { DataClass } from '../../src/terms/data-class.ts'
import { fromFile, VOCABULARY } from './support/residents.ts'

const one = (fields: object, more: object = {}) => ({
  source: 's',
  collections: { people: { key: 'id', fields: { id: 'open', ...fields }, ...more } },
})

function compile(value: unknown, dialect = 'rest') {
  const result = compileCatalogue(fromFile(value), VOCABULARY, dialect)
  return 'problems' in result
    ? { problems: result.problems.map(problem => problem.message), fields: null, weakenings: [] }
    : { problems: [], fields: result.catalogue.collections.get('people')!.fields, weakenings: result.weakenings }
}

const classes = (name: string, entry: unknown = 'open') => compile(one({ [name]: entry })).fields?.get(name)?.classes

t.test('a known name is protected whatever its case and separators', async t => {
  for (const name of [
    'immigration_status',
    'immigrationStatus',
    'immigration-status',
    'ImmigrationStatus',
    'IMMIGRATION_STATUS',
    'immigration.status',
    'Immigration Status',
    'ｉmmigration_status',
  ]) {
    t.same(classes(name), ['status'], name)
  }
  t.same(classes('shoe_size'), ['open'])
})

t.test('a trailing star begins a word, or a whole name that has none', async t => {
  for (const name of ['ead_expiry', 'eadExpiry', 'EAD-EXPIRY', 'eadexpiry', 'save_case', 'deported', 'deportation_date', 'deport'])
    t.same(classes(name), ['status'], name)
  for (const name of ['saved_at', 'saving_account', 'head_count', 'sponsors_list', 'support']) t.same(classes(name), ['open'], name)
})

t.test('the stricter of catalogue and vocabulary wins', async t => {
  t.same(classes('citizenship', 'personal'), ['personal', 'status'])
  t.same(classes('id_type', 'status-identifier'), ['status-identifier'], 'already stricter')
  t.same(classes('id_type', ['status-identifier', 'personal']), ['status-identifier', 'personal', 'status-proxy'])
  t.same(classes('phone', 'personal'), ['personal', 'locating'])
  t.same(classes('x', ['open', 'personal']), ['personal'], 'open says nothing beside another class')
})

t.test('a class more on a field never takes one away', async t => {
  t.same(classes('a_number', 'open'), ['status-identifier'])
  t.same(classes('a_number', ['open', 'status']), ['status', 'status-identifier'], 'status may be released where an identifier may not')
  for (const name of ['a_number', 'id_type', 'phone', 'citizenship'])
    for (const one of DataClass.options)
      for (const more of DataClass.options) {
        const lost = (classes(name, one) ?? []).filter(kept => kept !== 'open' && !classes(name, [one, more])?.includes(kept))
        t.same(lost, [], `${name}: ${one}, and ${more}`)
      }
})

t.test('the vocabulary reaches into objects', async t => {
  const { fields } = compile(one({ papers: { fields: { a_number: 'open', colour: 'open' } } }))
  t.same(fields?.get('papers')?.fields?.get('a_number')?.classes, ['status-identifier'])
  t.same(fields?.get('papers')?.fields?.get('colour')?.classes, ['open'])
})

t.test('an override is a weakening, and only for a known name', async t => {
  const good = compile(one({ receipt_no: { class: 'open', vocabularyOverride: 'payment receipt, not USCIS' } }))
  t.same(good.fields?.get('receipt_no')?.classes, ['open'])
  t.same(good.weakenings, ['people.receipt_no: not status-identifier: payment receipt, not USCIS'])
  const bad = compile(one({ colour: { class: 'open', vocabularyOverride: 'colours are harmless' } }))
  t.match(bad.problems, [/collections\/people\/fields\/colour\/vocabularyOverride: the vocabulary does not know "colour"/])
})

t.test('every problem is reported at once, each with its place', async t => {
  const { problems } = compile({
    source: 's',
    collections: {
      people: {
        key: 'nobody',
        fields: { id: 'open', home: { collection: 'houses' }, empty: {} },
        parameters: { a: { use: 'filter', field: 'ghost' }, b: { use: 'filter' }, c: { use: 'search' }, d: { use: 'computed' } },
        paths: {
          '/people/{id}': {},
          '/people/{x}/y': { z: { use: 'filter', field: 'id' }, x: { use: 'filter', field: 'ghost' } },
          '/a/{b': {},
          '/p': {},
        },
      },
    },
  })
  const text = problems.join('\n')
  for (const expected of [
    'collections/people/key: the key "nobody"',
    'fields/home/collection: there is no collection "houses"',
    'fields/empty: give the field a class',
    'parameters/a: there is no field "ghost"',
    'parameters/b: the use filter needs a `field`',
    'parameters/c: a search needs `fields`',
    'parameters/d: a parameter cannot be bound to the use computed',
    'paths//people/{id}: the placeholder {id} is bound to no field',
    'paths//people/{x}/y/z: the path has no placeholder {z}',
    'paths//people/{x}/y/x: there is no field "ghost"',
    'paths//a/{b: write a path such as',
  ]) {
    t.ok(text.includes(expected), expected)
  }
})

t.test('only the rest dialect has parameters, paths and an envelope', async t => {
  const parts = {
    parameters: { id: { field: 'id', use: 'identify' } },
    paths: { '/people/{id}': { id: { field: 'id', use: 'identify' } } },
  }
  const refused = compile(one({}, parts), 'postgrest').problems
  t.equal(refused.length, 2)
  t.match(refused[0], /only the rest dialect has `parameters`; postgrest has a grammar of its own/)
  t.same(compile(one({}, parts), 'rest').problems, [])
})

t.test('two templates of the same paths, or one that lists another collection, are refused', async t => {
  const by = (field: string) => ({ [field]: { field, use: 'filter' } })
  const twice = compile(one({ age: 'open' }, { paths: { '/p/{id}': by('id'), '/p/{age}': by('age') } }))
  t.match(twice.problems, [/this path is the same as \/p\/\{id\}/])
  const apart = compile(one({ age: 'open' }, { paths: { '/p/{id}': by('id'), '/p/age/{age}': by('age') } }))
  t.same(apart.problems, [])
})

t.test('one collection at most holds the data subjects', async t => {
  const two = (source: string, marks: Record<string, object>) => {
    const collections = Object.fromEntries(
      Object.entries(marks).map(([name, more]) => [name, { key: 'id', fields: { id: 'open' }, ...more }]),
    )
    const result = compileCatalogue(fromFile({ source, collections }), VOCABULARY, 'rest')
    return 'problems' in result ? result.problems.map(problem => problem.message).join() : result.catalogue.subjects
  }
  t.equal(two('s', { people: {} }), 'people', 'the only one')
  t.equal(two('people', { visits: {}, people: {} }), 'people', 'the one named like the source')
  t.equal(two('people', { visits: { subjects: true }, people: {} }), 'visits', 'the one that says so')
  t.equal(two('s', { visits: {}, people: {} }), null, 'nobody says which')
  t.equal(two('people', { visits: {}, people: { subjects: false } }), null, 'it says that it is not')
  t.equal(two('s', { visits: { subjects: false } }), null)
  t.equal(
    two('s', { visits: { subjects: true }, people: { subjects: true } }),
    'collections/people/subjects: only one collection holds the data subjects; visits says so already',
  )
})

t.test('a relation without a class is personal, whatever the dialect', async t => {
  const houses = { houses: { key: 'id', fields: { id: 'open' } } }
  const related = (home: unknown, dialect: string) =>
    compile({ source: 's', collections: { people: { key: 'id', fields: { id: 'open', home } }, ...houses } }, dialect)
  for (const dialect of ['rest', 'postgrest']) {
    t.same(classes('home', { class: 'open' }), ['open'])
    t.same(related({ collection: 'houses' }, dialect).fields?.get('home')?.classes, ['personal'])
    t.same(related({ collection: 'houses', class: 'custody' }, dialect).fields?.get('home')?.classes, ['custody'])
    t.same(related({ collection: 'houses', class: 'open' }, dialect).fields?.get('home')?.classes, ['open'], 'where the file says so')
  }
  const fields = { id: 'open', citizenship: { collection: 'houses' } }
  const known = compile({ source: 's', collections: { people: { key: 'id', fields }, ...houses } })
  t.same(known.fields?.get('citizenship')?.classes, ['personal', 'status'])
})

t.test('a relation cannot be used as if it were a value', async t => {
  const houses = { houses: { key: 'id', fields: { id: 'open' } } }
  const bind = (parameter: object) => {
    const fields = { id: 'open', home: { collection: 'houses' } }
    return compile({ source: 's', collections: { people: { key: 'id', fields, parameters: { a: parameter } }, ...houses } }).problems
  }
  for (const use of ['filter', 'sort', 'group', 'aggregate']) t.match(bind({ use, field: 'home' }), [/home is a relation/], use)
  t.match(bind({ use: 'search', fields: ['home'] }), [/home is a relation/])
  for (const use of ['select', 'expand']) t.same(bind({ use, fields: ['home'] }), [], use)
})

t.test('the key is a plain value', async t => {
  t.match(compile({ source: 's', collections: { people: { key: 'id', fields: { id: { fields: { a: 'open' } } } } } }).problems, [
    /plain value/,
  ])
})
