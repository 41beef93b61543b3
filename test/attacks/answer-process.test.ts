import t from 'tap'
import { makeInspect } from '../../src/query/inspect.ts'
import { redact } from '../../src/redact/redact.ts'
import { DataClass } from '../../src/terms/data-class.ts'
import type { InstrumentScope } from '../../src/terms/instrument.ts'
import { callOf, compiled, facts } from '../query/support/residents.ts'
import { answer, LIMITS, permit, receipt } from '../redact/support/build.ts'
import { known, paperFor } from '../redact/support/paper.ts'
import { bodyOf } from '../redact/support/run.ts'

const COLLECTIONS = {
  residents: {
    key: 'id',
    fields: {
      id: 'open',
      full_name: 'personal',
      moved_on: 'open',
      ssn: ['personal', 'status-proxy'],
      home: { fields: { street: 'locating' } },
      household: { collection: 'residents' },
      visits: { collection: 'visits' },
    },
  },
  visits: { key: 'id', fields: { id: 'open', place: 'locating', moved_on: 'open', resident: { collection: 'residents' } } },
}
const ENVELOPED = {
  ...COLLECTIONS.residents,
  envelope: { records: 'items', open: ['total'] },
  parameters: { q: { use: 'search', fields: ['full_name'] } },
}
const sourceOf = (name: 'city' | 'rest', dialect: 'rest' | 'postgrest') => ({
  name,
  dialect,
  catalogue: compiled({ source: name, collections: dialect === 'rest' ? { ...COLLECTIONS, residents: ENVELOPED } : COLLECTIONS }, dialect),
  writes: false,
})
const read = makeInspect([sourceOf('city', 'postgrest'), sourceOf('rest', 'rest')])
const KINDS = ['select', 'implied', 'count', 'aggregate', 'computed'] as const
const TERMS = {
  permitted: DataClass.options.flatMap(name => KINDS.map(kind => [name, kind] as const)),
  obligations: [{ only: 'named-in-process' } as const],
}

interface Asked {
  readonly call: string
  readonly body: string
  readonly persons?: readonly string[]
  /** Collections the process names. */
  readonly collections?: readonly string[]
  readonly scope?: Partial<InstrumentScope>
  readonly method?: 'GET' | 'HEAD'
}

/** What leaves of an answer under a warrant for these persons: from the call as it was written to the last byte. */
async function served({ call, body, persons = ['11'], collections = ['residents', 'visits'], scope = {}, method = 'GET' }: Asked) {
  const query = facts(read(callOf(`${method} /${call}`)))
  const named = query.uses.filter(use => collections.includes(use.collection)).map(use => `${use.collection}.${use.field}`)
  const paper = paperFor(persons, named, { source: query.source, ...scope })
  const confined = query.confine !== null && query.dataSubjects.length === 0
  const asked = confined ? { ...query, dataSubjects: persons } : query
  const made = receipt(query.shape)
  const judgement = { ...made.judgement, query: asked, decision: permit(TERMS), consulted: known({ paper }) }
  return bodyOf(await redact(answer(method === 'HEAD' ? [] : [body]), { ...made, judgement }, LIMITS, method))
}

const OTHER = '{"id":"22","full_name":"Leo","ssn":"1"}'

t.test('a household comes back as the one person', async t => {
  for (const [select, member, left] of [
    ['household(id,full_name)', `"household":[${OTHER},{"id":"11","full_name":"Ana"}]`, ',"household":[{"id":"11","full_name":"Ana"}]'],
    ['household(id,full_name)', `"household":${OTHER}`, ''],
    ['household(*)', `"household":[${OTHER}]`, ',"household":[]'],
    ['h:household(id)', `"h":[${OTHER}]`, ',"h":[]'],
    ['household(full_name)', '"household":[{"full_name":"Leo"}]', ''],
    ['household(id:full_name,full_name:id)', '"household":[{"id":"11","full_name":"22"}]', ',"household":[]'],
    ['household(count())', '"household":[{"count":4}]', ''],
    ['...household(n:full_name)', '"n":"Leo"', ''],
    ['...household(h:home)', '"h":{"street":"S"}', ''],
    ['...household(k:id,n:full_name)', '"k":"11","n":"Leo"', ''],
    ['...household(n:count())', '"n":4', ''],
    ['...household(v:visits(place))', '"v":[{"place":"theirs"}]', ''],
    ['...visits(...resident(n:full_name))', '"n":"Leo"', ''],
    ['...visits(...resident(...visits(p:place)))', '"p":"theirs"', ''],
    ['visits(place,resident(full_name))', '"visits":[{"place":"p","resident":{"full_name":"Leo"}}]', ',"visits":[{"place":"p"}]'],
    ['visits(resident(id,full_name))', `"visits":[{"resident":${OTHER}}]`, ',"visits":[{}]'],
    ['visits(...resident(n:full_name))', '"visits":[{"n":"Leo"}]', ''],
    ['household(id,visits(place))', `"household":[{"id":"22","visits":[{"place":"theirs"}]}]`, ',"household":[]'],
  ] as const) {
    const out = await served({ call: `city/residents?select=id,${select}`, body: `[{"id":"11",${member}},${OTHER}]` })
    t.equal(out, `[{"id":"11"${left}}]`, select)
  }
  const mine = '[{"id":"11","full_name":"Ana","home":{"street":"T"},"visits":[{"place":"p"}]}]'
  t.equal(await served({ call: 'city/residents?select=id,full_name,home,visits(place)', body: mine }), mine, 'the twin')
})

t.test('rest: everything the answer brings along', async t => {
  const body = `{"total":2,"items":[{"id":"11","full_name":"Ana","household":[${OTHER}],"visits":[{"place":"p","resident":{"id":"22"}}]},${OTHER}]}`
  t.equal(
    await served({ call: 'rest/residents?q=a', body }),
    '{"items":[{"id":"11","full_name":"Ana","household":[],"visits":[{"place":"p"}]}]}',
  )
})

t.test('collections the process does not name stay, and so does the way through them', async t => {
  const body = '[{"id":"11","visits":[{"place":"p","resident":{"id":"11"}}],"n":"p"}]'
  for (const select of ['visits(place,resident(id))', '...visits(n:place)', 'visits(id)'])
    t.equal(await served({ call: `city/residents?select=id,${select}`, body, collections: ['residents'] }), '[{"id":"11"}]', select)
})

t.test('a record is judged by its key, not by what is called so', async t => {
  const swapped = 'city/residents?select=id:full_name,k:id'
  t.equal(await served({ call: swapped, body: '[{"id":"11","k":"22"},{"id":"Ana","k":"11"}]' }), '[{"id":"Ana","k":"11"}]')
  t.equal(await served({ call: 'city/residents?select=k:id', body: '[{"k":"22","id":"11"},{"k":11}]' }), '[{"k":11}]')
  for (const select of ['full_name', 'id:full_name', 'id::text', 'id:id::text', 'full_name,...household(id)', 'zip:ssn'])
    await t.rejects(served({ call: `city/residents?select=${select}`, body: '[{"id":"11"}]' }), { code: 'obligation.unmet' }, select)
})

t.test('a key that is nearly the one named is somebody else’s', async t => {
  const call = 'city/residents?select=id,full_name'
  for (const key of ['"11 "', '11.0', '1.1e1', '[11]', '["11"]', '"011"', '"１１"', '110', 'null', '{"id":11}'])
    t.equal(await served({ call, body: `[{"id":${key},"full_name":"x"}]` }), '[]', key)
  for (const twice of ['"id":11,"id":11', '"id":11,"full_name":"x","id":22', '"id":22,"\\u0069d":11'])
    t.equal(await served({ call, body: `[{${twice}}]` }), '[]', twice)
  t.equal(await served({ call, body: '[{"full_name":"x","\\u0069d":11}]' }), '[{"full_name":"x","\\u0069d":11}]')
})

t.test('order and limit choose among the named, not among all', async t => {
  for (const probe of ['order=ssn.desc&limit=1', 'limit=1&offset=5', 'order=household(ssn)&limit=1&select=id,household(id)']) {
    const { confine } = facts(read(callOf(`GET /city/residents?${probe}`)))
    const again = facts(read(callOf(`GET /city${confine?.(['11', '12'])?.target}`)))
    t.same(again.dataSubjects, ['11', '12'], probe)
    t.notOk(again.whole)
  }
  t.equal(
    await served({ call: 'city/residents?select=id&order=ssn&limit=1', body: '[{"id":"22"}]' }),
    '[]',
    'though the record API did not',
  )
})

t.test('counts are of the named alone', async t => {
  t.equal(await served({ call: 'city/residents?select=count()', body: '[{"count":1}]' }), '[{"count":1}]', 'asked for them alone')
  const all = { call: 'city/residents?id=in.(11,22)&select=count()', body: '[{"count":2}]' }
  await t.rejects(served(all), { code: 'obligation.unmet' })
  await t.rejects(
    served({ call: 'city/residents?select=moved_on,count()', body: '[]' }),
    { code: 'obligation.unmet' },
    'groups have no key',
  )
  t.equal(
    facts(read(callOf('GET /city/residents?select=id', { headers: { prefer: 'count=exact' } }))).upstream.headers.has('prefer'),
    false,
  )
  t.equal(await served({ call: 'city/residents?select=id', body: '', method: 'HEAD' }), '')
})

t.test('a day is the record’s own', async t => {
  const scope = { between: { field: 'moved_on', from: '2026-03-01', until: '2026-03-31' } }
  const ask = (select: string, body: string) => served({ call: `city/residents?select=${select}`, body, scope })
  t.equal(
    await ask('id,moved_on', '[{"id":"11","moved_on":"2026-03-02"},{"id":"11","moved_on":"2026-02-02"}]'),
    '[{"id":"11","moved_on":"2026-03-02"}]',
  )
  for (const [select, body] of [
    ['id', '[{"id":"11"}]'],
    ['id,moved_on:full_name', '[{"id":"11","moved_on":"2026-03-02"}]'],
    ['id,moved_on::text', '[{"id":"11","moved_on":"2026-03-02"}]'],
    ['id,...visits(moved_on)', '[{"id":"11","moved_on":"2026-03-02"}]'],
    ['id,...household(moved_on)', '[{"id":"11","moved_on":"2026-03-02"}]'],
  ] as const)
    t.equal(await ask(select, body), '[]', select)
  const visits =
    '[{"id":"11","moved_on":"2026-03-02","visits":[{"place":"p","moved_on":"2025-01-01"},{"place":"q","moved_on":"2026-03-03"}]}]'
  t.equal(
    await ask('id,moved_on,visits(place,moved_on)', visits),
    '[{"id":"11","moved_on":"2026-03-02","visits":[{"place":"q","moved_on":"2026-03-03"}]}]',
  )
  t.equal(await ask('id,moved_on,visits(place)', visits), '[{"id":"11","moved_on":"2026-03-02"}]', 'visits of nobody knows when')
})
