import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readQueryString } from '../../src/query/call/read-query-string.ts'
import type { SelectItem } from '../../src/query/dialects/postgrest/question.ts'
import { readQuestion } from '../../src/query/dialects/postgrest/read-question.ts'
import { inspect, POSTGREST, RESIDENTS } from './support/residents.ts'

const NAMES = new Set(Object.values(RESIDENTS.collections).flatMap(collection => [...Object.keys(collection.fields), 'street', 'city']))

const words = fc.constantFrom(
  'id',
  'ssn',
  'zip',
  'immigration_status',
  '"Full Name"',
  'to_jsonb',
  'ssn2',
  'visits',
  'household',
  'address',
  'profile',
  'status%5Fx',
  'Id',
  'ｓsn',
  'count',
  'not',
  'or',
  'and',
)
const glue = fc.constantFrom(
  '.',
  ',',
  '(',
  ')',
  ':',
  '::',
  '->',
  '->>',
  '!',
  '!inner',
  '...',
  '*',
  '"',
  '\\',
  ' ',
  '+',
  '%20',
  '%22',
  '=',
  '&',
  '-',
)
const values = fc.constantFrom('eq.1', 'in.(1,2)', 'not.is.null', 'like.*a*', 'text', 'max()', 'count()', 'desc', 'nullslast', '5', 'gt.2')
const keys = fc.constantFrom('select=', 'order=', '&order=', '&or=(', '&limit=', '&visits.limit=', '&id=', '&ssn=', '&household.age=')
const soup = fc.array(fc.oneof(words, glue, values, keys), { maxLength: 14 }).map(parts => parts.join(''))
const grammar = fc
  .record({
    items: fc.array(
      fc.constantFrom(
        'id',
        'zip:ssn',
        'n:age::text',
        'profile->a->>b',
        'visits(place)',
        '...household(q:full_name)',
        'v:visits!inner(visit_id,place)',
        'service',
        '"Full Name"',
        'to_jsonb',
      ),
      { minLength: 1, maxLength: 4 },
    ),
    filters: fc.array(
      fc.tuple(
        fc.constantFrom('id', 'ssn', '"Full Name"', 'profile->>a', 'tags', 'nope'),
        fc.constantFrom('eq.', 'not.like.', 'neq.', 'fts(english).'),
        fc.string({ unit: 'grapheme', maxLength: 8 }),
      ),
      { maxLength: 3 },
    ),
    tree: fc.option(fc.tuple(fc.constantFrom('or', 'and', 'not.or'), fc.string({ maxLength: 8 }))),
  })
  .map(({ items, filters, tree }) => {
    const pairs = [['select', items.join(',')], ...filters.map(([name, operator, value]) => [name, operator + value])]
    if (tree !== null) pairs.push([tree[0], `(ssn.eq."${tree[1].replace(/["\\]/g, '\\$&')}",not.and(id.in.("x,y",z),age.gt.5))`])
    return pairs.map(([name, value]) => `${encodeURIComponent(name!)}=${encodeURIComponent(value!)}`).join('&')
  })
const queries = fc.oneof(soup, grammar)

const read = (query: string) => inspect(`GET /residents/residents?${query}`)

/** Every column and relation a question names, with the catalogued steps of its JSON paths. */
function namesIn(target: string): readonly string[] {
  const question = readQuestion(readQueryString(target.split('?')[1] ?? ''))
  const ofItem = (item: SelectItem): readonly string[] =>
    item.item === 'column'
      ? [item.column.name]
      : item.item === 'embed'
        ? [item.name, ...item.items.flatMap(ofItem)]
        : item.item === 'star'
          ? ['*']
          : []
  const conditions = question.conditions.map(({ says }) => says)
  const columns: string[] = []
  for (const condition of conditions) {
    if (condition.node === 'logic') conditions.push(...condition.conditions)
    else columns.push(condition.column.name)
  }
  return [
    ...(question.select ?? []).flatMap(ofItem),
    ...columns,
    ...question.orders.flatMap(({ says }) => says.map(term => term.column.name)),
  ]
}

t.test('no query makes an upstream request that names anything outside the catalogue', async t => {
  let readable = 0
  fc.assert(
    fc.property(queries, query => {
      const answer = read(query)
      if (answer.kind === 'opaque') return
      readable++
      for (const name of namesIn(answer.upstream.target)) if (!NAMES.has(name)) throw new Error(`${name} in ${answer.upstream.target}`)
    }),
    { numRuns: 3000 },
  )
  t.ok(readable > 100, `${readable} queries were readable`)
})

t.test('what is written is read back as the same question with the same uses', async t => {
  let readable = 0
  fc.assert(
    fc.property(queries, query => {
      const first = read(query)
      if (first.kind === 'opaque') return
      readable++
      const second = inspect(`GET /residents${first.upstream.target}`)
      if (second.kind === 'opaque') throw new Error(`${second.detail}: ${first.upstream.target}`)
      assert.equal(second.upstream.target, first.upstream.target)
      const uses = (facts: typeof first) =>
        new Set(facts.uses.map(use => `${use.kind === 'implied' ? 'select' : use.kind} ${use.collection}.${use.field} ${use.classes}`))
      assert.deepEqual(uses(second), uses(first))
      assert.deepEqual(second.dataSubjects, first.dataSubjects)
    }),
    { numRuns: 1500 },
  )
  t.ok(readable > 50, `${readable} queries were readable`)
})

t.test('percent-encoding more than needed changes nothing', async () => {
  const percent = (text: string, mask: readonly boolean[]) =>
    text.replace(/%[0-9A-F]{2}|[A-Za-z0-9_.,()*-]/g, (piece, at: number) =>
      piece.length === 1 && mask[at % mask.length] ? `%${piece.charCodeAt(0).toString(16)}` : piece,
    )
  fc.assert(
    fc.property(grammar, fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }), (query, mask) => {
      const plain = read(query)
      const encoded = read(percent(query, mask))
      assert.deepEqual(
        encoded.kind === 'facts' ? [encoded.uses, encoded.upstream.target] : encoded.code,
        plain.kind === 'facts' ? [plain.uses, plain.upstream.target] : plain.code,
      )
    }),
    { numRuns: 400 },
  )
})

t.test('inspect never throws, whatever is sent', async () => {
  fc.assert(
    fc.property(
      fc.constantFrom('/people', '/residents', ''),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (source, path, query) => {
        inspect(`GET ${source}/${path}?${query}`)
      },
    ),
    { numRuns: 1000 },
  )
  if (POSTGREST.catalogue.collections.size === 0) throw new Error('the catalogue is empty')
})
