import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'commander'
import { inquiryOf } from '../audit/inquiry-of.ts'
import { type Entry, memberObject, rulebookOf } from '../audit/parse-entry.ts'
import { readJournal } from '../audit/read.ts'
import { decide } from '../policy/decide.ts'
import { foldFields } from '../policy/fold-fields.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import { isSame, type Summary, summaryOf } from '../rulebook/shadow.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import type { RulebookContent } from '../terms/rulebook-content.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { journalledFacts } from './journalled-facts.ts'
import { readTime } from './read-time.ts'
import { usageError } from './usage.ts'

const EXAMPLES_MAX = 10
const PROGRESS_EVERY = 1000

/** Two rulebooks, and the journal whose inquiries both decide. @throws FilesRefused */
export type LoadReplay = (
  config: string,
  laws: string,
) => {
  readonly journalDir: string
  readonly now: Named
  readonly candidate: Named
}
interface Named {
  readonly digest: string
  readonly rulebook: Rulebook
  readonly content: RulebookContent
}

interface ReplayOptions {
  readonly config: string
  readonly laws: string
  readonly since?: string
  readonly until?: string
  readonly json?: boolean
}

const CHANGES = ['newlyReleased', 'newlyHeld', 'newlyRefused', 'otherwise'] as const
type Change = (typeof CHANGES)[number]

interface Example {
  readonly id: string
  readonly index: number
  readonly changes: readonly Change[]
  readonly agency: string
  readonly purpose: string
  readonly was: Summary
  readonly becomes: Summary
}

interface Replay {
  readonly rulebook: string
  readonly candidate: string
  /** Decision entries read. */
  inquiries: number
  /** Refused before the law was asked, of the gate itself, or of a version that did not say what was asked. */
  notAsked: number
  /** Refused for how the query was written, which the journal does not hold: no rulebook is told apart by it. */
  refusedForQuery: number
  /** Parts of the candidate that differ and that no past inquiry can be read with again. */
  readonly notReplayed: readonly string[]
  same: number
  different: number
  readonly changes: Record<Change, number>
  readonly examples: Example[]
}

/** `haven policy replay`: what a candidate would have decided of everything the journal holds. */
export function addPolicyReplay(policy: Command, io: CliIo, load: LoadReplay): void {
  policy
    .command('replay')
    .description("decide the journal's past inquiries under the rulebook of a configuration and under a candidate folder")
    .requiredOption('--config <file>', 'the configuration; its journal is read, also beside a running gate')
    .requiredOption('--laws <dir>', 'the candidate: a policies folder; what it leaves out is taken from the configuration')
    .option('--since <time>', 'from this time on (ISO 8601, such as 2026-12-01 or 2026-12-01T12:00:00Z)')
    .option('--until <time>', 'before this time')
    .option('--json', 'print the result as JSON')
    .action(async (options: ReplayOptions) => {
      const wrong = (['since', 'until'] as const).find(name => options[name] !== undefined && readTime(options[name]) === null)
      if (wrong !== undefined) {
        fail(io, usageError(`--${wrong} ${options[wrong]}: write a time such as 2026-12-01T12:00:00Z`), options.json)
        return
      }
      try {
        const replayed = await replay(options, load, io)
        if (options.json) io.print(JSON.stringify(replayed))
        else for (const line of describe(replayed)) io.print(line)
        io.exit(0)
      } catch (error) {
        fail(io, error, options.json)
      }
    })
}

async function replay({ config, laws, since, until }: ReplayOptions, load: LoadReplay, io: CliIo): Promise<Replay> {
  const { journalDir, now, candidate } = load(config, laws)
  const times = { ...(since ? { since: readTime(since) ?? 0 } : {}), ...(until ? { until: readTime(until) ?? 0 } : {}) }
  const changes = { newlyReleased: 0, newlyHeld: 0, newlyRefused: 0, otherwise: 0 }
  const result: Replay = {
    ...{ rulebook: now.digest, candidate: candidate.digest, inquiries: 0, notAsked: 0, refusedForQuery: 0, same: 0, different: 0 },
    ...{ notReplayed: notReplayed(now.content, candidate.content), changes, examples: [] },
  }
  for await (const { entry, index } of readJournal(journalDir, { kind: 'decision', ...times })) {
    result.inquiries += 1
    if (result.inquiries % PROGRESS_EVERY === 0) io.progress?.(`${result.inquiries} inquiries`)
    const inquiry = inquiryOf(entry)
    if (inquiry) compare(result, inquiry, { entry, index }, now, candidate)
    else result.notAsked += 1
  }
  return result
}

function compare(result: Replay, inquiry: Inquiry, place: { entry: Entry; index: number }, now: Named, candidate: Named): void {
  const { entry, index } = place
  const facts = journalledFacts(entry)
  const was = summaryOf(foldFields(decide(now.rulebook, inquiry), facts))
  if (isRefusedForQuery(entry, now.digest, was)) {
    result.refusedForQuery += 1
    return
  }
  const becomes = summaryOf(foldFields(decide(candidate.rulebook, inquiry), facts))
  if (isSame(was, becomes)) {
    result.same += 1
    return
  }
  result.different += 1
  const changes = changesBetween(was, becomes)
  const isNew = changes.some(change => result.changes[change] < EXAMPLES_MAX)
  for (const change of changes) result.changes[change] += 1
  if (isNew) result.examples.push({ id: entry.id, index, changes, agency: inquiry.requester.id, purpose: inquiry.purpose, was, becomes })
}

/** The same rulebook refused the call then and would not now: what refused it is not in the journal, so no candidate may be blamed. */
function isRefusedForQuery(entry: Entry, digest: string, was: Summary): boolean {
  return rulebookOf(entry) === digest && memberObject(entry, 'decision')?.kind === 'deny' && was.kind !== 'deny'
}

/** Who asked, for what, and what the fields are was concluded when the call came: another directory would conclude something else. */
function notReplayed(now: RulebookContent, candidate: RulebookContent): readonly string[] {
  const parts = { directory: 'agencies', vocabulary: 'vocabulary', lexicon: 'lexicon', catalogues: 'sources' } as const
  return Object.entries(parts).flatMap(([word, part]) => (isDeepStrictEqual(now[part], candidate[part]) ? [] : [word]))
}

/** Class by class, and kind of use by kind: one inquiry may have something released and something else refused. */
function changesBetween(was: Summary, becomes: Summary): readonly Change[] {
  const [before, after] = [fates(was), fates(becomes)]
  const anew = (fate: string) => [...after].some(([of, now]) => now === fate && before.get(of) !== fate)
  const refused = [...before].some(([of, fate]) => fate !== 'left out' && (after.get(of) ?? 'left out') === 'left out')
  const found: Change[] = [
    ...(anew('permitted') ? (['newlyReleased'] as const) : []),
    ...(anew('held') ? (['newlyHeld'] as const) : []),
    ...(refused ? (['newlyRefused'] as const) : []),
  ]
  return found.length > 0 ? found : ['otherwise']
}

/** What becomes of each class, and of each of its uses; where the call is not answered, nothing of it is released. */
function fates({ kind, released, held, uses }: Summary): ReadonlyMap<string, string> {
  const told = uses.map(use => use.split(': ')).map(([of = '', fate = '']): [string, string] => [of, fate])
  return new Map([
    ...released.map((dataClass): [string, string] => [dataClass, 'permitted']),
    ...held.map((dataClass): [string, string] => [dataClass, 'held']),
    ...told.filter(([, fate]) => kind === 'permit' || fate === 'held'),
  ])
}

const WORDS: Readonly<Record<Change, string>> = {
  newlyReleased: 'something is newly released',
  newlyHeld: 'something is newly held for counsel',
  newlyRefused: 'something is newly refused or left out',
  otherwise: 'decided in another way',
}

function describe(replayed: Replay): readonly string[] {
  const { rulebook, candidate, inquiries, notAsked, refusedForQuery, notReplayed: apart, same, different, changes, examples } = replayed
  const counts = `${same} the same, ${different} different, ${notAsked} in which the law was not asked`
  return [
    `rulebook  ${rulebook}`,
    `candidate ${candidate}`,
    `${inquiries} inquiries: ${counts}${refusedForQuery > 0 ? `, ${refusedForQuery} refused for the query itself` : ''}`,
    ...(apart.length > 0 ? [`the candidate differs here too, and this is not replayed: ${apart.join(', ')}`] : []),
    ...CHANGES.filter(change => changes[change] > 0).map(change => `  ${changes[change]}: ${WORDS[change]}`),
    ...(examples.length > 0 ? ['examples:'] : []),
    ...examples.flatMap(({ id, agency, purpose, was, becomes }) => [
      `  ${id} ${agency} for ${purpose}`,
      `    was ${inWords(was, becomes)} [${was.rules.join(', ')}]`,
      `    becomes ${inWords(becomes, was)} [${becomes.rules.join(', ')}]`,
    ]),
  ]
}

/** A decision, with its terms, and of its uses those that the other decision does not have so. */
function inWords({ kind, released, held, obligations, deadlineHours, people, uses }: Summary, other: Summary): string {
  const apart = uses.filter(use => !other.uses.includes(use))
  return [
    kind,
    ...(released.length > 0 ? [`released ${released.join(' ')}`] : []),
    ...(held.length > 0 ? [`held ${held.join(' ')}`] : []),
    ...(deadlineHours === null ? [] : [`within ${deadlineHours} h`]),
    ...(people === 2 ? ['two people release it'] : []),
    ...(obligations.length > 0 ? [`owing ${obligations.join(' ')}`] : []),
    ...(apart.length > 0 ? [`uses ${apart.join(', ')}`] : []),
  ].join(', ')
}
