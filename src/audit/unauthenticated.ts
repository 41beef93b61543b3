import type { ReasonCode } from '../terms/reason.ts'
import type { EntryBody } from './entry.ts'

const ENTRY_EVERY_MS = 60_000

/** Counts callers that were refused before anybody knew who they were. */
export interface RefusedCallers {
  count(code: ReasonCode): void
  /** Writes the sums if a minute has passed since the last entry, or if `now` is asked for. */
  flush(when: 'if-due' | 'now'): void
}

/** One entry a minute at most: strangers must not be able to fill the disk. */
export function countRefusedCallers(now: () => number, write: (body: EntryBody) => void): RefusedCallers {
  let counts = new Map<ReasonCode, number>()
  let since = Math.floor(now())
  const flush = (when: 'if-due' | 'now'): void => {
    const time = Math.floor(now())
    // A clock that was set back must not silence the count.
    const isDue = when === 'now' || time - since >= ENTRY_EVERY_MS || time < since
    if (counts.size === 0 || !isDue) return
    const body: EntryBody = { kind: 'unauthenticated', counts: Object.fromEntries(counts), since }
    counts = new Map()
    since = time
    write(body)
  }
  const count = (code: ReasonCode): void => {
    counts.set(code, (counts.get(code) ?? 0) + 1)
    flush('if-due')
  }
  return { count, flush }
}
