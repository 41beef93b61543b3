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

const WINDOW_MS = 24 * 60 * 60 * 1000
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
  readonly reason: string
  readonly at: number
}

interface Memory {
  readonly own: RefusalMemory<Own>
  /** Looked at only where `own` knows nothing: then it was a colleague. */
  readonly agency: RefusalMemory<{ readonly of: string; readonly at: number }>
  readonly shapes: RefusalMemory<{ readonly of: string; readonly purpose: Purpose; readonly at: number }>
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
  }
  let newest = 0
  return {
    of: (parties, facts) => (facts.dataSubjects.length === 0 || isPerson(parties) ? null : tokens.of(parties, facts)),
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

const isBinding = ({ purpose }: Own, stated: Parties): boolean =>
  !STRICT.includes(stated.purpose.code) && !RESCUE.includes(stated.purpose.code) && !RESCUE.includes(purpose)

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

function observe(memory: Memory, entry: JournalEntry, at: number): void {
  if (entry.kind === 'review') {
    const { step, lifts } = members(entry.body)
    if (step === 'done' && typeof lifts === 'string') for (const book of [memory.own, memory.agency, memory.shapes]) book.forget(lifts)
    return
  }
  const refusal = readRefusal(entry)
  if (refusal === null) return
  const { of, purpose, attempts } = refusal
  memory.shapes.remember(refusal.shape, { of, purpose, at })
  if (attempts === null) return
  for (const [i, own] of attempts.own.entries()) {
    const earlier = memory.own.find(own, at)
    // The first refusal stays, unless this one is more protective: a mild purpose that was refused later must not wash off a suspicion.
    const kept = earlier !== null && rank(earlier.purpose) >= rank(purpose) ? earlier : { of, purpose, reason: attempts.reason }
    memory.own.remember(own, { of: kept.of, purpose: kept.purpose, reason: kept.reason, at })
    const agency = textOf(attempts.agency[i])
    if (agency !== '') memory.agency.remember(agency, { of: kept.of, at })
  }
}
