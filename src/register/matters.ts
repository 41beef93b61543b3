/** Holds and tasks, joined into matters by the entries that changed them. */
export interface Matters {
  /** A map that says which of its keys an entry has set. */
  readonly recorded: <T>() => Map<string, T>
  /** The entry at this place is taken: all that was set since the last one is one matter, and needed if the entry is. */
  readonly join: (place: number, isNeeded: boolean) => void
  readonly need: (id: string) => void
  /** Whether the entry changed something that is needed. */
  readonly isNeeded: (place: number) => boolean
}

const NONE = -1

/** For this many entries. */
export function createMatters(entries: number): Matters {
  const touched: string[] = []
  const numbers = new Map<string, number>()
  /** The matter each one was joined to, and at the end of such a path the matter itself (union-find). */
  const joined: number[] = []
  const needed = new Set<number>()
  const byPlace = new Int32Array(entries).fill(NONE)
  const matterOf = (number: number): number => {
    let at = number
    for (let next = joined[at]; next !== undefined && next !== at; next = joined[at]) {
      joined[at] = joined[next] ?? next // half the way for whoever comes next
      at = next
    }
    return at
  }
  const numberOf = (id: string): number => {
    const number = numbers.get(id) ?? numbers.size
    if (number === numbers.size) joined.push(number)
    numbers.set(id, number)
    return number
  }
  class Recorded<T> extends Map<string, T> {
    override set(id: string, value: T): this {
      touched.push(id)
      return super.set(id, value)
    }
  }
  return {
    recorded: () => new Recorded(),
    join(place, isNeeded) {
      for (const id of touched.splice(0)) {
        const number = numberOf(id)
        const first = byPlace[place] ?? NONE
        if (first === NONE) byPlace[place] = number
        else joined[matterOf(number)] = matterOf(first)
      }
      if (isNeeded && byPlace[place] !== NONE) needed.add(byPlace[place] ?? NONE)
    },
    need: id => needed.add(numberOf(id)),
    isNeeded: place => {
      const number = byPlace[place] ?? NONE
      return number !== NONE && [...needed].some(one => matterOf(one) === matterOf(number))
    },
  }
}
