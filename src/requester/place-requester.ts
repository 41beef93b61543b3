import { type Agency, IMMIGRATION_ORI } from '../terms/agency.ts'
import type { Peer } from '../terms/call.ts'
import type { Claims } from '../terms/parties.ts'
import type { Directory } from './directory.ts'
import { domainOf, speaksFor } from './party.ts'
import { readPeerSignals } from './peer-signals.ts'
import { malformed, notPermitted, type Refused } from './refusal.ts'

/** One configured issuer: what its tokens are, and whom they may speak for. */
export interface IssuerScope {
  readonly issuer: string
  readonly kind: 'agencies' | 'people'
  /** Directory ids, exactly: a parent's id does not cover its parts. */
  readonly agencies: 'any' | readonly string[]
}

/** Whom a token and its connection name. */
export interface Placed {
  /** Null for people. */
  readonly agency: Agency | null
  /**
   * Who receives too, by the signals: a part of the requester's body in whose network the call came from, for it stands beside the
   * socket; and an immigration authority that the requester is a part of.
   */
  readonly beside: readonly Agency[]
}

/**
 * Places the requester from `agency`, `ori`, a verified `email` and the names of a client certificate; `client_id` and `azp` say
 * which program, not which body. Signals agree when they name one agency, or a body and a part of it (`us-dhs-ice` and
 * `us-dhs-ice-ero`: the part is the requester). The network it came from places nobody and promotes nobody; it may only disagree, or
 * add a recipient. For people the agency is null, whatever their connection says: a visitor at a police station is a visitor.
 */
export function placeRequester(claims: Claims, scope: IssuerScope, directory: Directory, peer?: Peer): Placed | Refused {
  if (scope.kind === 'people') {
    if (claims.agency === undefined && claims.ori === undefined) return { agency: null, beside: [] }
    return notPermitted('party.issuer-oversteps', 'This issuer signs tokens of people; its tokens cannot name an agency or an ORI.')
  }
  const named = claims.agency === undefined ? null : directory.byId(claims.agency)
  if (claims.agency !== undefined && named === null)
    return notPermitted('party.unknown-agency', `There is no agency '${claims.agency}' in the directory.`)
  const byOri = claims.ori === undefined ? null : directory.byOri(claims.ori)
  const verified = claims.email_verified === true ? claims.email : undefined
  const domain = verified === undefined ? null : domainOf(verified)
  if (verified !== undefined && domain === null)
    return malformed("The token's verified e-mail is not one mailbox, such as name@agency.gov.")
  const byEmail = domain === null ? null : directory.byDomain(domain)
  const { certified, networks } = readPeerSignals(peer, directory)
  const signals = [named, byOri, byEmail, ...certified].filter(found => found !== null)
  const agency = agree(signals)
  if (agency === 'nobody') return notPermitted('party.unknown-agency', `The token's ${SIGNALS} name nobody in the directory.`)
  if (agency === 'disagree' || (claims.ori !== undefined && byOri === null && contradicts(claims.ori, agency)))
    return notPermitted('party.signals-disagree', `The token's ${SIGNALS} name different agencies.`)
  if (networks.some(network => agree([agency, network]) === 'disagree'))
    return notPermitted('party.signals-disagree', `The call comes from the network of another agency than '${agency.id}'.`)
  if (scope.agencies !== 'any' && !scope.agencies.includes(agency.id))
    return notPermitted('party.issuer-oversteps', `This issuer may not speak for '${agency.id}'.`)
  return { agency, beside: [...signals, ...networks].filter(other => !speaksFor(agency, other)) }
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
