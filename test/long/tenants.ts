/** Eight fields; two of them reveal status and do not leave. */
export const CATALOGUE = {
  source: 'residents',
  collections: {
    residents: {
      key: 'id',
      fields: {
        id: 'open',
        full_name: 'personal',
        citizenship: 'status',
        address: 'locating',
        zip: 'locating',
        alien_number: 'status-identifier',
        program: 'open',
        notes: 'personal',
      },
    },
  },
}

/** Names of the fields that must not leave. */
export const PROTECTED = ['citizenship', 'alien_number'] as const

const NOTES = 'Called about the lift; vive con su tía y dos hijos, pide cita por la tarde. '.repeat(10).trim()
const START = { full_name: 'Ana Example', address: '1 Jacaranda Walk, Los Angeles', zip: '90012' }
const END = { program: 'rent-stabilised', notes: NOTES }

/** One tenant's record as the record API has it: about 1 KB, the same number of bytes for every `i` below 10^9. */
export function tenant(i: number): string {
  return JSON.stringify({ id: idOf(i), citizenship: 'asylee', ...START, alien_number: 'A012345678', ...END })
}

/** The same as it must come out of the gate. */
export function redactedTenant(i: number): string {
  return JSON.stringify({ id: idOf(i), ...START, ...END })
}

/** Length in bytes of a list of so many redacted tenants. */
export function redactedListBytes(records: number): number {
  return 2 + records * Buffer.byteLength(redactedTenant(0)) + (records - 1)
}

const idOf = (i: number): string => `R-${String(i).padStart(9, '0')}`
