import { existsSync } from 'node:fs'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { loadHavenFile } from '../../src/config/load.ts'
import { city, events, metric, NEW_RULE, nth, ORDINANCE, until } from '../rulebook/city.ts'
import { json, upstream } from '../support/upstream.ts'

const ROW = { id: 'R-1', service: 'rent', full_name: 'Ana Example', address: '1 Main St' }
const ASK = '/residents/residents?select=address&id=eq.R-1'

t.test('a law edited on disk is the law of the next call, and every call is answered', async t => {
  const records = await upstream(t, json([ROW]))
  const la = await city(t, records.url)
  const gate = await la.start(t)
  t.equal((await gate.get(ASK)).status, 200)
  const statuses = new Set<number>()
  const asking = new AbortController()
  const crowd = Array.from({ length: 4 }, async () => {
    while (!asking.signal.aborted) statuses.add((await gate.get(ASK)).status)
  })
  await la.edit(ORDINANCE, law => law.rules.push(NEW_RULE))
  const { body } = await nth(gate, 'rulebook', 2)
  await until(async () => (await gate.get(ASK)).status === 451, 'the new rule refuses')
  asking.abort()
  await Promise.all(crowd)
  t.same(
    [...statuses].filter(status => status !== 200 && status !== 451),
    [],
    'nobody was answered by half a rulebook',
  )
  const [first] = await events(gate, 'rulebook')
  t.match(body, { previous: first?.body['digest'], weaker: false, signers: [], serial: null })
  t.match(await metric(gate, 'haven_rulebook_info'), String(body['digest']))
  for (const digest of [first?.body['digest'], body['digest']])
    t.ok(existsSync(join(gate.dir, 'journal/rulebooks', `${digest}.json`)), 'both are in the archive')
  await la.edit(ORDINANCE, law => law.rules.pop())
  t.match((await nth(gate, 'rulebook', 3)).body, { digest: first?.body['digest'], weaker: true }, 'and back')
  t.equal((await gate.get(ASK)).status, 200)
  await gate.close()
  inOrder(t, await gate.entries())
})

/** Every decision stands behind the entry of the rulebook it was made under. */
function inOrder(t: { ok: (value: unknown, message: string) => unknown }, entries: readonly Record<string, unknown>[]): void {
  let inForce: unknown = null
  const strays = entries.filter(({ kind, body, rulebook }) => {
    if (kind === 'rulebook') inForce = (body as Record<string, unknown>)['digest']
    return kind === 'decision' && rulebook !== inForce
  })
  t.ok(strays.length === 0, 'no decision under another rulebook than the last one journalled')
}

t.test('a broken file leaves the old law in force, and says so once', async t => {
  const records = await upstream(t, json([ROW]))
  const la = await city(t, records.url)
  const gate = await la.start(t)
  const before = await readFile(join(la.dir, ORDINANCE), 'utf8')
  await la.text(ORDINANCE, text => text.replace('then: deny', 'then: denny'))
  const refusal = await nth(gate, 'rulebook-refused', 1)
  t.match(refusal.body, { code: 'does-not-load', digest: null })
  t.match(await metric(gate, 'haven_rulebook_reload_failures_total'), / 1$/)
  t.equal((await gate.get(ASK)).status, 200, 'the gate goes on')
  await la.text(ORDINANCE, () => `${before}\n# a comment\n`)
  await new Promise(later => setTimeout(later, 3_000))
  t.equal((await events(gate, 'rulebook')).length, 1, 'a comment is no change')
  t.equal((await events(gate, 'rulebook-refused')).length, 1)
  await la.edit(ORDINANCE, law => law.rules.push(NEW_RULE))
  await nth(gate, 'rulebook', 2)
  t.equal((await gate.get(ASK)).status, 451, 'the mended file is read again')
})

t.test('SIGHUP reads everything again', async t => {
  const records = await upstream(t, json([ROW]))
  const la = await city(t, records.url)
  const gate = await la.start(t)
  await la.text(ORDINANCE, text => text.replace('then: deny', 'then: denny'))
  await nth(gate, 'rulebook-refused', 1)
  process.kill(process.pid, 'SIGHUP')
  await until(async () => / 2$/.test(await metric(gate, 'haven_rulebook_reload_failures_total')), 'who asks is told again')
  t.equal((await events(gate, 'rulebook-refused')).length, 1, 'and the journal says it once')
  await la.text(ORDINANCE, text => text.replace('then: denny', 'then: deny'))
  await la.edit(ORDINANCE, law => law.rules.push(NEW_RULE))
  await nth(gate, 'rulebook', 2)
  await la.text(ORDINANCE, text => text.replace('then: deny', 'then: denny'))
  t.match((await nth(gate, 'rulebook-refused', 2)).body, { code: 'does-not-load' }, 'twin: after another rulebook it is news')
})

t.test('a setting that is no policy waits for a restart; a keeper does not', async t => {
  const records = await upstream(t, json([ROW]))
  const la = await city(t, records.url)
  const gate = await la.start(t)
  await la.edit('haven.yaml', value => Object.assign(value, { limits: { answerBytes: '1MiB' } }))
  await until(async () => / 1$/.test(await metric(gate, 'haven_rulebook_reload_failures_total')), 'it is counted')
  t.equal((await events(gate, 'rulebook', 'rulebook-refused')).length, 1, 'no rulebook was refused')
  await la.edit(ORDINANCE, law => law.rules.push(NEW_RULE))
  t.match((await nth(gate, 'rulebook-refused', 1)).body, { code: 'restart-needed' })
  t.equal((await gate.get(ASK)).status, 200)
  await la.edit('haven.yaml', value => {
    delete value.limits
    value.sources[0].keeper = 'library'
  })
  const { body } = await nth(gate, 'rulebook', 2)
  t.match(body, { weaker: true })
  t.match(body['summary'], ['source residents: its keeper was housing and is library'])
})

t.test('a folder that haven.yaml newly names is watched from then on, though it was refused', async t => {
  const records = await upstream(t, json([ROW]))
  const la = await city(t, records.url)
  const gate = await la.start(t)
  await cp(la.policies, join(la.dir, 'other'), { recursive: true })
  const law = ORDINANCE.replace('policies/', 'other/')
  await la.edit(law, value => value.rules.push(NEW_RULE))
  await la.text(law, text => text.replace('then: deny', 'then: denny'))
  await la.edit('haven.yaml', value => Object.assign(value.policies, { dir: 'other' }))
  t.match((await nth(gate, 'rulebook-refused', 1)).body, { code: 'does-not-load' })
  await la.text(law, text => text.replace('then: denny', 'then: deny'))
  await nth(gate, 'rulebook', 2)
  t.equal((await gate.get(ASK)).status, 451)
})

t.test('the journal says under which issuers a gate went on', async t => {
  const records = await upstream(t, json([ROW]))
  const la = await city(t, records.url)
  const gate = await la.start(t)
  const { body } = await nth(gate, 'config', 1)
  const written = loadHavenFile(gate.configFile).identity.issuers.map(({ issuer, audience, jwks }) => ({ issuer, audience, jwks }))
  t.ok(written.length > 0)
  t.match(body, { issuers: written, adminIssuers: [] })
})
