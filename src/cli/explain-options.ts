import { describeIssues } from '../config/describe-issues.ts'
import { Given } from '../terms/policy-case.ts'

/** What `haven policy explain` was asked, as commander hands it over. */
export interface ExplainOptions {
  readonly config?: string
  readonly dir?: string
  readonly laws?: string
  readonly grants?: string
  readonly inquiry?: string
  readonly entry?: string
  readonly requester?: string
  readonly recipient: readonly string[]
  readonly purpose?: string
  readonly reason?: string
  readonly process?: string
  readonly keeper?: string
  readonly records?: string
  readonly use: readonly string[]
  readonly at?: string
  readonly bulk?: boolean
  readonly routed?: boolean
  readonly retry?: boolean
  readonly attested?: boolean
  readonly self?: boolean
  readonly json?: boolean
}

/** Where the inquiry comes from. */
export type Asked =
  | { readonly from: 'file'; readonly file: string }
  | { readonly from: 'entry'; readonly id: string }
  | { readonly from: 'flags'; readonly given: Given }

const FLAGS = [
  ...(['requester', 'purpose', 'reason', 'process', 'keeper', 'records', 'at'] as const),
  ...(['bulk', 'routed', 'retry', 'attested', 'self'] as const),
] as const

/** Reads the options, or says in a sentence what is wrong with them. */
export function readExplainOptions(options: ExplainOptions): Asked | { readonly usage: string } {
  const { config, dir, laws, grants, inquiry, entry, recipient, use } = options
  if ((config === undefined) === (dir === undefined)) return { usage: 'write either --config FILE or --dir DIR' }
  if (config !== undefined && (laws !== undefined || grants !== undefined)) return { usage: '--laws and --grants go with --dir' }
  const described = FLAGS.some(flag => options[flag] !== undefined) || recipient.length > 0 || use.length > 0
  const sources = [inquiry !== undefined, entry !== undefined, described].filter(Boolean).length
  if (sources === 0) return { usage: 'say what to decide: --inquiry FILE, --entry ID, or --requester ID --use KIND=CLASS' }
  if (sources > 1) return { usage: '--inquiry, --entry and the flags that describe an inquiry cannot be mixed' }
  if (inquiry !== undefined) return { from: 'file', file: inquiry }
  if (entry !== undefined) return { from: 'entry', id: entry }
  return readFlags(options)
}

function readFlags(options: ExplainOptions): Asked | { readonly usage: string } {
  const { requester, recipient, purpose, reason, process, keeper, records, use, at, bulk, routed, retry, attested, self } = options
  if (requester === undefined || use.length === 0) return { usage: 'an inquiry needs at least --requester ID and --use KIND=CLASS' }
  const written = process === undefined ? undefined : readProcess(process)
  const uses = readUses(use)
  if (typeof written === 'string') return { usage: written }
  if (typeof uses === 'string') return { usage: uses }
  const given = {
    ...defined({ requester, purpose, reason, bulk, routed, retry, attested, self }),
    recipients: recipient,
    source: defined({ keeper, records }),
    uses,
    ...(at === undefined ? {} : { at: /^\d{4}-\d{2}-\d{2}$/.test(at) ? `${at}T12:00:00Z` : at }),
    ...(written ? { process: written } : {}),
  }
  const parsed = Given.safeParse(given)
  if (parsed.success) return { from: 'flags', given: parsed.data }
  const issues = describeIssues(parsed.error.issues, Given, given)
  return { usage: issues.map(({ path, message }) => `--${flagOf(path)}: ${message}`).join('; ') }
}

function flagOf([first, second]: readonly PropertyKey[]): string {
  const named: Readonly<Record<string, string>> = { uses: 'use', recipients: 'recipient', source: String(second) }
  return named[String(first)] ?? String(first)
}

const defined = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

function readProcess(text: string): { kind: string; state: string; covers: string } | string {
  const [kind, state, covers, ...more] = text.split(':')
  const usable = kind && state && more.length === 0 && (covers === undefined || covers === 'query')
  return usable ? { kind, state, covers: covers ?? 'none' } : `--process ${text}: write KIND:STATE or KIND:STATE:query`
}

/** `select=locating,status` and its like; a kind that is given twice has the classes of both. */
function readUses(texts: readonly string[]): Record<string, string[]> | string {
  const uses = new Map<string, string[]>()
  for (const text of texts) {
    const [kind, classes, ...more] = text.split('=')
    if (!kind || !classes || more.length > 0) return `--use ${text}: write KIND=CLASS,CLASS such as select=locating,personal`
    uses.set(kind, [...(uses.get(kind) ?? []), ...classes.split(',')])
  }
  return Object.fromEntries(uses)
}
