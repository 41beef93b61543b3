import { type IssuerScope, makeIdentify } from '../../src/requester/identify.ts'
import type { Call, Peer } from '../../src/terms/call.ts'
import type { PartyRefusal } from '../../src/terms/judgement.ts'
import type { Claims, Parties } from '../../src/terms/parties.ts'
import { directoryOf, lexiconOf } from './load.ts'

export const AGENCIES = 'https://id.city.example'
export const PEOPLE = 'https://people.city.example'
const NARROW = 'https://fire.city.example'

export const ISSUERS: readonly IssuerScope[] = [
  { issuer: AGENCIES, kind: 'agencies', agencies: 'any' },
  { issuer: PEOPLE, kind: 'people', agencies: 'any' },
  { issuer: NARROW, kind: 'agencies', agencies: ['us-ca-los-angeles-lafd'] },
]
export const FIRE_ISSUER = NARROW

export const shipped = directoryOf()
export const shippedLexicon = lexiconOf(shipped)
export const identifyShipped = makeIdentify({
  directory: shipped,
  lexicon: shippedLexicon,
  issuers: ISSUERS,
  ownerJurisdiction: 'us-ca-los-angeles',
})

/** A read of one resident, received on 2026-12-01, with these headers. */
export const callWith = (headers: Record<string, string | readonly string[]> = {}, source = 'residents'): Call => ({
  id: '0197f000-0000-7000-8000-000000000000',
  receivedAt: Date.parse('2026-12-01T12:00:00Z'),
  method: 'GET',
  source,
  path: '/residents',
  query: 'select=id',
  headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value].flat()])),
  body: null,
})

export const claimsOf = (claims: Partial<Claims>): Claims => ({ iss: AGENCIES, sub: 'officer-7', exp: 1_796_126_400, ...claims })

/** Identifies against the shipped files; fails when the call is refused. */
export function parties(claims: Partial<Claims>, headers: Record<string, string | readonly string[]> = {}): Parties {
  const found = identifyShipped(callWith(headers), claimsOf(claims))
  if ('kind' in found) throw new Error(`refused: ${found.reason.code}: ${found.detail}`)
  return found
}

/** Identifies against the shipped files; fails when the call is not refused. */
export function refusal(claims: Partial<Claims>, headers: Record<string, string | readonly string[]> = {}): PartyRefusal {
  const found = identifyShipped(callWith(headers), claimsOf(claims))
  if (!('kind' in found)) throw new Error('not refused')
  return found
}

/** Identifies a call over this connection; a refusal gives its code. */
export function identifyOver(identify: ReturnType<typeof makeIdentify>, claims: Partial<Claims>, peer: Partial<Peer>): Parties | string {
  const found = identify({ ...callWith(), peer: { address: null, certificate: null, ...peer } }, claimsOf(claims))
  return 'kind' in found ? found.reason.code : found
}

export const ids = (found: Parties): string[] => found.recipients.map(party => party.id)
export const LAPD = 'us-ca-los-angeles-lapd'
export const LAFD = 'us-ca-los-angeles-lafd'
export const HOUSING = 'us-ca-los-angeles-housing'
