import t from 'tap'
import { makeInspect } from '../../src/query/inspect.ts'
import { DataClass } from '../../src/terms/data-class.ts'
import { callOf, compiled, facts } from '../query/support/residents.ts'
import { run } from '../redact/support/run.ts'

const COLLECTIONS = {
  residents: {
    key: 'id',
    fields: {
      id: 'open',
      full_name: 'personal',
      citizenship: 'status',
      home: { fields: { street: 'locating' } },
      household: { collection: 'residents' },
      landlord: { collection: 'residents', class: 'open' },
      visits: { collection: 'visits' },
    },
  },
  visits: { key: 'id', fields: { id: 'open', place: 'locating', resident: { collection: 'residents' } } },
}
const sourceOf = (name: string, dialect: 'rest' | 'postgrest') => ({
  name,
  dialect,
  catalogue: compiled({ source: 'residents', collections: COLLECTIONS }, dialect),
  writes: false,
})
const read = makeInspect([sourceOf('city', 'postgrest'), sourceOf('rest', 'rest')])
const shapeOf = (call: string) => facts(read(callOf(`GET /${call}`))).shape
/** One's own file: every class, as the grant for a person's own file gives it. */
const EVERY = { permitted: DataClass.options.flatMap(name => (['select', 'implied'] as const).map(kind => [name, kind] as const)) }
const own = (call: string, body: string) => run(shapeOf(call), body, EVERY, { ownKey: 'r1' })
const keyOf = (call: string) => {
  const shape = shapeOf(call)
  return shape.node === 'records' ? shape.record.key : shape.node
}

t.test('the household in one’s own file is other people', async t => {
  const OTHER = '{"id":"r2","full_name":"Leo","citizenship":"tps","home":{"street":"S"}}'
  for (const [select, member] of [
    ['household(id,full_name,citizenship)', `"household":${OTHER}`],
    ['household(id,full_name,citizenship)', `"household":[${OTHER}]`],
    ['h:household(*)', `"h":[${OTHER}]`],
    ['household(household(full_name))', `"household":{"household":${OTHER}}`],
    ['...household(n:full_name,c:citizenship)', '"n":"Leo","c":"tps"'],
    ['...household(home)', '"home":{"street":"S"}'],
    ['...household(...household(c:citizenship))', '"c":"tps"'],
    ['...household(...visits(p:place))', '"p":"theirs"'],
    ['...household(v:visits(place))', '"v":[{"place":"theirs"}]'],
    ['household(visits(place))', '"household":{"visits":[{"place":"theirs"}]}'],
    ['...visits(...resident(...visits(p:place)))', '"p":"theirs"'],
    ['...household(h:household(full_name))', `"h":${OTHER}`],
    ['landlord(full_name)', '"landlord":{"full_name":"Leo"}'],
    ['...landlord(n:full_name)', '"n":"Leo"'],
  ] as const) {
    const { out, cut } = own(`city/residents?id=eq.r1&select=id,${select}`, `[{"id":"r1",${member}}]`)
    t.equal(out, '[{"id":"r1"}]', select)
    t.ok(
      Object.keys(cut).some(name => /^(residents|visits)\.[a-z]+$/.test(name)),
      select,
    )
  }
  const mine = '[{"id":"r1","full_name":"Ana","citizenship":"tps","home":{"street":"T"}}]'
  t.equal(own('city/residents?id=eq.r1&select=*', mine).out, mine)
})

t.test('one’s own file ends where a relation begins, whatever the collection behind it is called', async t => {
  const call = 'city/residents?id=eq.r1&select=id,visits(place,resident(full_name))'
  t.equal(own(call, '[{"id":"r1","visits":[{"place":"p","resident":{"full_name":"Leo"}}]}]').out, '[{"id":"r1"}]')
  const lifted = 'city/residents?id=eq.r1&select=id,visits(place,...resident(c:citizenship,home))'
  t.equal(own(lifted, '[{"id":"r1","visits":[{"place":"p","c":"tps","home":{"street":"S"}}]}]').out, '[{"id":"r1"}]')
  const through = 'city/residents?id=eq.r1&select=id,...visits(place,resident(full_name))'
  t.equal(own(through, '[{"id":"r1","place":"p","resident":{"full_name":"Leo"}}]').out, '[{"id":"r1"}]')
})

t.test('rest: everything the answer brings along', async t => {
  const body =
    '[{"id":"r1","full_name":"Ana","household":[{"id":"r2"}],"landlord":{"id":"r3"},"visits":[{"place":"p","resident":{"id":"r2"}}]}]'
  t.equal(own('rest/residents', body).out, '[{"id":"r1","full_name":"Ana"}]')
  t.equal(run(shapeOf('rest/residents'), body, EVERY).out, body, 'without the obligation')
})

t.test('the key is the response key of the plain key, or there is none', async t => {
  for (const [query, key] of [
    ['select=id,full_name', 'id'],
    ['select=*', 'id'],
    ['', 'id'],
    ['select=k:id,full_name', 'k'],
    ['select=id:full_name,k:id', 'k'],
    ['select=a:id,b:id', 'a'],
    ['select=id,n:id::text', 'id'],
    ['select="id"', 'id'],
    ['select=full_name', null],
    ['select=id::text', null],
    ['select=id:id::text', null],
    ['select=id->a', null],
    ['select=id:id->>a', null],
    ['select=id.max()', null],
    ['select=id:full_name', null],
    ['select=full_name,...household(id)', null],
    ['select=full_name,...visits(id)', null],
    ['select=household(id)', null],
    ['select=count()', null],
  ] as const) {
    t.equal(keyOf(`city/residents?${query}`), key, query)
  }
  t.equal(keyOf('rest/residents'), 'id')
})

t.test('a record is released by the key it is judged by, not by what is called so', async t => {
  const call = 'city/residents?select=id:full_name,k:id'
  t.equal(own(call, '[{"id":"r1","k":"r2"},{"id":"Ana","k":"r1"}]').out, '[{"id":"Ana","k":"r1"}]')
})
