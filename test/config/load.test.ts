import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { loadConfiguration, loadPolicies } from '../../src/config/load.ts'
import { prepare } from '../../src/prepare.ts'
import { type FileProblem, FilesRefused } from '../../src/terms/faults.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A copy of the demo's configuration with the repository's policies, to be broken by a test. */
function city(t: { teardown: (fn: () => void) => void }) {
  const dir = mkdtempSync(join(tmpdir(), 'haven-config-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  cpSync(join(ROOT, 'policies'), join(dir, 'policies'), { recursive: true })
  cpSync(join(ROOT, 'demo/catalogue'), join(dir, 'demo/catalogue'), { recursive: true })
  cpSync(join(ROOT, 'demo/haven.yaml'), join(dir, 'demo/haven.yaml'))
  const file = join(dir, 'demo/haven.yaml')
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(join(dir, name), change(readFileSync(join(dir, name), 'utf8')))
  // biome-ignore lint/suspicious/noExplicitAny: a test breaks the file in every way there is
  const change = (how: (value: any) => void) =>
    edit('demo/haven.yaml', text => {
      const value = parse(text)
      how(value)
      return stringify(value)
    })
  return { dir, file, edit, change }
}

function problemsOf(run: () => unknown): readonly FileProblem[] {
  try {
    run()
  } catch (error) {
    if (error instanceof FilesRefused) return error.problems
    throw error
  }
  return []
}

t.test('the demo city loads, and its paths are absolute', async t => {
  const { file, dir } = city(t)
  const { haven, laws, rulebookDigest } = loadConfiguration(file)
  t.equal(haven.value.journal.dir, join(dir, 'demo/.city/journal'))
  t.equal(haven.value.register?.file, join(dir, 'demo/.city/register.db'))
  const loaded = laws.map(law => law.value.law)
  for (const law of ['us-8usc1373', 'us-ca-los-angeles-ordinance-188441', 'us-ca-values-act', 'us-court-process'])
    t.ok(loaded.includes(law), law)
  t.notOk(
    loaded.some(law => !/^us-(ca-|8usc|court|other|ferpa)/.test(law)),
    `${loaded.join(', ')}: only the folders listed, and us`,
  )
  t.match(rulebookDigest, /^[0-9a-f]{64}$/)
  t.equal(loadConfiguration(file).rulebookDigest, rulebookDigest, 'the same files, the same digest')
})

t.test('every problem is reported at once, with its place and what to write instead', async t => {
  const { file, edit } = city(t)
  edit('demo/haven.yaml', text => text.replace('owner:', 'onwer:').replace('dialect: postgrest', 'dialect: postgres'))
  const problems = problemsOf(() => loadConfiguration(file))
  t.ok(problems.length >= 3)
  const lines = readFileSync(file, 'utf8').split('\n')
  const typo = problems.find(({ message }) => message.includes("unknown key 'onwer'"))
  t.equal(lines[(typo?.line ?? 0) - 1]?.startsWith('onwer:'), true)
  t.match(typo?.message, /did you mean 'owner'/)
  const dialect = problems.find(({ message }) => message.includes('postgrest'))
  t.match(lines[(dialect?.line ?? 0) - 1], /dialect: postgres$/)
  t.ok(problems.some(({ message }) => message.includes("'owner' is missing")))
})

t.test('a mistyped class in a law, and a purpose nobody knows, name their lines', async t => {
  const { file, dir, edit } = city(t)
  edit('policies/us-ca/values-act.yaml', text =>
    text.replace('[custody]', '[custodie]').replace('{ purpose: [suspected] }', '{ purpose: [suspect] }'),
  )
  const problems = problemsOf(() => loadConfiguration(file))
  t.equal(problems.length, 2)
  for (const { file: where, line, message } of problems) {
    t.equal(where, join(dir, 'policies/us-ca/values-act.yaml'))
    t.match(message, /custody|suspected/)
    t.match(readFileSync(where, 'utf8').split('\n')[line - 1], /custodie|suspect\]/)
  }
})

const BROKEN: readonly [string, RegExp, (value: never) => void][] = [
  ['an unknown folder of laws', /there is no folder 'us-xx'/, (v: { policies: { laws: string[] } }) => v.policies.laws.push('us-xx')],
  ['a folder outside the policies', /there is no folder/, (v: { policies: { laws: string[] } }) => v.policies.laws.push('../demo')],
  [
    'HS256',
    /HS\* and none are never accepted/,
    (v: { identity: { issuers: { algorithms: string[] }[] } }) => v.identity.issuers[0]?.algorithms.push('HS256'),
  ],
  [
    'a public address without TLS',
    /not loopback/,
    (v: { listen: { gate: { host: string } } }) => Object.assign(v.listen.gate, { host: '0.0.0.0' }),
  ],
  [
    'a record API without TLS',
    /write an https URL/,
    (v: { sources: { url: string }[] }) => Object.assign(v.sources[0] ?? {}, { url: 'http://records.example' }),
  ],
  [
    'credentials in a URL',
    /without credentials/,
    (v: { sources: { url: string }[] }) => Object.assign(v.sources[0] ?? {}, { url: 'http://a:b@127.0.0.1:1' }),
  ],
  ['two sources of one name', /already listed/, (v: { sources: unknown[] }) => v.sources.push(v.sources[0])],
  [
    'a catalogue of another source',
    /the catalogue is about/,
    (v: { sources: { catalogue: string }[] }) => Object.assign(v.sources[0] ?? {}, { catalogue: 'catalogue/police.yaml' }),
  ],
  ['a signer alone', /list two/, (v: { policies: object }) => Object.assign(v.policies, { signers: ['x'] })],
  [
    'a dialect nobody reads yet',
    /write rest or postgrest/,
    (v: { sources: object[] }) => Object.assign(v.sources[0] ?? {}, { dialect: 'graphql' }),
  ],
  [
    'an issuer for an unknown agency',
    /there is no agency 'nobody'/,
    (v: { identity: { issuers: object[] } }) => Object.assign(v.identity.issuers[0] ?? {}, { agencies: ['nobody'] }),
  ],
  ['a size without a unit', /write a size such as/, (v: { limits: object }) => Object.assign(v.limits, { requestBytes: '1 megabyte' })],
] as never

t.test('what would loosen the gate, or mean nothing, is refused', async t => {
  for (const [name, message, how] of BROKEN) {
    const { file, change } = city(t)
    change(how as never)
    const problems = problemsOf(() => prepare(file))
    t.ok(
      problems.some(problem => message.test(problem.message)),
      `${name}: ${problems.map(problem => problem.message).join(' | ')}`,
    )
  }
})

t.test('a secret comes from the environment, as the whole value, and never empty', async t => {
  const { file, change } = city(t)
  const auth = (bearer: string) => change(value => Object.assign(value.sources[0], { auth: { bearer } }))
  auth('${TOKEN_OF_A_TEST}')
  t.match(problemsOf(() => loadConfiguration(file, {}))[0]?.message, /TOKEN_OF_A_TEST is not set/)
  t.match(problemsOf(() => loadConfiguration(file, { TOKEN_OF_A_TEST: '' }))[0]?.message, /is not set, or is empty/)
  t.equal(loadConfiguration(file, { TOKEN_OF_A_TEST: 's3cret' }).haven.value.sources[0]?.auth?.bearer, 's3cret')
  auth('Bearer ${TOKEN_OF_A_TEST}')
  t.match(problemsOf(() => loadConfiguration(file, { TOKEN_OF_A_TEST: 's3cret' }))[0]?.message, /must be the whole value/)
})

t.test('unverified TLS refuses the start', async t => {
  const { file } = city(t)
  t.match(problemsOf(() => loadConfiguration(file, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }))[0]?.message, /unset it/)
  t.same(
    problemsOf(() => loadConfiguration(file, { NODE_TLS_REJECT_UNAUTHORIZED: '1' })),
    [],
  )
})

const CHANGES: Readonly<Record<string, readonly [string, string]>> = {
  'policies/us-ca/values-act.yaml': ['title: California', 'title: The California'],
  'policies/agencies.yaml': ['name: Department of', 'name: The Department of'],
  'policies/purposes.yaml': ['within: 2', 'within: 3'],
  'policies/invariants.yaml': ['text: No inquiry', 'text: Not one inquiry'],
  'demo/catalogue/police.yaml': [': locating', ': [locating, personal]'],
}

t.test('the digest changes with every file that decides, and with nothing else', async t => {
  const { file, edit, change } = city(t)
  const before = loadConfiguration(file).rulebookDigest
  change(value => Object.assign(value.listen.gate, { port: 9999 }))
  t.equal(loadConfiguration(file).rulebookDigest, before, 'a port is no law')
  for (const name of Object.keys(CHANGES)) {
    const now = loadConfiguration(file).rulebookDigest
    edit(name, text => `${text}\n# changed\n`)
    t.equal(loadConfiguration(file).rulebookDigest, now, `a comment in ${name} decides nothing`)
    const [from, to] = CHANGES[name] ?? ['', '']
    edit(name, text => text.replace(from, to))
    t.not(loadConfiguration(file).rulebookDigest, now, name)
  }
})

t.test('a law that nobody would read is a problem, not a silence', async t => {
  const { file, dir, edit } = city(t)
  cpSync(join(dir, 'policies/us-ca/values-act.yaml'), join(dir, 'policies/us-ca/new-act.yml'))
  t.match(problemsOf(() => loadConfiguration(file))[0]?.message, /not read: a law is a \.yaml file/)
  rmSync(join(dir, 'policies/us-ca/new-act.yml'))
  edit('policies/us-ca/values-act.yaml', text => text.replace('{ from: 2018-01-01 }', '{ from: 2018-01-01, until: 2017-01-01 }'))
  t.match(problemsOf(() => prepare(file))[0]?.message, /ends before it begins/)
  rmSync(join(dir, 'policies/us'), { recursive: true })
  t.ok(problemsOf(() => loadConfiguration(file)).some(({ message }) => message.includes("there is no folder 'us'")))
})

t.test('a wrong word is named where it stands, with the word that was meant', async t => {
  const { file, edit } = city(t)
  edit('policies/us-ca/values-act.yaml', text => text.replace('[immigration-enforcement]', '[immigration-enforcment]'))
  edit('demo/catalogue/residents.yaml', text => text.replace(/alien_number: .*/, 'alien_number: persnal'))
  edit('policies/us/communication-of-status.yaml', text => text.replace('certainty: primary', 'certanty: primary'))
  for (const { file: where, line, column, message } of problemsOf(() => loadConfiguration(file))) {
    const word = /'([a-z-]+)'/.exec(message)?.[1] ?? '?'
    const text = readFileSync(where, 'utf8')
      .split('\n')
      [line - 1]?.slice(column - 1)
    if (!message.includes('is missing')) t.ok(text?.startsWith(word) || text?.includes(word), `${message} at ${text}`)
  }
  const messages = problemsOf(() => loadConfiguration(file)).map(({ message }) => message)
  t.equal(messages.length, 4)
  t.match(messages.join('\n'), /'immigration-enforcment' cannot stand here; did you mean 'immigration-enforcement'\?/)
  t.match(messages.join('\n'), /'persnal' cannot stand here; did you mean 'personal'\?/)
  t.match(messages.join('\n'), /unknown key 'certanty'; did you mean 'certainty'\?/)
})

t.test('what stands beside the laws and is none is not read', async t => {
  const { file, dir } = city(t)
  const before = loadConfiguration(file).rulebookDigest
  const policies = join(dir, 'policies')
  for (const folder of ['.git', 'docs', 'node_modules', 'us-ca/.git']) {
    mkdirSync(join(policies, folder))
    writeFileSync(join(policies, folder, 'a.yaml'), 'nothing: law\n')
  }
  writeFileSync(join(policies, 'us-ca/.hidden.yaml'), 'nothing: law\n')
  for (const link of ['.#values-act.yaml', 'us-ca/.#values-act.yaml', 'gone']) symlinkSync('ana@host.example:1', join(policies, link))
  t.equal(loadConfiguration(file).rulebookDigest, before)
  t.ok(loadPolicies(policies).laws.length > 0)
  symlinkSync('nowhere', join(policies, 'us-ca/gone.yaml'))
  t.match(
    problemsOf(() => loadConfiguration(file)).map(({ message }) => message),
    [/there is no such file/],
    'a law that leads nowhere is a problem, with its place',
  )
  rmSync(join(policies, 'us-ca/gone.yaml'))
  mkdirSync(join(policies, 'us-ca/docs'))
  t.match(problemsOf(() => loadConfiguration(file))[0]?.message, /not read/, 'twin: in a folder of laws everything is looked at')
})

t.test('a listed folder that is none of laws is an error', async t => {
  const { file, dir, change } = city(t)
  mkdirSync(join(dir, 'policies/docs'))
  change(value => value.policies.laws.push('docs'))
  t.match(problemsOf(() => loadConfiguration(file))[0]?.message, /there is no folder 'docs'/)
})

t.test('half a character is refused where it stands', async t => {
  const { file, edit } = city(t)
  edit('policies/us-ca/values-act.yaml', text => text.replace(/^title: .*$/m, 'title: "half \\uD800 of one"'))
  const problems = problemsOf(() => loadConfiguration(file))
  t.match(problems, [{ message: /half a character/ }])
  t.match(readFileSync(problems[0]?.file ?? '', 'utf8').split('\n')[(problems[0]?.line ?? 0) - 1], /uD800/)
  edit('policies/us-ca/values-act.yaml', text => text.replace('\\uD800', '\\uD83D\\uDE00'))
  t.same(
    problemsOf(() => loadConfiguration(file)),
    [],
    'twin: both halves',
  )
})
