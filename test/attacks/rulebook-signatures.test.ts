import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import { type City, city, events, metric, NEW_RULE, nth, ORDINANCE, until } from '../rulebook/city.ts'
import { digestOf, type Signer, sign, signers } from '../rulebook/signers.ts'
import { type Haven, writeFolder } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const ASK = '/residents/residents?select=address&id=eq.R-1'

/** A city with two signers, whose first rulebook both signed. */
async function signed(t: Test) {
  const records = await upstream(t, json([{ id: 'R-1', address: '1 Main St' }]))
  const la = await city(t, records.url)
  const [ana, ben] = await signers(la, 'ana', 'ben')
  const listed = { dir: 'policies', laws: ['us-ca-los-angeles'], signers: [ana, ben].map(({ vkey }) => vkey.text) }
  await writeFolder({ upstream: records.url, dir: la.dir, config: { policies: listed } })
  const start = (t: Test) => la.start(t, {}, listed)
  return { la, ana, ben, listed, start, first: digestOf(la) }
}

const strengthen = (la: City) => la.edit(ORDINANCE, law => law.rules.push(NEW_RULE))
const weaken = (la: City) => la.edit(ORDINANCE, law => law.rules.shift())

const by = (...some: readonly Signer[]) => some.map(({ vkey }) => vkey.name)

t.test('a first rulebook with signers needs two of them', async t => {
  const { la, ana, ben, start } = await signed(t)
  await t.rejects(start(t), { message: /may not take force: it is the first rulebook.*signed by nobody.*haven policy sign --config/ })
  await sign(la, null, ana, ana)
  await t.rejects(start(t), { message: /so far it was signed by ana/ }, 'one who signs twice is one')
  await sign(la, null, ben)
  const gate = await start(t)
  t.match((await nth(gate, 'rulebook', 1)).body, { previous: null, signers: by(ana, ben) })
  t.equal((await events(gate, 'rulebook-refused')).length, 1, 'and the journal says it once, however often somebody tries')
})

t.test('what only strengthens needs one signature, what weakens needs two', async t => {
  const { la, ana, ben, start, first } = await signed(t)
  await sign(la, null, ana, ben)
  const gate = await start(t)
  await strengthen(la)
  const second = digestOf(la)
  t.match((await nth(gate, 'rulebook-refused', 1)).body, { code: 'not-signed', digest: second, inForce: first })
  t.equal((await gate.get(ASK)).status, 200, 'unsigned, it is not in force')
  await sign(la, first, ben)
  t.match((await nth(gate, 'rulebook', 2)).body, { digest: second, previous: first, weaker: false, signers: by(ben) })
  t.equal((await gate.get(ASK)).status, 451)

  await weaken(la)
  await sign(la, second, ana)
  t.match((await nth(gate, 'rulebook-refused', 2)).body, { code: 'not-signed', digest: digestOf(la), inForce: second })
  await sign(la, second, ana)
  const failures = () => metric(gate, 'haven_rulebook_reload_failures_total')
  const before = await failures()
  process.kill(process.pid, 'SIGHUP')
  await until(async () => (await failures()) !== before, 'the same signer twice is one signer')
  t.equal((await events(gate, 'rulebook')).length, 2)
  await sign(la, second, ben)
  const { body } = await nth(gate, 'rulebook', 3)
  t.match(body, { weaker: true, signers: by(ana, ben) })
  t.ok((body['summary'] as string[]).length > 0, 'it says what became weaker')
})

t.test('a signature under an old change does not bring the old rulebook back', async t => {
  const { la, ana, ben, start, first } = await signed(t)
  await sign(la, null, ana, ben)
  const gate = await start(t)
  const old = await readFile(join(la.dir, ORDINANCE), 'utf8')
  await strengthen(la)
  const second = digestOf(la)
  await sign(la, first, ana, ben)
  await nth(gate, 'rulebook', 2)
  await writeFile(join(la.dir, ORDINANCE), old)
  t.match((await nth(gate, 'rulebook-refused', 1)).body, { digest: first, code: 'not-signed' }, 'null -> first is signed twice, and old')
  t.equal((await gate.get(ASK)).status, 451)
  await sign(la, second, ana, ben)
  t.match((await nth(gate, 'rulebook', 3)).body, { digest: first, previous: second, signers: by(ana, ben) }, 'twin: a fresh one does')
})

t.test('whoever can write haven.yaml does not name himself a signer', async t => {
  const { la, ana, ben, start, first } = await signed(t)
  await sign(la, null, ana, ben)
  const gate = await start(t)
  const [mal, mel] = await signers(la, 'mal', 'mel')
  const theirs = [mal, mel].map(({ vkey }) => vkey.text)
  await la.edit('haven.yaml', value => Object.assign(value.policies, { signers: theirs }))
  await sign(la, first, mal, mel)
  t.match((await nth(gate, 'rulebook-refused', 1)).body, { code: 'not-signed' })
  await sign(la, first, ana)
  await sign(la, first, ben)
  t.match((await nth(gate, 'rulebook', 2)).body, { signersChanged: true, signers: by(ana, ben), keys: theirs }, 'twin')
})

t.test('stop, edit, start is a change like any other', async t => {
  const { la, ana, ben, listed, start, first } = await signed(t)
  await sign(la, null, ana, ben)
  await (await start(t)).close()
  await weaken(la)
  await sign(la, first, ana)
  const refused = new RegExp(`${digestOf(la)} may not take force: it is weaker than ${first}[\\s\\S]*weaker: `)
  await t.rejects(start(t), { message: refused })
  t.equal(await refusals(la), 1)
  await rm(join(la.dir, 'journal/rulebooks'), { recursive: true })
  await t.rejects(
    start(t),
    { message: /the rulebook before it is not in the archive/ },
    'without the archive nothing is known to be stricter',
  )
  await t.rejects(
    la.start(t, {}, { ...listed, signers: [] }),
    { message: /it changes who may sign/ },
    'nor are the signers forgotten: the journal names them',
  )
  await t.rejects(start(t), { message: /so far it was signed by ana/ })
  await sign(la, first, ben)
  const gate = await start(t)
  t.match((await nth(gate, 'rulebook', 2)).body, { previous: first, weaker: true, signers: by(ana, ben) }, 'twin: two signatures')
})

async function refusals(la: City): Promise<number> {
  let count = 0
  for await (const _ of readJournal(join(la.dir, 'journal'), { kind: 'rulebook-refused' })) count += 1
  return count
}

t.test('a false signature, and a file that is no note, refuse', async t => {
  const { la, ana, ben, start, first } = await signed(t)
  await sign(la, null, ana, ben)
  const gate = await start(t)
  await strengthen(la)
  await sign(la, first, ana)
  await nth(gate, 'rulebook', 2)
  const second = digestOf(la)
  await la.edit(ORDINANCE, law => Object.assign(law, { title: 'Another title' }))
  const file = join(la.policies, 'rulebook.signatures')
  const before = await readFile(file, 'utf8')
  await sign(la, second, ben)
  const whole = await readFile(file, 'utf8')
  await writeFile(
    file,
    before + whole.slice(before.length).replace(/— ben (\S{20})(.)/, (_, kept, one) => `— ben ${kept}${one === 'A' ? 'B' : 'A'}`),
  )
  await refusedAs(gate, 'signature-false')
  await writeFile(file, `${before}something else\n`)
  await refusedAs(gate, 'signatures-unreadable')
  await writeFile(file, whole)
  t.match((await nth(gate, 'rulebook', 3)).body, { signers: by(ben) }, 'twin')
})

/** Waits for a refusal for this reason. */
const refusedAs = (gate: Haven, code: string) =>
  until(async () => (await events(gate, 'rulebook-refused')).some(({ body }) => body['code'] === code), `a refusal: ${code}`)
