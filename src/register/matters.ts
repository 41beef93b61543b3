/** Whether the entry at this place changed something that is needed. */
export type Needed = (place: number) => boolean

/** Holds and tasks, joined into matters by the entries that changed them. */
export interface Matters {
  /** A map that notes which of its keys are set. */
  readonly recorded: <T>() => Map<string, T>
  readonly touch: (id: string) => void
  /** Ends the entry at this place: all that was set since the last one is one matter, and needed if the entry is. */
  readonly join: (place: number, isNeeded: boolean) => void
  readonly need: (id: string) => void
  /** Once everything is said. */
  readonly needed: () => Needed
}

const NONE = -1

/** For so many entries. */
export function createMatters(entries: number): Matters {
  const touched: string[] = []
  const numbers = new Map<string, number>()
  /** Leads each number to the one it was joined to, and in the end to the number that stands for the matter (union-find). */
  const leads: number[] = []
  const wanted: number[] = []
  const byPlace = new Int32Array(entries).fill(NONE)
  const numberOf = (id: string): number => {
    const number = numbers.get(id) ?? leads.push(leads.length) - 1
    numbers.set(id, number)
    return number
  }
  const matterOf = (number: number): number => {
    let at = number
    for (let next = leads[at] ?? at; next !== at; next = leads[at] ?? at) {
      leads[at] = leads[next] ?? next // half the way for whoever comes next
      at = next
    }
    return at
  }
  return {
    recorded: () => new Recorded(touched),
    touch: id => touched.push(id),
    join(place, isNeeded) {
      const [first, ...others] = touched.splice(0).map(numberOf)
      if (first === undefined) return
      byPlace[place] = first
      for (const other of others) leads[matterOf(other)] = matterOf(first)
      if (isNeeded) wanted.push(first)
    },
    need: id => wanted.push(numberOf(id)),
    needed() {
      const needed = new Set(wanted.map(matterOf))
      return place => needed.has(matterOf(byPlace[place] ?? NONE))
    },
  }
}

class Recorded<T> extends Map<string, T> {
  readonly #touched: string[]

  constructor(touched: string[]) {
    super()
    this.#touched = touched
  }

  override set(id: string, value: T): this {
    this.#touched.push(id)
    return super.set(id, value)
  }
}
