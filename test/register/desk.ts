import { join } from 'node:path'
import type { Test } from 'tap'
import type { EntryBody } from '../../src/audit/entry.ts'
import type { Journal } from '../../src/audit/record.ts'
import { type AttemptMemory, createAttempts } from '../../src/register/attempts.ts'
import type { Book, BookParts } from '../../src/register/book.ts'
import type { JournalEntry } from '../../src/register/journal-entry.ts'
import type { Consulted } from '../../src/terms/consulted.ts'
import type { Deny, Hold, HoldOrder } from '../../src/terms/decision.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import type { Judgement } from '../../src/terms/judgement.ts'
import type { Parties, Party } from '../../src/terms/parties.ts'
import type { Purpose } from '../../src/terms/purpose.ts'
import type { QueryFacts } from '../../src/terms/query-facts.ts'
import { DENY, FACTS, journalIn, PARTIES, PERMIT, permitted, RELEASED, temporary } from '../audit/given.ts'

export const HOUR = 3_600_000
export const START = Date.parse('2026-12-01T12:00:00Z')

export const POLICE: Party = {
  ...{ id: 'us-ca-los-angeles-police', name: 'Police', category: 'local-police', jurisdiction: 'us-ca-los-angeles' },
  ...{ flags: [], via: 'requester' },
}

/** Who asks what, and whether the law refuses it. What is left out is officer-1 of the police, naming person 11. */
export interface Asked {
  readonly officer?: string
  readonly agency?: Party
  readonly purpose?: Purpose
  readonly reason?: string
  readonly persons?: readonly string[]
  readonly facts?: Partial<QueryFacts>
  readonly entitled?: boolean
  /** What the law says to a purpose; permits all if left out. */
  readonly law?: (purpose: Purpose) => 'permit' | 'deny' | 'hold'
  /** The law was not asked: malformed, too frequent, a fault. */
  readonly unasked?: Deny['reply']
  /** How many records left. */
  readonly records?: number
}

export function partiesOf({ officer = 'officer-1', agency = POLICE, purpose = 'criminal-investigation', reason }: Asked): Parties {
  return {
    ...PARTIES,
    requester: agency,
    recipients: [agency],
    purpose: { ...PARTIES.purpose, code: purpose },
    login: { issuer: 'https://id.test', subject: officer },
    reason: reason ?? null,
  }
}

export const factsOf = ({ persons = ['11'], facts }: Asked): QueryFacts => ({ ...FACTS, dataSubjects: persons, ...facts })

export interface Answer {
  readonly id: string
  readonly kind: 'permit' | 'deny' | 'hold'
  /** The purpose the law was asked about. */
  readonly judgedAs: Purpose
  readonly retry: Consulted['retry']
  /** At most one is raised. */
  readonly alarm: Consulted['alarms'][number] | null
}

export interface Desk {
  /** Where the journal is. */
  readonly dir: string
  readonly clock: { now: number }
  readonly journal: Journal
  readonly attempts: AttemptMemory
  readonly entries: readonly JournalEntry[]
  /** One call as the gate handles it: consult, judge, record, and the outcome of a permit. */
  readonly ask: (asked?: Asked) => Promise<Answer>
  /** Counsel's review of a retry, done with a lift of the refusal it stands on. */
  readonly lift: (decision: string) => Promise<void>
}

export function bookParts({ token }: Pick<BookParts, 'token'>, now: () => number): BookParts {
  const never = () => Promise.reject(new Error('this book takes no steps'))
  return { now, newId: () => 'id', token, read: () => null, take: never, inTurn: never }
}

/** A real journal with the memory of refusals on it, and further books. */
export async function desk(t: Test, more: readonly Book[] = []): Promise<Desk> {
  const clock = { now: START }
  const entries: JournalEntry[] = []
  const books: Book[] = [...more]
  const observe = (entry: JournalEntry) => {
    entries.push(entry)
    for (const book of books) book.observe(entry)
  }
  const home = await temporary(t)
  const journal = await journalIn(t, home, { now: () => clock.now, observe })
  const attempts = createAttempts(bookParts(journal, () => Math.max(clock.now, journal.lastTime)))
  books.push(attempts)
  return {
    ...{ dir: join(home, 'journal'), clock, journal, attempts, entries },
    ask: (asked = {}) => ask(journal, attempts, `d${String(entries.length).padStart(6, '0')}`, asked),
    lift: of => journal.recordEvent('review', { id: 'task.0', step: 'done', by: 'ana', lifts: of } satisfies Omit<EntryBody, 'kind'>),
  }
}

const order: HoldOrder = { for: 'counsel', deadlineHours: 24, people: 1, classes: ['locating'], rules: [], reasons: [] }
const hold: Hold = { ...{ verdicts: [], withheld: [], obligations: [], reasons: [], held: ['locating'] }, kind: 'hold', hold: order }
const DECISIONS = { permit: PERMIT, deny: { ...DENY, reply: 'law' as const }, hold }

async function ask(journal: Journal, attempts: AttemptMemory, id: string, asked: Asked): Promise<Answer> {
  const { judgement, answer } = judge(attempts, id, asked)
  const receipt = await journal.recordDecision(judgement)
  const records = asked.records ?? asked.persons?.length ?? 1
  if (answer.kind === 'permit') await journal.recordOutcome(receipt, { ...RELEASED, records })
  return answer
}

/** What the gate makes of a call, with this memory of refusals. */
export function judge(attempts: AttemptMemory, id: string, asked: Asked): { readonly judgement: Judgement; readonly answer: Answer } {
  const [parties, query] = [partiesOf(asked), factsOf(asked)]
  if (asked.unasked) {
    const judgement = { ...permitted(id), parties, query, decision: { ...DENY, reply: asked.unasked } }
    return { judgement, answer: { id, kind: 'deny', judgedAs: parties.purpose.code, retry: null, alarm: null } }
  }
  const { retry, alarms } = attempts.recognise(parties, query, asked.entitled ?? false)
  const judgedAs = retry?.judged ? retry.purpose : parties.purpose.code
  const kind = asked.law?.(judgedAs) ?? 'permit'
  const known = { process: null, paper: null, attested: false, bulk: false, lift: null, noticed: null, remarks: [] }
  const judgement = {
    ...{ ...permitted(id), parties, query, inquiry: inquiryOf(parties, judgedAs, retry !== null) },
    ...{
      consulted: { ...known, retry, alarms },
      decision: DECISIONS[kind],
      attempts: kind === 'permit' ? null : attempts.of(parties, query),
    },
  }
  return { judgement, answer: { id, kind, judgedAs, retry, alarm: alarms[0] ?? null } }
}

function inquiryOf({ requester, recipients }: Parties, purpose: Purpose, retry: boolean): Inquiry {
  const source = { keeper: 'police', records: 'police' } as const
  const rest = { process: null, uses: [], bulk: false, routed: false, attested: false, self: false, at: START }
  return { requester, recipients, purpose, source, retry, ...rest }
}

/** Refuses these purposes and no other. */
export const refusing =
  (...purposes: readonly Purpose[]) =>
  (purpose: Purpose) =>
    purposes.includes(purpose) ? ('deny' as const) : ('permit' as const)
