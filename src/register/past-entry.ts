import { owedBy } from './duties.ts'
import { type JournalEntry, type Json, members, textOf } from './journal-entry.ts'
import { readRefusal } from './read-refusal.ts'

/** Which members of a value are kept; `true`: all of it, as it is. Of a list, of each of its items. */
type Wanted = true | { readonly [member: string]: Wanted }

/**
 * What the books read of a decision, in one place. A member that a book reads and that is missing here reads as absent after a restart:
 * whoever adds one counts up `FORMAT` of `past-file.ts`, and a test finds what was forgotten.
 */
const DECISION: Wanted = {
  decision: { kind: true, reply: true, obligations: { notify: true, review: true, before: true, within: true } },
  hold: true,
  known: { lift: { hold: true }, noticed: true, paper: true, retry: { judged: true, of: true } },
  process: { kind: true },
  purpose: { code: true },
  req: { digest: true },
  requester: { agency: true, category: true, person: true },
  source: true,
  subjects: true,
}
/** What a memory of refusals reads beyond that. */
const REFUSAL: Wanted = {
  asked: true,
  attempts: true,
  recipients: { via: true, category: true, flags: true },
  uses: { collection: true, field: true, kind: true },
}
const EVENT: Wanted = { body: true }

const EVENTS: readonly string[] = ['process', 'hold', 'notice', 'review', 'certificate']

export const isPermit = (entry: JournalEntry): boolean => entry.kind === 'decision' && members(entry.decision).kind === 'permit'

/** Whether an entry says anything to the register that is not over with the hour: everything else is counted and forgotten. */
export function lasts(entry: JournalEntry): boolean {
  if (entry.kind !== 'decision') return EVENTS.includes(entry.kind)
  return usesUp(entry) || members(entry.hold).opened === true || owedBy(entry).length > 0 || readRefusal(entry) !== null
}

/** The process that a decision used up; empty where it used none. */
export const paperOf = ({ known }: JournalEntry): string => textOf(members(known).paper)

function usesUp(entry: JournalEntry): boolean {
  const { lift, noticed } = members(entry.known)
  return paperOf(entry) !== '' || textOf(members(lift).hold) !== '' || textOf(noticed) !== ''
}

/** The entry without what no book reads: the same to every book as the whole one. */
export function shorten(entry: JournalEntry): JournalEntry {
  const { kind, id, t_wall } = entry
  if (kind !== 'decision') return { ...picked(entry, EVENT), kind, id, t_wall }
  const more = readRefusal(entry) === null ? {} : picked(entry, REFUSAL)
  return { ...picked(entry, DECISION), ...more, kind, id, t_wall }
}

const picked = (entry: JournalEntry, wanted: Wanted) => members(pick(entry, wanted))

function pick(value: Json, wanted: Wanted): Json {
  if (wanted === true || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one: Json) => pick(one, wanted))
  const all = members(value)
  const kept: { [member: string]: Json } = {}
  for (const [name, inner] of Object.entries(wanted)) {
    const found = all[name]
    if (found !== undefined && found !== null) kept[name] = pick(found, inner)
  }
  return kept
}
