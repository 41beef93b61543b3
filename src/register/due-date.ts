const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DEFAULT_MS = 72 * HOUR_MS
/** Offsets of the time zones of the United States from UTC, hours. */
const ZONES_H = [-4, -5, -6, -7, -8, -9, -10]

/**
 * When something is due that was owed from `from` on (milliseconds since 1970). `term` is as the law files write it: `72 hours`, `3 days`,
 * `3 business days`, `1 month`; anything else, or none, is 72 hours. Business days skip Saturday and Sunday; **federal holidays are not
 * known**, so that a term with one in it ends early, never late. Where the zones of the United States differ on what day it is, the earliest
 * end counts. A month ends on the same day of the next one, or on its last day.
 */
export function dueDate(from: number, term: string | null): number {
  const [, count, unit] = /^([1-9]\d{0,2}) (hour|day|business day|month)s?$/.exec(term ?? '') ?? []
  const n = Number(count)
  if (unit === 'hour') return from + n * HOUR_MS
  if (unit === 'day') return from + n * DAY_MS
  if (unit === 'business day') return Math.min(...ZONES_H.map(zone => afterBusinessDays(from + zone * HOUR_MS, n) - zone * HOUR_MS))
  return unit === 'month' ? afterMonths(from, n) : from + DEFAULT_MS
}

/** `local`: a local time written as if it were UTC. */
function afterBusinessDays(local: number, count: number): number {
  let at = local
  for (let left = count; left > 0; ) {
    at += DAY_MS
    const day = new Date(at).getUTCDay()
    if (day !== 0 && day !== 6) left -= 1
  }
  return at
}

function afterMonths(from: number, count: number): number {
  const start = new Date(from)
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + count + 1, 0)).getUTCDate()
  const end = new Date(from)
  end.setUTCDate(1)
  end.setUTCMonth(start.getUTCMonth() + count)
  end.setUTCDate(Math.min(start.getUTCDate(), lastDay))
  return end.getTime()
}
