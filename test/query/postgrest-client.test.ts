import { PostgrestClient } from '@supabase/postgrest-js'
import t from 'tap'
import { asked, facts, inspectWritable, keysOf, targetOf, usesOf } from './support/residents.ts'

interface Call {
  readonly prefer: string | undefined
  readonly kinds: readonly string[]
}

/** What Haven reads of the call the official client sends. */
async function read(build: (client: PostgrestClient) => PromiseLike<unknown>) {
  let line = ''
  let options: { headers: Record<string, string>; body?: string } = { headers: {} }
  const capture: typeof fetch = async (input, init) => {
    const { pathname, search } = new URL(String(input))
    line = `${init?.method ?? 'GET'} ${pathname}${search}`
    options = { headers: Object.fromEntries(new Headers(init?.headers)), ...(typeof init?.body === 'string' ? { body: init.body } : {}) }
    return new Response('[]', { headers: { 'content-type': 'application/json' } })
  }
  await build(new PostgrestClient('http://gate.test/residents', { fetch: capture }))
  return inspectWritable(line, options)
}

t.test('reads of the official client are understood as meant', async t => {
  const filters = await read(c =>
    c.from('residents').select('id, full_name').eq('id', 5).in('zip', ['a,b', 'c"d', '90012']).or('age.gt.5,and(ssn.eq.1,tags.cs.{a})'),
  )
  t.same(asked(filters), [
    'filter residents.age',
    'filter residents.ssn',
    'filter residents.tags',
    'filter residents.zip',
    'identify residents.id',
  ])
  t.same(facts(filters).dataSubjects, ['5'])
  t.ok(targetOf(filters).startsWith('/residents?select=id,full_name&id=eq.5&zip=in.('))

  const embedded = await read(c =>
    c
      .from('residents')
      .select('n:full_name, visits!inner(place), household(age::text)')
      .order('age', { ascending: false, nullsFirst: false })
      .limit(3, { referencedTable: 'visits' }),
  )
  t.same(keysOf(embedded), { n: 'select residents.full_name', visits: 'records', household: 'records' })
  t.same(asked(embedded), ['computed residents.age', 'filter visits.visit_id', 'sort residents.age'])

  const ranged = await read(c => c.from('residents').select('*').range(10, 19).not('ssn', 'is', null).ilike('full_name', '50%*'))
  t.match(targetOf(ranged), /&ssn=not\.is\.null&full_name=ilike\.50%\*&(?=.*offset=10)(?=.*limit=10)/)

  const counted = await read(c =>
    c
      .from('residents')
      .select('id', { count: 'exact', head: true })
      .textSearch('caseworker_notes', "'visa'", { config: 'english', type: 'websearch' }),
  )
  t.same(asked(counted), ['count residents.*', 'filter residents.caseworker_notes'])
  t.equal(facts(counted).upstream.method, 'HEAD')

  const single = await read(c => c.from('residents').select('id').match({ id: 1, age: 2 }).single())
  t.equal(facts(single).upstream.headers.get('accept'), 'application/vnd.pgrst.object+json')

  const arrays = await read(c =>
    c.from('residents').select('count(), service').contains('tags', ['x', 'y']).overlaps('tags', ['z']).isDistinct('age', 3),
  )
  t.same(asked(arrays), ['count residents.*', 'filter residents.age', 'filter residents.tags', 'group residents.service'])
})

t.test('a page that is counted is answered as a page, with no total', async t => {
  const sent: Call[] = []
  const gate: typeof fetch = async (input, init) => {
    const { pathname, search } = new URL(String(input))
    const headers = Object.fromEntries(new Headers(init?.headers))
    const { upstream, uses } = facts(inspectWritable(`${init?.method ?? 'GET'} ${pathname}${search}`, { headers }))
    sent.push({ prefer: upstream.headers.get('prefer'), kinds: uses.map(use => use.kind) })
    // PostgREST answers 206 where a count was asked for and the page is not all of it.
    const counted = upstream.headers.has('prefer')
    const more: Record<string, string> = counted ? { 'content-range': '0-0/5' } : {}
    const body = upstream.method === 'HEAD' ? null : '[{"id":1}]'
    return new Response(body, { status: counted ? 206 : 200, headers: { 'content-type': 'application/json', ...more } })
  }
  const table = () => new PostgrestClient('http://gate.test/residents', { fetch: gate }).from('residents')
  for (const count of ['exact', 'planned', 'estimated'] as const) {
    for (const head of [false, true]) {
      const answer = await table().select('id', { count, head }).limit(1)
      t.same([answer.status, answer.count, answer.error], [200, null, null], `${count} ${head}`)
    }
  }
  t.ok(sent.every(({ prefer, kinds }) => prefer === undefined && kinds.includes('count')))
  await table().select('id').limit(1)
  t.same(sent.at(-1)?.kinds, ['select'], 'without a count nothing is counted')
})

t.test('writes of the official client are understood as meant', async t => {
  const plain = await read(c => c.from('residents').update({ age: 3 }).eq('id', 7))
  t.same(asked(plain), ['identify residents.id', 'write residents.age'])
  const shown = await read(c => c.from('residents').insert({ age: 3 }).select('id'))
  t.same(usesOf(shown), ['select residents.id', 'write residents.age'])
  const deleted = await read(c => c.from('residents').delete().eq('id', 7))
  t.ok(asked(deleted).includes('write residents.ssn'))
})

t.test('what the gate does not offer is refused, not dropped', async t => {
  for (const [name, build] of Object.entries<(c: PostgrestClient) => PromiseLike<unknown>>({
    rpc: c => c.rpc('find', { immigration_status: 'tps' }),
    csv: c => c.from('residents').select('id').csv(),
    schema: c => c.schema('private').from('residents').select('id'),
    explain: c => c.from('residents').select('id').explain({ analyze: true }),
    upsert: c => c.from('residents').upsert({ id: 1 }, { onConflict: 'ssn' }),
    bulk: c => c.from('residents').insert([{ id: 1 }, { age: 2 }]),
  })) {
    t.equal((await read(build)).kind, 'opaque', name)
  }
})
