import type { Category } from '../terms/agency.ts'
import type { Parties } from '../terms/parties.ts'
import type { Purpose } from '../terms/purpose.ts'

/** Calls a minute of one agency, by class; urgent ones of one login. They have their own, so that bulk reading can never starve them. */
export interface RateLimits {
  readonly urgent: number
  readonly ordinary: number
  readonly bulk: number
}

export interface Rates {
  /** Counts the call. @returns null, or for the caller: how many, and when again */
  readonly enter: (parties: Parties, bulk: boolean) => string | null
  /** The same for a question to the gate itself: ordinary business, whatever its purpose. */
  readonly enterOwn: (parties: Parties) => string | null
}

/** Bodies that save people: to refuse an ambulance for asking often would cost more than any load. */
const RESCUE: readonly Category[] = ['fire-ems', 'health']
const URGENT: readonly Purpose[] = ['emergency', 'treatment', 'child-protection']
const MINUTE_MS = 60_000
const BUCKETS_MAX = 10_000

interface Bucket {
  /** In parts of a call, `MINUTE_MS` to one: whole numbers, so that who waits as long as told is served. */
  level: number
  at: number
}

/**
 * One bucket for each agency and class (for people, and for what is urgent: for each login); it holds a minute's calls and refills evenly.
 * Limits are whole numbers from 1 on. A refused call costs nothing. Rescue services are never refused what is urgent.
 *
 * Not the library rate-limiter-flexible: its limiters answer with a promise even in memory, and between judging a call and recording it
 * nothing may be awaited, or a release that is good once would be judged twice.
 */
export function createRates(now: () => number, limits: RateLimits): Rates {
  const buckets = new Map<string, Bucket>()
  const enter = (parties: Parties, kind: keyof RateLimits): string | null => {
    if (kind === 'urgent' && RESCUE.includes(parties.requester.category)) return null
    const limit = limits[kind]
    const bucket = refilled(buckets, callerOf(parties, kind), limit, now())
    if (bucket.level < MINUTE_MS) {
      const seconds = Math.ceil((MINUTE_MS - bucket.level) / limit / 1000)
      const whose = isPerson(parties) ? 'One person' : kind === 'urgent' ? 'One login' : 'One agency'
      return `${whose} is served ${limit} ${kind} calls a minute; ask again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
    }
    bucket.level -= MINUTE_MS
    return null
  }
  return {
    enter: (parties, bulk) => enter(parties, classOf(parties.purpose.code, bulk)),
    enterOwn: parties => enter(parties, 'ordinary'),
  }
}

const isPerson = ({ requester }: Parties): boolean => requester.category === 'person'

// What is urgent stays so when it is bulk: an agency that reads in bulk must not lose its emergencies to the bulk limit.
const classOf = (purpose: Purpose, bulk: boolean): keyof RateLimits => (URGENT.includes(purpose) ? 'urgent' : bulk ? 'bulk' : 'ordinary')

function callerOf(parties: Parties, kind: keyof RateLimits): string {
  const { login, requester } = parties
  // One runaway script must not take the urgent calls of a whole agency with it.
  const byLogin = isPerson(parties) || kind === 'urgent'
  return JSON.stringify(byLogin ? [kind, requester.id, login.issuer, login.subject] : [kind, requester.id])
}

function refilled(buckets: Map<string, Bucket>, caller: string, limit: number, at: number): Bucket {
  const full = limit * MINUTE_MS
  const bucket = buckets.get(caller) ?? { level: full, at }
  const elapsed = Math.max(0, at - bucket.at)
  bucket.level = Math.min(full, bucket.level + elapsed * limit)
  bucket.at = Math.max(bucket.at, at)
  // Who asked longest ago goes first: after a minute its bucket was full again anyway.
  buckets.delete(caller)
  buckets.set(caller, bucket)
  if (buckets.size > BUCKETS_MAX) for (const oldest of buckets.keys()) if (buckets.delete(oldest)) break
  return bucket
}
