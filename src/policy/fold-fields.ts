import type { Decision, Deny, Permit } from '../terms/decision.ts'
import type { FieldUse, QueryFacts } from '../terms/query-facts.ts'
import { REASONS, type ReasonCode } from '../terms/reason.ts'

/**
 * Folds a permit once more, field by field: a field leaves only if every one of its classes may. A call of which no field could leave is
 * refused (or held) instead of answered with empty records, whose number would be an answer. A permit for one's own record alone, or for
 * the records that a court's paper names, needs the key in the answer, else nobody could tell whose record it is.
 */
export function foldFields(decision: Decision, facts: QueryFacts): Decision {
  if (decision.kind !== 'permit') return decision
  const asked = facts.uses.filter(({ kind, where }) => (kind === 'select' || kind === 'implied') && where !== 'envelope')
  const left = asked.filter(use => !mayLeave(decision, use))
  if (asked.length > 0 && left.length === asked.length && !facts.uses.some(yieldsAnswer)) {
    return decision.hold ? holdAll(decision, decision.hold) : deny(decision, 'query.nothing-left', left)
  }
  const only = decision.obligations.some(obligation => 'only' in obligation)
  return only && !showsKey(facts) ? deny(decision, 'query.key-needed', []) : decision
}

/** Whether a selected field leaves: every one of its classes must be permitted for that kind of use. */
export function mayLeave({ verdicts }: Pick<Permit, 'verdicts'>, { classes, kind }: FieldUse): boolean {
  return classes.every(c => verdicts.some(({ use, effect }) => use.class === c && use.kind === kind && effect === 'permit'))
}

/** Uses that put something else than a field into the answer; they are permitted, or there would be no permit. */
const yieldsAnswer = ({ kind }: FieldUse): boolean =>
  kind === 'aggregate' || kind === 'group' || kind === 'count' || kind === 'computed' || kind === 'write'

function showsKey({ shape }: QueryFacts): boolean {
  const shapes = shape.node === 'envelope' ? [...shape.members.values()] : [shape]
  const records = shapes.flatMap(one => (one.node === 'records' ? [one.record] : one.node === 'record' ? [one] : []))
  return records.length > 0 && records.every(record => record.key !== null)
}

/** What is owed although nothing is released. */
const dutiesOf = ({ obligations }: Permit) => obligations.filter(obligation => 'notify' in obligation || 'review' in obligation)

function holdAll(permit: Permit, hold: NonNullable<Permit['hold']>): Decision {
  const { verdicts, held, reasons } = permit
  return { kind: 'hold', verdicts, held, hold, obligations: dutiesOf(permit), reasons, withheld: [...permit.withheld, ...permit.released] }
}

function deny(permit: Permit, code: ReasonCode, left: readonly FieldUse[]): Deny {
  const blame = left.flatMap(({ classes, kind }) => classes.map(c => ({ class: c, kind })))
  const reason = { code, rule: null, cite: [], text: REASONS[code] }
  const withheld = [...permit.released, ...permit.withheld, ...permit.held]
  return {
    kind: 'deny',
    reply: 'query',
    blame,
    verdicts: permit.verdicts,
    withheld,
    held: [],
    hold: null,

    obligations: dutiesOf(permit),

    reasons: [reason, ...permit.reasons],
  }
}
