import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type City, city, events, NEW_RULE, nth, ORDINANCE } from '../rulebook/city.ts'
import { digestOf, sign, signers } from '../rulebook/signers.ts'
import { writeFolder } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const ROOT = join(import.meta.dirname, '../..')
const ASK = '/residents/residents?select=address&id=eq.R-1'
const RECORDS = json([{ id: 'R-1', address: '1 Main St' }])

/** What `haven policy bundle` makes of the folder as it is now. */
function bundle(la: City, serial: number): string {
  const out = join(la.dir, `bundle-${serial}.json`)
  const args = ['src/main.ts', 'policy', 'bundle', '--config', join(la.dir, 'haven.yaml'), '--serial', String(serial), '--out', out]
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: 'pipe' })
  return out
}

/** A city whose policies are bundled, and another folder whose gate knows nothing but the bundle. */
async function made(t: Test, signed = false) {
  const records = await upstream(t, RECORDS)
  const [la, gate] = [await city(t, records.url), await city(t, records.url)]
  const two = await signers(la, 'ana', 'ben')
  const listed = { laws: ['us-ca-los-angeles'], ...(signed ? { signers: two.map(({ vkey }) => vkey.text) } : {}) }
  await writeFolder({ upstream: records.url, dir: la.dir, config: { policies: { dir: 'policies', ...listed } } })
  const start = (t: Test, bundle: string) => gate.start(t, {}, { dir: 'nowhere', bundle, ...listed })
  return { la, gate, two, start }
}

const strengthen = (la: City) => la.edit(ORDINANCE, law => law.rules.push(NEW_RULE))

t.test('a gate loads one file instead of a folder, and follows it', async t => {
  const { la, start } = await made(t)
  const file = bundle(la, 1)
  const gate = await start(t, file)
  t.equal((await gate.get(ASK)).status, 200)
  t.match((await nth(gate, 'rulebook', 1)).body, { digest: digestOf(la), serial: 1 })
  await strengthen(la)
  await writeFile(file, await readFile(bundle(la, 2)))
  t.match((await nth(gate, 'rulebook', 2)).body, { digest: digestOf(la), serial: 2 })
  t.equal((await gate.get(ASK)).status, 451)
})

t.test('an older bundle does not come back', async t => {
  const { la, start } = await made(t)
  await strengthen(la)
  const newer = bundle(la, 7)
  const gate = await start(t, newer)
  await la.edit(ORDINANCE, law => law.rules.pop())
  const older = bundle(la, 6)
  await writeFile(newer, await readFile(older))
  t.match((await nth(gate, 'rulebook-refused', 1)).body, { code: 'serial-rolled-back' })
  t.equal((await gate.get(ASK)).status, 451)
  await gate.close()
  await t.rejects(start(t, older), { message: /the serial 6, and another rulebook came with 7/ }, 'nor after a restart')
  await t.rejects(start(t, bundle(la, 7)), { message: /the serial 7/ }, 'nor under the same serial')
  const again = await start(t, bundle(la, 8))
  t.equal((await again.get(ASK)).status, 200, 'twin: a newer one does')
})

t.test('a bundle is what it says it is, or it is none', async t => {
  const { la, start } = await made(t)
  const file = bundle(la, 1)
  const good = await readFile(file, 'utf8')
  const changed = (change: (value: { files: Record<string, string>; digest: string; format: string }) => unknown) => {
    const value = JSON.parse(good)
    change(value)
    return JSON.stringify(value)
  }
  const law = 'policies/us-ca-los-angeles/ordinance-188441.yaml'
  const bad = {
    'a law changed': changed(({ files }) => Object.assign(files, { [law]: String(files[law]).replace('then: deny', 'then: hold') })),
    'a law left out': changed(({ files }) => delete files[law]),
    'another digest': changed(value => Object.assign(value, { digest: 'a'.repeat(64) })),
    'a path that climbs': changed(({ files }) => Object.assign(files, { 'policies/../x.yaml': '' })),
    'another format': changed(value => Object.assign(value, { format: 'x' })),
    'not JSON': good.slice(0, -20),
    'too large': `${good}${' '.repeat(8 * 1024 * 1024)}`,
  }
  for (const [name, text] of Object.entries(bad)) {
    await writeFile(file, text)
    await t.rejects(start(t, file), { name: 'FilesRefused' }, name)
  }
  await writeFile(file, good)
  await t.resolves(start(t, file), 'twin')
})

t.test('a bundle carries its signatures', async t => {
  const { la, two, start } = await made(t, true)
  await t.rejects(start(t, bundle(la, 1)), { message: /signed by nobody/ })
  await sign(la, null, ...two)
  const gate = await start(t, bundle(la, 2))
  t.match((await nth(gate, 'rulebook', 1)).body, { signers: ['ana', 'ben'], serial: 2 })
})

t.test('a bundle is fetched, again on SIGHUP, and never from where a redirect leads', async t => {
  const { la, start } = await made(t)
  const second = await (async () => {
    await strengthen(la)
    const text = await readFile(bundle(la, 2), 'utf8')
    await la.edit(ORDINANCE, law => law.rules.pop())
    return text
  })()
  let answer = { status: 200, text: await readFile(bundle(la, 1), 'utf8') }
  const server = await upstream(t, (_asked, reply) => {
    reply.writeHead(answer.status, { location: '/elsewhere' })
    reply.end(answer.text)
  })
  const gate = await start(t, `${server.url}/bundle.json`)
  t.equal((await gate.get(ASK)).status, 200)
  answer = { status: 302, text: second }
  process.kill(process.pid, 'SIGHUP')
  t.match((await nth(gate, 'rulebook-refused', 1)).body, { code: 'does-not-load' })
  t.notOk(server.asked.some(({ url }) => url === '/elsewhere'))
  t.equal((await gate.get(ASK)).status, 200, 'the old one serves on')
  answer = { status: 200, text: second }
  process.kill(process.pid, 'SIGHUP')
  t.match((await nth(gate, 'rulebook', 2)).body, { serial: 2 })
  t.equal((await gate.get(ASK)).status, 451)
  t.equal((await events(gate, 'rulebook')).length, 2)
})
