import type { Command } from 'commander'
import { inquiryOf } from '../audit/inquiry-of.ts'
import { readJournal } from '../audit/read.ts'
import { decide } from '../policy/decide.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import { isSame, summaryOf } from '../rulebook/shadow.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import { describeFailure } from './describe-failure.ts'
import type { CliIo } from './io.ts'
import { readTime } from './read-time.ts'

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

type Summary = ReturnType<typeof summaryOf>

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
        io.warn(`--${wrong} ${options[wrong]}: write a time such as 2026-12-01T12:00:00Z`)
        io.exit(2)
        return
      }
      try {
        const replayed = await replay(options, load, io)
        if (options.json) io.print(JSON.stringify(replayed))
        else for (const line of describe(replayed)) io.print(line)
        io.exit(0)
      } catch (error) {
        for (const line of describeFailure(error)) io.warn(line)
        io.exit(1)
      }
    })
}

async function replay({ config, laws, since, until }: ReplayOptions, load: LoadReplay, io: CliIo): Promise<Replay> {
  const { journalDir, now, candidate } = load(config, laws)
  const times = { ...(since ? { since: readTime(since) ?? 0 } : {}), ...(until ? { until: readTime(until) ?? 0 } : {}) }
  const changes = { newlyReleased: 0, newlyHeld: 0, newlyRefused: 0, otherwise: 0 }
  const result: Replay = {
    ...{ rulebook: now.digest, candidate: candidate.digest, inquiries: 0, notAsked: 0, same: 0, different: 0 },
    ...{ changes, examples: [] },
  }
  for await (const { entry, index } of readJournal(journalDir, { kind: 'decision', ...times })) {
    result.inquiries += 1
    if (result.inquiries % PROGRESS_EVERY === 0) io.progress?.(`${result.inquiries} inquiries`)
    const inquiry = inquiryOf(entry)
    if (inquiry) compare(result, inquiry, { id: entry.id, index }, now.rulebook, candidate.rulebook)
    else result.notAsked += 1
  }
  return result
}

function compare(result: Replay, inquiry: Inquiry, place: Pick<Example, 'id' | 'index'>, now: Rulebook, candidate: Rulebook): void {
  const was = summaryOf(decide(now, inquiry))
  const becomes = summaryOf(decide(candidate, inquiry))
  if (isSame(was, becomes)) {
    result.same += 1
    return
  }
  result.different += 1
  const changes = changesBetween(was, becomes)
  const isNew = changes.some(change => result.changes[change] < EXAMPLES_MAX)
  for (const change of changes) result.changes[change] += 1
  if (isNew) result.examples.push({ ...place, changes, agency: inquiry.requester.id, purpose: inquiry.purpose, was, becomes })
}

/** Class by class: one inquiry may have something released and something else refused. */
function changesBetween(was: Summary, becomes: Summary): readonly Change[] {
  const outOf = [...was.released, ...was.held]
  const stays = new Set([...becomes.released, ...becomes.held])
  const found: Change[] = [
    ...(becomes.released.some(dataClass => !was.released.includes(dataClass)) ? (['newlyReleased'] as const) : []),
    ...(becomes.held.some(dataClass => !was.held.includes(dataClass)) ? (['newlyHeld'] as const) : []),
    ...(outOf.some(dataClass => !stays.has(dataClass)) ? (['newlyRefused'] as const) : []),
  ]
  return found.length > 0 ? found : ['otherwise']
}

const WORDS: Readonly<Record<Change, string>> = {
  newlyReleased: 'something is newly released',
  newlyHeld: 'something is newly held for counsel',
  newlyRefused: 'something is newly refused or left out',
  otherwise: 'decided in another way',
}

function describe({ rulebook, candidate, inquiries, notAsked, same, different, changes, examples }: Replay): readonly string[] {
  const classes = ({ kind, released, held }: Summary) =>
    `${kind}${released.length > 0 ? `, released ${released.join(' ')}` : ''}${held.length > 0 ? `, held ${held.join(' ')}` : ''}`
  return [
    `rulebook  ${rulebook}`,
    `candidate ${candidate}`,
    `${inquiries} inquiries: ${same} the same, ${different} different, ${notAsked} in which the law was not asked`,
    ...CHANGES.filter(change => changes[change] > 0).map(change => `  ${changes[change]}: ${WORDS[change]}`),
    ...(examples.length > 0 ? ['examples:'] : []),
    ...examples.flatMap(({ id, agency, purpose, was, becomes }) => [
      `  ${id} ${agency} for ${purpose}`,
      `    was ${classes(was)} [${was.rules.join(', ')}]`,
      `    becomes ${classes(becomes)} [${becomes.rules.join(', ')}]`,
    ]),
  ]
}
