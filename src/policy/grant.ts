import type { UseKind } from '../terms/data-class.ts'
import type { Obligation } from '../terms/law.ts'
import { COURT_PROCESS, type LegalProcess } from '../terms/legal-process.ts'
import type { Reason } from '../terms/reason.ts'
import type { Situation } from './match.ts'
import type { GrantRule } from './rulebook.ts'

export interface Grant {
  readonly id: string
  readonly obligations: readonly Obligation[]
  readonly reason: Reason
}

/** The one grant that is the same everywhere: active court process that covers the query permits what it names. */
export const BY_COURT_PROCESS: Grant = {
  id: 'court-process',
  obligations: [{ only: 'named-in-process' }],
  reason: { code: 'process.permits', rule: 'court-process', cite: [], text: 'Active court process covers this query.' },
}

/** The grant that covers this recipient and use, or null. A missing attribute, or an error, never grants. */
export function findGrant(grants: readonly GrantRule[], situation: Situation): Grant | null {
  const { use } = situation
  const granted = grants.find(grant => grant.of.has(use.class) && grant.uses.has(use.kind) && grantsFor(grant, situation))
  if (granted) return granted
  return compels(situation.inquiry.process) && reads(use.kind) ? BY_COURT_PROCESS : null
}

/** A court's paper names records to be shown; it lets nobody change them. */
export const reads = (kind: UseKind): boolean => kind !== 'write'

/** Active court process that covers the query. */
export const compels = (process: LegalProcess | null): boolean =>
  process?.state === 'active' && process.covers === 'query' && COURT_PROCESS.includes(process.kind)

/** Whether a grant's condition holds, whatever class and kind of use it lists. */
export function grantsFor(grant: GrantRule, situation: Situation): boolean {
  try {
    return grant.test(situation) === 'yes'
  } catch {
    return false
  }
}
