import type { Actor } from '../register/book.ts'
import type { StaffClaims } from './staff-claims.ts'

/** One person of `identity.admin.people`: one, however many logins. */
export interface AdminPerson {
  readonly id: string
  readonly logins: readonly { readonly iss: string; readonly sub: string }[]
}

type Role = Actor['roles'] extends ReadonlySet<infer Word> ? Word : never

const ROLES: readonly Role[] = ['counsel', 'auditor', 'operator']

/**
 * Makes who acts of the claims of a verified token: the person its login belongs to, with the roles this token carries. Made anew for each
 * request, so that a role that was taken away is gone with the next token. @returns a string: why nobody may act with it, for the person
 */
export function makeActorOf(people: readonly AdminPerson[]): (claims: StaffClaims) => Actor | string {
  return ({ iss, sub, roles: claim }) => {
    const owners = new Set(people.filter(({ logins }) => logins.some(login => login.iss === iss && login.sub === sub)).map(({ id }) => id))
    const [person] = owners
    // A login of two people would let one human count as both where the law wants two.
    if (person === undefined || owners.size > 1) return 'this login is not that of one person in identity.admin.people'
    const roles = rolesOf(claim)
    return roles.size > 0 ? { person, roles } : `the token carries none of the roles ${ROLES.join(', ')}`
  }
}

/** The claim as an array or as one word; words that are no role give nothing. */
function rolesOf(claim: unknown): ReadonlySet<Role> {
  const words: readonly unknown[] = Array.isArray(claim) ? claim : [claim]
  return new Set(ROLES.filter(role => words.includes(role)))
}
