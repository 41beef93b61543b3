import type { Command } from 'commander'
import { summarize } from '../policy/check-case.ts'
import { type Explanation, explain } from '../policy/explain.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import { FilesRefused } from '../terms/faults.ts'
import { Given } from '../terms/policy-case.ts'
import { describeFailure } from './describe-failure.ts'
import type { CliIo } from './io.ts'
import { type InquiryParts, toInquiry } from './to-inquiry.ts'

export interface ExplainParts {
  readonly prepare: (config: string) => InquiryParts & { readonly rulebook: Rulebook }
  readonly readGiven: (file: string, schema: typeof Given) => Given
}

/** `haven policy explain --config FILE --inquiry FILE`: one inquiry, decided, rule by rule, with citations. */
export function addPolicyExplain(policy: Command, io: CliIo, parts: ExplainParts): void {
  policy
    .command('explain')
    .description('decide one inquiry (YAML, the `given` of a case) and show every rule that matched')
    .requiredOption('--config <file>', 'the configuration')
    .requiredOption('--inquiry <file>', 'the inquiry')
    .option('--json', 'print the result as JSON')
    .action(({ config, inquiry, json }: { config: string; inquiry: string; json?: boolean }) => {
      try {
        const prepared = parts.prepare(config)
        const explanation = explain(prepared.rulebook, toInquiry(parts.readGiven(inquiry, Given), prepared))
        if (json) io.print(JSON.stringify(toJson(explanation)))
        else for (const line of describe(explanation)) io.print(line)
        io.exit(0)
      } catch (error) {
        if (!(error instanceof FilesRefused) && !(error instanceof Error)) throw error
        for (const line of describeFailure(error)) io.warn(line)
        io.exit(1)
      }
    })
}

function toJson(explanation: Explanation) {
  const { decision, released, withheld, held, obligations } = summarize(explanation)
  const { hold } = explanation.decision
  const forCounsel = hold ? { for: hold.for, deadline: `${hold.deadlineHours}h` } : {}
  return { decision, released, withheld, held, obligations, ...forCounsel, reasons: explanation.decision.reasons, rules: explanation.rules }
}

function describe(explanation: Explanation): string[] {
  const { decision, released, withheld, held, obligations, for: counsel, deadline } = summarize(explanation)
  const shown = (name: string, values: readonly unknown[]) => (values.length > 0 ? [`  ${name}: ${values.map(String).join(', ')}`] : [])
  const lines = explanation.rules.map(
    rule =>
      `  ${rule.recipient}: ${rule.class}/${rule.kind}: ${rule.effect}, ${rule.rule}` +
      `${rule.exception === null ? '' : ` (exception ${rule.exception})`}${rule.cite.length > 0 ? ` [${rule.cite.join('; ')}]` : ''}`,
  )
  return [
    `decision: ${decision}`,
    ...shown('released', released),
    ...shown('left out', withheld),
    ...shown('held', held),
    ...shown(
      'obligations',
      obligations.map(obligation => JSON.stringify(obligation)),
    ),
    ...(counsel ? [`  for ${counsel}, within ${deadline}`] : []),
    'because:',
    ...explanation.decision.reasons.map(({ text, cite }) => `  ${text}${cite.length > 0 ? ` [${cite.join('; ')}]` : ''}`),
    'rules that matched:',
    ...(lines.length > 0 ? lines : ['  none']),
  ]
}
