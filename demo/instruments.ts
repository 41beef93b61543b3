import { randomBytes } from 'node:crypto'

const DAY_MS = 86_400_000

const day = (fromToday: number): string => new Date(Date.now() + fromToday * DAY_MS).toISOString().slice(0, 10)

/** Two customers of the water department who live at one address. */
export const HOUSEHOLD = { address: '1426 Jacaranda Walk', named: '50199', other: '51459' } as const

/** What ICE calls a warrant: a form that its own officer signs. Dates are relative to today, so that the demo works on any day. */
export const makeI205 = (): object => ({
  kind: 'i-205',
  form: 'I-205',
  issuer: { body: 'Immigration and Customs Enforcement', signer: 'P. Poe', title: 'Field Office Director' },
  signed: day(0),
  records: 'The present address of the person named',
  scope: [{ source: 'utility', persons: [HOUSEHOLD.named] }],
  document: randomBytes(32).toString('hex'),
  usableBy: { agencies: ['us-dhs-ice-ero'] },
})

/** A search warrant of a federal court for the record of one customer, good for two weeks. */
export const makeWarrant = (): object => ({
  kind: 'judicial-warrant',
  form: 'AO-93',
  issuer: {
    body: 'United States District Court',
    court: 'Central District of California',
    docket: '2:26-mj-04711',
    signer: 'R. Roe',
    title: 'United States Magistrate Judge',
  },
  signed: day(0),
  until: day(14),
  records: 'The service address of the customer named in attachment A',
  scope: [{ source: 'utility', persons: [HOUSEHOLD.named] }],
  document: randomBytes(32).toString('hex'),
  usableBy: { agencies: ['us-dhs-ice-ero'] },
})
