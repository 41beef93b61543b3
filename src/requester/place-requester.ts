import type { Agency } from '../terms/agency.ts'
import type { Claims } from '../terms/parties.ts'
import type { Directory } from './directory.ts'
import { domainOf } from './party.ts'
import { notPermitted, type Refused } from './refusal.ts'

/** One configured issuer: what its tokens are, and whom they may speak for. */
export interface IssuerScope {
  readonly issuer: string
  readonly kind: 'agencies' | 'people'
  /** Directory ids, exactly: a parent's id does not cover its parts. */
  readonly agencies: 'any' | readonly string[]
}

/** Nlets gives federal immigration bodies ORIs of this shape; most are in no public table. */
const IMMIGRATION_ORI = /^[A-Z]{2}(ICE|INS|CBP|HSI|USB)[A-Z0-9]{4}$/i

/**
 * Places the requester from `agency`, `ori` and a verified `email`; `client_id` and `azp` say which program, not which body.
 * Signals agree when they name one agency, or a body and a part of it (`us-dhs-ice` and `us-dhs-ice-ero`: the part is the
 * requester). For people, null.
 */
export function placeRequester(claims: Claims, scope: IssuerScope, directory: Directory): { readonly agency: Agency | null } | Refused {
  if (scope.kind === 'people') {
    if (claims.agency === undefined && claims.ori === undefined) return { agency: null }
    return notPermitted('party.issuer-oversteps', 'This issuer signs tokens of people; its tokens cannot name an agency or an ORI.')
  }
  const named = claims.agency === undefined ? null : directory.byId(claims.agency)
  if (claims.agency !== undefined && named === null)
    return notPermitted('party.unknown-agency', `There is no agency '${claims.agency}' in the directory.`)
  const byOri = claims.ori === undefined ? null : directory.byOri(claims.ori)
  const byEmail = claims.email !== undefined && claims.email_verified === true ? directory.byDomain(domainOf(claims.email)) : null
  const agency = agree([named, byOri, byEmail].filter(found => found !== null))
  if (agency === 'nobody')
    return notPermitted('party.unknown-agency', "The token's agency, ORI and verified e-mail name nobody in the directory.")
  if (agency === 'disagree' || (claims.ori !== undefined && byOri === null && contradicts(claims.ori, agency)))
    return notPermitted('party.signals-disagree', "The token's agency, ORI and verified e-mail name different agencies.")
  if (scope.agencies !== 'any' && !scope.agencies.includes(agency.id))
    return notPermitted('party.issuer-oversteps', `This issuer may not speak for '${agency.id}'.`)
  return { agency }
}

function agree(found: readonly Agency[]): Agency | 'nobody' | 'disagree' {
  const narrowest = found.toSorted((a, b) => b.id.length - a.id.length)[0]
  if (narrowest === undefined) return 'nobody'
  const isWhole = (other: Agency) => narrowest.id === other.id || narrowest.id.startsWith(`${other.id}-`)
  return found.every(isWhole) ? narrowest : 'disagree'
}

// An ORI outside the directory says nothing about a body whose ORIs nobody recorded, unless its shape belongs to somebody else.
const contradicts = (ori: string, agency: Agency): boolean =>
  agency.oris.length > 0 || (IMMIGRATION_ORI.test(ori) && agency.category !== 'immigration-authority')
