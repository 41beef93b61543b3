/** A node of a decision diagram: an index into its table. Terminals are the non-negative integers their makers give meaning to. */
export type Node = number

/**
 * Multi-valued decision diagrams over a fixed order of variables, reduced and shared: equal functions are the same node, so whole
 * decision spaces are compared by comparing two numbers (Bryant 1986; Kam and others 1998 for more than two values).
 */
export class Diagrams {
  readonly widths: readonly number[]
  readonly #level: number[] = []
  readonly #children: (readonly Node[])[] = []
  readonly #value: number[] = []
  readonly #known = new Map<string, Node>()
  readonly #applied = new Map<string, Map<number, Node>>()

  /** @param widths how many values each variable has, from the top of the diagram down */
  constructor(widths: readonly number[]) {
    this.widths = widths
  }

  /** How many nodes were made so far: what a run costs. */
  get size(): number {
    return this.#level.length
  }

  terminal(value: number): Node {
    return this.#intern(`=${value}`, this.widths.length, [], value)
  }

  /** Tests a variable. The children, one for each of its values, speak of later variables only. */
  node(level: number, children: readonly Node[]): Node {
    const first = children[0]
    if (first !== undefined && children.every(child => child === first)) return first
    return this.#intern(`${level}:${children.join()}`, level, children, -1)
  }

  level(node: Node): number {
    return this.#level[node] ?? this.widths.length
  }

  isTerminal(node: Node): boolean {
    return this.#level[node] === this.widths.length
  }

  value(node: Node): number {
    return this.#value[node] ?? -1
  }

  child(node: Node, at: number): Node {
    return this.#children[node]?.[at] ?? node
  }

  /** Both functions at once. `name` names `merge`: the same name must always mean the same function. */
  apply(name: string, merge: (a: number, b: number) => number, a: Node, b: Node): Node {
    const memo = this.#memo(name)
    const visit = (x: Node, y: Node): Node => {
      const key = x * 67_108_864 + y
      const found = memo.get(key)
      if (found !== undefined) return found
      const level = Math.min(this.level(x), this.level(y))
      const made =
        level === this.widths.length ? this.terminal(merge(this.value(x), this.value(y))) : this.node(level, this.#both(level, x, y, visit))
      memo.set(key, made)
      return made
    }
    return visit(a, b)
  }

  /** Every terminal replaced. `name` as for `apply`. */
  map(name: string, change: (value: number) => number, node: Node): Node {
    return this.rebuild(name, node, n => (this.isTerminal(n) ? this.terminal(change(this.value(n))) : null))
  }

  /** The function with one variable fixed. */
  restrict(node: Node, level: number, value: number): Node {
    return this.rebuild(`restrict ${level} ${value}`, node, n => {
      if (this.level(n) > level) return n
      return this.level(n) === level ? this.child(n, value) : null
    })
  }

  /** Rebuilds from the top; `replace` gives the node that stands for one, or null to go on below it. */
  rebuild(name: string, node: Node, replace: (node: Node) => Node | null): Node {
    const memo = this.#memo(name)
    const visit = (n: Node): Node => {
      const found = memo.get(n)
      if (found !== undefined) return found
      const made = replace(n) ?? this.node(this.level(n), this.#children[n]?.map(visit) ?? [])
      memo.set(n, made)
      return made
    }
    return visit(node)
  }

  /** Which terminal values a function takes. */
  values(node: Node): ReadonlySet<number> {
    const seen = new Set<Node>()
    const values = new Set<number>()
    const visit = (n: Node): void => {
      if (seen.has(n)) return
      seen.add(n)
      if (this.isTerminal(n)) values.add(this.value(n))
      else this.#children[n]?.forEach(visit)
    }
    visit(node)
    return values
  }

  #both(level: number, x: Node, y: Node, visit: (x: Node, y: Node) => Node): Node[] {
    const children: Node[] = []
    const [xHere, yHere] = [this.level(x) === level, this.level(y) === level]
    for (let i = 0; i < (this.widths[level] ?? 0); i++) children.push(visit(xHere ? this.child(x, i) : x, yHere ? this.child(y, i) : y))
    return children
  }

  #memo(name: string): Map<number, Node> {
    const memo = this.#applied.get(name) ?? new Map<number, Node>()
    this.#applied.set(name, memo)
    return memo
  }

  #intern(key: string, level: number, children: readonly Node[], value: number): Node {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const node = this.#level.length
    this.#level.push(level)
    this.#children.push(children)
    this.#value.push(value)
    this.#known.set(key, node)
    return node
  }
}
