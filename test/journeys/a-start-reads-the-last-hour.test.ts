import { DatabaseSync } from 'node:sqlite'
import type { JWTPayload } from 'jose'
import t from 'tap'
import { type Running, serve } from '../../src/assembly.ts'
import { type City, city, instrument, ROLES, STAFF } from '../support/city.ts'
import { sign } from '../support/haven.ts'

const ero = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', sub: 'deportation-officer-1' }
const ADDRESS = '/water/people?select=id,address&id=eq.11'
const TWO_HOURS = 2 * 3_600_000

/** The time of day is the one thing that is not real: nobody waits two hours for a test. */
let ahead = 0
const clock = Date.now
Date.now = () => clock() + ahead
t.teardown(() => {
  Date.now = clock
})

/** Calls one run of the gate, with tokens that outlive all of them. */
function callers(gate: City, running: Pick<Running, 'gate' | 'admin'>) {
  const send = async (url: string, token: string, init: RequestInit = {}) => {
    const { headers } = init
    const answer = await fetch(url, { ...init, headers: { ...headers, authorization: `Bearer ${token}` } })
    const text = await answer.text()
    return { status: answer.status, json: () => JSON.parse(text) }
  }
  const get = async (path: string, claims: JWTPayload, headers: Record<string, string> = {}) =>
    send(running.gate + path, await gate.token(claims, { expires: '9d' }), { headers })
  const staff = async (method: string, path: string, person: string, body?: unknown) => {
    const token = await sign(gate.keys, { sub: person, roles: [ROLES[person]] }, { issuer: STAFF, audience: 'haven-admin', expires: '9d' })
    const headers = { 'content-type': 'application/json' }
    return send(running.admin + path, token, body === undefined ? { method } : { method, headers, body: JSON.stringify(body) })
  }
  return { get, staff }
}

/** How far what is kept reaches, as the file says it. */
function keptUpTo(file: string): number {
  const db = new DatabaseSync(file)
  const [head] = db.prepare('SELECT text FROM past_head').all()
  db.close()
  return head ? JSON.parse(String(head['text'])).upTo : 0
}

t.test('three restarts, two hours apart: what was used stays used, what was released stays good, what was revoked stays shut', async t => {
  const gate = await city(t)
  const file = `${gate.dir}/register.db`
  const { get, staff } = callers(gate, gate)
  const active = async (more: object) => {
    const { id } = (
      await staff('POST', '/process', 'clerk', instrument({ ...more, document: crypto.randomUUID().replaceAll('-', '').repeat(2) }))
    ).json()
    for (const person of ['ana', 'ben']) await staff('POST', `/process/${id}/verify`, person, {})
    return String(id)
  }
  const [once, twice, shut] = [await active({ uses: 1 }), await active({ uses: 2 }), await active({})]
  for (const id of [once, twice, shut]) t.equal((await get(ADDRESS, ero, { 'haven-process': id })).status, 200)
  const held = (await get('/school/people?select=address&id=eq.11', { ...ero, process: 'admin-subpoena' })).json().hold
  t.equal((await staff('POST', `/holds/${held}/release`, 'ana', { reason: 'reviewed' })).status, 200)
  await gate.close()
  t.equal(keptUpTo(file), 0, 'all of it is young')

  let reach = 0
  const restart = async (work: (again: ReturnType<typeof callers>) => Promise<void>) => {
    ahead += TWO_HOURS
    const running = await serve(gate.configFile)
    await work(callers(gate, running)).finally(running.close)
    t.ok(keptUpTo(file) > reach, 'more is kept than before')
    reach = keptUpTo(file)
  }
  const opens = async (again: ReturnType<typeof callers>, id: string) => (await again.get(ADDRESS, ero, { 'haven-process': id })).status
  await restart(async again => {
    t.equal(await opens(again, once), 451, 'used')
    t.equal((await again.staff('POST', `/process/${shut}/revoke`, 'ana', { why: 'withdrawn' })).status, 200)
  })
  await restart(async again => {
    t.same([await opens(again, once), await opens(again, shut)], [451, 451])
    t.equal(await opens(again, twice), 200, 'the second use')
    const hold = (await again.staff('GET', `/holds/${held}`, 'ana')).json()
    t.match(hold, { state: 'released' })
  })
  await restart(async again => {
    t.same([await opens(again, once), await opens(again, twice), await opens(again, shut)], [451, 451, 451])
    const school = await again.get('/school/people?select=address&id=eq.11', { ...ero, process: 'admin-subpoena' }, { 'haven-hold': held })
    t.equal(school.status, 200, 'the release is good still')
    t.match((await again.staff('GET', `/holds/${held}`, 'ana')).json(), { state: 'used' })
  })
})
