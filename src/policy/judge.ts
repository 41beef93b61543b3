import type { Lift } from '../terms/consulted.ts'
import type { Effect } from '../terms/decision.ts'
import type { Inquiry, Use } from '../terms/inquiry.ts'
import type { Obligation } from '../terms/law.ts'
import type { Party } from '../terms/parties.ts'
import { REASONS, type Reason } from '../terms/reason.ts'
import { isNoticeBefore } from './await-notice.ts'
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
  /** Counsel released what this rule holds: it is kept for what it owes, and no longer bites. */
  readonly lifted: boolean
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

/**
 * A law bites if it matches for any recipient; a grant must cover every recipient. Most protective wins; no grant, no permission.
 * @param lift counsel's release: the holds it names do not bite for the classes it names, and what only they kept back needs no grant
 * (8 U.S.C. 1373 holds status precisely because no grant names it). A denial, or what is left out, is never lifted.
 */
export function judgeUse(rulebook: Rulebook, inquiry: Inquiry, use: Use, lift: Lift | null = null): UseJudgement {
  const situations = inquiry.recipients.map(recipient => {
    const grant = findGrant(rulebook.grants, { inquiry, recipient, use, granted: false })
    return { grant, situation: { inquiry, recipient, use, granted: grant !== null } }
  })
  const matches = situations.flatMap(({ situation }) => matchRules(rulebook.rules, situation, lift))
  const biting = matches.filter(({ lifted }) => !lifted)
  const released = matches.filter(({ lifted }) => lifted)
  const grants = situations.map(({ grant }) => grant)
  const strongest = STRENGTH.findLast(effect => biting.some(match => match.bite.effect === effect))
  const restricting = biting.filter(match => match.bite.effect === strongest)
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
  if (!covered && released.length === 0) return { use, effect: 'not-permitted', matches, grants, obligations: [], reasons: [NO_GRANT] }
  return { use, effect: 'permit', matches, grants, obligations, reasons: whyPermitted(released, grants, matches) }
}

function whyPermitted(released: readonly Match[], grants: readonly (Grant | null)[], matches: readonly Match[]): readonly Reason[] {
  const given = grants.filter(grant => grant !== null)
  // The terms of an exception are its statute's: a hold that waits for its notice must cite it.
  const first = [...given, ...matches.map(({ bite }) => bite)].filter(({ obligations }) => obligations.some(isNoticeBefore))
  return [
    ...released.map(({ bite }) => spoken('hold.released', bite.reason)),
    ...given.map(({ reason }) => reason),
    ...first.map(({ reason }) => spoken('notice.before', reason)),
  ]
}

const spoken = (code: 'hold.released' | 'notice.before', { rule, cite }: Reason): Reason => ({ code, rule, cite, text: REASONS[code] })

function matchRules(rules: readonly Rule[], situation: Situation, lift: Lift | null): Match[] {
  const { inquiry, recipient, use } = situation
  const matches: Match[] = []
  for (const rule of rules) {
    const inForce = rule.from <= inquiry.at && inquiry.at < rule.until
    if (!inForce || !rule.of.has(use.class)) continue
    const answer = protects(rule.test, situation)
    if (answer === 'no') continue
    const exception = rule.unless.findIndex(({ test }) => weakens(test, situation))
    const bite = rule.unless[exception]?.bite ?? rule.bite
    const lifted = bite.effect === 'hold' && lift !== null && lift.rules.includes(rule.id) && lift.classes.includes(use.class)
    matches.push({ rule: rule.id, recipient, use, certain: answer === 'yes', exception: exception < 0 ? null : exception, bite, lifted })
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
