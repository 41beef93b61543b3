import type { Decision, Permit } from '../terms/decision.ts'
import type { Obligation } from '../terms/law.ts'
import { REASONS, type Reason } from '../terms/reason.ts'

const DAY_HOURS = 24
const MONTH_HOURS = 30 * DAY_HOURS

/** Somebody must be told before anything is disclosed (940 CMR 37.04: the person, three business days before). */
export const isNoticeBefore = (obligation: Obligation): obligation is Extract<Obligation, { notify: string }> & { before: string } =>
  'notify' in obligation && obligation.before !== undefined

/**
 * What the law lets out only after a notice waits until the notice was given. The hold lasts at least as long as the longest term (a
 * business day counts 24 h, a month 30 days); whoever records the notice answers for the calendar.
 * One decision opens one ticket. Where a part of the answer waits for counsel too, the notice comes first and that part only stays in
 * `held`: counsel's hold opens when the call comes again with the notice given.
 * @param noticed the notice was given under a hold that this very call opened; then the permit stays as it is
 */
export function awaitNotice(decision: Decision, noticed: boolean): Decision {
  if (decision.kind !== 'permit' || noticed) return decision
  const hours = decision.obligations.filter(isNoticeBefore).map(({ before }) => hoursOf(before))
  if (hours.length === 0) return decision
  const { released, withheld, held, verdicts, obligations } = decision
  const reasons = noticesOf(decision)
  return {
    kind: 'hold',
    verdicts: verdicts.map(verdict => (verdict.effect === 'permit' ? { ...verdict, effect: 'hold' } : verdict)),
    withheld,
    held: [...new Set([...released, ...held])],
    hold: {
      for: 'notice',
      deadlineHours: Math.max(...hours),
      people: 1,
      classes: released,
      rules: [...new Set(reasons.flatMap(({ rule }) => rule ?? []))],
      reasons,
    },
    obligations: obligations.filter(obligation => 'notify' in obligation || 'review' in obligation),
    reasons: [...reasons, ...decision.reasons.filter(reason => !reasons.includes(reason))],
  }
}

/** Which rules ask for it. One is always said: what a refused or held part owes asks too, and names no rule. */
function noticesOf({ reasons }: Permit): readonly Reason[] {
  const named = reasons.filter(({ code }) => code === 'notice.before')
  return named.length > 0 ? named : [{ code: 'notice.before', rule: null, cite: [], text: REASONS['notice.before'] }]
}

/** `3 business days` -> 72: the schema of laws knows no other words. */
function hoursOf(term: string): number {
  const unit = term.includes('hour') ? 1 : term.includes('month') ? MONTH_HOURS : DAY_HOURS
  return Number.parseInt(term, 10) * unit
}
