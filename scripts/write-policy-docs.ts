// Writes docs/policy: what the policy commands say of the policies in this checkout. `npm run policy-docs`; with `-- --check` it writes
// nothing, and exits 1 where a page is out of date. Plays the demo city once, for the replay of its journal.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse, stringify } from 'yaml'

const ROOT = join(import.meta.dirname, '..')
const AT = '2026-12-01T12:00:00Z'
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

function run(file: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  // 1 means that a check failed: its output is still what the page shows.
  if (status !== 0 && status !== 1) throw new Error(`${file} ${args.join(' ')}: exit ${status}: ${stderr}`)
  if (stdout === '') throw new Error(`${file} ${args.join(' ')} said nothing: ${stderr}`)
  return stdout
}
const haven = (...args: string[]): string => run('src/main.ts', 'policy', ...args)

/** The law without the sentence that matters most: what a replay would have to warn of. */
function candidate(): string {
  const dir = mkdtempSync(join(tmpdir(), 'haven-candidate-'))
  cpSync(join(ROOT, 'policies'), dir, { recursive: true })
  const without = (file: string, id: string): void => {
    const path = join(dir, 'us-ca-los-angeles', file)
    const law: { rules: { id: string }[] } = parse(readFileSync(path, 'utf8'))
    writeFileSync(path, stringify({ ...law, rules: law.rules.filter(rule => rule.id !== id) }))
  }
  without('ordinance-188441.yaml', 'no-data-for-enforcement')
  without('grants.yaml', 'benefits-status')
  return dir
}

function replay(): string {
  const since = new Date().toISOString()
  const played = run('demo/start.ts', '--once')
  if (!played.includes('ended as they should')) throw new Error(`the demo city did not: ${played.slice(-500)}`)
  const dir = candidate()
  try {
    const said = haven('replay', '--config', 'demo/haven.yaml', '--laws', dir, '--since', since)
    // Ids, places and digests are new in every run.
    const names = new Map<string, string>()
    const steady = (id: string) => names.get(id) ?? names.set(id, `<decision ${names.size + 1}>`).get(id) ?? id
    return said
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, steady)
      .replace(/[0-9a-f]{64}/g, '<digest>')
      .replace(/#\d+/g, '#<n>')
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const block = (command: string, output: string): string =>
  `    $ haven ${command}\n${output
    .trimEnd()
    .split('\n')
    .map(line => `    ${line}`.trimEnd())
    .join('\n')}\n`

function pages(): ReadonlyMap<string, string> {
  const diff = ['--laws', 'us-ca', '--to-laws', 'us-ca,us-ca-los-angeles', '--at', AT]
  return new Map([
    ['test.md', `# What the cases cover\n\n${block('policy test', haven('test', 'policies'))}`],
    ['prove.md', `# What is proved of every decision\n\n${block(`policy prove --at ${AT}`, haven('prove', 'policies', '--at', AT))}`],
    [
      'diff.md',
      `# What Los Angeles adds to California\n\nExactly which inquiries are decided otherwise once the City's own law is in force beside the State's.\n\n${block(`policy diff policies policies ${diff.join(' ')}`, haven('diff', 'policies', 'policies', ...diff))}`,
    ],
    [
      'replay.md',
      `# What a candidate would have done in the demo city\n\nThe candidate drops the ordinance's first rule and the grant that lets benefits staff see status.\n\n${block('policy replay --config demo/haven.yaml --laws candidate', replay())}`,
    ],
  ])
}

const dir = join(ROOT, 'docs/policy')
mkdirSync(dir, { recursive: true })
let stale = 0
for (const [name, text] of pages()) {
  const file = join(dir, name)
  const written = (() => {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      return '' // a page that is not there yet
    }
  })()
  if (written === text) continue
  stale++
  if (values.check) process.stderr.write(`docs/policy/${name} is out of date; run npm run policy-docs\n`)
  else writeFileSync(file, text)
}
process.stdout.write(values.check ? `${stale} pages out of date\n` : `${stale} pages written\n`)
process.exitCode = values.check && stale > 0 ? 1 : 0
