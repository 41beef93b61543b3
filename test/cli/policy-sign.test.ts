import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
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
  t.equal(run('--new-key', key('x'), '--name', 'a b').status, 2, 'usage')
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
  const signatures = join(la.policies, 'rulebook.signatures')
  t.match(readFileSync(signatures, 'utf8'), /^haven rulebook\nnone\n/)

  await la.edit(ORDINANCE, law => law.rules.pop())
  const before = readFileSync(signatures, 'utf8')
  const shown = run('--config', configFile, '--dry-run')
  t.match(shown, { status: 0, stdout: /it is WEAKER:\n.*nobody-reads-addresses[\s\S]*nothing was signed$/ }, 'no key is needed to look')
  t.notMatch(shown.stdout, /signed the change/)
  const refused = run('--config', configFile, '--key', key('ana'))
  t.match(refused, { status: 1, stdout: /it is WEAKER/, stderr: /nothing was signed; if that is meant, add --weaker/ })
  t.match(JSON.parse(sign('ana').stdout), { ok: false, problems: [{ message: /add --weaker/ }], weaker: true, summary: [/./] })
  t.equal(readFileSync(signatures, 'utf8'), before, 'neither added anything')
  const meant = run('--config', configFile, '--key', key('ana'), '--weaker')
  t.match(meant, { status: 0, stdout: /it is WEAKER[\s\S]*ana signed the change/ }, 'twin; what changes is said before')
  t.ok(readFileSync(signatures, 'utf8').startsWith(before) && readFileSync(signatures, 'utf8').length > before.length)
})

t.test('nothing is added to signatures that no gate could read, and the cause is named', async t => {
  const la = await city(t, 'http://127.0.0.1:1')
  const vkeys = ['ana', 'ben'].map(name => run('--new-key', join(la.dir, `${name}.key`), '--name', name).stdout)
  const policies = { dir: 'policies', laws: ['us-ca-los-angeles'], signers: vkeys }
  const { configFile } = await writeFolder({ upstream: 'http://127.0.0.1:1', dir: la.dir, config: { policies } })
  const file = join(la.policies, 'rulebook.signatures')
  const sign = () => run('--config', configFile, '--key', join(la.dir, 'ana.key'))
  t.equal(sign().status, 0)
  const sound = readFileSync(file, 'utf8')
  const bundle = () =>
    spawnSync(
      process.execPath,
      ['src/main.ts', 'policy', 'bundle', '--config', configFile, '--serial', '1', '--out', join(la.dir, 'bundle.json')],
      { cwd: ROOT, encoding: 'utf8' },
    )
  for (const [text, cause] of [
    [sound.replaceAll('\n', '\r\n'), /CR LF/],
    [`${sound}${'\n'.repeat(1024 * 1024)}`, /larger than 1 MiB/],
    [`${sound}a word\n`, /not all of it is signed notes/],
  ] as const) {
    writeFileSync(file, text)
    t.match(sign(), { status: 1, stderr: cause })
    t.equal(readFileSync(file, 'utf8'), text, 'it is left as it is')
    t.match(bundle(), { status: 1, stderr: cause })
    t.notOk(existsSync(join(la.dir, 'bundle.json')))
  }
  writeFileSync(file, sound.trimEnd())
  t.equal(sign().status, 0, 'twin, also without the last end of line')
  t.equal(readFileSync(file, 'utf8').match(/^haven rulebook$/gm)?.length, 2)
  t.equal(bundle().status, 0)
})

t.test('a command that is not understood is usage', async t => {
  for (const args of [[], ['--config', 'x'], ['--new-key', 'x'], ['--config', 'x', '--key', 'y', '--previous', 'abc']])
    t.equal(run(...args).status, 2, args.join(' '))
})
