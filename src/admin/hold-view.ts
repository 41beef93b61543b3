import type { Hold, HoldDetail } from '../register/holds.ts'

/**
 * A hold as JSON; times in milliseconds since 1970. The tokens of the caller and of the call stay inside: nobody needs them, and they join
 * entries of the journal.
 */
export function viewHold(hold: Hold | HoldDetail): object {
  const { id, state, agency, scope, classes, rules, people, attestable, overdue, escalatedFrom, history, release } = hold
  const { decision, purpose, openedAt, dueAt, expiresAt } = hold
  return {
    ...{ id, for: hold.for, state, decision, agency, purpose, scope, classes, rules, people, attestable, overdue, escalatedFrom },
    ...{ openedAt, dueAt, expiresAt, history, release },
    ...('sealed' in hold ? { sealed: hold.sealed, requested: hold.requested, reasons: hold.reasons } : {}),
  }
}
