import { PostgrestClient } from '@supabase/postgrest-js'
import t from 'tap'
import { haven } from '../support/haven.ts'
import { type Asked, upstream } from '../support/upstream.ts'

const ROWS = Array.from({ length: 5 }, (_, i) => ({
  id: `R-${i}`,
  service: i % 2 ? 'rent' : 'repair',
  zip: `9000${i}`,
  full_name: `Name ${i}`,
  citizenship: 'canary',
}))

/** As much of PostgREST as this client needs here: eq and in filters, order, limit and offset, columns, one object. */
function answer(asked: Asked): { status: number; body: unknown } {
  const parameters = new URL(asked.url, 'http://x').searchParams
  const all: Record<string, string>[] = ROWS
  const kept = all.filter(row =>
    [...parameters].every(([name, value]) =>
      name in row ? value === `eq.${row[name]}` || (value.startsWith('in.') && value.includes(row[name] ?? '-')) : true,
    ),
  )
  const [by = 'id', direction] = (parameters.get('order') ?? 'id').split('.')
  const sorted = kept.toSorted((a, b) => (a[by] ?? '').localeCompare(b[by] ?? '') * (direction === 'desc' ? -1 : 1))
  const from = Number(parameters.get('offset') ?? 0)
  const page = sorted.slice(from, from + Number(parameters.get('limit') ?? 100))
  const columns = parameters
    .get('select')
    ?.split(',')
    .map(name => name.trim()) ?? ['*']
  const shown = page.map(row => (columns.includes('*') ? row : Object.fromEntries(columns.map(name => [name, row[name]]))))
  if (!asked.headers.accept?.includes('object')) return { status: 200, body: shown }
  return shown.length === 1 ? { status: 200, body: shown[0] } : { status: 406, body: { code: 'PGRST116', details: 'canary' } }
}

const records = await upstream(t, (asked, reply) => {
  const { status, body } = answer(asked)
  reply
    .writeHead(status, { 'content-type': 'application/json', 'content-range': '0-0/5' })
    .end(asked.method === 'HEAD' ? undefined : JSON.stringify(body))
})
const gate = await haven(t, { upstream: records.url })
const client = new PostgrestClient(`${gate.gate}/residents`, { headers: { authorization: `Bearer ${await gate.token()}` } })

t.test('columns, filters, order and pages', async t => {
  const { data, error, status } = await client
    .from('residents')
    .select('id,service')
    .eq('service', 'rent')
    .order('id', { ascending: false })
    .limit(1)
  t.equal(error, null)
  t.equal(status, 200)
  t.same(data, [{ id: 'R-3', service: 'rent' }])
  t.same((await client.from('residents').select('id').range(1, 2)).data, [{ id: 'R-1' }, { id: 'R-2' }])
  t.same((await client.from('residents').select('id').in('id', ['R-1', 'R-4'])).data, [{ id: 'R-1' }, { id: 'R-4' }])
})

t.test('a star leaves out what is protected', async t => {
  const { data } = await client.from('residents').select().eq('id', 'R-1')
  t.same(data, [{ id: 'R-1', service: 'rent', zip: '90001', full_name: 'Name 1' }])
})

t.test('single and maybeSingle', async t => {
  t.same((await client.from('residents').select('id,service').eq('id', 'R-2').single()).data, { id: 'R-2', service: 'repair' })
  t.same((await client.from('residents').select('id').eq('id', 'R-2').maybeSingle()).data, { id: 'R-2' })
  const none = await client.from('residents').select('id').eq('id', 'R-99').single()
  t.equal(none.data, null)
  t.equal(none.status, 406)
  t.notMatch(JSON.stringify(none), 'canary', "the record API's own words stay behind")
})

t.test('a count is a use, and its total does not come back', async t => {
  const counted = await client.from('residents').select('id', { count: 'exact' }).limit(1)
  t.equal(counted.status, 200)
  t.same(counted.data, [{ id: 'R-0' }])
  t.notOk(counted.count, 'no total of the unredacted answer')
  const head = await client.from('residents').select('id', { count: 'exact', head: true })
  t.notOk(head.count)
})

t.test('what is refused comes back as an error the client shows', async t => {
  const before = records.asked.length
  for (const refused of [
    client.from('residents').select('id').eq('citizenship', 'canary'),
    client.from('residents').select('id').order('ssn'),
    client.from('residents').select('id,x:citizenship').like('citizenship', 'c%'),
    client.rpc('all'),
  ]) {
    const { data, error, status } = await refused
    t.equal(data, null)
    t.ok([403, 405, 415].includes(status), `${status}`)
    t.ok(error)
  }
  t.equal(records.asked.length, before)
})
