import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { type CaseResult, checkCase, type Got } from '../policy/check-case.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import type { Expected, PolicyCase } from '../terms/policy-case.ts'
import { type Coverable, measureCoverage, type Touched } from './coverage.ts'
import { describeCoverage, type Stub } from './coverage-text.ts'
import { describeFailure } from './describe-failure.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { toJunit } from './junit.ts'
import { type InquiryParts, toInquiry } from './to-inquiry.ts'

/** A policies folder, loaded: its cases, and the rulebook each one is decided by. */
export interface TestablePolicies extends Omit<InquiryParts, 'home'> {
  readonly cases: readonly { readonly file: string; readonly folder: string | null; readonly of: PolicyCase }[]
  /** The laws of these folders (and `us`) with the grants of this jurisdiction. @throws Error naming an unknown folder */
  readonly rulebookOf: (laws: readonly string[], grants: string | null) => Rulebook
  /** Why these cannot be put in force: the folder that is not there, in a sentence; null where all are. */
  readonly absent: (laws: readonly string[], grants: string | null) => string | null
  /** Every rule and grant there is, for the coverage. */
  readonly rules: readonly Coverable[]
  readonly stubs: readonly Stub[]
}

interface Checked {
  readonly name: string
  readonly file: string
  readonly ok: boolean
  readonly got: Got | { readonly error: string }
  readonly want: Expected
  readonly unmet: readonly string[]
  /** Null where the case could not be run. */
  readonly touched: Touched | null
}

/** A case about laws that this folder does not have: a city that copied only its own is not told that they failed. */
interface Skipped {
  readonly name: string
  readonly file: string
  readonly reason: string
}

interface TestOptions {
  readonly cases: string[]
  readonly json?: boolean
  readonly junit?: string
  readonly verbose?: boolean
}

/** `haven policy test [DIR] [--cases FILE]...`: runs the cases beside the laws; exit 1 if one fails, or if none ran. */
export function addPolicyTest(policy: Command, io: CliIo, load: (dir: string, cases: readonly string[]) => TestablePolicies): void {
  policy
    .command('test [dir]')
    .description('run the *.cases.yaml beside the laws, and further files')
    .option('--cases <file>', 'a further file of cases; may be repeated', (file: string, files: string[]) => [...files, file], [])
    .option('--json', 'print the result as JSON')
    .option('--junit <file>', 'also write a JUnit XML report')
    .option('--verbose', 'list every rule, exception and citation with its number of cases')
    .action((dir: string | undefined, options: TestOptions) => {
      try {
        run(load(dir ?? 'policies', options.cases), options, io)
      } catch (error) {
        fail(io, error, options.json)
      }
    })
}

function run(policies: TestablePolicies, { json, junit, verbose }: TestOptions, io: CliIo): void {
  const { rules, stubs } = policies
  const skipped = policies.cases.flatMap(entry => skip(policies, entry) ?? [])
  const checked = policies.cases.filter(entry => skip(policies, entry) === null).map(entry => runCase(policies, entry))
  const coverage = measureCoverage(
    rules,
    checked.flatMap(({ touched }) => touched ?? []),
  )
  const failed = checked.filter(({ ok }) => !ok).length
  const passed = checked.length - failed
  if (junit !== undefined) {
    const reported = checked.map(one => ({ ...one, broken: one.touched === null }))
    writeFileSync(junit, toJunit(reported, stubs, skipped))
  }
  if (json) {
    const cases = checked.map(({ name, file, ok, got, want }) => ({ name, file, ok, got, want }))
    io.print(JSON.stringify({ passed, failed, skipped, cases, coverage: { ...coverage, stubs } }))
  } else {
    const summary = `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
    const told = [...describeFailed(checked), ...describeSkipped(skipped)]
    const lines = [...told, ...describeCoverage(coverage, stubs, verbose === true), ...(checked.length === 0 ? [NONE] : []), summary]
    for (const line of lines) io.print(line)
  }
  io.exit(failed > 0 || checked.length === 0 ? 1 : 0)
}

const NONE = 'no case was run; write cases into a file NAME.cases.yaml beside a law, or name one with --cases'

/** The laws and the grants that a case puts in force: those it names, else those it stands beside. */
const inForceFor = ({ folder, of }: TestablePolicies['cases'][number]) => ({
  laws: of.laws ?? (folder ? [folder] : []),
  grants: of.grants ?? folder,
})

function skip(policies: TestablePolicies, entry: TestablePolicies['cases'][number]): Skipped | null {
  const { laws, grants } = inForceFor(entry)
  const reason = policies.absent(laws, grants)
  return reason === null ? null : { name: entry.of.name, file: entry.file, reason }
}

const describeSkipped = (skipped: readonly Skipped[]): string[] =>
  skipped.flatMap(({ file, name, reason }) => [`SKIPPED ${file}: ${name}`, `  ${reason}`])

function runCase(policies: TestablePolicies, entry: TestablePolicies['cases'][number]): Checked {
  const { file, of } = entry
  const shown = { name: of.name, file, want: of.expect }
  try {
    const { laws, grants } = inForceFor(entry)
    const rulebook = policies.rulebookOf(laws, grants)
    const inquiry = toInquiry(of.given, { ...policies, home: grants ?? 'us' })
    const { ok, got, unmet, matched }: CaseResult = checkCase(rulebook, inquiry, of.expect)
    const inForce = [...rulebook.rules, ...rulebook.grants].map(({ id }) => id)
    return { ...shown, ok, got, unmet, touched: { matched, inForce, uses: inquiry.uses } }
  } catch (error) {
    const unmet = describeFailure(error)
    return { ...shown, ok: false, got: { error: unmet.join('; ') }, unmet, touched: null }
  }
}

const describeFailed = (checked: readonly Checked[]): string[] =>
  checked.filter(({ ok }) => !ok).flatMap(({ file, name, unmet }) => [`FAILED ${file}: ${name}`, ...unmet.map(line => `  ${line}`)])
