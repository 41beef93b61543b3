import t from 'tap'
import { compileCatalogue } from '../../src/query/compile-catalogue.ts'
import { makeInspect } from '../../src/query/inspect.ts'
import { asked, callOf, compiled, facts, fromFile, inspect, refusal, targetOf, VOCABULARY } from '../query/support/residents.ts'

const get = (query: string, headers?: Record<string, string>) => inspect(`GET /residents/residents?${query}`, headers ? { headers } : {})
const WORDS = ['not', 'and', 'or', 'order', 'limit', 'offset', 'select']

t.test('PostgREST takes `not` out of a path, quoted or not, and turns the condition round', async t => {
  for (const word of WORDS) {
    for (const name of [word, `%22${word}%22`]) {
      for (const query of [
        `select=id,${name}:visits(place)`,
        `select=id,${name}:visits(place)&${name}.or=(place.eq.x)`,
        `select=id,${name}:visits!inner()`,
        `select=${name}:id`,
        `select=${name}:count()`,
        `select=${name}:age.max()`,
        `select=visits(${name}:place)`,
        `select=profile->${name}`,
      ]) {
        t.equal(refusal(get(query)), 'query.unreadable', query)
      }
    }
  }
  t.equal(refusal(get('select=n:profile->not,profile->nota')), 'read', 'under another alias')
  for (const alias of ['nota', 'Not', 'NOT', 'ordered', 'limits', 'no', 'count', 'inner'])
    t.equal(refusal(get(`select=id,${alias}:visits(place)&${alias}.or=(place.eq.x)`)), 'read', alias)
})

t.test('a path with `not` elsewhere than before the operator leads nowhere', async t => {
  for (const path of ['not.visits', '%22not%22.visits', 'visits.not.not', 'visits.%22not%22.not', 'not.not', 'visits.not.visits'])
    t.not(refusal(get(`select=id,visits(place)&${path}.or=(place.eq.x)`)), 'read', path)
  for (const path of ['visits.not', 'visits.%22not%22']) {
    const answer = get(`select=id,visits(place)&${path}.or=(place.eq.x)`)
    t.same(asked(answer), ['filter visits.place'])
    t.ok(targetOf(answer).endsWith('&visits.not.or=(place.eq.x)'), path)
  }
})

t.test('a relation is not catalogued under such a word; a column is, and is quoted', async t => {
  const file = (fields: object) => ({ source: 's', collections: { people: { key: 'id', fields: { id: 'open', ...fields } } } })
  for (const word of WORDS) {
    const result = compileCatalogue(fromFile(file({ [word]: { collection: 'people' } })), VOCABULARY, 'postgrest')
    t.match('problems' in result && result.problems[0]?.message, new RegExp(`a relation cannot be called ${word}`))
    const rest = compileCatalogue(fromFile(file({ [word]: { collection: 'people' } })), VOCABULARY, 'rest')
    t.ok('catalogue' in rest, 'no other dialect has this grammar')
    const catalogue = compiled(file({ [word]: 'personal', kin: { collection: 'people' } }), 'postgrest')
    const read = makeInspect([{ name: 's', dialect: 'postgrest', catalogue, writes: false }])
    const answer = read(callOf(`GET /s/people?select=kin(id)&kin.%22${word}%22=eq.1`))
    t.same(asked(answer), [`filter people.${word}`])
    t.ok(targetOf(answer).endsWith(`&kin."${word}"=eq.1`))
  }
})

t.test('free text is listed by group, aggregate and cast as well as by a filter', async t => {
  const status = (query: string) =>
    facts(get(query)).uses.flatMap(use => (use.classes.includes('status') ? [`${use.kind} ${use.field}`] : []))
  for (const [query, kind] of [
    ['select=caseworker_notes.max()', 'aggregate'],
    ['select=n:caseworker_notes.min()', 'aggregate'],
    ['select=caseworker_notes.count()', 'aggregate'],
    ['select=caseworker_notes,count()', 'group'],
    ['select=caseworker_notes,age.max()', 'group'],
    ['select=caseworker_notes::text', 'computed'],
    ['select=caseworker_notes->a', 'computed'],
    ['select=household(caseworker_notes.max())', 'aggregate'],
    ['select=count(),...household(caseworker_notes)', 'group'],
    ['select=id&caseworker_notes=like.*visa*', 'filter'],
    ['select=id&order=caseworker_notes', 'sort'],
  ] as const) {
    t.same(status(query), [`${kind} caseworker_notes`], query)
  }
  t.same(status('select=id,caseworker_notes'), [], 'a note of one record is searched in the answer')
  t.same(status('select=full_name.max(),age,count()'), [], 'what is not free text')
  const rest = (query: string) =>
    facts(inspect(`GET /people/residents?${query}`)).uses.flatMap(use =>
      use.classes.includes('status') && use.kind !== 'implied' ? [use.kind] : [],
    )
  t.same(rest('group_by=caseworker_notes'), ['group'])
  t.same(rest('max=caseworker_notes'), ['aggregate'])
  t.same(rest('max=full_name&group_by=zip'), [])
})

t.test('a count is judged and never asked for, so that no total and no 206 comes back', async t => {
  for (const count of ['exact', 'planned', 'estimated']) {
    for (const method of ['GET', 'HEAD']) {
      const answer = facts(inspect(`${method} /residents/residents?select=id&limit=1`, { headers: { prefer: `count=${count}` } }))
      t.same([...answer.upstream.headers], [['accept', 'application/json']])
      t.ok(answer.uses.some(use => use.kind === 'count' && use.field === '*'))
    }
  }
  t.same(asked(get('select=id&limit=1')), [])
})
