import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { serve } from '../../src/assembly.ts'
import { temporary } from '../audit/given.ts'
import { type City, type CityOptions, city } from '../support/city.ts'

const hsi = {
  ...{ agency: 'us-dhs-ice-hsi', purpose: 'criminal-investigation', sub: 'hsi-1' },
  ...{ case: 'LA-26-CE-4', reason: 'online child exploitation, suspect resides here' },
}
const hud = { agency: 'us-hud', purpose: 'audit', sub: 'auditor-1' }
const lafd = { agency: 'us-ca-los-angeles-lafd', purpose: 'emergency', sub: 'engine-1' }
const ice = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', sub: 'officer-1' }
const status = (person: string) => `/residents/people?select=citizenship&id=eq.${person}`
const heldAs = async (gate: City, path: string, claims: object): Promise<string> => (await gate.get(path, { ...claims })).json().hold
const release = (gate: City, id: string, body: object = { reason: 'reviewed' }) => gate.asStaff('POST', `/holds/${id}/release`, 'ana', body)

/** A gate whose register has no room for the first row of this kind: SQLite itself refuses it. */
async function fullRegister(t: Test, kind: 'hold' | 'notice', options: CityOptions = {}): Promise<City> {
  const file = join(await temporary(t), 'register.db')
  const db = new DatabaseSync(file)
  db.exec(`
    CREATE TABLE content (digest TEXT PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, salt BLOB NOT NULL, text TEXT NOT NULL) STRICT;
    CREATE TABLE tries (n INTEGER PRIMARY KEY);
    CREATE TRIGGER full BEFORE INSERT ON content WHEN NEW.kind = '${kind}' BEGIN
      INSERT INTO tries VALUES (NULL);
      SELECT RAISE(FAIL, 'database or disk is full') WHERE (SELECT count(*) FROM tries) = 1;
    END`)
  db.close()
  return city(t, { ...options, config: { register: { file, counselKey: 'counsel.jwk' } } })
}

t.test('an attestation about one person opens no collection, no other source', async t => {
  const gate = await city(t)
  const id = await heldAs(gate, '/police/people?select=address&id=eq.21', hsi)
  t.equal((await release(gate, id, { attests: true, reason: 'one suspect', hours: 168 })).status, 200)
  const colleague = { ...hsi, sub: 'hsi-2' }
  for (const source of ['police', 'residents', 'water', 'vendors', 'jail', 'dmv'])
    for (const claims of [hsi, colleague])
      t.not((await gate.get(`/${source}/people?select=*`, claims)).status, 200, `the whole of ${source}`)
  t.equal((await gate.get('/police/people?select=address&full_name=eq.Kim%20Park', colleague)).status, 451, 'by another word than the key')
  t.equal((await gate.get('/residents/people?select=address&id=eq.21', hsi)).status, 451, 'counsel saw police records')
  const answer = await gate.get('/police/people?select=address&id=eq.21', colleague)
  t.same([answer.status, answer.json()], [200, [{ address: '9 Elm St' }]], 'the case it was given for')
})

t.test('a release and an attestation are withdrawn', async t => {
  const gate = await city(t)
  const [released, kept] = [await heldAs(gate, status('11'), hud), await heldAs(gate, status('12'), hud)]
  const attested = await heldAs(gate, '/police/people?select=address&id=eq.21', hsi)
  for (const id of [released, kept]) t.equal((await release(gate, id)).status, 200)
  t.equal((await release(gate, attested, { attests: true, reason: 'too fast', hours: 168 })).status, 200)
  for (const id of [released, attested])
    t.equal((await gate.asStaff('POST', `/holds/${id}/refuse`, 'ben', { reason: 'a mistake' })).status, 200)
  t.equal((await gate.get(status('11'), hud, { 'haven-hold': released })).status, 451)
  t.equal((await gate.get('/police/people?select=address&id=eq.21', hsi)).status, 451)
  t.equal((await gate.get(status('12'), hud, { 'haven-hold': kept })).status, 200, 'the one nobody withdrew')
})

t.test('a release for one reason does not serve another', async t => {
  const gate = await city(t)
  const audit = { ...hud, reason: 'audit of vouchers at Olive Street' }
  const id = await heldAs(gate, status('11'), audit)
  await release(gate, id)
  t.equal((await gate.get(status('11'), { ...audit, reason: 'quite another audit' }, { 'haven-hold': id })).status, 451)
  t.equal((await gate.get(status('11'), { ...audit, reason: ` ${audit.reason} ` }, { 'haven-hold': id })).status, 200)
})

t.test('an agency that filled its holds harms itself alone, and even it is given what is permitted', async t => {
  const gate = await city(t)
  const [token, other] = [await gate.token(lafd), await gate.token(hud)]
  const get = (path: string, bearer = token) => fetch(gate.gate + path, { headers: { authorization: `Bearer ${bearer}` } })
  for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 50 }, (_, k) => get(status(String(1_000 + i * 50 + k)))))
  t.equal((await get(status('11'))).status, 503, 'a hold and nothing else')
  const partly = await get('/residents/people?select=address,citizenship&id=eq.11')
  t.same([partly.status, await partly.json()], [200, [{ address: '1 Olive St' }]])
  t.equal(partly.headers.get('haven-hold'), null)
  t.equal(partly.headers.get('haven-withheld'), 'people.citizenship')
  t.equal((await get(status('11'), other)).status, 451, 'another agency waits for counsel as ever')
})

t.test('an ambulance does not wait for a full register; counsel sees what waited when it asks again', async t => {
  const gate = await fullRegister(t, 'hold')
  const path = '/residents/people?select=address,citizenship&id=eq.11'
  const first = await gate.get(path, lafd)
  t.same([first.status, first.json()], [200, [{ address: '1 Olive St' }]])
  const id = first.headers.get('haven-hold') ?? ''
  const shown = async () => (await gate.asStaff('GET', `/holds/${id}`, 'ana')).json()
  t.match(await shown(), { state: 'open', sealed: null })
  t.equal((await release(gate, id)).status, 409, 'nobody releases what nobody saw')
  t.equal((await gate.get(path, lafd)).headers.get('haven-hold'), id)
  t.match(await shown(), { sealed: String })
  t.equal((await release(gate, id)).status, 200)
})

t.test('a hold that the register could not keep is a fault, and a hold when it is asked again', async t => {
  const gate = await fullRegister(t, 'hold')
  const first = await gate.get(status('11'), hud)
  t.same([first.status, first.json().reasons[0].code], [503, 'fault.register'])
  const id = await heldAs(gate, status('11'), hud)
  t.match((await gate.asStaff('GET', `/holds/${id}`, 'ana')).json(), { sealed: String })
  await release(gate, id)
  t.equal((await gate.get(status('11'), hud, { 'haven-hold': id })).status, 200)
})

t.test('a permit whose notice could not be kept lets nothing out, and the journal says so', async t => {
  const gate = await fullRegister(t, 'notice', { laws: ['us-ny'] })
  const process = await gate.activeProcess({ scope: [{ source: 'dmv', persons: ['11'] }] })
  const ask = () => gate.get('/dmv/people?select=id,address&id=eq.11', ice, { 'haven-process': process })
  const first = await ask()
  t.same([first.status, first.json().reasons[0].code], [503, 'fault.register'])
  t.same(gate.asked, [], 'the record API was not asked')
  const second = await ask()
  t.same([second.status, second.json()], [200, [{ id: '11', address: '1 Olive St' }]])
  await gate.close()
  const entries = await gate.entries()
  const outcome = entries.find(({ decision_id: id }) => id === first.headers.get('haven-decision'))
  t.match(outcome, { state: 'withheld', bytes_out: 0, failure: { code: 'fault.register', at_byte: 0 } })
  t.match(
    entries.find(({ decision_id: id }) => id === second.headers.get('haven-decision')),
    { state: 'released', failure: null },
  )
})

t.test('a script that is refused all night opens one notice', async t => {
  const gate = await city(t)
  const count = async () => (await gate.asStaff('GET', '/notices', 'ana')).json().notices.length
  const path = '/residents/people?select=address&id=eq.21'
  t.equal((await gate.get(path, ice)).status, 451)
  const first = await count()
  t.ok(first > 0)
  for (let i = 0; i < 20; i++) await gate.get(path, ice)
  t.equal(await count(), first)
  await gate.get(path.replace('21', '11'), ice)
  t.equal(await count(), 2 * first, 'another person is another matter')
})

t.test('a script that is refused as a retry all night opens one review', async t => {
  const gate = await city(t)
  const officer = { agency: 'us-ca-los-angeles-lapd', purpose: 'public-safety', sub: 'officer-1' }
  const path = '/residents/people?select=address&id=eq.21'
  const because = (reason: string) => ({ 'haven-reason': encodeURIComponent(reason) })
  await gate.get(path, officer, because('for ICE ERO'))
  for (let i = 0; i < 20; i++) t.equal((await gate.get(path, officer, because('burglary on Elm St, witness'))).status, 451)
  t.equal((await gate.asStaff('GET', '/reviews', 'ana')).json().reviews.length, 1)
})

t.test('one runaway script stops neither its colleagues nor an ambulance, and polls no more than anybody', async t => {
  const gate = await city(t, { config: { limits: { callsPerMinute: { urgent: 5, ordinary: 5, bulk: 3 } } } })
  const path = '/residents/people?select=address&id=eq.11'
  const police = { agency: 'us-ca-los-angeles-lapd', purpose: 'emergency', reason: 'shots fired, caller trapped inside' }
  const ask = async (claims: object, times: number, target = path) => {
    const seen = []
    for (let i = 0; i < times; i++) seen.push((await gate.get(target, { ...claims })).status)
    return seen
  }
  t.same(await ask({ ...police, sub: 'script' }, 6), [200, 200, 200, 200, 200, 503])
  t.same(await ask({ ...police, sub: 'patrol-7' }, 1), [200])
  t.same(await ask(lafd, 20), Array(20).fill(200))
  t.same(await ask({ ...police, sub: 'script' }, 6, '/.haven/residents'), [200, 200, 200, 200, 200, 503])
  t.same(await ask(hud, 1, '/.haven/residents'), [200])
})

t.test('counsel who refuses what waits for a notice leaves nobody to be told', async t => {
  const gate = await city(t, { laws: ['us-ma'] })
  const process = await gate.activeProcess({ scope: [{ source: 'dmv', persons: ['11'] }] })
  const path = '/dmv/people?select=id,address&id=eq.11'
  const id = (await gate.get(path, ice, { 'haven-process': process })).json().hold
  const task = async () =>
    (await gate.asStaff('GET', '/notices', 'ana')).json().notices.find((one: { before: string }) => one.before === id)
  t.equal((await task()).state, 'open')
  t.equal((await gate.asStaff('POST', `/holds/${id}/refuse`, 'ana', { reason: 'no' })).status, 200)
  t.match(await task(), { state: 'done', done: { by: 'ana' } })
})

t.test('a damaged page of the register stops no gate; a file that is no register does', async t => {
  const gate = await city(t)
  const [lost, refused] = [await heldAs(gate, status('11'), hud), await heldAs(gate, status('12'), hud)]
  for (const id of [lost, refused]) await release(gate, id)
  await gate.asStaff('POST', `/holds/${refused}/refuse`, 'ben', { reason: 'a mistake' })
  await gate.close()
  const file = join(gate.dir, 'register.db')
  const whole = await readFile(file)
  const ask = async (at: string, path: string, claims: object, hold = '') =>
    (
      await fetch(at + path, {
        headers: { authorization: `Bearer ${await gate.token({ ...claims })}`, ...(hold && { 'haven-hold': hold }) },
      })
    ).status

  const db = new DatabaseSync(file)
  const root = Number(db.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'content'`).get()?.['rootpage'])
  db.close()
  await writeFile(file, Buffer.from(whole).fill(0xff, (root - 1) * 4096, root * 4096))
  const damaged = await serve(gate.configFile)
  t.equal(await ask(damaged.gate, status('11'), hud, lost), 451, 'what cannot be read opens nothing')
  t.not(await ask(damaged.gate, status('12'), hud, refused), 200, 'what was refused stays refused')
  t.equal(await ask(damaged.gate, '/residents/people?select=address&id=eq.11', { ...lafd }), 200)
  await damaged.close()

  await writeFile(file, 'garbage'.repeat(3000))
  await t.rejects(serve(gate.configFile), { code: 'fault.register', message: /cannot be opened: file is not a database/ })

  await writeFile(file, whole)
  const restored = await serve(gate.configFile)
  t.equal(await ask(restored.gate, status('11'), hud, lost), 200)
  await restored.close()
})
