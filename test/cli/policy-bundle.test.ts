import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { city } from '../rulebook/city.ts'
import { digestOf, sign, signers } from '../rulebook/signers.ts'
import { writeFolder } from '../support/haven.ts'

const ROOT = join(import.meta.dirname, '../..')
const run = (...args: string[]) =>
  spawnSync(process.execPath, ['src/main.ts', 'policy', 'bundle', ...args], { cwd: ROOT, encoding: 'utf8' })

t.test('a bundle holds the files in force, their digest and the signatures of this very change', async t => {
  const la = await city(t, 'http://127.0.0.1:1')
  const two = await signers(la, 'ana', 'ben')
  const policies = { dir: 'policies', laws: ['us-ca-los-angeles'], signers: two.map(({ vkey }) => vkey.text) }
  const { configFile } = await writeFolder({ upstream: 'http://127.0.0.1:1', dir: la.dir, config: { policies } })
  await sign(la, 'f'.repeat(64), ...two)
  const out = join(la.dir, 'bundle.json')
  const { status, stdout } = run('--config', configFile, '--serial', '3', '--out', out, '--json')
  t.equal(status, 0)
  t.match(JSON.parse(stdout), { digest: digestOf(la), previous: 'f'.repeat(64), serial: 3, signers: ['ana', 'ben'] })
  const { files, digest, serial } = JSON.parse(readFileSync(out, 'utf8'))
  t.match({ digest, serial }, { digest: digestOf(la), serial: 3 })
  t.ok('catalogues/residents.yaml' in files && 'policies/agencies.yaml' in files)
  t.notOk(
    Object.keys(files).some(path => path.includes('us-ca/') || path.includes('cases')),
    'only what is in force',
  )
  await la.text('policies/agencies.yaml', text => `${text}\n# a comment more\n`)
  t.equal(run('--config', configFile, '--serial', '4', '--out', out).status, 0)
})

t.test('a folder that does not load makes no bundle, and a serial is a number', async t => {
  const la = await city(t, 'http://127.0.0.1:1')
  const { configFile } = await writeFolder({
    upstream: 'http://127.0.0.1:1',
    dir: la.dir,
    config: { policies: { dir: 'policies', laws: ['us-ca-los-angeles'] } },
  })
  const out = join(la.dir, 'bundle.json')
  t.equal(run('--config', configFile, '--serial', '0', '--out', out).status, 2)
  await la.text('policies/agencies.yaml', text => text.replace('category: city', 'category: citty'))
  const { status, stderr } = run('--config', configFile, '--serial', '1', '--out', out)
  t.equal(status, 1)
  t.match(stderr, /agencies\.yaml:\d+:\d+: 'citty' cannot stand here/)
  t.notOk(existsSync(out))
})
