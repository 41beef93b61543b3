// How much of the law the cases and invariants hold: changes each condition, exception, class and effect of each law, one at a time, and
// prints the share of these mutants that a case or an invariant notices. `npm run mutate [-- --laws us-ca,us-or] [--json]`; minutes long.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { toInquiry } from '../src/cli/to-inquiry.ts'
import { loadPolicies } from '../src/config/load.ts'
import { checkCase } from '../src/policy/check-case.ts'
import { compileRulebook } from '../src/policy/compile.ts'
import { diffRulebooks } from '../src/policy/diff.ts'
import { prove } from '../src/policy/prove.ts'
import type { Rulebook } from '../src/policy/rulebook.ts'
import { loadTestablePolicies } from '../src/prepare-cases.ts'
import { loadProvablePolicies } from '../src/prepare-proof.ts'
import { FilesRefused } from '../src/terms/faults.ts'
import type { FromFile } from '../src/terms/file.ts'
import type { Inquiry } from '../src/terms/inquiry.ts'
import type { LawFile } from '../src/terms/law.ts'
import type { Expected } from '../src/terms/policy-case.ts'
import { mutantsOf } from './mutants.ts'

const { values } = parseArgs({ options: { laws: { type: 'string' }, json: { type: 'boolean', default: false }, dir: { type: 'string' } } })
const dir = values.dir ?? join(import.meta.dirname, '../policies')
const AT = Date.parse('2026-12-01T12:00:00Z')
const policies = loadPolicies(dir)
const testable = loadTestablePolicies(dir, [])
const provable = loadProvablePolicies(dir, { laws: null, grants: null, at: AT })

interface Runnable {
  readonly folders: readonly string[]
  readonly grants: string | null
  readonly inquiry: Inquiry
  readonly expect: Expected
  readonly beside: string | null
}

const cases: readonly Runnable[] = testable.cases.map(({ folder, of }) => ({
  folders: of.laws ?? (folder ? [folder] : []),
  grants: of.grants ?? folder,
  inquiry: toInquiry(of.given, { ...testable, home: of.grants ?? folder ?? 'us' }),
  expect: of.expect,
  beside: folder,
}))

function rulebookWith(laws: readonly FromFile<LawFile>[], folders: readonly string[], granting: string | null): Rulebook {
  const inForce = laws.filter(({ value }) => !value.missing && (folders.includes(value.jurisdiction) || value.jurisdiction === 'us'))
  return compileRulebook(inForce, policies.grants.find(({ value }) => value.grants === granting) ?? null)
}

type Fate = 'case' | 'invariant' | 'refused' | 'equivalent' | 'survived'

/** What becomes of a mutant: a case or an invariant notices it, the compiler refuses it, no inquiry there is changes by it, or it survives. */
function fateOf(law: FromFile<LawFile>, mutated: LawFile): Fate {
  const laws = policies.laws.map(one => (one === law ? { ...law, value: mutated } : one))
  const { jurisdiction } = law.value
  const touched = cases.filter(({ folders }) => jurisdiction === 'us' || folders.includes(jurisdiction))
  const near = touched.toSorted((a, b) => Number(b.beside === jurisdiction) - Number(a.beside === jurisdiction))
  const books = new Map<string, Rulebook>()
  try {
    const noticed = near.some(({ folders, grants, inquiry, expect }) => {
      const key = JSON.stringify([folders, grants])
      const book = books.get(key) ?? rulebookWith(laws, folders, grants)
      books.set(key, book)
      return !checkCase(book, inquiry, expect).ok
    })
    if (noticed) return 'case'
    return fateOfQuiet(laws, jurisdiction)
  } catch (error) {
    if (error instanceof FilesRefused) return 'refused'
    throw error
  }
}

function fateOfQuiet(laws: readonly FromFile<LawFile>[], jurisdiction: string): Fate {
  const granting = provable.grants
  const alone = [jurisdiction]
  const changes = diffRulebooks(rulebookWith(policies.laws, alone, granting), rulebookWith(laws, alone, granting), AT)
  if (changes.changed === 0n) return 'equivalent'
  const every = [...new Set(laws.map(({ value }) => value.jurisdiction))]
  const holds = [alone, every].every(folders =>
    prove(rulebookWith(laws, folders, granting), { invariants: provable.invariants, parties: provable.parties, at: AT }).invariants.every(
      one => one.holds,
    ),
  )
  return holds ? 'survived' : 'invariant'
}

// A case that fails anyway, or an invariant that is broken, would "notice" every mutant.
const failing = cases.filter(({ folders, grants, inquiry, expect }) => !checkCase(testable.rulebookOf(folders, grants), inquiry, expect).ok)
const broken = prove(provable.rulebook, { invariants: provable.invariants, parties: provable.parties, at: AT }).invariants.filter(
  one => !one.holds,
)
if (failing.length > 0 || broken.length > 0) {
  process.stderr.write(
    `${failing.length} cases fail and ${broken.length} invariants are broken before anything is changed; mend them first\n`,
  )
  process.exit(2)
}

const wanted = values.laws?.split(',')
const tally = new Map<string, Map<Fate, number>>()
const named: { readonly fate: Fate; readonly law: string; readonly what: string }[] = []
for (const law of policies.laws.filter(({ value }) => !value.missing && (wanted?.includes(value.jurisdiction) ?? true))) {
  const counts = new Map<Fate, number>()
  for (const { law: mutated, what } of mutantsOf(law.value)) {
    const fate = fateOf(law, mutated)
    counts.set(fate, (counts.get(fate) ?? 0) + 1)
    if (fate === 'survived' || fate === 'equivalent') named.push({ fate, law: law.value.law, what })
  }
  tally.set(law.value.law, counts)
  if (process.stderr.isTTY) process.stderr.write(`${law.value.law}: ${[...counts].map(([fate, n]) => `${n} ${fate}`).join(', ')}\n`)
}

const total = (...fates: Fate[]): number =>
  [...tally.values()].reduce((sum, counts) => sum + fates.reduce((n, fate) => n + (counts.get(fate) ?? 0), 0), 0)
const [killed, alive] = [total('case', 'invariant'), total('survived')]
const share = (100 * killed) / (killed + alive)
if (values.json)
  process.stdout.write(
    `${JSON.stringify({ laws: Object.fromEntries([...tally].map(([law, counts]) => [law, Object.fromEntries(counts)])), share, named })}\n`,
  )
else {
  for (const [law, counts] of tally) process.stdout.write(`${law}: ${[...counts].map(([fate, n]) => `${n} ${fate}`).join(', ')}\n`)
  for (const { fate, law, what } of named) process.stdout.write(`${fate}: ${law}/${what}\n`)
  process.stdout.write(
    `${total('case', 'invariant', 'refused', 'equivalent', 'survived')} mutants; ${total('refused')} do not compile and ${total('equivalent')} change no inquiry there is, so they are not counted\n`,
  )
  process.stdout.write(
    `of the ${killed + alive} others ${total('case')} are noticed by a case, ${total('invariant')} by an invariant: ${share.toFixed(1)} %; ${alive} survive\n`,
  )
}
process.exitCode = share >= 95 ? 0 : 1
