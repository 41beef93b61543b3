import type { Command } from 'commander'
import { summarize } from '../policy/check-case.ts'
import { type Explanation, explain } from '../policy/explain.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import { explainWhy, type Why } from '../policy/why.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import { Given } from '../terms/policy-case.ts'
import { type Asked, type ExplainOptions, readExplainOptions } from './explain-options.ts'
import { describeExplanation } from './explain-text.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { type InquiryParts, toInquiry } from './to-inquiry.ts'
import { usageError } from './usage.ts'

type Decider = InquiryParts & { readonly rulebook: Rulebook }

export interface ExplainParts {
  readonly prepare: (config: string) => Decider
  /** A folder of policies with these laws and grants in force; null: those that can be told from the folder. */
  readonly prepareFolder: (dir: string, laws: readonly string[] | null, grants: string | null) => Decider
  readonly readGiven: (file: string, schema: typeof Given) => Given
  /** What the law was asked in a past decision; `config` names the journal. @throws Error if there is no such entry */
  readonly readInquiry?: (id: string, config: string | undefined) => Promise<Inquiry>
}

/** `haven policy explain`: one inquiry, decided, rule by rule, with citations: what matched, what did not, and why. */
export function addPolicyExplain(policy: Command, io: CliIo, parts: ExplainParts): void {
  const again = (value: string, values: string[]) => [...values, value]
  const command = policy
    .command('explain')
    .description('decide one inquiry and show every rule: which matched, which did not, and why')
    .option('--config <file>', 'the configuration')
    .option('--dir <dir>', 'a folder of policies instead of a configuration')
    .option('--laws <folders>', 'with --dir: the folders in force, with commas between (default: those that bind whose grants they are)')
    .option('--grants <jurisdiction>', 'with --dir: whose grants (default: the only ones there are)')
    .option('--inquiry <file>', 'the inquiry: YAML, the `given` of a case')
    .option('--requester <id>', 'who asks: an id of the agency directory')
    .option('--recipient <id>', 'who gets it too; may be repeated', again, [])
    .option('--purpose <purpose>', 'what for')
    .option('--reason <text>', 'free text, read as a reason given at the gate')
    .option('--process <process>', 'KIND:STATE, or KIND:STATE:query where it covers the query')
    .option('--keeper <keeper>', 'who keeps the records')
    .option('--records <records>', 'what class of records')
    .option('--use <use>', 'KIND=CLASS,CLASS such as select=locating,personal; may be repeated', again, [])
    .option('--at <time>', 'when: 2026-12-01 or 2026-12-01T12:00:00Z (default: that of a case)')
    .option('--bulk', 'in bulk')
    .option('--routed', 'through another body')
    .option('--retry', 'asked again after a refusal')
    .option('--attested', 'counsel attested the purpose')
    .option('--self', "the requester's own file")
    .option('--json', 'print the result as JSON')
  if (parts.readInquiry) command.option('--entry <id>', 'a past decision of the journal')
  command.action((options: ExplainOptions) => run(options, io, parts))
}

async function run(options: ExplainOptions, io: CliIo, parts: ExplainParts): Promise<void> {
  const asked = readExplainOptions(options)
  if ('usage' in asked) {
    fail(io, usageError(asked.usage), options.json)
    return
  }
  try {
    const decider = prepare(options, parts)
    const inquiry = await inquiryOf(asked, options.config, decider, parts)
    const explanation = explain(decider.rulebook, inquiry)
    const why = explainWhy(decider.rulebook, inquiry)
    if (options.json) io.print(JSON.stringify(toJson(explanation, why)))
    else for (const line of describeExplanation(explanation, why, why.winners.length * inquiry.recipients.length)) io.print(line)
    io.exit(0)
  } catch (error) {
    fail(io, error, options.json)
  }
}

function prepare({ config, dir, laws, grants }: ExplainOptions, parts: ExplainParts): Decider {
  if (config !== undefined) return parts.prepare(config)
  return parts.prepareFolder(dir ?? '', laws?.split(',') ?? null, grants ?? null)
}

async function inquiryOf(asked: Asked, config: string | undefined, decider: Decider, parts: ExplainParts): Promise<Inquiry> {
  if (asked.from === 'flags') return toInquiry(asked.given, decider)
  if (asked.from === 'file') return toInquiry(parts.readGiven(asked.file, Given), decider)
  if (!parts.readInquiry) throw new Error('the journal cannot be read here')
  return parts.readInquiry(asked.id, config)
}

function toJson(explanation: Explanation, why: Why) {
  const { decision, released, withheld, held, obligations } = summarize(explanation)
  const { hold, reasons } = explanation.decision
  const forCounsel = hold ? { for: hold.for, deadline: `${hold.deadlineHours}h`, people: hold.people } : {}
  return { decision, released, withheld, held, obligations, ...forCounsel, reasons, rules: explanation.rules, ...why }
}
