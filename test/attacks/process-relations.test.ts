import t from 'tap'
import { household } from '../support/household.ts'

const gate = await household(t)
const refused = (body: { detail: string }) => /cover|name the person/i.test(body.detail)

t.test('a warrant for one person answers no question about the household', async t => {
  const id = await gate.activeProcess({ scope: [{ source: 'water', persons: ['11'] }] })
  const visits = await gate.activeProcess({ scope: [{ source: 'water', persons: ['11'], collections: ['people', 'visits'] }] })
  const before = gate.seen.length
  for (const query of [
    'select=id,household!inner(id)',
    'select=id,household!inner(id)&household.id=neq.11&household.citizenship=eq.tps',
    'select=id,household(id)&household.full_name=like.L*',
    'select=id,household(id)&household.or=(full_name.like.L*,id.eq.12)',
    'select=id,household(id)&household.order=full_name.asc',
    'select=id,household(id)&household.limit=1',
    'select=id,h:household(id)&h.offset=1',
    'select=id,household()&household=is.null&household.citizenship=eq.tps',
    'select=id,household()&household=not.is.null',
    'select=id,household(id)&order=household(citizenship)',
    'select=id,household(citizenship.max())',
    'select=id,household(count())',
    'select=id,household(a:address::text)',
    'select=id,...household(x:citizenship.max())',
    'select=id,household(id,household!inner(id))',
    'select=id,household(id,household(id))&household.household.full_name=eq.Luis',
    'select=id,visits(visit_id,resident(id))&visits.resident.full_name=eq.Luis',
    'select=id,visits(visit_id,resident(id))&visits.resident.limit=1',
    'select=id,visits(visit_id)&visits.place=eq.clinic',
  ])
    for (const process of [id, visits]) {
      const answer = await gate.ask(`/water/people?${query}&id=eq.11`, process)
      t.equal(answer.status, 451, query)
      t.ok(refused(answer.json()), `${query}: ${answer.text}`)
    }
  t.equal(gate.seen.length, before, 'the record API heard none of it')

  const shown = await gate.ask('/water/people?select=id,full_name,household(id,full_name),visits(visit_id,place)&id=eq.11', visits)
  t.equal(shown.status, 200)
  t.same(
    shown.json(),
    [{ id: '11', full_name: 'N11', household: [], visits: [{ visit_id: 'v1', place: 'clinic' }] }],
    'the twin: what is embedded may be selected, and the others are cut',
  )
  const own = await gate.ask('/water/people?select=id,address&id=eq.11&address=eq.x&order=address&limit=1', visits)
  t.equal(own.status, 200, 'the twin: questions about the one who is named')
})

t.test('where the record API cannot be asked for the named alone, nobody is ranked, searched or paged', async t => {
  const id = await gate.activeProcess({ scope: [{ source: 'rest', persons: ['11'] }] })
  const before = gate.seen.length
  for (const query of ['address=1%20Olive%20St', 'sort=citizenship', 'q=N11', 'limit=1', 'limit=1&offset=1', 'offset=1', 'page=2']) {
    const answer = await gate.ask(`/rest/people?${query}`, id)
    t.equal(answer.status, 451, query)
    t.match(answer.json().detail, /name the person/i)
  }
  t.equal(gate.seen.length, before)
  for (const path of ['people', 'people?fields=id,address', 'people/11', 'people?id=11', 'people?id=11&sort=address&limit=1'])
    t.same((await gate.ask(`/rest/${path}`, id)).json()[0]?.address, '11 Olive St', `the twin: ${path}`)
})

t.test('more keys than an address can carry: named one by one, or not at all', async t => {
  const persons = [...Array(1000).keys()].map(i => `a0eebc99-9c0b-4ef8-bb6d-6bb9bd38${String(i).padStart(4, '0')}`)
  const id = await gate.activeProcess({ uses: 1, scope: [{ source: 'water', persons: [...persons, '11'].slice(-1000) }] })
  const answer = await gate.ask('/water/people?select=id,address&address=eq.x', id)
  t.equal(answer.status, 451)
  t.match(answer.json().detail, /name the person/i)
  t.match((await gate.asStaff('GET', `/process/${id}`, 'ana')).json(), { used: 0, state: 'active' })
  t.same((await gate.ask('/water/people?select=id,address&id=eq.11', id)).json(), [{ id: '11', address: '11 Olive St' }])
  const few = await gate.activeProcess({ scope: [{ source: 'water', persons: persons.slice(0, 100) }] })
  t.equal((await gate.ask('/water/people?select=id,address&address=eq.x', few)).status, 200, 'the twin: a hundred fit')
  t.match(gate.seen.at(-1), /&id=in\./)
})

t.test('a limit to some days or places that the query does not show costs no use', async t => {
  const between = { field: 'opened', from: '2026-09-01', until: '2026-10-31' }
  for (const limit of [{ between }, { at: { field: 'address', values: ['11 Olive St'] } }]) {
    const id = await gate.activeProcess({ uses: 1, scope: [{ source: 'water', persons: ['11'], ...limit }] })
    const field = 'between' in limit ? 'opened' : 'address'
    for (const select of ['full_name', `${field}:full_name`, `${field}::text`, `household(id,${field})`, `...household(${field})`]) {
      const answer = await gate.ask(`/water/people?select=id,${select}&id=eq.11`, id)
      t.equal(answer.status, 451, select)
      t.match(answer.json().detail, /days or places/, select)
    }
    t.match((await gate.asStaff('GET', `/process/${id}`, 'ana')).json(), { used: 0, state: 'active' })
    const shown = await gate.ask(`/water/people?select=id,full_name,d:${field}&id=eq.11`, id)
    t.match(shown.json(), [{ id: '11', full_name: 'N11' }], 'the twin: selected, under any name')
  }
})

t.test('several scopes of one source: together for a person whom each of them names', async t => {
  const id = await gate.activeProcess({
    scope: [
      { source: 'water', persons: ['11', '13'], fields: ['address'] },
      { source: 'water', persons: ['11'], fields: ['full_name'] },
      { source: 'water', persons: ['12'] },
    ],
  })
  const ask = async (query: string) => {
    const answer = await gate.ask(`/water/people?select=id,full_name,address&${query}`, id)
    return answer.status === 200 ? answer.json() : answer.status
  }
  const [ana, luis, eva] = ['11', '12', '13'].map(key => ({ id: key, full_name: `N${key}`, address: `${key} Olive St` }))
  t.same(await ask('id=eq.11'), [ana])
  t.same(await ask('id=eq.12'), [luis])
  t.same(await ask('id=eq.13'), [{ id: eva?.id, address: eva?.address }], 'one field alone')
  t.same(
    await ask('id=in.(11,13)'),
    [ana, eva].map(one => ({ id: one?.id, address: one?.address })),
    'what both are named for',
  )
  t.equal(await ask('id=eq.13&full_name=eq.N13'), 451)
  t.equal(await ask('id=in.(11,12)'), 451, 'no scope names both')
})

t.test('limits of one scope do not become those of another', async t => {
  const between = { field: 'opened', from: '2020-01-01', until: '2020-12-31' }
  const id = await gate.activeProcess({
    scope: [
      { source: 'water', persons: ['11'], fields: ['address'], between },
      { source: 'water', persons: ['11'], fields: ['full_name'] },
    ],
  })
  const ask = async (query: string) => (await gate.ask(`/water/people?select=${query}&id=eq.11`, id)).json()
  t.same(await ask('id,full_name,address'), [{ id: '11', full_name: 'N11' }], 'the address of other years stays')
  t.same(await ask('id,full_name'), [{ id: '11', full_name: 'N11' }], 'the twin')
})

t.test('an object that is named names what is in it, and a member nothing else', async t => {
  const whole = await gate.activeProcess({ scope: [{ source: 'water', persons: ['11'], fields: ['home'] }] })
  const part = await gate.activeProcess({ scope: [{ source: 'water', persons: ['11'], fields: ['home.street'] }] })
  const home = async (select: string, id: string) => (await gate.ask(`/water/people?select=id,${select}&id=eq.11`, id)).json()[0]
  t.same(await home('home', whole), { id: '11', home: { street: 'S', city: 'LA', gate: 'G' } })
  t.same(await home('home', part), { id: '11', home: { street: 'S', city: 'LA' } }, 'the twin: an open member, not the other one')
  const path = await gate.ask('/water/people?select=id,home-%3Egate&id=eq.11', whole)
  t.equal(path.status, 200)
  t.equal((await gate.ask('/water/people?select=id,home-%3Egate&id=eq.11', part)).status, 451)
  t.equal((await gate.ask('/water/people?select=id,home&home-%3E%3Egate=eq.G&id=eq.11', part)).status, 451)
  t.equal((await gate.ask('/water/people?select=id,home&home-%3E%3Egate=eq.G&id=eq.11', whole)).status, 200)
})
