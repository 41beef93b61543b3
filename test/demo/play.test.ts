import t from 'tap'
import { CAST } from '../../demo/cast.ts'
import type { DemoRequest } from '../../demo/demo-request.ts'
import { listen } from '../../demo/listen.ts'
import { type Given, playRequest } from '../../demo/play.ts'

const HOLD = 'a9ba5db6-dac0-cfca-2f5d-bd565a9f189a'
const seen: { door: string; method: string | undefined; url: string | undefined; body: string; headers: NodeJS.Dict<string | string[]> }[] =
  []

/** Stands for one of Haven's two addresses: `/process` enters, `/held` holds, everything else answers. */
const door = (name: string) =>
  listen(name, 0, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    seen.push({ door: name, method: request.method, url: request.url, body: Buffer.concat(chunks).toString(), headers: request.headers })
    const [status, type, body] =
      request.url === '/process'
        ? [201, 'application/json', { id: 'p1', state: 'entered' }]
        : request.url === '/held'
          ? [451, 'application/problem+json', { type: '/.haven/problems/held', detail: 'It waits.', hold: HOLD, reasons: [] }]
          : request.url === '/refused'
            ? [409, 'application/problem+json', { type: '/.haven/problems/not-permitted', detail: 'Not as things are.' }]
            : [200, 'application/json', [{ id: 11 }]]
    response.writeHead(Number(status), { 'content-type': String(type), 'haven-decision': 'd1' })
    response.end(JSON.stringify(body))
  })

const [gate, admin] = [await door('gate'), await door('admin')]
t.teardown(() => Promise.all([gate.close(), admin.close()]))
const doors = { gate: gate.url, admin: admin.url }
const given: Given = new Map()
const play = (request: Omit<DemoRequest, 'wants'>, token: string | null = 'x.y.z') =>
  playRequest(doors, { wants: '', ...request }, token, given)

t.test('staff speaks to the admin address and posts its steps; what is entered gets its id', async t => {
  const played = await play({ id: 'paper', who: CAST.clerk, call: '/process', step: { kind: 'i-205' }, expect: { status: 201 } })
  t.same(played.faults, [])
  t.match(seen.at(-1), { door: 'admin', method: 'POST', url: '/process', body: '{"kind":"i-205"}' })
  t.match(seen.at(-1)?.headers, { authorization: 'Bearer x.y.z', 'content-type': 'application/json' })
  await play({ id: 'look', who: CAST.counsel, call: '/process/{paper.entered}', expect: { status: 200 } })
  t.match(seen.at(-1), { door: 'admin', method: 'GET', url: '/process/p1', body: '' })
})

t.test('a later call carries what an earlier one was given, in its address and its headers', async t => {
  t.same((await play({ id: 'held', who: CAST.hud, call: '/held', expect: { status: 451, type: '/held', hold: true } })).faults, [])
  const played = await play({
    id: 'again',
    who: CAST.hud,
    headers: { 'Haven-Hold': '{held.hold}', 'Haven-Process': '{paper.entered}' },
    call: '/x/{held.decision}?a=eq(any).{4,2}',
    expect: { status: 200, contains: ['11'] },
  })
  t.same(played.faults, [])
  t.match(seen.at(-1), { door: 'gate', url: '/x/d1?a=eq(any).{4,2}', headers: { 'haven-hold': HOLD, 'haven-process': 'p1' } })
})

t.test('what nobody was given is not made up', async t => {
  await play({ id: 'lost', who: null, call: '/x/{nobody.hold}', expect: { status: 200 } }, null)
  t.match(seen.at(-1), { door: 'gate', url: '/x/none-was-given' })
  t.notOk(seen.at(-1)?.headers['authorization'])
})

t.test('an answer that is not as it should be is a fault', async t => {
  const request = { id: 'wrong', who: CAST.ice, call: '/x' }
  t.same((await play({ ...request, expect: { status: 200, contains: ['"id":11'], lacks: ['12'] } })).faults, [])
  t.match((await play({ ...request, expect: { status: 451, type: '/law', cites: '188441', hold: true } })).faults, [
    /status is 200/,
    /problem is none/,
    /no citation of 188441/,
    /no hold id/,
  ])
  t.match((await play({ ...request, expect: { status: 200, contains: ['12'], lacks: ['11'], withheld: ['a.b'] } })).faults, [
    /lacks 12/,
    /contains 11, which must not leave/,
    /does not list a\.b/,
  ])
  const refused = await play({ id: 'refused', who: CAST.clerk, call: '/refused', step: {}, expect: { status: 409, cites: '1373' } })
  t.same(refused.faults, ['no citation of 1373'], 'the admin address gives no reasons')
})
