/** A Map walks over the holes of what was deleted: one token at a time, each would cost a walk over thousands. */
const DROPPED_AT_ONCE = 16

/** What a refusal is remembered by: the decision, and when it was last repeated (milliseconds since 1970). */
interface Remembered {
  readonly of: string
  readonly at: number
  /** Whose refusal it is. */
  readonly by: string
}

/**
 * Refusals under keyed tokens, for a window and within a bound. When it is full, whoever holds most loses what was repeated longest ago, up
 * to a sixteenth of all at once: else one login could collect refusals until those of another are forgotten.
 */
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
      if (known.size > max) dropOldest(known, Math.floor(max / DROPPED_AT_ONCE) + 1)
    },
    forget: of => {
      for (const [token, refusal] of known) if (refusal.of === of) known.delete(token)
    },
    size: () => known.size,
  }
}

/** First the oldest of whoever holds more than an equal share, then simply the oldest. */
function dropOldest(known: Map<string, Remembered>, count: number): void {
  const held = new Map<string, number>()
  for (const { by } of known.values()) held.set(by, (held.get(by) ?? 0) + 1)
  const share = Math.ceil(known.size / held.size)
  let left = count
  for (const isOver of [(by: string) => (held.get(by) ?? 0) > share, () => true])
    for (const [token, { by }] of known) {
      if (left === 0) return
      if (!isOver(by)) continue
      known.delete(token)
      held.set(by, (held.get(by) ?? 0) - 1)
      left--
    }
}
