import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import t from 'tap'
import { addPolicyTest } from '../../src/cli/policy-test.ts'
import { loadTestablePolicies } from '../../src/prepare-cases.ts'
import { DataClass, UseKind } from '../../src/terms/data-class.ts'

const POLICIES = join(import.meta.dirname, '../../policies')
const LAW = `
law: us-ca-test
title: Test Act
jurisdiction: us-ca
source: Test Code
effective: { from: 2020-01-01 }
rules:
  - id: bites
    text: A rule that bites, and that spares somebody.
    cite: [{ ref: Test Code § 1, certainty: primary }]
    when: { purpose: [immigration-enforcement] }
    then: deny
    unless:
      - when: { process: { state: [active] } }
        cite: [{ ref: Test Code § 2, certainty: primary }]
        then: hold
      - when: { bulk: true }
        then: withhold
  - id: everywhere
    text: A rule that always matches in the cases there are.
    cite: [{ ref: Test Code § 3, certainty: primary }]
    when: { retry: false }
    then: withhold
  - id: nowhere
    text: A rule that matches in no case that there is.
    cite: [{ ref: Test Code § 4, certainty: primary }]
    when: { retry: true }
    then: withhold
  - id: excepted
    text: A rule that never speaks for itself, as an exception is taken.
    cite: [{ ref: Test Code § 1, certainty: primary }]
    when: { purpose: [audit] }
    then: deny
    unless:
      - when: { routed: false }
        then: withhold
`
const STUB = `
law: us-ca-unread
title: Unread Act
jurisdiction: us-ca-unread
source: Unread Code
effective: { from: 2020-01-01 }
missing: [The text was not found.]
rules: []
`
const CASES = `
cases:
  - name: the police enforce <immigration> & "more"
    given: { requester: { category: local-police }, purpose: immigration-enforcement, uses: { select: [locating] } }
    expect: { decision: deny }
  - name: active process goes to counsel
    given:
      requester: { category: local-police }
      purpose: immigration-enforcement
      process: { kind: court-order, state: active }
      uses: { select: [locating], filter: [open] }
    expect: { decision: hold }
  - name: an audit
    given: { requester: { category: city }, purpose: audit, uses: { select: [locating] } }
    expect: { decision: deny }
`

type Test = { testdir: (files: Record<string, string>) => string }

/** A folder of policies with one law, one stub and its cases. */
function folder(t: Test, cases: string): string {
  const dir = t.testdir({})
  for (const name of ['us', 'us-ca', 'us-ca-unread']) mkdirSync(join(dir, name))
  for (const name of ['agencies.yaml', 'purposes.yaml', 'us/court-process.yaml']) cpSync(join(POLICIES, name), join(dir, name))
  writeFileSync(join(dir, 'us-ca/test.yaml'), LAW)
  writeFileSync(join(dir, 'us-ca/test.cases.yaml'), cases)
  writeFileSync(join(dir, 'us-ca-unread/unread.yaml'), STUB)
  return dir
}

function run(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  let status = -1
  const io = {
    print: (line: string) => void out.push(line),
    warn: (line: string) => void err.push(line),
    exit: (code: number) => {
      status = code
    },
  }
  const program = new Command('policy').exitOverride()
  addPolicyTest(program, io, loadTestablePolicies)
  program.parse(['test', ...args], { from: 'user' })
  return { status, out, text: out.join('\n'), err: err.join('\n') }
}

t.test('coverage counts rules, exceptions, citations and uses, and which rules are not seen both ways', async t => {
  const { status, out } = run(folder(t, CASES), '--json')
  t.equal(status, 0)
  const { passed, failed, cases, coverage } = JSON.parse(out.join(''))
  t.same([passed, failed, cases.length], [3, 0, 3])
  t.same(Object.keys(cases[0]), ['name', 'file', 'ok', 'got', 'want'])
  t.match(coverage.rules, { 'us-ca-test/bites': 2, 'us-ca-test/everywhere': 3, 'us-ca-test/nowhere': 0, 'us-ca-test/excepted': 1 })
  t.match(coverage.exceptions, {
    'us-ca-test/bites exception 1': 1,
    'us-ca-test/bites exception 2': 0,
    'us-ca-test/excepted exception 1': 1,
  })
  t.match(coverage.citations, { 'Test Code § 1': 3, 'Test Code § 2': 1, 'Test Code § 3': 3, 'Test Code § 4': 0 })
  t.same(Object.keys(coverage.uses), DataClass.options)
  t.same(Object.keys(coverage.uses.open), UseKind.options)
  t.same([coverage.uses.locating.select, coverage.uses.open.filter, coverage.uses.health.select], [3, 1, 0])
  t.match(new Set(coverage.neverBite), new Set(['us-ca-test/nowhere', 'us-ca-test/excepted']))
  t.notOk(coverage.neverBite.includes('us-ca-test/bites'))
  t.same(coverage.neverSpare, ['us-ca-test/everywhere'])
  t.same(coverage.stubs, [{ law: 'us-ca-unread', missing: ['The text was not found.'] }])
})

t.test('the text counts first and names only what no case touches; --verbose names all', async t => {
  const dir = folder(t, CASES)
  const { out, text } = run(dir)
  t.equal(out[0], 'coverage:')
  t.match(text, /no case touches these rules:\n(?: .*\n)*? {2}us-ca-test\/nowhere\n/)
  t.match(text, /no case takes these exceptions:\n {2}us-ca-test\/bites: exception 2\n/)
  t.match(text, /bite in no case[^\n]*\n {2}us-ca-test\/excepted\n/)
  t.match(text, /match in every case[^\n]*\n {2}us-ca-test\/everywhere\n/)
  t.match(text, /stubs:\n {2}us-ca-unread: The text was not found\.\n/)
  t.notMatch(text, /cases by rule/)
  t.equal(out.at(-1), '3 passed, 0 failed')
  t.match(run(dir, '--verbose').text, /cases by rule:\n(.*\n)* +2 {2}us-ca-test\/bites\n/)
})

t.test('a JUnit report has a suite for each file, what failed, and the stubs as skipped', async t => {
  const bad = `${CASES}  - name: a case that is wrong
    given: { requester: { category: city }, purpose: audit, uses: { select: [locating] } }
    expect: { decision: permit }
  - name: a case of a stub
    laws: [us-ca-unread]
    given: { requester: { category: city }, purpose: audit, uses: { select: [locating] } }
    expect: { decision: permit }
`
  const dir = folder(t, bad)
  const report = join(dir, 'report.xml')
  const { status, text } = run(dir, '--junit', report)
  t.equal(status, 1)
  t.match(text, /a case of a stub\n.*'us-ca-unread' is a stub and cannot be put in force/, 'the case is told why it cannot run')
  const xml = readFileSync(report, 'utf8')
  t.match(xml, /<testsuites name="haven policy test" tests="6" failures="1" errors="1" skipped="1">/)
  t.match(xml, /<testsuite name="[^"]*test\.cases\.yaml" tests="5" failures="1" errors="1" skipped="0">/)
  t.match(xml, /name="the police enforce &lt;immigration&gt; &amp; &quot;more&quot;"\/>/)
  t.match(xml, /name="a case that is wrong"><failure message="decision: expected permit, got deny">/)
  t.match(xml, /name="a case of a stub"><error message="[^"]*is a stub/)
  t.match(xml, /name="us-ca-unread"><skipped message="The text was not found\."\/>/)
  t.equal(run(dir, '--junit', join(dir, 'nowhere/report.xml')).status, 1, 'a report that cannot be written is a failure')
})

t.test('no text of a case can spoil the report', async t => {
  const dir = folder(t, CASES.replace('an audit', '"an \\u0007 audit \\uFFFE ]]>"'))
  const report = join(dir, 'report.xml')
  run(dir, '--junit', report)
  t.match(readFileSync(report, 'utf8'), /name="an \uFFFD audit \uFFFD ]]&gt;"/)
})

const ABSENT = `  - name: a case of another state
    laws: [us-zz]
    given: { requester: { category: city }, purpose: audit, uses: { select: [locating] } }
    expect: { decision: permit }
`

t.test('a case about laws that are not here is skipped, with the reason, and fails nothing', async t => {
  const dir = folder(t, `${CASES}${ABSENT}`)
  const report = join(dir, 'report.xml')
  const { status, out, text } = run(dir, '--junit', report)
  t.equal(status, 0)
  t.equal(out.at(-1), '3 passed, 0 failed, 1 skipped')
  t.match(text, /SKIPPED .*a case of another state\n {2}there is no folder 'us-zz' of laws or grants/)
  t.match(
    readFileSync(report, 'utf8'),
    /tests="5" failures="0" errors="0" skipped="2"[\s\S]*another state"><skipped message="there is no folder/,
  )
  t.match(JSON.parse(run(dir, '--json').text), { passed: 3, failed: 0, skipped: [{ name: 'a case of another state', reason: /us-zz/ }] })
})

t.test('where no case ran, that is said, and it is a failure', async t => {
  t.match(run(folder(t, `cases:\n${ABSENT}`)), { status: 1, text: /no case was run; write cases[^\n]*\n0 passed, 0 failed, 1 skipped$/ })
  const dir = folder(t, CASES)
  rmSync(join(dir, 'us-ca/test.cases.yaml'))
  t.match(run(dir), { status: 1, text: /no case was run; write cases[^\n]*\n0 passed, 0 failed$/ })
})

t.test('a folder that no gate would take is not tested', async t => {
  const dir = folder(t, CASES)
  rmSync(join(dir, 'us'), { recursive: true })
  rmSync(join(dir, 'purposes.yaml'))
  const { status, err } = run(dir)
  t.equal(status, 1)
  t.match(err, /purposes\.yaml:1:1: there is no such file; copy policies\/agencies\.yaml and policies\/purposes\.yaml from Haven/)
  t.match(err, /there is no folder 'us' in .*; federal law is always in force/)
  t.match(JSON.parse(run(dir, '--json').text), { ok: false, problems: [{ message: /us/ }, { message: /copy/ }] })
})

t.test('all shipped policies are tested in little time', async t => {
  // Time that processes share says little: what the command itself burns is held against the promise of three seconds.
  const before = process.cpuUsage()
  const { status } = run(POLICIES)
  const { user, system } = process.cpuUsage(before)
  t.equal(status, 0)
  t.ok((user + system) / 1e6 < 3, `${(user + system) / 1e6} s of processor time`)
})
