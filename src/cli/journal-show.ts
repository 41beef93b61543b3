import type { Command } from 'commander'
import { ENTRY_KINDS, type Entry, memberObject } from '../audit/parse-entry.ts'
import { type EntryFilter, type PlacedEntry, readJournal } from '../audit/read.ts'
import { Fault } from '../terms/faults.ts'
import { describeFailure } from './describe-failure.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { isJournalDirectory } from './journal-directory.ts'
import { usageError } from './usage.ts'

interface ShowOptions {
  readonly decision?: string
  readonly kind?: string
  readonly since?: string
  readonly until?: string
  readonly agency?: string
  readonly effect?: string
  readonly json?: boolean
}

/** `haven journal show DIR`: searches entries. With `--json` each line is one entry with its `index`. */
export function addJournalShow(journal: Command, io: CliIo): void {
  journal
    .command('show <dir>')
    .description('search the journal; records are compared with the tree, the tree itself is checked by `verify`')
    .option('--decision <id>', 'a decision and its outcome')
    .option('--kind <kind>', `one of ${[...ENTRY_KINDS].join(', ')}`)
    .option('--since <time>', 'from this time on (ISO 8601, such as 2026-12-01 or 2026-12-01T12:00:00Z)')
    .option('--until <time>', 'before this time')
    .option('--agency <id>', "the requester's directory id")
    .option('--effect <effect>', 'permit, hold or deny')
    .option('--json', 'NDJSON: one entry a line')
    .action((dir: string, options: ShowOptions) => show(dir, options, io))
}

async function show(dir: string, options: ShowOptions, io: CliIo): Promise<void> {
  const filter = readFilter(options)
  if (typeof filter === 'string') {
    fail(io, usageError(filter), options.json)
    return
  }
  if (!(await isJournalDirectory(dir, io, options.json))) return
  try {
    const finished = await outcomes(dir)
    for await (const placed of readJournal(dir, filter)) {
      const isOpen = isPermit(placed.entry) && !finished.has(placed.entry.id)
      io.print(options.json === true ? asJson(placed, isOpen) : asLine(placed, isOpen))
    }
    io.exit(0)
  } catch (error) {
    fail(io, error instanceof Fault ? error : new Error(`the journal cannot be read: ${describeFailure(error).join('; ')}`), options.json)
  }
}

function readFilter(options: ShowOptions): EntryFilter | string {
  const { decision: decisionId, kind, agency, effect } = options
  if (kind !== undefined && !ENTRY_KINDS.has(kind)) return `--kind ${kind}: write one of ${[...ENTRY_KINDS].join(', ')}`
  if (effect !== undefined && effect !== 'permit' && effect !== 'hold' && effect !== 'deny')
    return `--effect ${effect}: write permit, hold or deny`
  const since = options.since === undefined ? undefined : readTime(options.since)
  const until = options.until === undefined ? undefined : readTime(options.until)
  if (since === null) return `--since ${options.since}: write a time such as 2026-12-01T12:00:00Z`
  if (until === null) return `--until ${options.until}: write a time such as 2026-12-01T12:00:00Z`
  return {
    ...(decisionId === undefined ? {} : { decisionId }),
    ...(kind === undefined ? {} : { kind }),
    ...(agency === undefined ? {} : { agency }),
    ...(effect === undefined ? {} : { decision: effect }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }
}

// Only forms that mean the same everywhere: `Date.parse` would read `12/01/2026` in its own way and a time without a zone as local.
function readTime(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return null
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : time
}

// The first of two passes: a decision's outcome stands after it, and one without any must be shown as released.
async function outcomes(dir: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for await (const { entry } of readJournal(dir, { kind: 'outcome' })) ids.add(String(entry.decision_id))
  return ids
}

const isPermit = (entry: Entry): boolean => memberObject(entry, 'decision')?.kind === 'permit'

const asJson = ({ index, entry }: PlacedEntry, isOpen: boolean): string =>
  JSON.stringify({ index, ...entry, ...(isOpen ? { outcome: 'none recorded: counts as released' } : {}) })

function asLine({ index, entry, isPending }: PlacedEntry, isOpen: boolean): string {
  const parts = [`#${index}`, new Date(entry.t_wall).toISOString(), entry.kind, ...summary(entry)]
  if (isPending) parts.push('(not in a checkpoint yet)')
  if (isOpen) parts.push('(no outcome recorded: counts as released)')
  return parts.join(' ')
}

function summary(entry: Entry): string[] {
  if (entry.kind === 'outcome')
    return [
      String(entry.decision_id),
      String(entry.state),
      `status=${entry.status}`,
      `records=${entry.records}`,
      `bytes=${entry.bytes_out}`,
    ]
  if (entry.kind !== 'decision') return [JSON.stringify(entry.body ?? entry.counts ?? null)]
  const decision = memberObject(entry, 'decision') ?? {}
  const requester = memberObject(entry, 'requester')?.agency
  const purpose = memberObject(entry, 'purpose')?.code ?? 'none'
  return [
    ...[entry.id, String(decision.kind), `agency=${requester}`, `purpose=${purpose}`, `source=${entry.source}/${entry.collection}`],
    ...['released', 'withheld', 'held'].map(name => `${name}=${names(decision[name])}`),
    `reasons=${JSON.stringify(decision.reasons ?? [])}`,
  ]
}

const names = (value: unknown): string => (Array.isArray(value) && value.length > 0 ? value.join(',') : 'none')
