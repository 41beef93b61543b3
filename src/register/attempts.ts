import type { Attempts, Consulted, Retry } from '../terms/consulted.ts'
import type { Parties } from '../terms/parties.ts'
import type { Purpose } from '../terms/purpose.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import { makeAttemptTokens } from './attempt-tokens.ts'
import type { Book, BookParts } from './book.ts'
import { type JournalEntry, members, textOf } from './journal-entry.ts'
import { shapeOf } from './query-shape.ts'
import { readRefusal } from './read-refusal.ts'
import { createRefusalMemory, type RefusalMemory } from './refusal-memory.ts'

/** How long a refusal is remembered after it was last repeated. */
export const WINDOW_MS = 24 * 60 * 60 * 1000
/** Counsel may take days; the refusal itself is forgotten by then. */
const HOLDS_WINDOW_MS = 7 * WINDOW_MS
const TOKENS_MAX = 50_000
const SHAPES_MAX = 5_000

/** More protective than what an earlier refusal could be judged as: nobody's question is read more mildly because it was refused before. */
const STRICT: readonly Purpose[] = ['immigration-enforcement', 'suspected', 'vague', 'unstated']
/** Stated now, it gets through: an ambulance cannot wait for counsel. Stated then, it is no yardstick: it opens more than others do. */
const RESCUE: readonly Purpose[] = ['emergency', 'treatment']

export interface AttemptMemory extends Book {
  /** Under what a refusal of this call is remembered; null where no person is named, or a person asks. */
  readonly of: (parties: Parties, facts: QueryFacts) => Attempts | null
  /** The earlier refusal this call repeats in other words, and what only flags. */
  readonly recognise: (
    parties: Parties,
    facts: QueryFacts,
    entitledToEmergency: boolean,
  ) => { readonly retry: Retry | null; readonly alarms: Consulted['alarms'] }
}

interface Own {
  readonly of: string
  readonly purpose: Purpose
  readonly binds: boolean
  readonly reason: string
  readonly at: number
  readonly by: string
}

interface Memory {
  readonly own: RefusalMemory<Own>
  /** Looked at only where `own` knows nothing: then it was a colleague. */
  readonly agency: RefusalMemory<{ readonly of: string; readonly at: number; readonly by: string }>
  readonly shapes: RefusalMemory<{ readonly of: string; readonly purpose: Purpose; readonly at: number; readonly by: string }>
  /** The decision behind a hold: what counsel released is no refusal any more. */
  readonly holds: RefusalMemory<{ readonly of: string; readonly at: number; readonly by: string }>
}

/**
 * Remembers refusals for 24 hours, so that the same question in other words is recognised. What one login was refused binds that login
 * alone; for its colleagues it is a flag, so that one officer cannot lock out a department.
 */
export function createAttempts({ now, token }: BookParts): AttemptMemory {
  const tokens = makeAttemptTokens(token)
  const memory: Memory = {
    own: createRefusalMemory(TOKENS_MAX, WINDOW_MS),
    agency: createRefusalMemory(TOKENS_MAX, WINDOW_MS),
    shapes: createRefusalMemory(SHAPES_MAX, WINDOW_MS),
    holds: createRefusalMemory(SHAPES_MAX, HOLDS_WINDOW_MS),
  }
  let newest = 0
  return {
    of: (parties, facts) => {
      const namesNobody = facts.dataSubjects.length === 0 && (facts.mentions ?? []).length === 0
      return namesNobody || isPerson(parties) ? null : tokens.of(parties, facts)
    },
    recognise(parties, facts, entitledToEmergency) {
      if (isPerson(parties) || Object.values(memory).every(({ size }) => size() === 0)) return { retry: null, alarms: [] }
      const at = now()
      const asked = tokens.of(parties, facts)
      const own = [...asked.own, ...tokens.further(parties, facts)]
      const retry = repeated(memory, own, asked.reason, parties.purpose.code, at)
      const alarm = alarmOf(memory, asked, parties, facts, at)
      return {
        retry: retry && { of: retry.of, purpose: retry.purpose, judged: !entitledToEmergency && isBinding(retry, parties) },
        alarms: alarm === null || (retry !== null && alarm === 'retry-by-shape') ? [] : [alarm],
      }
    },
    observe(entry) {
      newest = Math.max(newest, entry.t_wall) // a clock that was set back must not make a refusal look old
      observe(memory, entry, newest)
    },
  }
}

const isPerson = ({ requester }: Parties): boolean => requester.category === 'person'

const isBinding = ({ purpose, binds }: Own, stated: Parties): boolean =>
  binds && !STRICT.includes(stated.purpose.code) && !RESCUE.includes(stated.purpose.code) && !RESCUE.includes(purpose)

/** Of several earlier refusals the most protective one. */
function repeated({ own }: Memory, tokens: readonly string[], reason: string, stated: Purpose, at: number): Own | null {
  let found: Own | null = null
  for (const token of tokens) {
    const earlier = own.find(token, at)
    const changed = earlier !== null && (earlier.purpose !== stated || earlier.reason !== reason)
    if (changed && (found === null || rank(earlier.purpose) > rank(found.purpose))) found = earlier
  }
  return found
}

const rank = (purpose: Purpose): number => {
  if (purpose === 'immigration-enforcement') return 3
  if (purpose === 'suspected') return 2
  return RESCUE.includes(purpose) ? 0 : 1
}

function alarmOf(memory: Memory, { own, agency }: Attempts, parties: Parties, facts: QueryFacts, at: number) {
  const byColleague = agency.some((token, i) => memory.agency.find(token, at) !== null && memory.own.find(own[i] ?? '', at) === null)
  if (byColleague) return 'retry-by-colleague'
  const shape = memory.shapes.find(shapeOf(parties.requester.id, facts.source, facts.uses), at)
  return shape !== null && shape.purpose !== parties.purpose.code ? 'retry-by-shape' : null
}

function forget(memory: Memory, of: string): void {
  for (const book of [memory.own, memory.agency, memory.shapes]) book.forget(of)
}

function observe(memory: Memory, entry: JournalEntry, at: number): void {
  if (entry.kind === 'review') {
    const { step, lifts } = members(entry.body)
    if (step === 'done' && typeof lifts === 'string') forget(memory, lifts)
    return
  }
  if (entry.kind === 'hold') {
    const { step, id } = members(entry.body)
    const released = step === 'released' ? memory.holds.find(textOf(id), at) : null
    if (released) forget(memory, released.of)
    return
  }
  const refusal = readRefusal(entry)
  if (refusal === null) return
  const { of, purpose, binds, by, hold, attempts } = refusal
  memory.shapes.remember(refusal.shape, { of, purpose, at, by })
  if (hold !== '') memory.holds.remember(hold, { of, at, by })
  if (attempts === null) return
  for (const [i, own] of attempts.own.entries()) {
    const earlier = memory.own.find(own, at)
    // The first refusal stays, unless this one is more protective: a mild purpose that was refused later must not wash off a suspicion.
    const stays = earlier !== null && (earlier.binds || !binds) && rank(earlier.purpose) >= rank(purpose)
    const kept = stays ? earlier : { of, purpose, binds, reason: attempts.reason }
    memory.own.remember(own, { of: kept.of, purpose: kept.purpose, binds: kept.binds, reason: kept.reason, at, by })
    const agency = textOf(attempts.agency[i])
    if (agency !== '') memory.agency.remember(agency, { of: kept.of, at, by })
  }
}
