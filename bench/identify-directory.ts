import type { JWTPayload } from 'jose'
import type { Agency } from '../src/terms/agency.ts'

const ASKING = 12_345
const idOf = (i: number): string => `us-tx-body-${i}`
const oriOf = (i: number): string => `TX${String(i).padStart(7, '0')}`

export const REQUESTER = idOf(ASKING)
/** Made-up bodies, each with an ORI, two domains and a network of either family; the requester's is where the bench calls from, too. */
export function makeBodies(count: number): Agency[] {
  return Array.from({ length: count }, (_, i) => ({
    id: idOf(i),
    name: `Police Department Number ${i}`,
    category: 'local-police',
    jurisdiction: 'us-tx',
    purposes: ['public-safety', 'criminal-investigation'],
    declares: false,
    oris: [oriOf(i)],
    domains: [`${idOf(i)}.example`, `pd${i}.gov.example`],
    networks: [...(i === ASKING ? ['127.0.0.0/24'] : []), `10.${i >> 8}.${i & 255}.0/24`, `2001:db8:${i.toString(16)}::/48`],
    names: [`PD${i}`],
    flags: {},
    reshares: [],
  }))
}

/** Everything a token can say of who asks: agency, ORI, verified e-mail, a chain of four actors, and a reason to be read. */
export const tokenClaims = (thumbprint: string): JWTPayload => ({
  sub: 'officer-4711',
  client_id: 'records-desk',
  agency: REQUESTER,
  ori: oriOf(ASKING),
  email: `a.officer@records.pd${ASKING}.gov.example`,
  email_verified: true,
  cnf: { 'x5t#S256': thumbprint },
  purpose: 'criminal-investigation',
  case: '26-004711',
  reason: 'Burglary at 1200 Main Street on 3 March; the owner of the vehicle seen there is to be asked as a witness.',
  act: {
    sub: 'records-desk',
    agency: idOf(1),
    act: {
      sub: 'gateway',
      ori: oriOf(2),
      act: { sub: idOf(3), act: { sub: 'x', agency: idOf(4), email: `x@${idOf(4)}.example`, email_verified: true } },
    },
  },
})
