import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '../..')
const CONFIG = 'demo/haven.yaml'

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/main.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  })
  return { status, stdout, stderr }
}

function file(t: { teardown: (fn: () => void) => void }, text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'haven-cli-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  writeFileSync(join(dir, 'x.cases.yaml'), text)
  return join(dir, 'x.cases.yaml')
}

t.test('explain answers in the words of the contract', async t => {
  const { status, stdout } = run('policy', 'explain', '--config', CONFIG, '--inquiry', 'docs/examples/inquiry.yaml', '--json')
  t.equal(status, 0)
  const answer = JSON.parse(stdout)
  t.match(answer, {
    decision: 'hold',
    released: [],
    withheld: ['locating'],
    held: ['status'],
    obligations: [{ notify: 'department Immigrant Affairs Liaison' }],
    for: 'counsel',
    deadline: '72h',
  })
  t.match(answer.reasons[0], { code: 'law.holds', rule: 'us-8usc1373/status-is-for-counsel' }, 'what is held comes first')
  t.ok(answer.rules.some((rule: { rule: string }) => rule.rule === 'us-ca-values-act/personal-information'))
})

t.test('explain names the mistake in an inquiry, with its line, and no stack', async t => {
  const inquiry = file(t, 'requester: us-dhs-ice-ero\npurpos: audit\nuses: { select: [status] }\n')
  const { status, stderr } = run('policy', 'explain', '--config', CONFIG, '--inquiry', inquiry)
  t.equal(status, 1)
  t.match(stderr, /x\.cases\.yaml:2:1: unknown key 'purpos'; did you mean 'purpose'\?/)
  t.notMatch(stderr, /\n\s+at /)
})

t.test('explain refuses an agency nobody knows instead of judging a stranger', async t => {
  const { status, stderr } = run(
    'policy',
    'explain',
    '--config',
    CONFIG,
    '--inquiry',
    file(t, 'requester: nobody\nuses: { select: [open] }\n'),
  )
  t.equal(status, 1)
  t.match(stderr, /there is no agency 'nobody' in the directory/)
})

t.test('policy test runs the cases beside the laws and says what it covered', async t => {
  const { status, stdout } = run('policy', 'test', '--json')
  t.equal(status, 0)
  const { passed, failed, cases, coverage } = JSON.parse(stdout)
  t.ok(passed > 60)
  t.equal(failed, 0)
  t.equal(cases.length, passed)
  t.match(cases[0], { name: String, file: String, ok: true, got: { decision: String }, want: Object })
  t.ok(coverage.rules['us-ca-values-act/personal-information'] > 0)
  t.ok(coverage.citations['Los Angeles Ordinance 188441'] > 0)
})

const CASE = (decision: string) => `
cases:
  - name: black ice is weather
    laws: [us-ca-los-angeles]
    grants: us-ca-los-angeles
    given:
      requester: { category: local-police, jurisdiction: us-ca }
      purpose: public-safety
      reason: black ice collision
      source: { keeper: police, records: police }
      uses: { select: [personal] }
    expect: { decision: ${decision} }
`

t.test('further cases count, and one that fails fails the command', async t => {
  const good = run('policy', 'test', '--cases', file(t, CASE('permit')))
  t.equal(good.status, 0)
  const bad = run('policy', 'test', '--cases', file(t, CASE('deny')))
  t.equal(bad.status, 1)
  t.match(bad.stdout, /FAILED .*black ice is weather\n +decision: expected deny, got permit/)
})

t.test('check says what it found', async t => {
  const { status, stdout } = run('check', '--config', CONFIG)
  t.equal(status, 0)
  t.match(stdout, /^ok: \d+ rules, \d+ grants, 5 sources$/m)
  const missing = run('check', '--config', 'nowhere.yaml')
  t.equal(missing.status, 1)
  t.match(missing.stderr, /nowhere\.yaml:1:1: there is no such file/)
})

t.test('with --json a failure is one document too', async t => {
  const inquiry = file(t, 'requester: us-dhs-ice-ero\npurpos: audit\nuses: { select: [status] }\n')
  for (const args of [
    ['check', '--config', 'nowhere.yaml'],
    ['policy', 'explain', '--config', CONFIG, '--inquiry', inquiry],
    ['policy', 'test', 'nowhere'],
    ['policy', 'replay', '--config', 'nowhere.yaml', '--laws', 'policies'],
    ['policy', 'bundle', '--config', 'nowhere.yaml', '--serial', '1', '--out', 'nowhere/bundle.json'],
  ]) {
    const { status, stdout } = run(...args, '--json')
    t.equal(status, 1, args.join(' '))
    t.match(JSON.parse(stdout), { ok: false, problems: [{ file: String, line: Number, column: Number, message: String }] }, args.join(' '))
  }
  const { status, stdout } = run('journal', 'verify', 'nowhere', '--key', 'nothing', '--json')
  t.equal(status, 2)
  t.match(JSON.parse(stdout), { ok: false, problems: [{ message: /--key nothing/ }] })
})

t.test('usage is told apart from failure', async t => {
  t.equal(run('--help').status, 0)
  t.equal(run('policy', 'explain').status, 2)
  t.equal(run('bogus').status, 2)
})
