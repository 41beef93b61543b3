import t from 'tap'
import { asked, facts, inspect, inspectWritable, keysOf, refusal } from '../query/support/residents.ts'

const get = (query: string, headers?: Record<string, string>) =>
  inspect(`GET /residents/residents?${query.replaceAll(' ', '%20')}`, headers ? { headers } : {})
const FUNCTIONS = [
  'to_jsonb',
  'row_to_json',
  'concat',
  'quote_literal',
  'record_out',
  'json_build_array',
  'hash_record',
  'to_json',
  'pg_typeof',
  'residents',
  'xmin',
  'ctid',
  'tableoid',
]

t.test('D-PGRST-01 a filter is a use though the answer never shows the field', async t => {
  t.same(asked(get('select=case_no&immigration_status=eq.undocumented')), ['filter residents.immigration_status'])
  t.same(keysOf(get('select=case_no&immigration_status=eq.undocumented')), { case_no: 'select residents.case_no' })
})

t.test('D-PGRST-02 an alias carries the field it was given', async t => {
  const { shape } = facts(get('select=zip:immigration_status&limit=1'))
  if (shape.node !== 'records') throw new Error(shape.node)
  t.match(shape.record.members.get('zip'), { field: 'immigration_status', classes: ['status'], kind: 'select' })
  for (const alias of ['é', 'a'.repeat(64), '__proto__', '"a\\"b"', '"a,b"'])
    t.not(refusal(get(`select=${encodeURIComponent(alias)}:ssn`)), 'read', alias)
  t.equal(refusal(get(`select=${'a'.repeat(63)}:ssn`)), 'read')
})

t.test('D-PGRST-04 aggregates, with their implicit grouping', async t => {
  t.same(asked(get('select=n:immigration_status.count()')), ['aggregate residents.immigration_status'])
  t.same(asked(get('select=ssn.max(),service')), ['aggregate residents.ssn', 'group residents.service'])
  t.same(asked(get('select=immigration_status,count()')), ['count residents.*', 'group residents.immigration_status'])
  t.same(asked(get('select=service,...household(ssn.max())')), ['aggregate residents.ssn', 'group residents.service'])
  t.same(asked(get('select=age.max(),...household(ssn)')), ['aggregate residents.age', 'group residents.ssn'])
  t.same(asked(get('select=ssn::text.max()')), ['aggregate residents.ssn', 'computed residents.ssn'])
  for (const item of ['ssn.string_agg()', 'ssn.max(1)', 'ssn.max', 'max(ssn)', 'count(*)', 'ssn.array_agg()', '*,age.max()'])
    t.not(refusal(get(`select=${item}`)), 'read', item)
})

t.test('D-PGRST-05 logic trees', async t => {
  const both = ['filter residents.immigration_status', 'filter residents.ssn']
  for (const tree of [
    'or=(immigration_status.eq.tps,ssn.gt.8)',
    'not.and=(immigration_status.eq.tps,ssn.gt.8)',
    'and=(or(immigration_status.eq.tps,not.and(ssn.gt.8)))',
    'or=( immigration_status.not.in.("a,b",c) , ssn.like(any).{5*,6*})',
  ]) {
    t.same(asked(get(tree)), both, tree)
  }
  t.same(asked(get('select=visits(visit_id)&visits.or=(place.eq.a)')), ['filter visits.place'])
  t.same(asked(get('select=visits(visit_id)&visits.not.or=(place.eq.a)')), ['filter visits.place'])
  for (const tree of [
    'or=()',
    'or=(ssn.eq.1',
    'or=ssn.eq.1',
    'or=(ssn.eq.1)x',
    'or=(ssn)',
    'or=(,)',
    `or=${'(or'.repeat(20)}(ssn.eq.1)${')'.repeat(20)}`,
    'or=(nor(ssn.eq.1))',
    'or=(ssn.eq."a"b)',
    'visits.or=(place.eq.a)',
    'and.not=(ssn.eq.1)',
  ]) {
    t.not(refusal(get(tree)), 'read', tree)
  }
})

t.test('D-PGRST-07 a spread lifts the column under an alias', async t => {
  const answer = inspect('GET /residents/visits?select=place,...resident(zip:immigration_status)')
  t.same(keysOf(answer), { place: 'select visits.place', zip: 'select residents.immigration_status' })
  t.same(keysOf(inspect('GET /residents/visits?select=visit_id,...resident(...household(a:ssn))')), {
    visit_id: 'select visits.visit_id',
    a: 'select residents.ssn',
  })
  t.not(refusal(inspect('GET /residents/visits?select=place,...resident(place:ssn)')), 'read', 'under the name of another')
})

t.test('D-PGRST-08 a function name in the place of a column', async t => {
  for (const name of FUNCTIONS) {
    for (const query of [
      `select=${name}`,
      `select=a:${name}`,
      `select=${name}::text`,
      `select=${name}->ssn`,
      `select=${name}.max()`,
      `${name}=like.*x*`,
      `${name}=cs.{"immigration_status":"tps"}`,
      `order=${name}->ssn.desc`,
      `or=(${name}.eq.1)`,
      `select=visits(${name})`,
      `select="${name}"`,
      `select=visits(place)&visits.${name}=eq.1`,
    ]) {
      t.equal(refusal(get(query.replaceAll('{"', '%7B%22'))), 'query.unknown-field', query)
    }
  }
  t.equal(refusal(get('select=service&service=like.*x*&order=service->a.desc&or=(service.eq.1)')), 'read')
})

t.test('D-PGRST-08 relatives: tables, casts and names that fold', async t => {
  for (const name of [
    'residents.ssn',
    't1.ssn',
    'SSN',
    '"SSN"',
    'ssn\u00AD',
    'ｓsn',
    '*ssn',
    'ssn;',
    'ssn--',
    '"ss\\\\n"',
    '(ssn)',
    "'ssn'",
  ]) {
    t.not(refusal(get(`select=${encodeURIComponent(name)}`)), 'read', name)
    t.not(refusal(get(`${encodeURIComponent(name)}=eq.1`)), 'read', name)
  }
  for (const cast of ['json', 'jsonb', 'regclass', 'name', 'residents', 'xml', 'text[]', 'int;drop'])
    t.not(refusal(get(`select=ssn::${cast}`)), 'read', cast)
  for (const name of ['ssn', '"ssn"', ' ssn ', '"s\\sn"'])
    t.same(asked(get(`${encodeURIComponent(name)}=eq.1`)), ['filter residents.ssn'], name)
})

t.test('D-PGRST-10 sorting by own and embedded columns', async t => {
  t.same(asked(get('select=id&order=ssn.desc')), ['sort residents.ssn'])
  t.same(asked(get('select=id,household()&order=household(ssn).desc')), ['sort residents.ssn'])
  t.same(asked(get('select=household(id)&household.order=ssn.desc')), ['sort residents.ssn'])
  for (const order of ['ssn.down', 'ssn desc', '1', 'ssn,', '', 'household(ssn)', 'ssn.desc.desc', 'random()', 'ssn.nullslast.desc'])
    t.not(refusal(get(`select=id&order=${order}`)), 'read', order)
})

t.test('D-PGRST-11 every operator is an oracle', async t => {
  for (const operation of [
    'wfts(english).undocumented',
    'like(any).{u*,t*}',
    'imatch.^u',
    'isdistinct.tps',
    'not.in.("a","b,c")',
    'is.null',
    'not.is.null',
    'neq.tps',
    'not.eq.tps',
  ]) {
    t.same(asked(get(`select=id&immigration_status=${operation}`)), ['filter residents.immigration_status'], operation)
  }
})

t.test('D-PGRST-13 a count is a use, also of HEAD', async t => {
  for (const count of ['exact', 'planned', 'estimated']) {
    t.same(asked(inspect('HEAD /residents/residents?select=id', { headers: { prefer: `count=${count}` } })), ['count residents.*'])
  }
  t.same(asked(inspect('HEAD /residents/residents?select=id')), [])
})

t.test('D-PGRST-14 query plans', async t => {
  for (const accept of [
    'application/vnd.pgrst.plan+json; options=analyze|verbose',
    'application/vnd.pgrst.plan',
    'application/json, application/vnd.pgrst.plan+text',
  ]) {
    t.match(get('', { accept }), { reply: 'query', code: 'query.undeclared-operation' }, accept)
  }
  t.equal(
    facts(get('', { accept: 'application/vnd.pgrst.object+json' })).upstream.headers.get('accept'),
    'application/vnd.pgrst.object+json',
  )
  t.equal(refusal(get('', { accept: 'application/vnd.pgrst.object+json;nulls=stripped' })), 'call.media-type')
})

t.test('D-PGRST-16 functions, profiles and other schemas', async t => {
  t.equal(refusal(inspect('GET /residents/rpc/find?immigration_status=tps')), 'query.undeclared-operation')
  t.equal(
    refusal(
      inspectWritable('POST /residents/rpc/find?select=id&ssn=gt.5', { headers: { 'content-type': 'application/json' }, body: '{}' }),
    ),
    'query.undeclared-operation',
  )
  for (const name of ['accept-profile', 'content-profile'])
    t.match(get('', { [name]: 'private' }), { reply: 'query', code: 'query.undeclared-operation' })
  for (const path of ['/', '/pg_catalog', '/residents/1', '/Residents', '/residents,visits'])
    t.not(refusal(inspect(`GET /residents${path}`)), 'read', path)
})

t.test('D-PGRST-17 writes that answer, and conflicts that tell', async t => {
  const write = (query: string, prefer: string) =>
    inspectWritable(`POST /residents/residents?${query}`, { headers: { 'content-type': 'application/json', prefer }, body: '{"zip":"1"}' })
  t.same(keysOf(write('select=ssn', 'return=representation')), { ssn: 'select residents.ssn' })
  for (const query of ['columns=ssn', 'on_conflict=ssn']) t.equal(refusal(write(query, 'return=minimal')), 'query.undeclared-operation')
  for (const query of ['columns=ssn', 'on_conflict=ssn']) t.equal(refusal(get(query)), 'query.undeclared-operation')
})

t.test('35 embedding from an unrestricted table, with hints and without', async t => {
  t.same(keysOf(inspect('GET /residents/visits?select=resident(ssn)')), { resident: 'records' })
  t.ok(facts(inspect('GET /residents/visits?select=resident(*)')).uses.some(use => use.field === 'ssn' && use.kind === 'implied'))
  for (const select of ['resident!visits_fk(ssn)', 'resident!inner!fk(ssn)', 'users(password)', 'resident(ssn', 'resident(ssn))'])
    t.not(refusal(inspect(`GET /residents/visits?select=${select}`)), 'read', select)
})

t.test('29 whether related records exist is a question', async t => {
  t.same(asked(get('select=id,visits!inner()')), ['filter visits.visit_id'])
  t.same(asked(get('select=id,visits()&visits=not.is.null')), ['filter visits.visit_id'])
  t.same(facts(get('select=id,custody!inner()')).uses.find(use => use.kind === 'filter')?.classes, ['custody'])
  t.not(refusal(get('select=id&visits=not.is.null')), 'read')
})
