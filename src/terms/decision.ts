import type { DataClass, Treatment } from './data-class.ts'
import type { Use } from './inquiry.ts'
import type { Obligation } from './law.ts'
import type { Reason } from './reason.ts'

/** What the policy says of one use. */
export type Effect = 'permit' | 'withhold' | 'hold' | 'deny' | 'not-permitted'

export interface Verdict {
  readonly use: Use
  readonly effect: Effect
  readonly reasons: readonly Reason[]
}

/** What waits for counsel. */
export interface HoldOrder {
  readonly for: 'counsel' | 'notice'
  readonly deadlineHours: number
  /** How many different people with role counsel must release it. */
  readonly people: 1 | 2
  readonly classes: readonly DataClass[]
  /** `law/rule` of the rules that hold. */
  readonly rules: readonly string[]
  readonly reasons: readonly Reason[]
}

interface Folded {
  readonly verdicts: readonly Verdict[]
  readonly withheld: readonly DataClass[]
  readonly held: readonly DataClass[]
  readonly hold: HoldOrder | null
  /** What must be carried out or nothing is released; where nothing is released, the duties that remain (notices, reviews). */
  readonly obligations: readonly Obligation[]
  readonly reasons: readonly Reason[]
}

declare const madeByCombine: unique symbol

/** May be shared on these terms. Only `policy/combine` makes one. */
export interface Permit extends Folded {
  readonly kind: 'permit'
  readonly [madeByCombine]: true
  readonly released: readonly DataClass[]
  readonly treatments: ReadonlyMap<DataClass, Treatment>
}

export interface Hold extends Folded {
  readonly kind: 'hold'
  readonly hold: HoldOrder
}

/** `reply` is what kind of refusal the caller sees; `blame` names the uses that refused the call. */
export interface Deny extends Folded {
  readonly kind: 'deny'
  readonly reply: RefusalKind
  readonly blame: readonly Use[]
}

export type Decision = Permit | Hold | Deny

export type RefusalKind = 'unauthenticated' | 'malformed' | 'not-permitted' | 'query' | 'law' | 'held' | 'upstream' | 'unavailable'
