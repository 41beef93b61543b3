const RECORD_BYTES = 1500
const LIST_RECORDS = 700

/** Every class a housing caseworker meets; what reveals status (four fields) does not leave. */
export const CATALOGUE = {
  source: 'residents',
  collections: {
    residents: {
      key: 'id',
      fields: {
        id: 'open',
        full_name: 'personal',
        date_of_birth: 'personal',
        ssn: ['personal', 'status-proxy'],
        address: 'locating',
        zip: 'locating',
        phone: 'locating',
        email: 'locating',
        citizenship: 'status',
        alien_number: 'status-identifier',
        birth_country: 'status-proxy',
        program: 'open',
        monthly_rent: 'personal',
        move_in: 'personal',
        unit: { fields: { floor: 'open', rooms: 'open', elevator: 'open' } },
        inspected_on: 'open',
        inspection: 'open',
        balance: 'personal',
        notes: 'personal',
      },
    },
  },
}

/** What the record API answers, and what must be left of it, byte for byte, when it has passed the gate. */
export interface Body {
  readonly whole: string
  readonly redacted: string
}

/** One record of 1.5 KB, in the array that PostgREST puts it in. */
export function makeRecord(): Body {
  return bodyOf([residentOf(1)])
}

/** 1 MB: 700 such records. */
export function makeList(): Body {
  return bodyOf(Array.from({ length: LIST_RECORDS }, (_, i) => residentOf(i)))
}

function bodyOf(records: readonly ReturnType<typeof residentOf>[]): Body {
  const redacted = records.map(({ ssn: _1, citizenship: _2, alien_number: _3, birth_country: _4, ...rest }) => rest)
  return { whole: JSON.stringify(records), redacted: JSON.stringify(redacted) }
}

function residentOf(i: number) {
  const resident = {
    id: `R-${String(i).padStart(6, '0')}`,
    full_name: `Ana Example ${i}`,
    date_of_birth: '1981-04-17',
    ssn: '900-12-3456',
    address: `${100 + i} Jacaranda Walk, Los Angeles`,
    zip: '90012',
    phone: '(213) 555-0142',
    email: 'ana.example@mail.example',
    citizenship: 'asylee',
    alien_number: 'A012345678',
    birth_country: 'Guatemala',
    program: 'rent-stabilised',
    monthly_rent: 1689.99,
    move_in: '2019-08-01',
    unit: { floor: 3, rooms: 2, elevator: true },
    inspected_on: '2026-02-11',
    inspection: 'passed',
    balance: -12.5,
    notes: '',
  }
  const sentence = 'Called about the lift; vive con su tía y dos hijos, pide cita por la tarde. '
  const missing = RECORD_BYTES - Buffer.byteLength(JSON.stringify(resident))
  const notes = sentence.repeat(20).slice(0, missing)
  return { ...resident, notes: notes.slice(0, notes.length - (Buffer.byteLength(notes) - notes.length)) }
}
