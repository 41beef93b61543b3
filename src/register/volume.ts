import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { Book } from './book.ts'
import { type JournalEntry, listOf, members, numberOf, textOf } from './journal-entry.ts'
import { makeIsNight } from './night.ts'
import { createReading, type Reading } from './reading.ts'

const READERS_MAX = 2_000
const UNDERWAY_MAX = 10_000

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

/** A threshold, ready to be asked. */
interface Limit {
  readonly at: (moment: number) => number
  readonly tokensMax: number
}

interface Counters {
  /** By agency and source. */
  readonly readings: Map<string, Reading>
  /** Permits whose answer is on its way: by decision, whose reading it is and how many persons the call named. */
  readonly underway: Map<string, { readonly reader: string; readonly named: number }>
}

/**
 * Counts by agency and source, over an hour, the persons that permitted calls named and the records that came beyond those. Several people have the agency id `person` in common, so for them each call is judged by itself.
 * @throws RangeError for an unknown time zone
 */
export function createVolume(now: () => number, thresholds: ReadonlyMap<string, BulkThreshold>): Volume {
  const limits = new Map([...thresholds].map(([source, threshold]) => [source, limitOf(threshold)]))
  const counters: Counters = { readings: new Map(), underway: new Map() }
  let newest = 0
  return {
    isBulk({ requester }, facts) {
      // A collection as such is bulk wherever it is read: that needs no count.
      if (facts.whole) return true
      const limit = limits.get(facts.source)
      if (limit === undefined) return false
      const moment = now()
      const before = counters.readings.get(readerOf(requester.id, facts.source))?.count(moment) ?? 0
      return before + new Set(facts.dataSubjects).size >= limit.at(moment)
    },
    observe(entry) {
      newest = Math.max(newest, entry.t_wall) // a clock that was set back must not make what was read look old
      if (entry.kind === 'decision') observeDecision(counters, limits, entry, newest)
      if (entry.kind === 'outcome') observeOutcome(counters, entry, newest)
    },
  }
}

function limitOf({ subjectsPerHour, atNight }: BulkThreshold): Limit {
  if (atNight === null) return { at: () => subjectsPerHour, tokensMax: subjectsPerHour + 1 }
  const isNight = makeIsNight(atNight)
  const lower = Math.min(subjectsPerHour, atNight.subjectsPerHour)
  return { at: moment => (isNight(moment) ? lower : subjectsPerHour), tokensMax: subjectsPerHour + 1 }
}

const readerOf = (agency: string, source: string): string => JSON.stringify([agency, source])

function observeDecision({ readings, underway }: Counters, limits: ReadonlyMap<string, Limit>, entry: JournalEntry, at: number): void {
  const { agency, category } = members(entry.requester)
  const source = textOf(entry.source)
  const limit = limits.get(source)
  if (limit === undefined || category === 'person' || category === 'unknown') return
  // What was refused was not read: one officer who names five hundred people and is refused must not make a department wait.
  if (members(entry.decision).kind !== 'permit') return
  const reader = readerOf(textOf(agency), source)
  const named = listOf(entry.subjects)
  const reading = readings.get(reader) ?? createReading(limit.tokensMax)
  readings.delete(reader) // a Map keeps the place of a key that is set again
  readings.set(reader, reading)
  dropOldest(readings, READERS_MAX)
  for (const token of named) reading.addPerson(token, at)
  underway.set(entry.id, { reader, named: named.length })
  dropOldest(underway, UNDERWAY_MAX)
}

function observeOutcome({ readings, underway }: Counters, entry: JournalEntry, at: number): void {
  const decision = textOf(entry.decision_id)
  const call = underway.get(decision)
  if (call === undefined) return
  underway.delete(decision)
  // Whom the call named is counted already.
  const further = numberOf(entry.records) - call.named
  if (further > 0) readings.get(call.reader)?.addRecords(further, at)
}

function dropOldest(map: Map<string, unknown>, max: number): void {
  if (map.size <= max) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
