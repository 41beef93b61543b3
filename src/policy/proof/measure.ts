import type { Diagrams, Node } from './diagram.ts'

/** How many concrete points lead to each terminal value. `weights[level][i]` is how many concrete values value `i` stands for. */
export function countByValue(diagrams: Diagrams, node: Node, weights: readonly (readonly number[])[]): ReadonlyMap<number, bigint> {
  const memo = new Map<Node, ReadonlyMap<number, bigint>>()
  const totals = weights.map(level => BigInt(level.reduce((sum, weight) => sum + weight, 0)))
  const between = (from: number, to: number): bigint => totals.slice(from, to).reduce((product, total) => product * total, 1n)
  const visit = (n: Node): ReadonlyMap<number, bigint> => {
    const found = memo.get(n)
    if (found) return found
    const level = diagrams.level(n)
    const counts = new Map<number, bigint>()
    if (diagrams.isTerminal(n)) counts.set(diagrams.value(n), 1n)
    else
      weights[level]?.forEach((weight, i) => {
        const child = diagrams.child(n, i)
        const skipped = between(level + 1, diagrams.level(child)) * BigInt(weight)
        for (const [value, count] of visit(child)) counts.set(value, (counts.get(value) ?? 0n) + count * skipped)
      })
    memo.set(n, counts)
    return counts
  }
  const above = between(0, diagrams.level(node))
  return new Map([...visit(node)].map(([value, count]) => [value, count * above]))
}

/** For each terminal value and level: which values of the variable lead there (null: all of them, whatever the others are). */
export function supportByValue(diagrams: Diagrams, node: Node): ReadonlyMap<number, readonly ReadonlySet<number>[]> {
  const reaches = new Map<Node, ReadonlySet<number>>()
  const reach = (n: Node): ReadonlySet<number> => {
    const found = reaches.get(n)
    if (found) return found
    const values = new Set<number>()
    if (diagrams.isTerminal(n)) values.add(diagrams.value(n))
    else
      for (let i = 0; i < (diagrams.widths[diagrams.level(n)] ?? 0); i++) for (const value of reach(diagrams.child(n, i))) values.add(value)
    reaches.set(n, values)
    return values
  }
  const support = new Map([...reach(node)].map(value => [value, diagrams.widths.map(() => new Set<number>())]))
  const all = diagrams.widths.map(width => [...Array(width).keys()])
  // A variable that some path to a value does not test can have every value there.
  const free = (from: number, to: number, values: Iterable<number>): void => {
    for (const value of values)
      for (let level = from; level < to; level++) for (const i of all[level] ?? []) support.get(value)?.[level]?.add(i)
  }
  const seen = new Set<Node>()
  const visit = (n: Node): void => {
    if (seen.has(n)) return
    seen.add(n)
    const level = diagrams.level(n)
    for (let i = 0; i < (diagrams.widths[level] ?? 0); i++) {
      const child = diagrams.child(n, i)
      for (const value of reach(child)) support.get(value)?.[level]?.add(i)
      free(level + 1, diagrams.level(child), reach(child))
      visit(child)
    }
  }
  free(0, diagrams.level(node), reach(node))
  visit(node)
  return support
}

/** The cheapest path to a terminal that is wanted: for each level the value to take. `cost` is 0 for what goes without saying. */
export function cheapestPath(
  diagrams: Diagrams,
  node: Node,
  cost: (level: number, value: number) => number,
  wanted: (value: number) => boolean,
): readonly number[] | null {
  const cheapest = diagrams.widths.map((width, level) => leastOf([...Array(width).keys()], i => cost(level, i)))
  const skipped = (from: number, to: number): number[] => cheapest.slice(from, to).map(({ at }) => at)
  const price = (values: readonly number[], from: number): number => values.reduce((sum, value, i) => sum + cost(from + i, value), 0)
  const memo = new Map<Node, { readonly price: number; readonly path: readonly number[] } | null>()
  const visit = (n: Node): { readonly price: number; readonly path: readonly number[] } | null => {
    const found = memo.get(n)
    if (found !== undefined) return found
    const level = diagrams.level(n)
    let best: { readonly price: number; readonly path: readonly number[] } | null = null
    if (diagrams.isTerminal(n)) best = wanted(diagrams.value(n)) ? { price: 0, path: [] } : null
    else
      for (let i = 0; i < (diagrams.widths[level] ?? 0); i++) {
        const child = diagrams.child(n, i)
        const rest = visit(child)
        if (!rest) continue
        const path = [i, ...skipped(level + 1, diagrams.level(child)), ...rest.path]
        const total = price(path, level)
        if (!best || total < best.price) best = { price: total, path }
      }
    memo.set(n, best)
    return best
  }
  const found = visit(node)
  return found && [...skipped(0, diagrams.level(node)), ...found.path]
}

function leastOf<T>(values: readonly T[], price: (value: T) => number): { readonly at: T } {
  const [first, ...rest] = values
  if (first === undefined) throw new Error('a variable without values')
  return { at: rest.reduce((best, value) => (price(value) < price(best) ? value : best), first) }
}
