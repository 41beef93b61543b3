import type { Bite } from '../rulebook.ts'

/**
 * What the policy says of one use, from the least protective on. `unplaced`: nobody knows who a recipient is, so nothing permits it and
 * counsel cannot judge it either. Only `permit` releases anything. `impossible`: no such parties exist, so nothing is decided.
 */
export const EFFECTS = ['permit', 'not-permitted', 'withhold', 'hold', 'unplaced', 'deny', 'impossible'] as const
export type EffectName = (typeof EFFECTS)[number]

/** What laws say towards one recipient, before it is known whether anything is granted. */
export interface Bites {
  readonly law: 'none' | 'withhold' | 'hold' | 'deny'
  /** The law is known to apply: not only because an attribute is missing. */
  readonly certain: boolean
  /** Obligations of exceptions that lift a rule. */
  readonly asked: readonly string[]
  /** Duties that a refusal owes. */

  readonly owed: readonly string[]
  /** Those of laws that are known to apply: all that is owed about a recipient nobody knows. */
  readonly surelyOwed: readonly string[]

  readonly deadlineHours: number | null
  /** How many people must release what is held; null where nothing is. */
  readonly people: 1 | 2 | null
}

export interface Outcome {
  readonly effect: EffectName
  readonly obligations: readonly string[]
  readonly deadlineHours: number | null
  /** How many people must release what is held; null where nothing is. */
  readonly people: 1 | 2 | null
}

/** Gives equal values one number, so that diagrams can carry them; 0 is the first value given. */
export class Numbered<T> {
  readonly #values: T[] = []
  readonly #known = new Map<string, number>()

  constructor(first: T) {
    this.of(first)
  }

  of(value: T): number {
    const key = JSON.stringify(value)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, this.#values.length)
    return this.#values.push(value) - 1
  }

  at(number: number): T {
    const value = this.#values[number]
    if (value === undefined) throw new Error(`no value has the number ${number}`)
    return value
  }
}

export const NO_BITE: Bites = { law: 'none', certain: false, asked: [], owed: [], surelyOwed: [], deadlineHours: null, people: null }

/** What one clause of a rule says when it bites. */
export function biteOf(bite: Bite, certain: boolean): Bites {
  const said = bite.obligations.map(obligation => JSON.stringify(obligation)).toSorted((x, y) => (x < y ? -1 : 1))
  if (bite.effect === 'permit') return { ...NO_BITE, certain, asked: said }
  return {
    law: bite.effect,
    certain,
    asked: [],
    owed: said,
    surelyOwed: certain ? said : [],
    deadlineHours: bite.hold?.deadlineHours ?? null,
    people: bite.hold?.people ?? null,
  }
}

const STRENGTH = ['none', 'withhold', 'hold', 'deny'] as const

/** Two laws, or two rules, towards one recipient: the more protective wins. */
export function both(a: Bites, b: Bites): Bites {
  const order = STRENGTH.indexOf(a.law) - STRENGTH.indexOf(b.law)
  const [winner] = order >= 0 ? [a] : [b]
  return {
    law: winner.law,
    certain: order === 0 ? a.certain || b.certain : winner.certain,
    asked: union(a.asked, b.asked),
    owed: union(a.owed, b.owed),
    surelyOwed: union(a.surelyOwed, b.surelyOwed),
    deadlineHours: winner.law === 'hold' ? least(a.deadlineHours, b.deadlineHours) : null,
    people: winner.law === 'hold' ? more(a.people, b.people) : null,
  }
}

/** The verdict towards one recipient. `grant`: the obligations of the grant that covers the use, null if none does. */
export function verdict(bites: Bites, grant: { readonly obligations: readonly string[] } | null, unknown: boolean): Outcome {
  const established = bites.law === 'deny' && (bites.certain || !unknown)
  if (unknown && !established) return { effect: 'unplaced', obligations: [], deadlineHours: null, people: null }
  const { law, deadlineHours, people } = bites
  const owed = unknown ? bites.surelyOwed : bites.owed
  if (law !== 'none') return { effect: law, obligations: owed, deadlineHours, people }
  if (!grant) return { effect: 'not-permitted', obligations: [], deadlineHours: null, people: null }
  return {
    effect: 'permit',
    obligations: union(grant.obligations, bites.asked),
    deadlineHours: null,
    people: null,
  }
}

/** Two recipients: a law bites for any of them, a grant must cover all of them. */
export function towardsBoth(a: Outcome, b: Outcome): Outcome {
  const order = EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect)
  const effect = order >= 0 ? a.effect : b.effect
  const owing = [a, b].filter(one =>
    effect === 'permit' ? true : one.effect === 'withhold' || one.effect === 'hold' || one.effect === 'deny',
  )
  return {
    effect,
    obligations:
      effect === 'unplaced' || effect === 'not-permitted' || effect === 'impossible'
        ? []
        : owing.reduce<readonly string[]>((all, { obligations }) => union(all, obligations), []),
    deadlineHours: effect === 'hold' ? least(a.deadlineHours, b.deadlineHours) : null,
    people: effect === 'hold' ? more(a.people, b.people) : null,
  }
}

const union = (a: readonly string[], b: readonly string[]): readonly string[] =>
  b.length === 0 ? a : a.length === 0 ? b : [...new Set([...a, ...b])].toSorted((x, y) => (x < y ? -1 : 1))

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b))

const more = (a: 1 | 2 | null, b: 1 | 2 | null): 1 | 2 | null => (a === 2 || b === 2 ? 2 : (a ?? b))
