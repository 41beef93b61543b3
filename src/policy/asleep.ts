import type { Rulebook } from './rulebook.ts'

/** Rules that are compiled and idle at a moment (milliseconds since 1970), each with the day it wakes or the day it fell asleep. */
export function asleepAt({ rules }: Rulebook, at: number): readonly string[] {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  return rules.flatMap(({ id, from, until }) =>
    at < from ? [`${id} is not in force yet: from ${day(from)}`] : until <= at ? [`${id} is no longer in force: since ${day(until)}`] : [],
  )
}
