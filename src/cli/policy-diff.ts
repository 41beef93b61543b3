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
    .option('--laws <folders>', 'folders in force besides us, with commas between; default: each city or state by itself')
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
        const compared = compareSets(old, candidate, at)
        const parts = compareParts(old.content, candidate.content)
        const weaker = parts.length > 0 || compared.some(({ diff }) => diff.weaker)
        if (options.json) io.print(toJson(compared, parts, weaker))
        else {
          const closing = weaker ? 'something became weaker' : 'nothing became weaker'
          for (const line of [...describeParts(parts), ...compared.flatMap(describeSet), closing]) io.print(line)
        }
        io.exit(weaker ? 1 : 0)
      } catch (error) {
        fail(io, error, options.json)
      }
    })
}

interface ComparedSet {
  /** The folders in force besides `us`; null where they were named on the command line. */
  readonly folders: readonly string[] | null
  readonly diff: RulebookDiff
}

/** One city's laws at a time: those of another state would hide what is lost. */
function compareSets(old: ReturnType<LoadProvable>, candidate: ReturnType<LoadProvable>, at: number): readonly ComparedSet[] {
  const known = candidate.parties.map(({ party }) => party)
  const sets = [...new Map([...old.sets, ...candidate.sets].map(folders => [folders.join(), folders])).values()]
  if (sets.length === 0) return [{ folders: null, diff: diffRulebooks(old.rulebook, candidate.rulebook, at, known) }]
  const present = (folders: readonly string[], { sets: all }: typeof old) => folders.filter(folder => all.flat().includes(folder))
  return sets.map(folders => {
    const [before, after] = [old.rulebookFor(present(folders, old)), candidate.rulebookFor(present(folders, candidate))]
    return { folders, diff: diffRulebooks(before, after, at, known) }
  })
}

function toJson([first, ...others]: readonly ComparedSet[], parts: readonly string[], weaker: boolean): string {
  const sets = others.filter(({ diff }) => diff.changed > 0n).map(({ folders, diff }) => ({ folders, ...diff }))
  const all = { folders: first?.folders ?? null, ...first?.diff, parts, sets, weaker }
  return JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
}

const describeParts = (parts: readonly string[]): string[] =>
  parts.length === 0 ? [] : ['beside the laws, weaker:', ...parts.map(sentence => `  ${sentence}`)]

function describeSet({ folders, diff }: ComparedSet, i: number): string[] {
  // Of many states those that stay as they are need no line; the first is the city's own.
  if (i > 0 && diff.changed === 0n) return []
  const number = (count: bigint) => count.toLocaleString('en-US')
  const shown = (wanted: boolean) =>
    diff.groups
      .filter(group => group.weaker === wanted)
      .flatMap(({ sentence, example }) => [`  ${sentence}`, `    for example ${JSON.stringify(example)}`])
  const [loosened, tightened] = [shown(true), shown(false)]
  return [
    `${folders ? `with ${folders.join(', ')} in force: ` : ''}${number(diff.changed)} of ${number(diff.inquiries)} inquiries change`,
    ...(loosened.length > 0 ? ['weaker:', ...loosened] : []),
    ...(tightened.length > 0 ? ['not weaker:', ...tightened] : []),
  ]
}
