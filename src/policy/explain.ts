import type { Decision } from '../terms/decision.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import { decide, judgeUses } from './decide.ts'
import type { Rulebook } from './rulebook.ts'

/** One line of an explanation: a rule that matched, for whom and what, and what it said. */
export interface RuleExplanation {
  /** `law/rule`, `<jurisdiction>-grants/grant` or `court-process`. */
  readonly rule: string
  readonly recipient: string
  readonly class: string
  readonly kind: string
  readonly effect: string
  /** The exception that applied, counted from 1; null when the rule itself spoke, and for grants. */
  readonly exception: number | null
  readonly cite: readonly string[]
  readonly text: string
}

export interface Explanation {
  readonly decision: Decision
  readonly rules: readonly RuleExplanation[]
}

/** Decides an inquiry and shows every rule and grant that matched, use by use. Same decision as `decide`, always. */
export function explain(rulebook: Rulebook, inquiry: Inquiry): Explanation {
  const rules = judgeUses(rulebook, inquiry).flatMap(judgement => [
    ...judgement.matches.map(({ rule, recipient, use, exception, bite }) => ({
      rule,
      recipient: recipient.id,
      class: use.class,
      kind: use.kind,
      effect: bite.effect,
      exception: exception === null ? null : exception + 1,
      cite: bite.reason.cite,
      text: bite.reason.text,
    })),
    ...judgement.grants.flatMap((grant, i) =>
      grant
        ? [
            {
              rule: grant.id,
              recipient: inquiry.recipients[i]?.id ?? 'unknown',
              class: judgement.use.class,
              kind: judgement.use.kind,
              effect: 'grant',
              exception: null,
              cite: grant.reason.cite,
              text: grant.reason.text,
            },
          ]
        : [],
    ),
  ])
  return { decision: decide(rulebook, inquiry), rules }
}
