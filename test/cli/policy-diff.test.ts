import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import t from 'tap'
import { addPolicyDiff } from '../../src/cli/policy-diff.ts'
import { addPolicyProve } from '../../src/cli/policy-prove.ts'
import { loadProvablePolicies } from '../../src/prepare-proof.ts'

const POLICIES = join(import.meta.dirname, '../../policies')
const FILES = ['agencies.yaml', 'purposes.yaml', 'vocabulary.yaml', 'invariants.yaml', 'us/court-process.yaml']

/** A small folder: federal court process, and all that stands beside the laws. */
function folder(t: { testdir: (files: Record<string, string>) => string }, name: string): string {
  const dir = join(t.testdir({}), name)
  for (const file of FILES) cpSync(join(POLICIES, file), join(dir, file))
  return dir
}

function run(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  let status = -1
  const io = {
    print: (line: string) => void out.push(line),
    warn: (line: string) => void err.push(line),
    exit: (code: number) => {
      status = code
    },
  }
  const program = new Command('policy').exitOverride()
  addPolicyDiff(program, io, loadProvablePolicies, () => Date.parse('2026-12-01'))
  addPolicyProve(program, io, loadProvablePolicies, () => Date.parse('2026-12-01'))
  program.parse(args, { from: 'user' })
  return { status, text: out.join('\n'), err: err.join('\n') }
}

t.test('a folder that is loosened beside its laws became weaker', async t => {
  const before = folder(t, 'before')
  const changes: Record<string, [file: string, change: (text: string) => string, said: RegExp]> = {
    directory: [
      'agencies.yaml',
      text => text.replace(/(id: us-dhs-ice-ero\b[\s\S]*?category: )[a-z-]+/, '$1city'),
      /directory: us-dhs-ice-ero changed/,
    ],
    vocabulary: [
      'vocabulary.yaml',
      text => text.replace(/immigration_status/g, 'something_else'),
      /no longer knows the name immigration_status/,
    ],
    lexicon: ['purposes.yaml', text => text.replace(/fraud/, 'fraudd'), /the lexicon of purposes changed/],
    invariants: ['invariants.yaml', text => text.replace(/text: /, 'text: Not '), /an invariant was removed or changed/],
  }
  for (const [name, [file, change, said]] of Object.entries(changes)) {
    const after = join(before, '..', name)
    cpSync(before, after, { recursive: true })
    const text = readFileSync(join(before, file), 'utf8')
    writeFileSync(join(after, file), change(text))
    t.not(change(text), text, `the test changes the ${name}`)
    const { status, text: lines } = run('diff', before, after)
    t.equal(status, 1, name)
    t.match(lines, new RegExp(`weaker:\\n.*${said.source}[\\s\\S]*something became weaker$`), name)
    const json = JSON.parse(run('diff', before, after, '--json').text)
    t.match(json, { weaker: true, changed: '0', parts: [said] }, name)
  }
})

t.test('twin: the same beside the laws, in other words', async t => {
  const before = folder(t, 'before')
  const after = join(before, '..', 'after')
  cpSync(before, after, { recursive: true })
  for (const name of ['agencies.yaml', 'vocabulary.yaml'])
    writeFileSync(join(after, name), `# a comment\n${readFileSync(join(after, name), 'utf8')}`)
  const { status, text } = run('diff', before, after)
  t.equal(status, 0)
  t.match(text, /nothing became weaker$/)
  t.match(JSON.parse(run('diff', before, after, '--json').text), { weaker: false, parts: [] })
})

t.test('a vocabulary that is gone is weaker, and not a crash', async t => {
  const before = folder(t, 'before')
  const after = join(before, '..', 'after')
  cpSync(before, after, { recursive: true })
  rmSync(join(after, 'vocabulary.yaml'))
  t.match(run('diff', before, after), { status: 1, text: /no longer knows the name/ })
})

t.test('what a gate refuses is refused here: no federal law, no directory', async t => {
  const dir = folder(t, 'city')
  t.match(run('prove', dir).text, /\d invariants hold$/, 'twin')
  rmSync(join(dir, 'agencies.yaml'))
  t.match(run('prove', dir), { status: 1, err: /agencies\.yaml:1:1: there is no such file; copy policies\/agencies\.yaml and/ })
  t.match(JSON.parse(run('diff', dir, dir, '--json').text), {
    ok: false,
    problems: [{ file: /agencies/, line: 1, column: 1, message: /copy/ }],
  })
  cpSync(join(POLICIES, 'agencies.yaml'), join(dir, 'agencies.yaml'))
  cpSync(join(POLICIES, 'us-ca'), join(dir, 'us-ca'), { recursive: true })
  rmSync(join(dir, 'us'), { recursive: true })
  for (const args of [
    ['prove', dir],
    ['diff', dir, dir],
  ])
    t.match(run(...args), { status: 1, err: /there is no folder 'us' in .*; federal law is always in force/ })
})

t.test('without invariants nothing is proved, and that is said', async t => {
  const dir = folder(t, 'city')
  rmSync(join(dir, 'invariants.yaml'))
  t.match(run('prove', dir), { status: 1, text: /nothing was proved: there is no invariants\.yaml/ })
})

t.test('what is not understood is usage, with --json in one document too', async t => {
  const dir = folder(t, 'city')
  for (const more of [
    ['--at', 'tomorrow'],
    ['--laws', 'us-zz'],
    ['--grants', 'us-zz'],
  ])
    for (const args of [
      ['prove', dir],
      ['diff', dir, dir],
    ]) {
      t.equal(run(...args, ...more).status, 2, [...args, ...more].join(' '))
      const { status, text } = run(...args, ...more, '--json')
      t.equal(status, 2)
      t.match(JSON.parse(text), { ok: false, problems: [{ message: /write a time|there is no folder 'us-zz'/ }] })
    }
})

t.test('prove and diff refuse a name that the gate refuses', async t => {
  const good = folder(t, 'good')
  const bad = `${good}-bad`
  cpSync(good, bad, { recursive: true })
  const file = join(bad, 'us/court-process.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('granted: false', 'granted: false\n      requester: { agency: [us-dhs-ice-er0] }'))
  for (const args of [
    ['prove', bad],
    ['diff', good, bad],
  ]) {
    const { status, err } = run(...args)
    t.equal(status, 1, args.join(' '))
    t.match(err, /court-process\.yaml:\d+:\d+: there is no agency 'us-dhs-ice-er0'/)
  }
  t.equal(run('diff', good, good).status, 0, 'and take one that it takes')
})
