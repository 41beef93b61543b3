import { spawnSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { city, NEW_RULE } from '../rulebook/city.ts'
import { json, upstream } from '../support/upstream.ts'

const ROOT = join(import.meta.dirname, '../..')
const run = (...args: string[]) =>
  spawnSync(process.execPath, ['src/main.ts', 'policy', 'replay', ...args], { cwd: ROOT, encoding: 'utf8' })

t.test('what a candidate would have decided of everything that was asked', async t => {
  const records = await upstream(t, json([{ id: 'R-1', address: '1 Main St' }]))
  const la = await city(t, records.url)
  const gate = await la.start(t)
  for (const query of ['?select=address&id=eq.R-1', '?select=full_name&id=eq.R-1', '?nonsense=1'])
    await gate.get(`/residents/residents${query}`)
  await gate.get('/residents/residents?select=address&id=eq.R-1', { agency: 'us-dhs-ice-ero' })
  const stricter = join(la.dir, 'stricter')
  await cp(la.policies, stricter, { recursive: true })
  await la.edit('stricter/us-ca-los-angeles/ordinance-188441.yaml', law => law.rules.push(NEW_RULE))
  const replay = (...more: string[]) => run('--config', gate.configFile, '--laws', stricter, ...more)
  const { status, stdout } = replay('--json')
  t.equal(status, 0)
  const result = JSON.parse(stdout)
  t.match(result, {
    ...{ inquiries: 4, notAsked: 1, same: 2, different: 1 },
    changes: { newlyReleased: 0, newlyHeld: 0, newlyRefused: 1, otherwise: 0 },
    examples: [
      {
        agency: 'us-ca-los-angeles-housing',
        purpose: 'service-delivery',
        was: { kind: 'permit', released: ['locating'] },
        becomes: { kind: 'deny', withheld: ['locating'], rules: ['us-ca-los-angeles-ordinance-188441/nobody-reads-addresses'] },
      },
    ],
  })
  t.equal(replay('--json').stdout, stdout, 'always the same, also beside a running gate')
  t.match(replay().stdout, /4 inquiries: 2 the same, 1 different, 1 in which the law was not asked\n {2}1: something is newly refused/)
  t.match(JSON.parse(replay('--json', '--until', '2001-01-01').stdout), { inquiries: 0, same: 0 })
  t.equal(replay('--since', 'yesterday').status, 2)
  const unchanged = run('--config', gate.configFile, '--laws', la.policies, '--json')
  t.match(JSON.parse(unchanged.stdout), { same: 3, different: 0, notAsked: 1, examples: [] }, 'twin: the same laws')
  t.equal(JSON.parse(unchanged.stdout).candidate, JSON.parse(unchanged.stdout).rulebook)
})

t.test('a looser candidate: what it would newly release', async t => {
  const records = await upstream(t, json([]))
  const la = await city(t, records.url)
  await la.edit('policies/us-ca-los-angeles/ordinance-188441.yaml', law => law.rules.push(NEW_RULE))
  const gate = await la.start(t)
  await gate.get('/residents/residents?select=address&id=eq.R-1')
  const looser = join(ROOT, 'policies')
  t.match(JSON.parse(run('--config', gate.configFile, '--laws', looser, '--json').stdout), { different: 1, changes: { newlyReleased: 1 } })
})

t.test('a folder that does not load is said with its place', async t => {
  const la = await city(t, 'http://127.0.0.1:1')
  const gate = await la.start(t)
  await la.text('policies/us-ca/values-act.yaml', text => text)
  const { status, stderr } = run('--config', gate.configFile, '--laws', join(la.dir, 'nowhere'))
  t.equal(status, 1)
  t.match(stderr, /there is no folder 'us'/)
})

t.test('what is owed, and what a class is used for, tells two decisions apart', async t => {
  const records = await upstream(t, json([{ id: 'R-1', address: '1 Main St' }]))
  const la = await city(t, records.url)
  const gate = await la.start(t)
  await gate.get('/residents/residents?select=address&id=eq.R-1')
  const replay = async (name: string, rule: object) => {
    const laws = join(la.dir, name)
    await cp(la.policies, laws, { recursive: true })
    await la.edit(`${name}/us-ca-los-angeles/ordinance-188441.yaml`, law => law.rules.push(rule))
    return run('--config', gate.configFile, '--laws', laws, '--json').stdout
  }
  const NEVER: object = { ...Object(NEW_RULE), id: 'tried', when: { purpose: ['audit'] } }
  t.match(JSON.parse(await replay('the-same', NEVER)), { same: 1, different: 0, notReplayed: [] }, 'twin: it speaks of nobody who asked')
  const owed = { ...Object(NEW_RULE), obligations: [{ notify: 'the city clerk' }] }
  t.match(JSON.parse(await replay('owing', owed)), { examples: [{ becomes: { obligations: ['{"notify":"the city clerk"}'] } }] })
})

t.test('a part of the candidate that cannot be replayed is named', async t => {
  const la = await city(t, 'http://127.0.0.1:1')
  const gate = await la.start(t)
  const other = join(la.dir, 'other')
  await cp(la.policies, other, { recursive: true })
  await la.text('other/agencies.yaml', text => text.replace(/(id: us-dhs-ice-ero\b[\s\S]*?category: )[a-z-]+/, '$1city'))
  const { stdout } = run('--config', gate.configFile, '--laws', other, '--json')
  t.same(JSON.parse(stdout).notReplayed, ['directory'])
  t.match(run('--config', gate.configFile, '--laws', other).stdout, /differs here too, and this is not replayed: directory/)
})
