import { CAST } from './cast.ts'
import type { Chapter, DemoRequest } from './demo-request.ts'

const because = (reason: string): Readonly<Record<string, string>> => ({ 'Haven-Reason': encodeURIComponent(reason) })

// An A-number or a telling word anywhere in the body shows that status got through: under whatever key, or in somebody's notes.
const STATUS = [
  /"citizenship"/,
  /"alien_number"/,
  /"birth_country"/,
  /A0\d{8}/,
  /undocumented|indocumentad|sin papeles|asyl|refugee|\bvisa\b|\bTPS\b|\bDACA\b|deport/i,
] as const

const ORDINARY: readonly DemoRequest[] = [
  {
    id: 'housing-all',
    who: CAST.housing,
    wants: 'opens a tenant’s file with everything in it (select=*), to serve them.',
    call: '/residents/residents?select=*&id=eq.11',
    expect: {
      status: 200,
      contains: ['Patricia Quispe', '1689.99'],
      lacks: STATUS,
      withheld: ['residents.citizenship', 'residents.alien_number'],
    },
  },
  {
    id: 'housing-named',
    who: CAST.housing,
    wants: 'asks for named fields of the same tenant, to arrange a repair.',
    call: '/residents/residents?select=id,full_name,address,phone,unit&id=eq.11',
    expect: { status: 200, contains: ['5762 Jacaranda Walk'], lacks: STATUS },
  },
  {
    id: 'fire',
    who: CAST.fire,
    wants: 'needs names, addresses and floors around a fire, now.',
    call: '/residents/residents?select=full_name,address,unit,accessible_unit&zip=eq.90032',
    expect: { status: 200, contains: ['"floor"', '"address"'], lacks: STATUS },
  },
  {
    id: 'ambulance',
    who: { ...CAST.fire, name: 'An ambulance crew of the fire department' },
    wants: 'asks for the address and phone of a person who stopped answering.',
    call: '/residents/residents?select=full_name,address,phone,unit&id=eq.14',
    expect: { status: 200, contains: ['6930 Tile Works Ln', '(213) 555-0130'] },
  },
  {
    id: 'black-ice',
    who: CAST.officer,
    wants: 'asks for a stop; the reason says “black ice collision”, which is weather.',
    headers: because('black ice collision on Quiet Harbor Blvd'),
    // Not the stop of `for-ice`: in a second demo within the day this would be a refused question in other words.
    call: '/police/stops?select=id,stopped_at,location,driver_name&id=eq.43',
    expect: { status: 200, contains: ['Samuel Vargas'] },
  },
  {
    id: 'fbi',
    who: CAST.fbi,
    wants: 'asks, on a bank robbery, for everything about a stop; status solves no robbery.',
    call: '/police/stops?select=*&id=eq.4',
    expect: { status: 200, contains: ['Ernesto Torres'], lacks: STATUS, withheld: ['stops.citizenship', 'stops.alien_number'] },
  },
  {
    id: 'county',
    who: CAST.county,
    wants: 'asks for the status of an applicant, which eligibility turns on.',
    call: '/benefits/cases?select=id,program,citizenship,monthly_income&id=eq.4',
    expect: { status: 200, contains: ['undocumented', '3633.50'] },
  },
  {
    id: 'own-file',
    who: CAST.resident,
    wants: 'reads their own file, their own status included.',
    call: '/residents/residents?select=*&id=eq.11',
    expect: { status: 200, contains: ['Patricia Quispe', '"citizenship"', 'A003397838'] },
  },
]

const REFUSED: readonly DemoRequest[] = [
  {
    id: 'ice',
    who: CAST.ice,
    wants: 'asks for the address of a tenant, for immigration enforcement.',
    call: '/residents/residents?select=full_name,address&id=eq.11',
    expect: { status: 451, type: '/law', cites: '188441', lacks: ['Jacaranda'] },
  },
  {
    id: 'for-ice',
    who: CAST.officer,
    wants: 'has a clean purpose; the reason says “for ICE ERO”.',
    headers: because('address check for ICE ERO'),
    call: '/police/stops?select=driver_name,driver_address&id=eq.4',
    expect: { status: 451, type: '/law', cites: '7284.6', lacks: ['Ernesto'] },
  },
  {
    id: 'i-205',
    who: CAST.iceWithI205,
    wants: 'asks for an address. No judge has signed the paper: it opens nothing.',
    call: '/residents/residents?select=full_name,address&id=eq.11',
    expect: { status: 451, type: '/law', lacks: ['Jacaranda'] },
  },
  {
    id: 'somebody-else',
    who: CAST.resident,
    wants: 'asks for the file of somebody else.',
    call: '/residents/residents?select=*&id=eq.14',
    expect: { status: 403, type: '/not-permitted', lacks: ['Uma'] },
  },
  {
    id: 'no-token',
    who: null,
    wants: 'asks without a token.',
    call: '/residents/residents?select=full_name&id=eq.11',
    expect: { status: 401, type: '/unauthenticated' },
  },
]

const COUNSEL: readonly DemoRequest[] = [
  {
    id: 'letter-1373',
    who: CAST.iceWith1373,
    wants: 'asks for the status of a tenant.',
    call: '/residents/residents?select=citizenship&id=eq.11',
    expect: { status: 451, type: '/held', hold: true, lacks: ['undocumented'] },
  },
  {
    id: 'bare-check',
    who: CAST.silentOfficer,
    wants: 'gives as reason “immigration check” and nothing more.',
    headers: because('immigration check'),
    call: '/police/stops?select=driver_name,driver_address&id=eq.4',
    expect: { status: 451, type: '/held', hold: true, lacks: ['Ernesto'] },
  },
]

const QUESTIONS: readonly DemoRequest[] = [
  {
    id: 'alias',
    who: CAST.housing,
    wants: 'asks for citizenship under another name (zip:citizenship).',
    call: '/residents/residents?select=id,zip:citizenship&id=eq.11',
    expect: { status: 200, contains: ['"id"'], lacks: ['zip', 'undocumented'], withheld: ['residents.citizenship'] },
  },
  {
    id: 'filter',
    who: CAST.housing,
    wants: 'does not ask for citizenship, but filters by it.',
    call: '/residents/residents?select=id,full_name&citizenship=eq.undocumented',
    expect: { status: 403, type: '/query', contains: ['citizenship'], lacks: ['full_name":'] },
  },
  {
    id: 'order',
    who: CAST.housing,
    wants: 'sorts by the A-number.',
    call: '/residents/residents?select=id&order=alien_number.desc',
    expect: { status: 403, type: '/query', contains: ['alien_number'] },
  },
  {
    id: 'cast',
    who: CAST.housing,
    wants: 'hides the field in a cast (citizenship::text).',
    call: '/residents/residents?select=id,citizenship::text&id=eq.11',
    expect: { status: 403, type: '/query', lacks: ['undocumented'] },
  },
  {
    id: 'group',
    who: CAST.housing,
    wants: 'wants only numbers: how many tenants of each status.',
    call: '/residents/residents?select=citizenship,count()',
    expect: { status: 403, type: '/query', lacks: ['"count":'] },
  },
]

/** What needs nobody but the gate. */
export const AT_THE_GATE: readonly Chapter[] = [
  { title: 'The city’s business goes on', requests: ORDINARY },
  { title: 'What the law forbids', requests: REFUSED },
  { title: 'What the question would tell', requests: QUESTIONS },
  { title: 'What counsel must see first', requests: COUNSEL },
]
