import t from 'tap'
import { startRecordApi } from '../../demo/record-api.ts'

type Headers = Record<string, string>
interface Row {
  readonly ask: string
  readonly headers?: Headers
  readonly status?: number
  readonly body?: unknown
  readonly range?: string
}

const api = await startRecordApi(0)
t.teardown(() => api.close())

const ask = async ({ ask: path, headers = {} }: Row, method = 'GET') => {
  const response = await fetch(`${api.url}/${path}`, { headers, method })
  const text = await response.text()
  return { status: response.status, text, range: response.headers.get('content-range') }
}

const EXACT: Headers = { prefer: 'count=exact' }
const ONE: Headers = { accept: 'application/vnd.pgrst.object+json' }
const alfa = { id: 1, full_name: 'James Hernández' }

// What PostgREST answers to the same questions, written from its documentation; the values are those of the seeded rows.
const ANSWERS: readonly Row[] = [
  { ask: 'residents?select=id,full_name&id=eq.1', body: [alfa] },
  { ask: 'residents?select=full_name,id&select=ssn&id=eq.1', body: [{ full_name: 'James Hernández', id: 1 }] },
  { ask: 'residents?select=id,zip:citizenship&id=eq.1', body: [{ id: 1, zip: 'citizen' }] },
  { ask: 'residents?select=n:id::text,accessible_unit::text&id=eq.1', body: [{ n: '1', accessible_unit: 'false' }] },
  {
    ask: 'residents?select=unit->floor,unit->>rooms,unit->access->>gate_code&id=eq.1',
    body: [{ floor: 1, rooms: '5', gate_code: '5094' }],
  },
  { ask: 'residents?select=unit->>elevator,unit->nothing&id=eq.1', body: [{ elevator: 'true', nothing: null }] },
  { ask: 'residents?select=id,full_name&id=eq.1', headers: ONE, body: alfa },
  { ask: 'residents?select=id&id=in.(1,3)', body: [{ id: 1 }, { id: 3 }] },
  { ask: 'residents?select=id&id=in.()', body: [], range: '*/*' },
  { ask: 'residents?select=id&id=not.gt.2', body: [{ id: 1 }, { id: 2 }] },
  { ask: 'residents?select=id&id=gte.2&id=lt.4', body: [{ id: 2 }, { id: 3 }] },
  { ask: 'residents?select=id&id=eq(any).{4,2}', body: [{ id: 2 }, { id: 4 }] },
  { ask: 'residents?select=id&or=(id.eq.1,and(id.gt.5,id.lt.7))', body: [{ id: 1 }, { id: 6 }] },
  { ask: 'residents?select=id&not.or=(id.gt.2,id.lt.2)', body: [{ id: 2 }] },
  { ask: 'residents?select=id&and=(id.in.(1,2,3),not.or(id.eq.1,id.eq.3))', body: [{ id: 2 }] },
  { ask: 'residents?select=id&full_name=like.James%20Hern%C3%A1n*&id=lt.5', body: [{ id: 1 }] },
  { ask: 'residents?select=id&full_name=like.james*&id=lt.5', body: [] },
  { ask: 'residents?select=id&full_name=ilike.james*&id=lt.5', body: [{ id: 1 }] },
  { ask: 'residents?select=id&full_name=match.%5EJames&id=lt.5', body: [{ id: 1 }] },
  { ask: 'residents?select=id&full_name=eq.%22James%20Hern%C3%A1ndez%22', body: [] },
  { ask: 'residents?select=id&or=(full_name.eq.%22James%20Hern%C3%A1ndez%22)&id=lt.3', body: [{ id: 1 }] },
  { ask: 'residents?select=id&alien_number=is.null&id=lte.3', body: [{ id: 1 }, { id: 2 }] },
  { ask: 'residents?select=id&alien_number=not.is.null&id=lte.3', body: [{ id: 3 }] },
  { ask: 'residents?select=id&alien_number=isdistinct.A086791241&id=lte.3', body: [{ id: 1 }, { id: 2 }] },
  { ask: 'residents?select=id&alien_number=neq.X&id=lte.3', body: [{ id: 3 }] },
  { ask: 'residents?select=id&unit=cs.%7B%22floor%22:1%7D&id=eq.1', body: [{ id: 1 }] },
  { ask: 'residents?select=id&unit->>floor=eq.1&id=eq.1', body: [{ id: 1 }] },
  { ask: 'residents?select=id&caseworker_notes=plfts.nights&id=lt.3', body: [{ id: 1 }] },
  { ask: 'residents?select=id&order=id.desc&limit=2&offset=1', body: [{ id: 1999 }, { id: 1998 }], range: '1-2/*' },
  { ask: 'residents?select=id&order=alien_number.nullsfirst,id.desc&id=lte.3', body: [{ id: 2 }, { id: 1 }, { id: 3 }] },
  { ask: 'residents?select=id&order=alien_number,id&id=lte.3', body: [{ id: 3 }, { id: 1 }, { id: 2 }] },
  { ask: 'residents?select=id&limit=1', headers: EXACT, status: 206, body: [{ id: 1 }], range: '0-0/2000' },
  { ask: 'residents?select=id&id=eq.1', headers: EXACT, status: 200, body: [{ id: 1 }], range: '0-0/1' },
  { ask: 'residents?select=id', headers: { range: '3-4' }, body: [{ id: 4 }, { id: 5 }], range: '3-4/*' },
  { ask: 'residents?select=count()', body: [{ count: 2000 }] },
  { ask: 'residents?select=n:id.max(),id.min()&id=lt.4', body: [{ n: 3, min: 1 }] },
  {
    ask: 'residents?select=citizenship,id.count()&id=lte.3&order=citizenship.desc',
    body: [
      { citizenship: 'citizen', count: 2 },
      { citizenship: 'DACA', count: 1 },
    ],
  },
  { ask: 'residents?select=id.avg(),id.sum()&id=lt.4', body: [{ avg: 2, sum: 6 }] },
  { ask: 'inspections?select=id,residents(id)&id=eq.721', body: [{ id: 721, residents: { id: 2 } }] },
  { ask: 'inspections?select=id,...residents(who:id)&id=eq.721', body: [{ id: 721, who: 2 }] },
  {
    ask: 'residents?select=id,inspections(id)&id=lte.2',
    body: [
      { id: 1, inspections: [] },
      { id: 2, inspections: [{ id: 721 }] },
    ],
  },
  {
    ask: 'residents?select=id,seen:inspections!inner(id)&id=lte.2',
    headers: EXACT,
    body: [{ id: 2, seen: [{ id: 721 }] }],
    range: '0-0/1',
  },
  { ask: 'residents?select=id,inspections(id)&inspections.id=eq.0&id=eq.2', body: [{ id: 2, inspections: [] }] },
  { ask: 'residents?select=id,inspections()&inspections=is.null&id=lte.2', body: [{ id: 1 }] },
  { ask: 'inspections?select=id&order=residents(id)&resident_id=lte.2', body: [{ id: 721 }] },
]

t.test('answers as PostgREST would', async t => {
  for (const row of ANSWERS) {
    const { status, text, range } = await ask(row)
    t.equal(status, row.status ?? 200, `${row.ask}: ${text}`)
    t.same(JSON.parse(text), row.body, row.ask)
    if (row.range !== undefined) t.equal(range, row.range, `range of ${row.ask}`)
  }
})

const REFUSALS: readonly (Row & { readonly code: string })[] = [
  { ask: 'nowhere', status: 404, code: 'PGRST205' },
  { ask: 'rpc/find', status: 404, code: 'PGRST202' },
  { ask: 'residents/1', status: 404, code: 'PGRST125' },
  { ask: 'residents?nothing=eq.1', status: 400, code: '42703' },
  { ask: 'residents?select=to_jsonb', status: 400, code: '42703' },
  { ask: 'residents?select=id%22%20FROM%20t;--', status: 400, code: 'PGRST100' },
  { ask: 'residents?select=%22id%5C%22%20FROM%20t;--%22', status: 400, code: '42703' },
  { ask: 'residents?select=id,(', status: 400, code: 'PGRST100' },
  { ask: 'residents?id=1', status: 400, code: 'PGRST100' },
  { ask: 'residents?id=eq.one', status: 400, code: '22P02' },
  { ask: 'residents?move_in=gt.2025-02-30', status: 400, code: '22008' },
  { ask: 'residents?select=full_name::integer&id=eq.1', status: 400, code: '22P02' },
  { ask: 'residents?select=id::money', status: 400, code: '42704' },
  { ask: 'residents?id=like.1*', status: 404, code: '42883' },
  { ask: 'residents?select=full_name.sum()', status: 404, code: '42883' },
  { ask: 'residents?full_name=match.%5B', status: 400, code: '2201B' },
  { ask: 'residents?select=bills(id)', status: 400, code: 'PGRST200' },
  { ask: 'residents?inspections.id=eq.1', status: 400, code: 'PGRST108' },
  { ask: 'residents?select=...inspections(id)', status: 400, code: 'PGRST119' },
  { ask: 'residents?select=id&id=lt.3', headers: ONE, status: 406, code: 'PGRST116' },
  { ask: 'residents', headers: { accept: 'application/vnd.pgrst.plan+json' }, status: 406, code: 'PGRST107' },
  { ask: 'residents', headers: { 'accept-profile': 'secret' }, status: 406, code: 'PGRST106' },
  { ask: 'residents?offset=3000', headers: EXACT, status: 416, code: 'PGRST103' },
]

t.test('refuses as PostgREST would', async t => {
  for (const row of REFUSALS) {
    const { status, text } = await ask(row)
    t.equal(status, row.status, `${row.ask}: ${text}`)
    t.same(Object.keys(JSON.parse(text)), ['code', 'details', 'hint', 'message'])
    t.equal(JSON.parse(text).code, row.code, row.ask)
  }
})

t.test('money keeps its decimals and adds up exactly', async t => {
  const { text } = await ask({ ask: 'inspections?select=fee&fee=eq.1.5&limit=1' })
  t.equal(text, '[{"fee":1.50}]')
  const sum = await ask({ ask: 'inspections?select=fee.sum()&fee=eq.1.50' })
  const count = JSON.parse((await ask({ ask: 'inspections?select=count()&fee=eq.1.500' })).text)
  t.equal(sum.text, `[{"sum":${((150 * count[0].count) / 100).toFixed(2)}}]`)
})

t.test('HEAD counts and sends nothing; writing is not offered', async t => {
  t.same(await ask({ ask: 'residents?zip=eq.90032', headers: EXACT }, 'HEAD'), { status: 200, text: '', range: '0-23/24' })
  t.equal((await ask({ ask: 'residents?id=eq.1' }, 'DELETE')).status, 405)
  t.equal((await ask({ ask: 'residents?select=count()' })).text, '[{"count":2000}]')
})
