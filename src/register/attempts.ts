import type { Attempts, Consulted, Retry } from '../terms/consulted.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { Book, BookParts } from './book.ts'

export interface AttemptMemory extends Book {
  /** Under what a refusal of this call is remembered; null where no person is named. */
  readonly of: (parties: Parties, facts: QueryFacts) => Attempts | null
  /** The earlier refusal this call repeats in other words, and what only flags. */
  readonly recognise: (
    parties: Parties,
    facts: QueryFacts,
    entitledToEmergency: boolean,
  ) => { readonly retry: Retry | null; readonly alarms: Consulted['alarms'] }
}

export function createAttempts(_parts: BookParts): AttemptMemory {
  throw new Error('not written yet')
}
