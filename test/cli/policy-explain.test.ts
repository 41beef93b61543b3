import { join, resolve } from 'node:path'
import { Command } from 'commander'
import t from 'tap'
import { addPolicyExplain, type ExplainParts } from '../../src/cli/policy-explain.ts'
import { readYaml } from '../../src/config/read-yaml.ts'
import { prepare } from '../../src/prepare.ts'
import { prepareFolder } from '../../src/prepare-cases.ts'
import { FilesRefused } from '../../src/terms/faults.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'

const ROOT = join(import.meta.dirname, '../..')
const CONFIG = join(ROOT, 'demo/haven.yaml')
const POLICIES = join(ROOT, 'policies')
const IN_DIR = ['--dir', POLICIES, '--grants', 'us-ca-los-angeles', '--laws', 'us-ca-los-angeles,us-ca']
const LAPD = {
  id: 'us-ca-los-angeles-lapd',
  name: 'LAPD',
  category: 'local-police',
  jurisdiction: 'us-ca-los-angeles',
  flags: [],
  via: 'requester',
} as const
/** What a journal would say was asked: the police want an address, for an immigration authority. */
const PAST: Inquiry = {
  requester: LAPD,
  recipients: [LAPD],
  purpose: 'immigration-enforcement',
  process: null,
  source: { keeper: 'police', records: 'police' },
  uses: [{ class: 'locating', kind: 'select' }],
  bulk: false,
  routed: false,
  retry: false,
  attested: false,
  self: false,
  at: Date.parse('2026-12-01T12:00:00Z'),
}

const parts: ExplainParts = {
  prepare: config => {
    const prepared = prepare(config)
    return { ...prepared, home: prepared.loaded.haven.value.owner.jurisdiction }
  },
  prepareFolder,
  readGiven: (file, schema) => {
    const reading = readYaml(resolve(file), schema)
    if ('problems' in reading) throw new FilesRefused(reading.problems)
    return reading.read.value
  },
  readInquiry: async (id, config) => {
    if (id !== 'd-1' || config !== CONFIG) throw new Error(`the journal has no decision '${id}'`)
    return PAST
  },
}

async function run(args: readonly string[], given: ExplainParts = parts) {
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
  const program = new Command('policy').exitOverride().configureOutput({ writeErr: () => {} })
  addPolicyExplain(program, io, given)
  await program.parseAsync(['explain', ...args], { from: 'user' })
  return { status, text: out.join('\n'), err: err.join('\n') }
}
const json = async (args: readonly string[]) => JSON.parse((await run([...args, '--json'])).text)

t.test('an inquiry from a file: what matched, what did not and why, and what settled each use', async t => {
  const answer = await json(['--config', CONFIG, '--inquiry', join(ROOT, 'docs/examples/inquiry.yaml')])
  t.match(answer, { decision: 'hold', released: [], withheld: ['locating'], held: ['status'], for: 'counsel', reasons: Array })
  t.same(Object.keys(answer.rules[0]), ['rule', 'recipient', 'class', 'kind', 'effect', 'exception', 'cite', 'text'])
  const silent = (rule: string) => answer.notMatched.filter((one: { rule: string }) => one.rule === rule)
  t.match(silent('us-ca-los-angeles-ordinance-188441/words-point-at-enforcement'), [
    { why: [{ key: 'purpose', text: 'purpose is immigration-enforcement, not suspected' }] },
  ])
  t.match(silent('us-ca-values-act/personal-information'), [
    { why: [{ key: 'of', text: 'class status is not in `of`' }], at: [{ class: 'status', kind: 'select' }] },
  ])
  const won = (name: string) => answer.winners.find((one: { class: string }) => one.class === name)
  t.match(won('status'), { kind: 'select', effect: 'hold', follows: false })
  t.ok(won('status').rules.includes('us-8usc1373/status-is-for-counsel'))
  t.match(won('locating'), { effect: 'deny' })
  t.ok(won('locating').rules.includes('us-ca-values-act/personal-information'))
  t.match(won('personal'), { kind: 'identify', follows: true })
  t.ok(
    answer.exceptions.some(
      (one: { rule: string; taken: boolean; why: { text: string }[] }) =>
        one.rule === 'us-ca-values-act/personal-information' &&
        !one.taken &&
        one.why.some(({ text }) => /^process is 1373-letter/.test(text)),
    ),
  )
})

const FLAGS = ['--requester', 'us-ca-los-angeles-lapd', '--keeper', 'police', '--records', 'police', '--use', 'select=locating,personal']

t.test('an inquiry from flags is the inquiry of a file that says the same', async t => {
  const args = [
    ...IN_DIR,
    ...FLAGS,
    '--purpose',
    'immigration-enforcement',
    '--process',
    'judicial-warrant:active:query',
    '--use',
    'identify=open',
    '--at',
    '2026-12-01',
  ]
  const file = join(
    t.testdir({
      'i.yaml': `
requester: us-ca-los-angeles-lapd
purpose: immigration-enforcement
process: { kind: judicial-warrant, state: active, covers: query }
source: { keeper: police, records: police }
uses: { select: [locating, personal], identify: [open] }
`,
    }),
    'i.yaml',
  )
  const answer = await json(args)
  t.same(answer, await json([...IN_DIR, '--inquiry', file]))
  t.equal(answer.decision, 'permit')
  t.ok(answer.exceptions.some((one: { taken: boolean; rule: string }) => one.taken && one.rule === 'us-ca-values-act/personal-information'))
  const other = await json([...IN_DIR, ...FLAGS, '--purpose', 'immigration-enforcement', '--process', 'judicial-warrant:active'])
  t.equal(other.decision, 'deny', 'the twin: process that does not cover the query')
})

t.test('every flag counts', async t => {
  const said = async (...flags: string[]) => (await run([...IN_DIR, ...FLAGS, '--purpose', 'public-safety', ...flags])).text
  t.match(await said(), /^decision: permit/)
  t.match(await said('--reason', 'for ICE'), /us-dhs-ice/, 'free text adds a recipient')
  t.match(await said('--recipient', 'us-dhs-ice-ero'), /^decision: (hold|deny)/)
  t.match(await said('--at', '2010-01-01'), /not in force until 2018-01-01/)
  const changed = await Promise.all(
    ['--bulk', '--routed', '--retry', '--attested', '--self'].map(flag => json([...IN_DIR, ...FLAGS, '--purpose', 'public-safety', flag])),
  )
  for (const answer of changed) t.ok(answer.decision)
})

t.test('the text says the decision, then what matched, then what did not, by reason', async t => {
  const { text, status } = await run([...IN_DIR, ...FLAGS, '--purpose', 'immigration-enforcement'])
  t.equal(status, 0)
  const heads = ['decision: deny', 'because:', 'use by use:', 'rules that matched:', 'rules and grants that did not match:']
  const places = heads.map(head => text.split('\n').indexOf(head))
  t.same(
    places,
    places.toSorted((a, b) => a - b),
  )
  t.notOk(places.includes(-1))
  t.match(
    text,
    /us-ca-los-angeles-lapd: locating\/select, personal\/select: deny, us-ca-values-act\/personal-information \[/,
    'equal uses stand together',
  )
  t.match(text, / {4}exception 1 does not apply: there is no process\n/)
  t.match(text, / {2}purpose is immigration-enforcement, not suspected\n {4}[^\n]*us-ca-values-act\/words-point-at-enforcement/)
})

t.test('a past decision is read from the journal', async t => {
  const { text } = await run(['--config', CONFIG, '--entry', 'd-1'])
  t.match(text, /^decision: deny/)
  t.match(text, /us-ca-values-act\/personal-information/)
  const none = await run(['--config', CONFIG, '--entry', 'd-2'])
  t.equal(none.status, 1)
  t.equal(none.err, "the journal has no decision 'd-2'")
  const { readInquiry: _, ...without } = parts
  await t.rejects(
    run(['--config', CONFIG, '--entry', 'd-1'], without),
    { code: 'commander.unknownOption' },
    'not offered where nobody can read it',
  )
})

t.test('what was meant is asked for: usage', async t => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /either --config FILE or --dir DIR/],
    [['--config', CONFIG, '--dir', POLICIES], /either --config FILE or --dir DIR/],
    [['--config', CONFIG, '--laws', 'us-ca', '--entry', 'd-1'], /--laws and --grants go with --dir/],
    [['--config', CONFIG], /say what to decide/],
    [['--config', CONFIG, '--entry', 'd-1', '--purpose', 'audit'], /cannot be mixed/],
    [['--config', CONFIG, '--requester', 'us-dhs-ice-ero'], /at least --requester ID and --use/],
    [['--config', CONFIG, ...FLAGS, '--purpose', 'audits'], /^--purpose: 'audits' cannot stand here; did you mean 'audit'\?/],
    [['--config', CONFIG, ...FLAGS, '--keeper', 'polic'], /^--keeper: .*did you mean 'police'\?/],
    [['--config', CONFIG, ...FLAGS, '--process', 'i-205'], /^--process i-205: write KIND:STATE/],
    [['--config', CONFIG, ...FLAGS, '--process', 'i-205:entered:all'], /write KIND:STATE or KIND:STATE:query/],
    [['--config', CONFIG, ...FLAGS, '--use', 'select'], /^--use select: write KIND=CLASS/],
    [['--config', CONFIG, ...FLAGS, '--use', 'sort=locatin'], /^--use: .*did you mean 'locating'\?/],
  ]
  for (const [args, message] of wrong) {
    const { status, err, text } = await run(args)
    t.equal(status, 2, message.source)
    t.match(err, message)
    t.equal(text, '')
  }
})

t.test('a folder of policies says which laws it means', async t => {
  const alone = t.testdir({})
  const { status, err } = await run(['--dir', alone, ...FLAGS])
  t.equal(status, 1)
  t.match(err, /there is no folder 'us' in .*; federal law is always in force/)
  t.match((await run(['--dir', POLICIES, '--laws', 'us-zz', ...FLAGS])).err, /there is no folder 'us-zz'/)
  const own = await json(['--dir', POLICIES, '--grants', 'us-ca-los-angeles', ...FLAGS, '--purpose', 'audit'])
  const named = await json([...IN_DIR, ...FLAGS, '--purpose', 'audit'])
  const rulesOf = (answer: typeof own) => new Set(answer.notMatched.map(({ rule }: { rule: string }) => rule))
  t.same(rulesOf(own), rulesOf(named), 'unsaid, the laws are those that bind whose grants they are')
  const fewer = await json(['--dir', POLICIES, '--grants', 'us-ca-los-angeles', '--laws', 'us', ...FLAGS, '--purpose', 'audit'])
  t.ok(rulesOf(fewer).size < rulesOf(own).size)
})
