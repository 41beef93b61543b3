import t from 'tap'
import { asked, facts, inspect, keysOf, refusal } from '../query/support/residents.ts'

const get = (rest: string) => inspect(`GET /people${rest}`)

t.test('D-REST-01 and 04 a filter is a use, and its negations are other parameters', async t => {
  t.same(asked(get('/residents?status=undocumented&page=1')), ['filter residents.immigration_status'])
  for (const name of [
    'immigration_status',
    'status_ne',
    'status__ne',
    'status%5Bne%5D',
    'status!',
    'status_gte',
    'status.',
    '-status',
    'status[]',
    'status%5B%5D',
  ]) {
    t.equal(refusal(get(`/residents?${name}=undocumented`)), 'query.unknown-field', name)
  }
})

t.test('D-REST-02 pattern parameters', async t => {
  for (const name of ['status_like', 'status__startswith', 'status~', '_limit'])
    t.equal(refusal(get(`/residents?${name}=^u`)), 'query.unknown-field', name)
})

t.test('D-REST-05 and 11 sorting is a use of what it sorts by', async t => {
  t.same(asked(get('/residents?sort=-ssn&fields=case_no')), ['sort residents.ssn'])
  t.same(keysOf(get('/residents?sort=-ssn&fields=case_no')), { case_no: 'select residents.case_no' })
  for (const query of [
    '_sort=ssn',
    'order=-ssn',
    '_ordering=-ssn',
    'sort=ssn:desc',
    'sort=ssn%20desc',
    'sort=--ssn',
    'sort=',
    'sort=ssn,',
    'sort=residents.ssn',
    'sort=visits',
    'sort=*',
    'sort=%2Bssn',
  ]) {
    t.not(refusal(get(`/residents?${query}`)), 'read', query)
  }
  t.equal(refusal(get('/residents?sort=age')), 'read')
})

t.test('D-REST-07 and 17 expansion at every depth', async t => {
  t.same(asked(get('/residents?expand=visits')), ['expand residents.visits'])
  for (const query of [
    '_expand=resident',
    '_embed=visits',
    'include=residents.applications',
    'populate=*',
    'depth=3',
    'expand=*',
    'expand=visits.resident',
    'expand=ssn',
    'expand=nowhere',
  ]) {
    t.equal(refusal(get(`/residents?${query}`)), 'query.unknown-field', query)
  }
})

t.test('D-REST-08 routes that nobody declared', async t => {
  for (const path of ['/db', '/', '/residents/1/visits', '/residents.json', '/residents.csv', '/export.csv', '/admin', '/__rules']) {
    t.equal(refusal(get(path)), 'source.unknown-path', path)
  }
  t.equal(refusal(get('/visits')), 'read')
})

t.test('D-REST-10 filters that name fields in their value', async t => {
  for (const query of [
    '_filters=immigration_status:undocumented&_schema=case_no',
    'filter=immigration_status:tps',
    '_search=undoc',
    'search=undoc',
  ]) {
    t.equal(refusal(get(`/residents?${query}`)), 'query.unknown-field', query)
  }
})

t.test('D-REST-13 selections that say more than they show', async t => {
  for (const query of [
    'fields=*',
    'fields=',
    'fields=-name',
    'fields=-ssn',
    'fields=id,',
    'fields=id,*',
    'fields=id,id',
    'fields=id;ssn',
    'fields=address.street',
    'fields=ssn2',
    'fields=+id',
    'fields%5B%5D=a',
    'exclude=name',
    'select=ssn',
  ]) {
    t.not(refusal(get(`/residents?${query}`)), 'read', query)
  }
  t.equal(refusal(get('/residents?fields=id&fields=ssn')), 'query.duplicate')
  t.same(keysOf(get('/residents?fields=id,ssn')), { id: 'select residents.id', ssn: 'select residents.ssn' })
})

t.test('D-REST-14 nested and JSON operators', async t => {
  for (const name of ['filter[immigration_status][neq]', 'where[ssn][$startsWith]', 'filter', 'where', 'status[$ne]', 'status[0]']) {
    t.equal(refusal(get(`/residents?${encodeURIComponent(name)}=5`)), 'query.unknown-field', name)
  }
})

t.test('D-REST-16 grouping, facets and aggregates', async t => {
  for (const query of [
    'distinct=ssn',
    'facet=immigration_status',
    'aggregate=max(ssn)',
    'group_by=nowhere',
    'max=max(ssn)',
    'group_by=visits.place',
  ]) {
    t.equal(refusal(get(`/residents?${query}`)), 'query.unknown-field', query)
  }
  t.same(asked(get('/residents?group_by=immigration_status&max=ssn')), ['aggregate residents.ssn', 'group residents.immigration_status'])
})

t.test('D-REST-19 case and inflection never match', async t => {
  for (const name of ['Status', 'STATUS', 'sTatus', 'ｓtatus', 'status ', 'statu\u017F', 'status\u00AD', 'statuses', 'st\u0430tus']) {
    t.equal(refusal(get(`/residents?${encodeURIComponent(name)}=tps`)), 'query.unknown-field', JSON.stringify(name))
  }
  for (const field of ['SSN', 'Ssn', 'full-name', 'fullName', 's\u017Fn', 'ssn\u200B']) {
    t.equal(refusal(get(`/residents?fields=${encodeURIComponent(field)}`)), 'query.unknown-field', JSON.stringify(field))
    t.equal(refusal(get(`/residents?sort=${encodeURIComponent(field)}`)), 'query.unknown-field', JSON.stringify(field))
  }
})

t.test('D-REST-20 and 22 a field nobody knows is refused in the words for a protected one', async t => {
  const refused = get('/residents?sort=-ssn2')
  t.match(refused, { reply: 'query', code: 'query.unknown-field', detail: 'query: "ssn2" cannot be used here' })
})

t.test('cursors carry values', async t => {
  for (const query of ['after=eyJpZCI6NX0', 'after=']) t.equal(refusal(get(`/residents?${query}`)), 'query.undeclared-operation', query)
  for (const query of ['cursor=x', 'page_token=x']) t.equal(refusal(get(`/residents?${query}`)), 'query.unknown-field', query)
})

t.test('a parameter given twice, in any spelling', async t => {
  for (const query of ['status=a&status=b', 'status=a&%73tatus=b', 'page=1&page=1', 'id=1&id=2'])
    t.equal(refusal(get(`/residents?${query}`)), 'query.duplicate', query)
  for (const query of ['id=1&ID=2', 'status=a&STATUS=b', 'status=a&status%5B%5D=b'])
    t.match(refusal(get(`/residents?${query}`)), /^query\./, query)
})

t.test('98 two identifiers in one call: one authorised, the other used', async t => {
  t.equal(refusal(get('/residents/1?id=2')), 'call.ambiguous')
  t.equal(refusal(get('/residents/1?id=1')), 'call.ambiguous')
  for (const key of ['1,2', '*', '1*', '1|2', '%25', '>5', '1 or 1', '{"$ne":1}', '', '(1)', '[1]']) {
    t.not(refusal(get(`/residents?id=${encodeURIComponent(key)}`)), 'read', key)
    t.not(refusal(get(`/residents/${encodeURIComponent(key)}`)), 'read', key)
  }
  t.same(facts(get('/residents/C-1006?page=1')).dataSubjects, ['C-1006'])
})
