import { DataClass } from '../terms/data-class.ts'
import type { HoldTicket } from '../terms/judgement.ts'
import type { BookParts } from './book.ts'
import { isKept, noticesFor } from './duties.ts'
import { type JournalEntry, listOf, members, numberOf, textOf } from './journal-entry.ts'

const HOUR_MS = 3_600_000
/** How long a given notice frees the call that waited for it. */
const NOTICED_MS = 168 * HOUR_MS

/** What counsel frees: rules and classes of the ticket, or the stated purpose of a whole case. */
export interface ReleaseTerms {
  readonly classes: readonly DataClass[]
  readonly rules: readonly string[]
  readonly attests: boolean
}

/** One hold, as the journal has it. Never changed, only replaced. */
export interface HoldRecord {
  readonly ticket: HoldTicket
  readonly decision: string
  readonly purpose: string
  readonly history: readonly { readonly step: string; readonly by: string | null; readonly at: number }[]
  /** Digest of what is sealed; empty where nothing was kept. */
  readonly kept: string
  /** The first of two people, and what that one ordered. */
  readonly agreed: (ReleaseTerms & { readonly by: string; readonly hours: number }) | null
  readonly release: (ReleaseTerms & { readonly until: number; readonly by: readonly string[] }) | null
  readonly refused: boolean
  readonly used: boolean
  /** Null until it was escalated. */
  readonly escalatedFrom: readonly string[] | null
  /** Ids of the notices that must be given first and were not. */
  readonly notices: ReadonlySet<string>
}

/** All holds, and what finds them. */
export interface HoldShelf {
  readonly known: Map<string, HoldRecord>
  /** The newest hold of a binding. */
  readonly byBinding: Map<string, string>
  /** Until when a case is attested, by its token. */
  readonly attested: Map<string, number>
  /** Those that nobody closed. */
  readonly open: Set<string>
  /** How many of these each agency has, or each person. */
  readonly openOf: Map<string, number>
}

export const emptyShelf = (): HoldShelf => ({
  ...{ known: new Map(), byBinding: new Map(), attested: new Map() },
  ...{ open: new Set(), openOf: new Map() },
})

/** Under whom an open hold counts: the agency; for people, who have no agency, the login. */
export const openedBy = ({ agency, owner }: Pick<HoldTicket, 'agency' | 'owner'>): string => (agency === 'person' ? owner : agency)

/** The hold is not open any more, or was not. */
export function shut({ open, openOf }: HoldShelf, ticket: HoldTicket): void {
  if (!open.delete(ticket.id)) return
  const left = (openOf.get(openedBy(ticket)) ?? 0) - 1
  if (left > 0) openOf.set(openedBy(ticket), left)
  else openOf.delete(openedBy(ticket))
}

/** Takes one entry of the journal into account. */
export function foldHolds(shelf: HoldShelf, entry: JournalEntry, read: BookParts['read']): void {
  if (entry.kind === 'decision') foldDecision(shelf, entry)
  if (entry.kind === 'notice') foldNotice(shelf, entry, read)
  if (entry.kind !== 'hold') return
  const body = members(entry.body)
  const record = shelf.known.get(textOf(body.id))
  if (record) put(shelf, withStep(afterStep(shelf, record, entry, read), textOf(body.step), body.by, entry))
}

function foldDecision(shelf: HoldShelf, entry: JournalEntry): void {
  const known = members(entry.known)
  for (const id of [textOf(members(known.lift).hold), textOf(known.noticed)]) {
    const record = shelf.known.get(id)
    if (record) put(shelf, withStep({ ...record, used: true }, 'used', null, entry))
  }
  const hold = members(entry.hold)
  if (hold.opened !== true) return
  const ticket = ticketOf(hold)
  shelf.open.add(ticket.id)
  shelf.openOf.set(openedBy(ticket), (shelf.openOf.get(openedBy(ticket)) ?? 0) + 1)
  shelf.byBinding.set(ticket.binding, ticket.id)
  shelf.known.set(ticket.id, {
    ...{ ticket, decision: entry.id, purpose: textOf(members(entry.purpose).code), history: [] },
    ...{ kept: '', agreed: null, release: null, refused: false, used: false, escalatedFrom: null },
    notices: new Set(noticesFor(entry, ticket.id)),
  })
}

type Members = ReturnType<typeof members>

function afterStep(shelf: HoldShelf, record: HoldRecord, { body: said, t_wall: at }: JournalEntry, read: BookParts['read']): HoldRecord {
  const body = members(said)
  const digest = textOf(body.digest)
  switch (textOf(body.step)) {
    case 'kept': // the first alone: what counsel was to see is not replaced later
      return record.kept === '' ? { ...record, kept: digest } : record
    case 'agreed':
      return isKept(digest, read) ? { ...record, agreed: { ...termsOf(body), by: textOf(body.by), hours: numberOf(body.hours) } } : record
    case 'released':
      return isKept(digest, read) ? released(shelf, record, body) : record
    case 'noticed':
      return noticed(record, textOf(body.by), at)
    case 'refused':
      // An attestation that is withdrawn frees its case no more, whichever call comes next.
      if (record.release?.attests && record.ticket.caseToken !== null) shelf.attested.delete(record.ticket.caseToken)
      return { ...record, refused: true }
    case 'escalated':
      return { ...record, escalatedFrom: listOf(body.from) }
    default:
      return record
  }
}

function released(shelf: HoldShelf, record: HoldRecord, body: Members): HoldRecord {
  const { ticket, agreed } = record
  const by = textOf(body.by)
  // Judged here again: where the file lost what the first one said, the second one alone is one person.
  if (ticket.people === 2 && (agreed === null || agreed.by === by)) return record
  const until = numberOf(body.until)
  const release = { ...termsOf(body), until, by: agreed && ticket.people === 2 ? [agreed.by, by] : [by] }
  if (release.attests && ticket.caseToken !== null)
    shelf.attested.set(ticket.caseToken, Math.max(until, shelf.attested.get(ticket.caseToken) ?? 0))
  return { ...record, release }
}

/** A notice that a hold waits for was given. One entry says both, so that no crash can fall between them. */
function foldNotice(shelf: HoldShelf, entry: JournalEntry, read: BookParts['read']): void {
  const body = members(entry.body)
  const record = shelf.known.get(textOf(body.before))
  if (body.step !== 'done' || !record?.notices.has(textOf(body.id)) || !isKept(textOf(body.digest), read)) return
  const notices = new Set([...record.notices].filter(id => id !== textOf(body.id)))
  const next = notices.size > 0 ? { ...record, notices } : noticed({ ...record, notices }, textOf(body.by), entry.t_wall)
  put(shelf, withStep(next, 'noticed', body.by, entry))
}

function noticed(record: HoldRecord, by: string, at: number): HoldRecord {
  const { ticket } = record
  // A notice that was recorded after counsel refused frees nothing any more.
  if (record.release || record.refused) return record
  const until = Math.min(at + NOTICED_MS, ticket.expiresAt)
  return { ...record, release: { classes: ticket.classes, rules: ticket.rules, attests: false, until, by: [by] } }
}

function withStep(record: HoldRecord, step: string, by: unknown, { t_wall }: JournalEntry): HoldRecord {
  return { ...record, history: [...record.history, { step, by: typeof by === 'string' ? by : null, at: t_wall }] }
}

function put(shelf: HoldShelf, record: HoldRecord): void {
  shelf.known.set(record.ticket.id, record)
  if (record.release || record.refused || record.used) shut(shelf, record.ticket)
}

const termsOf = (body: Members): ReleaseTerms => ({
  classes: classesOf(body.classes),
  rules: listOf(body.rules),
  attests: body.attests === true,
})

const classesOf = (value: Members[string] | undefined): readonly DataClass[] =>
  DataClass.options.filter(dataClass => listOf(value).includes(dataClass))

function ticketOf(hold: Members): HoldTicket {
  return {
    id: textOf(hold.id),
    for: hold.for === 'notice' ? 'notice' : 'counsel',
    state: 'open',
    openedAt: numberOf(hold.openedAt),
    dueAt: numberOf(hold.dueAt),
    expiresAt: numberOf(hold.expiresAt),
    scope: textOf(hold.scope),
    owner: textOf(hold.owner),
    binding: textOf(hold.binding),
    caseToken: textOf(hold.caseToken) || null,
    agency: textOf(hold.agency),
    classes: classesOf(hold.classes),
    rules: listOf(hold.rules),
    people: hold.people === 2 ? 2 : 1,
    attestable: hold.attestable === true,
    opened: true,
  }
}
