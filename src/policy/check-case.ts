import type { Inquiry } from '../terms/inquiry.ts'
import type { Expected } from '../terms/policy-case.ts'
import { type Explanation, explain, type RuleExplanation } from './explain.ts'
import type { Rulebook } from './rulebook.ts'

/** What a case came to, in the words of its `expect`. */
export interface Got {
  readonly decision: string
  readonly released: readonly string[]
  readonly withheld: readonly string[]
  readonly held: readonly string[]
  readonly obligations: readonly unknown[]
  readonly for: string | null
  readonly deadline: string | null
  readonly people: 1 | 2 | null
  readonly rules: readonly string[]
  readonly cites: readonly string[]
}

export interface CaseResult {
  readonly ok: boolean
  readonly got: Got
  /** Each expectation that was not met, in a sentence. */
  readonly unmet: readonly string[]
  /** Every rule and grant that matched, with the exception that was taken. */
  readonly matched: readonly RuleExplanation[]
}

/** Decides the inquiry and holds the result against what the case expects. Classes exactly; rules and citations at least. */
export function checkCase(rulebook: Rulebook, inquiry: Inquiry, expected: Expected): CaseResult {
  const explanation = explain(rulebook, inquiry)
  const got = summarize(explanation)
  const unmet: string[] = []
  for (const key of ['decision', 'for', 'deadline', 'people'] as const) {
    const want = expected[key]
    if (want !== undefined && got[key] !== want) unmet.push(`${key}: expected ${want}, got ${got[key] ?? 'none'}`)
  }
  for (const key of ['released', 'withheld', 'held', 'obligations'] as const) {
    const want = expected[key]
    if (want && !sameSet(want, got[key])) unmet.push(`${key}: expected ${list(want)}, got ${list(got[key])}`)
  }
  for (const key of ['rules', 'cites'] as const) {
    const missing = (expected[key] ?? []).filter(wanted => !got[key].includes(wanted))
    if (missing.length > 0) unmet.push(`${key}: ${list(missing)} missing from ${list(got[key])}`)
  }
  return { ok: unmet.length === 0, got, unmet, matched: explanation.rules }
}

/** An explanation in the words of a case. */
export function summarize({ decision, rules }: Explanation): Got {
  const { hold } = decision
  return {
    decision: decision.kind,
    released: decision.kind === 'permit' ? decision.released : [],
    withheld: decision.withheld,
    held: decision.held,
    obligations: decision.obligations,
    for: hold?.for ?? null,
    deadline: hold ? `${hold.deadlineHours}h` : null,
    people: hold?.people ?? null,
    rules: [...new Set(rules.map(({ rule }) => rule))],
    cites: [...new Set([...decision.reasons, ...(hold?.reasons ?? [])].flatMap(({ cite }) => cite))],
  }
}

const sameSet = (a: readonly unknown[], b: readonly unknown[]): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (values: readonly unknown[]): readonly string[] => values.map(value => JSON.stringify(value)).toSorted()

const list = (values: readonly unknown[]): string =>
  `[${values.map(value => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ')}]`
