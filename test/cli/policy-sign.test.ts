import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { city, NEW_RULE, nth, ORDINANCE } from '../rulebook/city.ts'
import { digestOf } from '../rulebook/signers.ts'
import { writeFolder } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const ROOT = join(import.meta.dirname, '../..')

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/main.ts', 'policy', 'sign', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return { status, stdout: stdout.trim(), stderr }
}

t.test('keys, a first rulebook, a change: signed on the command line and taken by a gate', async t => {
  const records = await upstream(t, json([]))
  const la = await city(t, records.url)
  const key = (name: string) => join(la.dir, `${name}.key`)
  const vkeys = ['ana', 'ben', 'eve'].map(name => {
    const { status, stdout } = run('--new-key', key(name), '--name', name)
    t.equal(status, 0)
    t.match(stdout, new RegExp(`^${name}\\+[0-9a-f]{8}\\+`))
    t.equal(statSync(key(name)).mode & 0o777, 0o600)
    return stdout
  })
  t.equal(run('--new-key', key('ana'), '--name', 'ana').status, 1, 'a key is not overwritten')
  t.equal(run('--new-key', key('x'), '--name', 'a b').status, 1)
  const listed = { dir: 'policies', laws: ['us-ca-los-angeles'], signers: vkeys.slice(0, 2) }
  const { configFile } = await writeFolder({ upstream: records.url, dir: la.dir, config: { policies: listed } })
  const sign = (name: string, ...more: string[]) => run('--config', configFile, '--key', key(name), '--json', ...more)
  t.match(JSON.parse(sign('ana').stdout), { previous: null, digest: digestOf(la), signer: 'ana', weaker: null })
  t.match(sign('eve'), { status: 1, stderr: /none of policies\.signers/ })
  chmodSync(key('ben'), 0o644)
  t.match(sign('ben'), { status: 1, stderr: /open to others/ })
  chmodSync(key('ben'), 0o600)
  t.equal(sign('ben').status, 0)
  const gate = await la.start(t, {}, listed)
  const first = (await nth(gate, 'rulebook', 1)).body['digest']
  t.match(sign('ana'), { status: 1, stderr: /in force already/ })

  await la.edit(ORDINANCE, law => law.rules.push(NEW_RULE))
  const change = sign('ana')
  t.match(
    JSON.parse(change.stdout),
    { previous: first, digest: digestOf(la), weaker: false, summary: /./ },
    'the newest in the journal comes before',
  )
  t.match((await nth(gate, 'rulebook', 2)).body, { previous: first, signers: ['ana'] })
  t.match(readFileSync(join(la.policies, 'rulebook.signatures'), 'utf8'), /^haven rulebook\nnone\n/)
})

t.test('a command that is not understood is usage', async t => {
  for (const args of [[], ['--config', 'x'], ['--new-key', 'x'], ['--config', 'x', '--key', 'y', '--previous', 'abc']])
    t.equal(run(...args).status, 2, args.join(' '))
})
