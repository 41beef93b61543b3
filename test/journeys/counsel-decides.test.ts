import { compactDecrypt, importJWK } from 'jose'
import t from 'tap'
import { city } from '../support/city.ts'

const gate = await city(t)
const hud = { agency: 'us-hud', purpose: 'audit', sub: 'auditor-1', case: 'HUD-26-9' }
const STATUS = '/residents/people?select=citizenship&id=eq.11'
const held = async (path: string, claims: object, headers = {}) => {
  const answer = await gate.get(path, { ...claims }, headers)
  t.match(answer.json(), { type: /held$/, hold: String }, path)
  return String(answer.json().hold)
}
const poll = async (id: string, claims: object) => (await gate.get(`/.haven/holds/${id}`, { ...claims })).json().state
const release = (id: string, body: object = { reason: 'the programme needs it' }, person = 'ana') =>
  gate.asStaff('POST', `/holds/${id}/release`, person, body)

t.test('counsel sees whom it concerns, and nobody else does', async t => {
  const id = await held(STATUS, hud)
  t.equal(await poll(id, hud), 'open')
  const listed = (await gate.asStaff('GET', '/holds', 'dot')).text
  t.match(listed, id)
  t.notMatch(listed, /eq\.11/)
  const shown = (await gate.asStaff('GET', `/holds/${id}`, 'ana')).json()
  const { plaintext } = await compactDecrypt(shown.sealed, await importJWK(gate.counselKey, 'ECDH-ES'))
  t.match(new TextDecoder().decode(plaintext), /eq\.11/)
  t.notOk((await gate.asStaff('GET', `/holds/${id}`, 'dot')).json().sealed, 'the auditor gets no sealed text')
})

t.test('a release is good once, for that call of that caller, and for what was released', async t => {
  const id = await held(STATUS, hud)
  t.equal((await gate.get(STATUS, hud, { 'haven-hold': id })).status, 451, 'not before it is released')
  t.equal((await release(id, { reason: '' })).status, 400)
  t.equal((await release(id, undefined, 'dot')).status, 403, 'not by the auditor')
  t.equal((await release(id)).status, 200)
  t.equal(await poll(id, hud), 'released')
  for (const [what, claims, path, headers] of [
    ['another login', { ...hud, sub: 'auditor-2' }, STATUS, {}],
    ['another purpose', { ...hud, purpose: 'eligibility' }, STATUS, {}],
    ['another case', { ...hud, case: 'HUD-26-10' }, STATUS, {}],
    ['another person', hud, STATUS.replace('11', '12'), {}],
    ['more fields', hud, STATUS.replace('citizenship', 'citizenship,address'), {}],
    ['another recipient', hud, STATUS, { 'haven-recipient': 'us-ssa' }],
  ] as const)
    t.not((await gate.get(path, claims, { 'haven-hold': id, ...headers })).status === 200 && what !== 'more fields', true, what)
  t.equal(await poll(id, hud), 'released', 'and none of these used it up')
  const both = await Promise.all([1, 2, 3].map(() => gate.get(STATUS, hud, { 'haven-hold': id })))
  t.same(both.map(({ status }) => status).toSorted(), [200, 451, 451])
  t.same(both.find(({ status }) => status === 200)?.json(), [{ citizenship: 'asylee' }])
  t.equal(await poll(id, hud), 'used')
})

t.test('a refusal is told, and a refused hold is not released after all', async t => {
  const path = STATUS.replace('11', '13')
  const id = await held(path, hud)
  t.equal((await gate.asStaff('POST', `/holds/${id}/refuse`, 'ana', { reason: 'not needed for the audit' })).status, 200)
  t.equal(await poll(id, hud), 'refused')
  t.equal((await release(id)).status, 409)
  t.equal((await gate.get(path, hud, { 'haven-hold': id })).status, 451)
})

t.test('a release lifts no denial', async t => {
  const ice = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', process: '1373-letter', sub: 'officer-7' }
  const path = '/residents/people?select=citizenship,address&id=eq.11'
  const id = await held(path, ice)
  await release(id)
  const answer = await gate.get(path, ice, { 'haven-hold': id })
  t.equal(answer.status, 200)
  t.same(answer.json(), [{ citizenship: 'asylee' }], 'the status that was released, and not the address')
})

t.test('an immigration authority that states another purpose waits for an attestation, and then gets no status', async t => {
  const hsi = {
    ...{ agency: 'us-dhs-ice-hsi', purpose: 'criminal-investigation', sub: 'hsi-1' },
    ...{ case: 'LA-26-CE-4', reason: 'online child exploitation, suspect resides here' },
  }
  const path = '/police/people?select=*&id=eq.21'
  const id = await held(path, hsi)
  const attested = await release(id, { attests: true, reason: 'spoke to the supervising AUSA' })
  t.equal(attested.status, 200)
  const answer = await gate.get(path, hsi, { 'haven-hold': id })
  t.equal(answer.status, 200)
  t.match(answer.json(), [{ address: '9 Elm St' }])
  t.notMatch(answer.text, /"citizen"/)
  t.equal((await gate.get(path, { ...hsi, case: 'LA-26-OTHER' })).status, 451, 'attested for that case alone')
})

t.test('what was urgent is looked at again', async t => {
  const lafd = { agency: 'us-ca-los-angeles-lafd', purpose: 'emergency' }
  const answer = await gate.get('/residents/people?select=address&id=eq.11', lafd)
  t.equal(answer.status, 200)
  const { reviews } = (await gate.asStaff('GET', '/reviews', 'ana')).json()
  const task = reviews.find((one: { decision: string }) => one.decision === answer.headers.get('haven-decision'))
  t.match(task, { state: 'open' })
  t.equal(task.dueAt - task.openedAt, 72 * 3_600_000)
  t.equal((await gate.asStaff('POST', `/reviews/${task.id}/done`, 'clerk', { note: 'seen' })).status, 403)
  t.equal((await gate.asStaff('POST', `/reviews/${task.id}/done`, 'ana', { note: 'a real call' })).status, 200)
})

t.test('a refused question in other words is judged as the first, until counsel lifts it; a colleague is free', async t => {
  const officer = { agency: 'us-ca-los-angeles-lapd', purpose: 'public-safety', sub: 'officer-3' }
  const path = '/residents/people?select=address&id=eq.21'
  const because = (reason: string) => ({ 'haven-reason': encodeURIComponent(reason) })
  t.equal((await gate.get(path, officer, because('for ICE ERO'))).status, 451)
  const again = await gate.get(path, officer, because('burglary on Elm St, witness'))
  t.equal(again.status, 451)
  t.match(again.json().detail, /refused to the same requester/)
  t.equal((await gate.get(path, { ...officer, sub: 'officer-4' }, because('burglary on Elm St, witness'))).status, 200, 'a colleague')
  t.equal((await gate.get(path.replace('21', '12'), officer, because('burglary on Elm St, witness'))).status, 200, 'another person')
  const { reviews } = (await gate.asStaff('GET', '/reviews', 'ana')).json()
  const task = reviews.find((one: { retryOf: string | null; agency: string }) => one.retryOf !== null && one.agency === officer.agency)
  await gate.asStaff('POST', `/reviews/${task.id}/done`, 'ana', { note: 'a real burglary', lift: true })
  t.equal((await gate.get(path, officer, because('burglary on Elm St, witness'))).status, 200, 'lifted')

  const engine = { agency: 'us-ca-los-angeles-lafd', purpose: 'service-delivery', sub: 'engine-1' }
  await gate.get(path, engine, { ...because('inspection'), 'haven-recipient': 'us-dhs-ice-ero' })
  t.equal(
    (await gate.get(path, { ...engine, purpose: 'emergency' }, because('structure fire'))).status,
    200,
    'an engine is never locked out',
  )
})

t.test('a notice that comes first holds the disclosure until it was given', async t => {
  const ma = await city(t, { laws: ['us-ma'] })
  const ice = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', sub: 'officer-1' }
  const id = await ma.activeProcess({ scope: [{ source: 'dmv', persons: ['11'] }] })
  const path = '/dmv/people?select=id,address&id=eq.11'
  const waits = await ma.get(path, ice, { 'haven-process': id })
  t.equal(waits.status, 451)
  t.match(waits.json(), { type: /held$/, reasons: [{ code: 'notice.before' }] })
  const { hold } = waits.json()
  t.equal((await ma.asStaff('POST', `/holds/${hold}/release`, 'ana', { reason: 'x' })).status, 409, 'counsel cannot skip the notice')
  const { notices } = (await ma.asStaff('GET', '/notices', 'ana')).json()
  const task = notices.find((one: { before: string | null }) => one.before === hold)
  t.equal((await ma.asStaff('POST', `/notices/${task.id}/done`, 'ana', { note: 'registered letter' })).status, 200)
  const answer = await ma.get(path, ice, { 'haven-process': id, 'haven-hold': hold })
  t.equal(answer.status, 200)
  t.same(answer.json(), [{ id: '11', address: '1 Olive St' }])
  t.equal((await ma.get(path, ice, { 'haven-process': id, 'haven-hold': hold })).status, 451, 'once')
})

t.test('a notice that comes after is a task with its day', async t => {
  const ny = await city(t, { laws: ['us-ny'] })
  const ice = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', sub: 'officer-1' }
  const id = await ny.activeProcess({ scope: [{ source: 'dmv', persons: ['11'] }] })
  const answer = await ny.get('/dmv/people?select=id,address&id=eq.11', ice, { 'haven-process': id })
  const { notices } = (await ny.asStaff('GET', '/notices', 'ana')).json()
  const task = notices.find((one: { decision: string }) => one.decision === answer.headers.get('haven-decision'))
  t.match(task, { what: 'data-subject', state: 'open' })
  t.equal(task.dueAt - task.openedAt, 3 * 86_400_000)
})

t.test('much reading is bulk, and bulk reading starves no emergency', async t => {
  const busy = await city(t, {
    source: { bulk: { subjectsPerHour: 2 } },
    config: { limits: { callsPerMinute: { urgent: 50, ordinary: 6, bulk: 3 } } },
  })
  const ssa = { agency: 'us-ssa', purpose: 'eligibility' }
  const one = (id: string) => busy.get(`/benefits/people?select=full_name&id=eq.${id}`, ssa)
  t.equal((await one('11')).status, 200)
  t.not((await one('12')).status, 200, 'the second person within the hour')
  const lafd = { agency: 'us-ca-los-angeles-lafd', sub: 'dispatch' }
  const answers = []
  for (let i = 0; i < 10; i++)
    answers.push((await busy.get('/residents/people?select=address&id=eq.11', { ...lafd, purpose: 'service-delivery' })).status)
  t.ok(answers.includes(503), 'the agency is slowed down')
  const urgent = await busy.get('/residents/people?select=address&id=eq.11', { ...lafd, purpose: 'emergency' })
  t.equal(urgent.status, 200, 'and its emergency is served')
})
