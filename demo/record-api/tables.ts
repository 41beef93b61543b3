/** The SQL types this record API knows, by their PostgreSQL names. `numeric` has two decimals and is stored in hundredths. */
export type ColumnType = 'integer' | 'text' | 'boolean' | 'date' | 'timestamptz' | 'numeric' | 'jsonb'

/** A foreign key as it is embedded: to one row or to many. */
export interface Relation {
  readonly table: string
  readonly many: boolean
  readonly from: string
  readonly to: string
}

export interface Table {
  readonly name: string
  readonly columns: ReadonlyMap<string, ColumnType>
  readonly relations: ReadonlyMap<string, Relation>
}

const table = (name: string, columns: Record<string, ColumnType>, relations: Record<string, Relation> = {}): Table => ({
  name,
  columns: new Map(Object.entries(columns)),
  relations: new Map(Object.entries(relations)),
})

const toMany = (name: string, to: string): Relation => ({ table: name, many: true, from: 'id', to })
const toOne = (name: string, from: string): Relation => ({ table: name, many: false, from, to: 'id' })

const ALL: readonly Table[] = [
  table(
    'residents',
    {
      id: 'integer',
      full_name: 'text',
      date_of_birth: 'date',
      ssn: 'text',
      address: 'text',
      zip: 'text',
      phone: 'text',
      email: 'text',
      primary_language: 'text',
      birth_country: 'text',
      citizenship: 'text',
      alien_number: 'text',
      program: 'text',
      monthly_rent: 'numeric',
      move_in: 'date',
      accessible_unit: 'boolean',
      unit: 'jsonb',
      caseworker_notes: 'text',
    },
    { inspections: toMany('inspections', 'resident_id') },
  ),
  table(
    'inspections',
    { id: 'integer', resident_id: 'integer', inspected_on: 'date', result: 'text', fee: 'numeric', remarks: 'text' },
    { residents: toOne('residents', 'resident_id') },
  ),
  table(
    'accounts',
    {
      id: 'integer',
      holder: 'text',
      service_address: 'text',
      zip: 'text',
      phone: 'text',
      id_type: 'text',
      itin: 'text',
      meter_no: 'text',
      opened_on: 'date',
      balance: 'numeric',
      rate: 'numeric',
      kwh_last_month: 'integer',
      delinquent: 'boolean',
    },
    { bills: toMany('bills', 'account_id') },
  ),
  table(
    'bills',
    { id: 'integer', account_id: 'integer', period: 'text', amount: 'numeric', paid: 'boolean' },
    { accounts: toOne('accounts', 'account_id') },
  ),
  table(
    'stops',
    {
      id: 'integer',
      stopped_at: 'timestamptz',
      reason: 'text',
      location: 'text',
      officer: 'text',
      driver_name: 'text',
      date_of_birth: 'date',
      driver_address: 'text',
      dl_number: 'text',
      plate: 'text',
      birth_country: 'text',
      citizenship: 'text',
      alien_number: 'text',
      outcome: 'text',
      fine: 'numeric',
      narrative: 'text',
    },
    { bookings: toMany('bookings', 'stop_id') },
  ),
  table(
    'bookings',
    {
      id: 'integer',
      stop_id: 'integer',
      booked_at: 'timestamptz',
      custody_status: 'text',
      release_date: 'date',
      next_court_date: 'date',
      detainer: 'boolean',
      bail: 'numeric',
    },
    { stops: toOne('stops', 'stop_id') },
  ),
  table('visits', {
    id: 'integer',
    patient_name: 'text',
    date_of_birth: 'date',
    address: 'text',
    phone: 'text',
    visited_on: 'date',
    clinic: 'text',
    diagnosis: 'text',
    medication: 'text',
    allergies: 'text',
    interpreter: 'text',
    aid_code: 'text',
    copay: 'numeric',
    notes: 'text',
  }),
  table('cases', {
    id: 'integer',
    applicant: 'text',
    date_of_birth: 'date',
    ssn: 'text',
    address: 'text',
    phone: 'text',
    program: 'text',
    aid_code: 'text',
    citizenship: 'text',
    alien_number: 'text',
    household_size: 'integer',
    monthly_income: 'numeric',
    monthly_grant: 'numeric',
    decided_on: 'date',
    caseworker_notes: 'text',
  }),
]

/** Every table of the city, by name. */
export const TABLES: ReadonlyMap<string, Table> = new Map(ALL.map(entry => [entry.name, entry]))
