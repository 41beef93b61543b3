import type { DataClass, UseKind } from '../terms/data-class.ts'
import type { HoldOrder } from '../terms/decision.ts'
import type { Condition, Grant, LawFile, LawRule, Obligation } from '../terms/law.ts'
import type { Reason } from '../terms/reason.ts'
import type { Test } from './match.ts'

/** What a rule, or the exception of a rule that applied, says when it bites. */
export interface Bite {
  readonly effect: 'permit' | 'withhold' | 'hold' | 'deny'
  readonly obligations: readonly Obligation[]
  readonly hold: Pick<HoldOrder, 'deadlineHours' | 'people'> | null
  readonly reason: Reason
}

export interface Rule {
  /** `law/rule`. */
  readonly id: string
  /** As its author wrote it: what explains, proves and compares a rule. */
  readonly written: { readonly law: LawFile; readonly rule: LawRule; readonly binds: Condition }
  readonly of: ReadonlySet<DataClass>
  /** In force from (inclusive) until (exclusive), milliseconds since 1970. */
  readonly from: number
  readonly until: number
  readonly test: Test
  readonly bite: Bite
  readonly unless: readonly { readonly test: Test; readonly bite: Bite }[]
}

export interface GrantRule {
  readonly id: string
  readonly written: Grant
  readonly of: ReadonlySet<DataClass>
  readonly uses: ReadonlySet<UseKind>
  readonly test: Test
  readonly obligations: readonly Obligation[]
  readonly reason: Reason
}

/** The laws in force and the city's grants, compiled. Immutable: a reload makes another one. */
export interface Rulebook {
  readonly rules: readonly Rule[]
  readonly grants: readonly GrantRule[]
}

/** Every moment at which some decision can change by itself, ascending: laws begin and end, and conditions name days. */
export function momentsOf({ rules, grants }: Rulebook): readonly number[] {
  const days = daysIn([...rules.map(({ written }) => written.rule), ...grants.map(({ written }) => written.when)])
  const bounds = [...rules.flatMap(({ from, until }) => [from, until]), ...days]
  return [...new Set(bounds)].filter(Number.isFinite).toSorted((a, b) => a - b)
}

/** Where the days begin and end that conditions name. */
export function daysIn(conditions: readonly unknown[]): readonly number[] {
  const starts = conditions
    .flatMap(condition => JSON.stringify(condition).match(/\d{4}-\d{2}-\d{2}/g) ?? [])
    .map(day => Date.parse(`${day}T00:00:00Z`))
  return starts.flatMap(start => [start, start + DAY_MS])
}

const DAY_MS = 86_400_000
