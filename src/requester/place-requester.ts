import type { Agency } from '../terms/agency.ts'
import type { Peer } from '../terms/call.ts'
import type { Claims } from '../terms/parties.ts'
import type { Directory } from './directory.ts'
import { domainOf } from './party.ts'
import { readPeerSignals } from './peer-signals.ts'
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

/** Whom a token and its connection name. */
export interface Placed {
  /** Null for people. */
  readonly agency: Agency | null
  /** A part of the requester's body in whose network the call came from: it stands beside the socket, so it receives too. */
  readonly beside: Agency | null
}

/**
 * Places the requester from `agency`, `ori`, a verified `email` and the names of a client certificate; `client_id` and `azp` say
 * which program, not which body. Signals agree when they name one agency, or a body and a part of it (`us-dhs-ice` and
 * `us-dhs-ice-ero`: the part is the requester). The network it came from places nobody and promotes nobody; it may only disagree, or
 * add a recipient. For people the agency is null, whatever their connection says: a visitor at a police station is a visitor.
 */
export function placeRequester(claims: Claims, scope: IssuerScope, directory: Directory, peer?: Peer): Placed | Refused {
  if (scope.kind === 'people') {
    if (claims.agency === undefined && claims.ori === undefined) return { agency: null, beside: null }
    return notPermitted('party.issuer-oversteps', 'This issuer signs tokens of people; its tokens cannot name an agency or an ORI.')
  }
  const named = claims.agency === undefined ? null : directory.byId(claims.agency)
  if (claims.agency !== undefined && named === null)
    return notPermitted('party.unknown-agency', `There is no agency '${claims.agency}' in the directory.`)
  const byOri = claims.ori === undefined ? null : directory.byOri(claims.ori)
  const byEmail = claims.email !== undefined && claims.email_verified === true ? directory.byDomain(domainOf(claims.email)) : null
  const { certified, network } = readPeerSignals(peer, directory)
  const agency = agree([named, byOri, byEmail, ...certified].filter(found => found !== null))
  if (agency === 'nobody') return notPermitted('party.unknown-agency', `The token's ${SIGNALS} name nobody in the directory.`)
  if (agency === 'disagree' || (claims.ori !== undefined && byOri === null && contradicts(claims.ori, agency)))
    return notPermitted('party.signals-disagree', `The token's ${SIGNALS} name different agencies.`)
  const narrowest = network === null ? agency : agree([agency, network])
  if (typeof narrowest === 'string')
    return notPermitted('party.signals-disagree', `The call comes from the network of another agency than '${agency.id}'.`)
  if (scope.agencies !== 'any' && !scope.agencies.includes(agency.id))
    return notPermitted('party.issuer-oversteps', `This issuer may not speak for '${agency.id}'.`)
  return { agency, beside: narrowest === agency ? null : narrowest }
}

const SIGNALS = 'agency, ORI, verified e-mail and client certificate'

function agree(found: readonly Agency[]): Agency | 'nobody' | 'disagree' {
  const narrowest = found.toSorted((a, b) => b.id.length - a.id.length)[0]
  if (narrowest === undefined) return 'nobody'
  const isWhole = (other: Agency) => narrowest.id === other.id || narrowest.id.startsWith(`${other.id}-`)
  return found.every(isWhole) ? narrowest : 'disagree'
}

// An ORI outside the directory says nothing about a body whose ORIs nobody recorded, unless its shape belongs to somebody else.
const contradicts = (ori: string, agency: Agency): boolean =>
  agency.oris.length > 0 || (IMMIGRATION_ORI.test(ori) && agency.category !== 'immigration-authority')
