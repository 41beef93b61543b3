import type { Effect } from '../terms/decision.ts'
import type { Inquiry, Use } from '../terms/inquiry.ts'
import type { Obligation } from '../terms/law.ts'
import type { Party } from '../terms/parties.ts'
import type { Reason } from '../terms/reason.ts'
import { findGrant, type Grant } from './grant.ts'
import type { Situation, Test } from './match.ts'
import type { Bite, Rule, Rulebook } from './rulebook.ts'
import type { Ternary } from './ternary.ts'

/** One rule that matched one recipient and use, and what it then said. */
export interface Match {
  readonly rule: string
  readonly recipient: Party
  readonly use: Use
  /** False when the rule matched only because an attribute is missing. */
  readonly certain: boolean
  /** Which exception applied, counted from 0; null when the rule itself spoke. */
  readonly exception: number | null
  readonly bite: Bite
}

/** What laws and grants say of one use, over all recipients. */
export interface UseJudgement {
  readonly use: Use
  readonly effect: Effect
  readonly matches: readonly Match[]
  readonly grants: readonly (Grant | null)[]
  readonly obligations: readonly Obligation[]
  readonly reasons: readonly Reason[]
}

const NO_GRANT: Reason = {
  code: 'grant.none',
  rule: null,
  cite: [],
  text: 'No grant of the city covers this recipient, purpose, record class and data class.',
}
const UNKNOWN_RECIPIENT: Reason = {
  code: 'party.unknown-recipient',
  rule: null,
  cite: [],
  text: 'A recipient is not in the agency directory.',
}
const STRENGTH = ['withhold', 'hold', 'deny'] as const

/** A law bites if it matches for any recipient; a grant must cover every recipient. Most protective wins; no grant, no permission. */
export function judgeUse(rulebook: Rulebook, inquiry: Inquiry, use: Use): UseJudgement {
  const situations = inquiry.recipients.map(recipient => {
    const grant = findGrant(rulebook.grants, { inquiry, recipient, use, granted: false })
    return { grant, situation: { inquiry, recipient, use, granted: grant !== null } }
  })
  const matches = situations.flatMap(({ situation }) => matchRules(rulebook.rules, situation))
  const grants = situations.map(({ grant }) => grant)
  const strongest = STRENGTH.findLast(effect => matches.some(match => match.bite.effect === effect))
  const restricting = matches.filter(match => match.bite.effect === strongest)
  const covered = grants.every(grant => grant !== null)
  const obligations = [...grants.flatMap(grant => grant?.obligations ?? []), ...matches.flatMap(match => match.bite.obligations)]
  // Nothing permits an unplaced recipient, and counsel cannot judge one either: a hold would only wait for nobody. A law that bites
  // only because nobody knows who it is must not be cited as if it had been established.
  const established = restricting.some(
    ({ bite, certain, recipient }) => bite.effect === 'deny' && (certain || recipient.category !== 'unknown'),
  )
  if (!established && inquiry.recipients.some(recipient => recipient.category === 'unknown')) {
    return { use, effect: 'not-permitted', matches, grants, obligations: [], reasons: [UNKNOWN_RECIPIENT] }
  }
  if (strongest) {
    // A refusal owes what its law says it owes: a copy to the person (Gov. Code § 7283.1), a report of the request (ORS 181A.826).
    // Nothing is owed about a recipient nobody knows by a law that bites only because nobody knows it.
    const owing = matches.filter(
      ({ bite, certain, recipient }) => bite.effect !== 'permit' && (certain || recipient.category !== 'unknown'),
    )
    const duties = owing.flatMap(({ bite }) => bite.obligations)
    return { use, effect: strongest, matches, grants, obligations: duties, reasons: restricting.map(match => match.bite.reason) }
  }
  if (!covered) return { use, effect: 'not-permitted', matches, grants, obligations: [], reasons: [NO_GRANT] }
  return { use, effect: 'permit', matches, grants, obligations, reasons: grants.flatMap(grant => (grant ? [grant.reason] : [])) }
}

function matchRules(rules: readonly Rule[], situation: Situation): Match[] {
  const { inquiry, recipient, use } = situation
  const matches: Match[] = []
  for (const rule of rules) {
    const inForce = rule.from <= inquiry.at && inquiry.at < rule.until
    if (!inForce || !rule.of.has(use.class)) continue
    const answer = protects(rule.test, situation)
    if (answer === 'no') continue
    const exception = rule.unless.findIndex(({ test }) => weakens(test, situation))
    const bite = rule.unless[exception]?.bite ?? rule.bite
    matches.push({ rule: rule.id, recipient, use, certain: answer === 'yes', exception: exception < 0 ? null : exception, bite })
  }
  return matches
}

/** A protecting condition that cannot be answered, or fails to evaluate, protects (Cedar skips such a rule, and the forbid is gone). */
function protects(test: Test, situation: Situation): Ternary {
  try {
    return test(situation)
  } catch {
    return 'yes'
  }
}

/** A weakening condition must be established: a missing attribute or an error leaves the rule as it is. */
function weakens(test: Test, situation: Situation): boolean {
  try {
    return test(situation) === 'yes'
  } catch {
    return false
  }
}
