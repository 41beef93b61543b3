import type { Parties } from '../terms/parties.ts'

/** Calls a minute of one agency, by class. Urgent purposes have their own, so that bulk reading can never starve them. */
export interface RateLimits {
  readonly urgent: number
  readonly ordinary: number
  readonly bulk: number
}

export interface Rates {
  /** Counts the call. @returns null, or for the caller: how many, and when again */
  readonly enter: (parties: Parties, bulk: boolean) => string | null
}

export function createRates(_now: () => number, _limits: RateLimits): Rates {
  throw new Error('not written yet')
}
