import type { PartyRefusal } from '../terms/judgement.ts'
import type { Claims } from '../terms/parties.ts'
import { REASONS } from '../terms/reason.ts'

/** Claims of a person at the admin address; `roles` as the token says it, of any type. */
export type StaffClaims = Pick<Claims, 'iss' | 'sub' | 'exp' | 'cnf'> & { readonly roles: unknown }

/** Checks the shape of a verified token's payload, and reads the claim that counts only here. Everything else of it is ignored. */
export function readStaffClaims(payload: unknown): StaffClaims | PartyRefusal {
  const claims: Readonly<Record<string, unknown>> = typeof payload === 'object' && payload !== null ? { ...payload } : {}
  const { iss, sub, exp, roles } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '' || typeof exp !== 'number') return UNREADABLE
  // Kept where it is there, whatever it is: a token that is bound to its sender must not pass as one that is not.
  return { iss, sub, exp, roles, ...('cnf' in claims ? { cnf: claims['cnf'] } : {}) }
}

const UNREADABLE: PartyRefusal = {
  ...{ kind: 'party-refusal', reply: 'unauthenticated', requester: null, login: null },
  reason: { code: 'token.invalid', rule: null, cite: [], text: REASONS['token.invalid'] },
  detail: "The token's 'iss', 'sub' or 'exp' is missing or of the wrong type.",
}
