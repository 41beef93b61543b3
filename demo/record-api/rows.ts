import { type Dice, makeDice, makePeople, type Person } from '../people.ts'

/** What a cell holds before it reaches the database: `numeric` in hundredths, `boolean` as 0 or 1, `jsonb` as its text. */
export type Cell = string | number | null
export type Row = readonly Cell[]

const SEED = 188441

const residentOf = (dice: Dice, p: Person): Row => [
  p.id,
  p.name,
  p.born,
  p.ssn,
  p.address,
  p.zip,
  p.phone,
  p.email,
  p.language,
  p.birthCountry,
  p.citizenship,
  p.alienNumber,
  dice.pick(['section-8', 'public-housing', 'rent-relief', 'senior-housing']),
  dice.between(180, 2400) * 100 + dice.pick([0, 50, 99]),
  dice.day(2008, 2025),
  dice.chance(20) ? 1 : 0,
  JSON.stringify({
    floor: dice.between(1, 9),
    rooms: dice.between(1, 5),
    elevator: dice.chance(60),
    access: { gate_code: dice.digits(4) },
  }),
  p.note,
]

const inspectionOf = (dice: Dice, id: number, people: readonly Person[]): Row => [
  id,
  dice.pick(people).id,
  dice.day(2022, 2025),
  dice.pick(['pass', 'pass', 'pass', 'fail', 'no access']),
  dice.pick([150, 2500, 4000, 0]),
  dice.pick(['Smoke alarm replaced.', 'Mould in the bathroom.', 'Nobody at home.', null]),
]

const accountOf = (dice: Dice, p: Person): Row => [
  50_000 + p.id,
  p.name,
  p.address,
  p.zip,
  p.phone,
  p.ssn === null ? dice.pick(['matrícula consular', 'foreign passport', 'ITIN letter']) : 'driver licence',
  p.ssn === null ? `9${dice.digits(2)}-${dice.between(70, 88)}-${dice.digits(4)}` : null,
  `M-${dice.digits(7)}`,
  dice.day(2005, 2025),
  dice.between(-2000, 48_000),
  dice.pick([150, 175, 210]),
  dice.between(40, 1400),
  dice.chance(12) ? 1 : 0,
]

const billOf = (dice: Dice, id: number, people: readonly Person[]): Row => [
  id,
  50_000 + dice.pick(people).id,
  `2026-${String(dice.between(1, 10)).padStart(2, '0')}`,
  dice.between(900, 31_000),
  dice.chance(85) ? 1 : 0,
]

const momentOf = (dice: Dice): string => {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${dice.day(2023, 2025)}T${two(dice.between(0, 23))}:${two(dice.between(0, 59))}:00+00:00`
}

const stopOf = (dice: Dice, id: number, people: readonly Person[]): Row => {
  const driver = dice.pick(people)
  return [
    id,
    momentOf(dice),
    dice.pick(['speeding', 'broken tail light', 'collision', 'red light', 'expired registration', 'stolen vehicle check']),
    `${dice.between(100, 9899)} block of ${dice.pick(['Jacaranda Walk', 'Sycamore Steps', 'Mariposa Ct', 'Quiet Harbor Blvd'])}`,
    `Officer ${dice.digits(5)}`,
    driver.name,
    driver.born,
    driver.address,
    `${dice.pick(['A', 'B', 'D', 'N'])}${dice.digits(7)}`,
    driver.plate,
    driver.birthCountry,
    dice.chance(15) ? driver.citizenship : null,
    dice.chance(10) ? driver.alienNumber : null,
    dice.pick(['warning', 'citation', 'citation', 'arrest', 'no action']),
    dice.pick([0, 3550, 23_800, 49_050]),
    dice.pick([
      'Driver cooperative, cited and released.',
      'Collision on wet road, no injuries.',
      'Conductor dijo que vive con su tía.',
      'Driver said his visa had expired.',
    ]),
  ]
}

const bookingOf = (dice: Dice, id: number): Row => {
  const held = dice.chance(40)
  return [
    id,
    dice.between(1, 3000),
    momentOf(dice),
    held ? 'in custody' : 'released',
    dice.day(2026, 2027),
    dice.day(2026, 2027),
    dice.chance(8) ? 1 : 0,
    dice.pick([0, 500_000, 2_000_000]),
  ]
}

const visitOf = (dice: Dice, id: number, people: readonly Person[]): Row => {
  const patient = dice.pick(people)
  return [
    id,
    patient.name,
    patient.born,
    patient.address,
    patient.phone,
    dice.day(2023, 2025),
    dice.pick(['Eastside Clinic', 'Harbor Clinic', 'Valley Clinic']),
    dice.pick(['E11.9', 'I10', 'J45.909', 'Z34.00', 'S93.401A']),
    dice.pick(['metformin', 'lisinopril', 'albuterol', 'none']),
    dice.pick(['penicillin', 'latex', 'none', 'none']),
    patient.language === 'en' ? null : patient.language,
    patient.alienNumber === null ? dice.pick(['M1', '60', null]) : dice.pick(['C1', 'D7', '58', '1U']),
    dice.pick([0, 150, 500, 1000]),
    patient.note,
  ]
}

const caseOf = (dice: Dice, id: number, people: readonly Person[]): Row => {
  const applicant = dice.pick(people)
  return [
    id,
    applicant.name,
    applicant.born,
    applicant.ssn,
    applicant.address,
    applicant.phone,
    dice.pick(['CalFresh', 'CalWORKs', 'Medi-Cal', 'CAPI', 'General Relief']),
    applicant.alienNumber === null ? dice.pick(['M1', '30', '60']) : dice.pick(['C1', 'D7', '58', '1U']),
    applicant.citizenship,
    applicant.alienNumber,
    dice.between(1, 8),
    dice.between(0, 4200) * 100 + dice.pick([0, 25, 50]),
    dice.between(0, 1200) * 100,
    dice.day(2022, 2025),
    applicant.note,
  ]
}

const times = (count: number, make: (id: number) => Row): readonly Row[] => Array.from({ length: count }, (_, index) => make(index + 1))

/** Every row of the city by table, in the column order of `tables.ts`. The same rows every time: the seed is the ordinance's number. */
export const makeRows = (): ReadonlyMap<string, readonly Row[]> => {
  const dice = makeDice(SEED)
  const people = makePeople(dice, 2000)
  return new Map([
    ['residents', people.map(person => residentOf(dice, person))],
    ['inspections', times(1200, id => inspectionOf(dice, id, people))],
    ['accounts', people.map(person => accountOf(dice, person))],
    ['bills', times(4000, id => billOf(dice, id, people))],
    ['stops', times(3000, id => stopOf(dice, id, people))],
    ['bookings', times(400, id => bookingOf(dice, id))],
    ['visits', times(1500, id => visitOf(dice, id, people))],
    ['cases', times(800, id => caseOf(dice, id, people))],
  ])
}
