import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { Book } from './book.ts'

/** From which volume on reading counts as bulk, by source. */
export interface BulkThreshold {
  readonly subjectsPerHour: number
  /** A lower one for the night. `from` and `until` are `HH:MM` in the time zone. */
  readonly atNight: { readonly subjectsPerHour: number; readonly from: string; readonly until: string; readonly timeZone: string } | null
}

export interface Volume extends Book {
  /** Whether this call, with what its agency read of the source within the hour, is bulk. */
  readonly isBulk: (parties: Parties, facts: QueryFacts) => boolean
}

export function createVolume(_now: () => number, _thresholds: ReadonlyMap<string, BulkThreshold>): Volume {
  throw new Error('not written yet')
}
