import type { Command } from 'commander'
import { diffRulebooks, type RulebookDiff } from '../policy/diff.ts'
import { compareParts } from '../rulebook/compare-parts.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { readMoment } from './read-moment.ts'
import type { LoadProvable } from './which-laws.ts'

interface DiffOptions {
  readonly laws?: string
  readonly toLaws?: string
  readonly grants?: string
  readonly at?: string
  readonly json?: boolean
}

/** `haven policy diff DIR DIR`: exactly which inquiries change, grouped so that a lawyer can read it; exit 1 if anything became weaker. */
export function addPolicyDiff(policy: Command, io: CliIo, load: LoadProvable, now: () => number): void {
  policy
    .command('diff <before> <after>')
    .description(
      'which inquiries two policies folders decide differently, and what became weaker beside the laws; exit 1 if anything became weaker, or if a folder cannot be read (then no line says what changed), 2 for a command that is not understood',
    )
    .option('--laws <folders>', 'folders in force besides us, with commas between; default: all of them')
    .option('--to-laws <folders>', 'folders in force after, where they are others')
    .option('--grants <jurisdiction>', 'whose ordinary business; default: the only one there is')
    .option('--at <time>', 'decide as at this time and later (ISO 8601); default: now')
    .option('--json', 'print the result as JSON')
    .action((before: string, after: string, options: DiffOptions) => {
      try {
        const at = readMoment(options.at, now())
        const which = (laws: string | undefined) => ({ laws: laws?.split(',') ?? null, grants: options.grants ?? null, at })
        const old = load(before, which(options.laws))
        const candidate = load(after, which(options.toLaws ?? options.laws))
        const diff = diffRulebooks(
          old.rulebook,
          candidate.rulebook,
          at,
          candidate.parties.map(({ party }) => party),
        )
        const parts = compareParts(old.content, candidate.content)
        const both = { ...diff, parts, weaker: diff.weaker || parts.length > 0 }
        if (options.json) io.print(JSON.stringify(both, (_, value) => (typeof value === 'bigint' ? value.toString() : value)))
        else for (const line of describe(both)) io.print(line)
        io.exit(both.weaker ? 1 : 0)
      } catch (error) {
        fail(io, error, options.json)
      }
    })
}

function describe({ weaker, inquiries, changed, groups, parts }: RulebookDiff & { readonly parts: readonly string[] }): string[] {
  const number = (count: bigint) => count.toLocaleString('en-US')
  const shown = (wanted: boolean) =>
    groups
      .filter(group => group.weaker === wanted)
      .flatMap(({ sentence, example }) => [`  ${sentence}`, `    for example ${JSON.stringify(example)}`])
  const loosened = [...parts.map(sentence => `  ${sentence}`), ...shown(true)]
  const tightened = shown(false)
  return [
    `${number(changed)} of ${number(inquiries)} inquiries change`,
    ...(loosened.length > 0 ? ['weaker:', ...loosened] : []),
    ...(tightened.length > 0 ? ['not weaker:', ...tightened] : []),
    weaker ? 'something became weaker' : 'nothing became weaker',
  ]
}
