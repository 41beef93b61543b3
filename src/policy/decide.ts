import type { Lift } from '../terms/consulted.ts'
import type { Decision } from '../terms/decision.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import type { Purpose } from '../terms/purpose.ts'
import { REASONS, type Reason, type ReasonCode } from '../terms/reason.ts'
import { combine } from './combine.ts'
import { grantsFor } from './grant.ts'
import { judgeUse, type UseJudgement } from './judge.ts'
import type { Rulebook } from './rulebook.ts'

/**
 * Decides an inquiry: pure, total and synchronous. Every use starts as not permitted; only a grant that covers every recipient, and no
 * law that bites for any of them, makes it permitted.
 * @param lift a release by counsel that is good for exactly this call; whether it is, the register has established.
 */
export function decide(rulebook: Rulebook, inquiry: Inquiry, lift: Lift | null = null): Decision {
  return combine(judgeUses(rulebook, inquiry, lift), isOrdinaryBusiness(rulebook, inquiry), aboutPurpose(inquiry.purpose))
}

/** The verdict on every use, rule by rule: what `decide` folds and `explain` shows. */
export function judgeUses(rulebook: Rulebook, inquiry: Inquiry, lift: Lift | null = null): readonly UseJudgement[] {
  const distinct = new Map(inquiry.uses.map(use => [`${use.class}/${use.kind}`, use]))
  return [...distinct.values()].map(use => judgeUse(rulebook, inquiry, use, lift))
}

/** Some grant speaks for every recipient, this purpose and this source: whatever is refused then is refused for what was asked. */
function isOrdinaryBusiness(rulebook: Rulebook, inquiry: Inquiry): boolean {
  const [use] = inquiry.uses
  if (!use) return false
  return inquiry.recipients.every(recipient => rulebook.grants.some(grant => grantsFor(grant, { inquiry, recipient, use, granted: false })))
}

function aboutPurpose(purpose: Purpose): readonly Reason[] {
  const codes: Partial<Record<Purpose, ReasonCode>> = {
    unstated: 'purpose.unstated',
    vague: 'purpose.vague',
    suspected: 'purpose.suspected',
  }
  const code = codes[purpose]
  return code ? [{ code, rule: null, cite: [], text: REASONS[code] }] : []
}
