import { appendFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadAtRest } from '../../src/policy-thread.ts'
import { compileContent, type Prepared, prepare, prepareCanonical } from '../../src/prepare.ts'
import { keepReloading, proposalOf } from '../../src/reload.ts'
import { takeForce } from '../../src/rulebook/take-force.ts'
import { FilesRefused } from '../../src/terms/faults.ts'
import { journalIn } from '../audit/given.ts'
import { writeFolder } from '../support/haven.ts'
import { city, NEW_RULE, ORDINANCE } from './city.ts'

/** A rule that can never hold. */
const IDLE_RULE = {
  ...(NEW_RULE as object),
  when: { purpose: ['service-delivery'], not: { purpose: ['service-delivery'] } },
}

async function folder(t: Test, policies: object = {}) {
  const la = await city(t, 'http://127.0.0.1:1')
  const config = { policies: { dir: 'policies', laws: ['us-ca-los-angeles'], ...policies } }
  await writeFolder({ upstream: 'http://127.0.0.1:1', dir: la.dir, config })
  return { la, configFile: join(la.dir, 'haven.yaml') }
}

t.test('what changed while it was read is read again', async t => {
  const { la, configFile } = await folder(t)
  const job = { do: 'load', configFile, bundle: null } as const
  const restless = setInterval(() => appendFileSync(join(la.dir, ORDINANCE), '# one more line\n'), 20)
  t.teardown(() => clearInterval(restless))
  await t.rejects(
    loadAtRest(job, () => [la.policies]),
    { message: /change all the while/ },
  )
  clearInterval(restless)
  const done = await loadAtRest(job, () => [la.policies])
  t.equal('loaded' in done && done.loaded.canonical.digest, prepare(configFile).loaded.rulebookDigest, 'twin: at rest it is read')
})

t.test('what another thread linted is not linted again where callers wait', async t => {
  const { configFile } = await folder(t)
  const { loaded } = prepare(configFile)
  const content = structuredClone(loaded.canonical.content)
  Object.assign(content.laws[0]?.law ?? {}, { rules: [...(content.laws[0]?.law.rules ?? []), IDLE_RULE] })
  const canonical = { ...loaded.canonical, content }
  t.throws(() => compileContent(content), FilesRefused, 'twin')
  t.ok(prepareCanonical({ ...loaded, canonical, configFile, haven: loaded.haven.value }).rulebook)
})

t.test('a candidate that breaks under way is told of, once, and is not shadowed', async t => {
  const { la, configFile } = await folder(t, { shadow: 'candidate' })
  await cp(la.policies, join(la.dir, 'candidate'), { recursive: true })
  const journal = await journalIn(t, la.dir, { dir: join(la.dir, 'told') })
  let prepared: Prepared = prepare(configFile)
  const build = (next: Prepared) => () => {
    prepared = next
  }
  const force = { journal, journalDir: join(la.dir, 'told'), compare: async () => ({ weaker: false, summary: [] }) }
  await takeForce(force, proposalOf(prepared), build(prepared))
  const lines: string[] = []
  const log = { info: (line: string) => void lines.push(line), error: (line: string) => void lines.push(`error: ${line}`) }
  const reloading = keepReloading({
    ...{ ...force, configFile, readAt: Date.now(), inForce: () => prepared, now: () => Date.now(), build, log },
    ...{ configured: async () => undefined, failed: () => undefined },
  })
  t.teardown(() => reloading.close())
  t.ok(prepared.shadow)
  const candidate = ORDINANCE.replace('policies/', 'candidate/')
  await la.edit(candidate, law => law.rules.push(IDLE_RULE))
  await reloading.reload()
  await reloading.reload()
  const told = () => lines.filter(line => /policies\.shadow: the candidate does not load/.test(line)).length
  t.equal(told(), 1)
  t.equal(prepared.shadow, null)
  await la.edit(candidate, law => law.rules.splice(-1, 1, NEW_RULE))
  await reloading.reload()
  t.ok(prepared.shadow, 'twin: mended')
  await la.edit(candidate, law => law.rules.splice(-1, 1, IDLE_RULE))
  await reloading.reload()
  t.equal(told(), 2, 'and broken again it is told of again')
})
