/** A Map walks over the holes of what was deleted: one token at a time, each would cost a walk over thousands. */
const DROPPED_AT_ONCE = 16

/** What a refusal is remembered by: the decision, and when it was last repeated (milliseconds since 1970). */
interface Remembered {
  readonly of: string
  readonly at: number
}

/** Refusals under keyed tokens, for a window and within a bound: what was repeated longest ago goes first, up to a sixteenth at once. */
export interface RefusalMemory<T extends Remembered> {
  /** Null where there is none, or it is older than the window at this moment. */
  readonly find: (token: string, at: number) => T | null
  readonly remember: (token: string, refusal: T) => void
  /** Forgets everything that stands on this decision. */
  readonly forget: (of: string) => void
  readonly size: () => number
}

export function createRefusalMemory<T extends Remembered>(max: number, windowMs: number): RefusalMemory<T> {
  const known = new Map<string, T>()
  return {
    find: (token, at) => {
      const refusal = known.get(token)
      return refusal !== undefined && at - refusal.at < windowMs ? refusal : null
    },
    remember: (token, refusal) => {
      known.delete(token) // a Map keeps the place of a key that is set again
      known.set(token, refusal)
      if (known.size > max) dropOldest(known, max - Math.floor(max / DROPPED_AT_ONCE))
    },
    forget: of => {
      for (const [token, refusal] of known) if (refusal.of === of) known.delete(token)
    },
    size: () => known.size,
  }
}

function dropOldest(known: Map<string, unknown>, size: number): void {
  for (const oldest of known.keys()) {
    if (known.size <= size) return
    known.delete(oldest)
  }
}
