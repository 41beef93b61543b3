import type { Command } from 'commander'
import { type CaseResult, checkCase, type Got } from '../policy/check-case.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import type { Expected, PolicyCase } from '../terms/policy-case.ts'
import { describeFailure } from './describe-failure.ts'
import type { CliIo } from './io.ts'
import { type InquiryParts, toInquiry } from './to-inquiry.ts'

/** A policies folder, loaded: its cases, and the rulebook each one is decided by. */
export interface TestablePolicies extends Omit<InquiryParts, 'home'> {
  readonly cases: readonly { readonly file: string; readonly folder: string | null; readonly of: PolicyCase }[]
  /** The laws of these folders (and `us`) with the grants of this jurisdiction. @throws Error naming an unknown folder */
  readonly rulebookOf: (laws: readonly string[], grants: string | null) => Rulebook
  /** Ids of every rule and grant there is, for the coverage. */
  readonly rules: readonly { readonly id: string; readonly cites: readonly string[] }[]
}

interface Checked {
  readonly name: string
  readonly file: string
  readonly ok: boolean
  readonly got: Got | { readonly error: string }
  readonly want: Expected
  readonly unmet: readonly string[]
}

/** `haven policy test [DIR] [--cases FILE]...`: runs the cases beside the laws; exit 1 if one fails, or if there is none. */
export function addPolicyTest(policy: Command, io: CliIo, load: (dir: string, cases: readonly string[]) => TestablePolicies): void {
  policy
    .command('test [dir]')
    .description('run the *.cases.yaml beside the laws, and further files')
    .option('--cases <file>', 'a further file of cases; may be repeated', (file: string, files: string[]) => [...files, file], [])
    .option('--json', 'print the result as JSON')
    .action((dir: string | undefined, { cases, json }: { cases: string[]; json?: boolean }) => {
      try {
        const policies = load(dir ?? 'policies', cases)
        const checked = policies.cases.map(entry => runCase(policies, entry))
        const coverage = coverageOf(policies, checked)
        const failed = checked.filter(({ ok }) => !ok).length
        const passed = checked.length - failed
        if (json) io.print(JSON.stringify({ passed, failed, cases: checked.map(({ unmet: _, ...shown }) => shown), coverage }))
        else
          for (const line of [...describeFailed(checked), ...describeCoverage(coverage), `${passed} passed, ${failed} failed`])
            io.print(line)
        io.exit(failed > 0 || checked.length === 0 ? 1 : 0)
      } catch (error) {
        for (const line of describeFailure(error)) io.warn(line)
        io.exit(1)
      }
    })
}

function runCase(policies: TestablePolicies, { file, folder, of }: TestablePolicies['cases'][number]): Checked {
  const shown = { name: of.name, file, want: of.expect }
  try {
    const laws = of.laws ?? (folder ? [folder] : [])
    const home = of.grants ?? folder ?? 'us'
    const rulebook = policies.rulebookOf(laws, of.grants ?? folder)
    const { ok, got, unmet }: CaseResult = checkCase(rulebook, toInquiry(of.given, { ...policies, home }), of.expect)
    return { ...shown, ok, got, unmet }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the case could not be run'
    return { ...shown, ok: false, got: { error: message }, unmet: [message] }
  }
}

interface Coverage {
  /** How many cases each rule or grant matched in. */
  readonly rules: Readonly<Record<string, number>>
  readonly citations: Readonly<Record<string, number>>
}

function coverageOf({ rules }: TestablePolicies, checked: readonly Checked[]): Coverage {
  const matchedIn = (id: string) => checked.filter(({ got }) => 'rules' in got && got.rules.includes(id)).length
  const byRule = rules.map(({ id }) => [id, matchedIn(id)] as const)
  const cites = [...new Set(rules.flatMap(rule => rule.cites))].toSorted((a, b) => a.localeCompare(b))
  const citing = (cite: string) => rules.filter(rule => rule.cites.includes(cite)).reduce((sum, { id }) => sum + matchedIn(id), 0)
  return { rules: Object.fromEntries(byRule), citations: Object.fromEntries(cites.map(cite => [cite, citing(cite)])) }
}

const describeFailed = (checked: readonly Checked[]): string[] =>
  checked.filter(({ ok }) => !ok).flatMap(({ file, name, unmet }) => [`FAILED ${file}: ${name}`, ...unmet.map(line => `  ${line}`)])

function describeCoverage({ rules, citations }: Coverage): string[] {
  const lines = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([name, count]) => `  ${String(count).padStart(4)}  ${name}${count === 0 ? '   (no case touches it)' : ''}`)
  return ['cases by rule:', ...lines(rules), 'cases by citation:', ...lines(citations)]
}
