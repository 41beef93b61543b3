import type { TokenOrder } from './issuer.ts'

/** Somebody in the demo: how the page calls them, and what their token says. */
export interface Actor {
  readonly name: string
  /** File name of the token that is left for pasted calls. */
  readonly file: string
  readonly token: TokenOrder
}

const agency = (name: string, file: string, id: string, purpose: string | null, more: Readonly<Record<string, unknown>> = {}): Actor => ({
  name,
  file,
  token: { issuer: 'agencies', subject: `${id}/${file}`, claims: { agency: id, ...(purpose === null ? {} : { purpose }), ...more } },
})

const staff = (name: string, file: string, subject: string, role: 'counsel' | 'operator' | 'auditor'): Actor => ({
  name,
  file,
  token: { issuer: 'staff', subject, claims: { roles: [role] } },
})

/** Everybody in the demo. Agencies are those of policies/agencies.yaml, staff are the people of haven.yaml. */
export const CAST = {
  housing: agency('A housing caseworker', 'housing', 'us-ca-los-angeles-housing', 'service-delivery'),
  fire: agency('The fire department', 'fire', 'us-ca-los-angeles-lafd', 'emergency'),
  officer: agency('A police officer', 'officer', 'us-ca-los-angeles-lapd', 'public-safety'),
  silentOfficer: agency('A police officer who states no purpose', 'silent-officer', 'us-ca-los-angeles-lapd', null),
  ice: agency('ICE Enforcement and Removal', 'ice', 'us-dhs-ice-ero', 'immigration-enforcement'),
  iceWithI205: agency('ICE with an I-205 removal warrant', 'ice-i205', 'us-dhs-ice-ero', 'immigration-enforcement', {
    process: { kind: 'i-205' },
  }),
  iceWith1373: agency('ICE with a letter citing 8 U.S.C. 1373', 'ice-1373', 'us-dhs-ice-ero', 'immigration-enforcement', {
    process: { kind: '1373-letter' },
  }),
  cbp: agency('Customs and Border Protection', 'cbp', 'us-dhs-cbp', 'immigration-enforcement'),
  hud: agency('A HUD auditor', 'hud', 'us-hud', 'audit', { case: 'HUD-26-9' }),
  county: agency('A county eligibility worker', 'county', 'us-ca-la-county-dpss', 'eligibility'),
  fbi: agency('The FBI', 'fbi', 'us-doj-fbi', 'criminal-investigation', { case: '91A-LA-2266' }),
  resident: {
    name: 'A resident',
    file: 'resident',
    token: { issuer: 'people', subject: 'resident-11', claims: { purpose: 'subject-access', subject_of: { residents: '11' } } },
  },
  counsel: staff('Counsel Ruiz', 'counsel', 'm.ruiz', 'counsel'),
  secondCounsel: staff('Counsel Okafor', 'second-counsel', 'a.okafor', 'counsel'),
  clerk: staff('Clerk Ito', 'clerk', 't.ito', 'operator'),
  auditor: staff('Auditor Cho', 'auditor', 'd.cho', 'auditor'),
} as const satisfies Readonly<Record<string, Actor>>
