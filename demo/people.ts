/** One invented person. Nobody in this city exists: the names are drawn from lists, the numbers from ranges nobody is issued. */
export interface Person {
  readonly id: number
  readonly name: string
  readonly born: string
  readonly ssn: string | null
  readonly address: string
  readonly zip: string
  readonly phone: string
  readonly email: string
  readonly language: string
  readonly birthCountry: string
  readonly citizenship: string
  readonly alienNumber: string | null
  readonly plate: string
  readonly note: string
}

/** A seeded source of choices: the same seed gives the same city, on every machine. */
export interface Dice {
  /** A whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number
  readonly pick: <T>(from: readonly T[]) => T
  /** True in `percent` of a hundred throws. */
  readonly chance: (percent: number) => boolean
  /** `count` decimal digits, leading zeros kept. */
  readonly digits: (count: number) => string
  /** A day `YYYY-MM-DD` between two years, both included. */
  readonly day: (fromYear: number, toYear: number) => string
}

/** Dice from a 32-bit seed (the mulberry32 generator, public domain). Not for secrets. */
export const makeDice = (seed: number): Dice => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const two = (value: number): string => String(value).padStart(2, '0')
  return {
    between,
    pick: from => from[between(0, from.length - 1)]!,
    chance: percent => next() * 100 < percent,
    digits: count => Array.from({ length: count }, () => between(0, 9)).join(''),
    day: (fromYear, toYear) => `${between(fromYear, toYear)}-${two(between(1, 12))}-${two(between(1, 28))}`,
  }
}

const FIRST =
  'Ana Beatriz Carlos Daniela Ernesto Fatima Grace Hamid Irina James Karen Luis María Nadia Oscar Patricia Quang Rosa Samuel Teresa Uma Víctor Wei Ximena Yolanda Zara'.split(
    ' ',
  )
const LAST =
  'Aguilar Brooks Castillo Delgado Espinoza Flores Grant Hernández Ivanov Johnson Kim López Martínez Nguyen Okafor Pineda Quispe Ramírez Singh Torres Umanzor Vargas Williams Xu Young Zelaya'.split(
    ' ',
  )
const STREETS = [
  'Jacaranda Walk',
  'Old Reservoir St',
  'Almond Grove Ave',
  'Quiet Harbor Blvd',
  'Sycamore Steps',
  'Tile Works Ln',
  'Mariposa Ct',
]
const COUNTRIES = ['Mexico', 'Guatemala', 'El Salvador', 'Honduras', 'Philippines', 'Vietnam', 'Iran', 'China', 'Armenia', 'Nigeria']
const NOT_CITIZEN = ['permanent resident', 'asylee', 'refugee', 'TPS', 'DACA', 'U visa pending', 'undocumented', 'visa expired']
const LANGUAGES = new Map([
  ['Vietnam', 'vi'],
  ['Iran', 'fa'],
  ['China', 'zh'],
  ['Armenia', 'hy'],
  ['Philippines', 'tl'],
  ['Nigeria', 'en'],
])

const PLAIN_NOTES = [
  'Called about the lift, asked for a ground floor flat.',
  'Vive con su tía y dos hijos; pide cita por la tarde.',
  'Missed the last appointment, works nights.',
  'Recertification complete, no change in income.',
  'Su hija interpreta por teléfono; prefiere los martes.',
]
const TELLING_NOTES = [
  'Dice que es indocumentada y teme dar su dirección.',
  'Says she overstayed her visa; lawyer at the legal aid clinic.',
  'Vive con su tía, sin papeles desde 2019.',
  'Asylum hearing pending, work permit C08 expires in May.',
  'DACA renewal sent, waiting for the new card.',
  'Tiene TPS; su esposo fue deportado el año pasado.',
]

const noteFor = (dice: Dice, citizen: boolean, alienNumber: string | null): string => {
  if (citizen) return dice.pick(PLAIN_NOTES)
  const note = dice.pick(dice.chance(70) ? TELLING_NOTES : PLAIN_NOTES)
  return alienNumber !== null && dice.chance(30) ? `${note} File ${alienNumber}.` : note
}

/** Person number `id` of the city. SSNs start with 9 and have a group below 50: never issued, neither as SSN nor as ITIN. */
export const makePerson = (dice: Dice, id: number): Person => {
  const name = `${dice.pick(FIRST)} ${dice.pick(LAST)}`
  const bornHere = dice.chance(58)
  const birthCountry = bornHere ? 'United States' : dice.pick(COUNTRIES)
  const citizen = bornHere || dice.chance(35)
  const alienNumber = citizen ? null : `A0${dice.digits(8)}`
  const mailbox = name
    .normalize('NFD')
    .replace(/[^a-zA-Z ]/g, '')
    .toLowerCase()
    .replace(' ', '.')
  return {
    id,
    name,
    born: dice.day(1938, 2007),
    ssn: citizen || dice.chance(60) ? `9${dice.digits(2)}-${dice.between(10, 49)}-${dice.digits(4)}` : null,
    address: `${dice.between(100, 9899)} ${dice.pick(STREETS)}`,
    zip: `900${dice.between(1, 89).toString().padStart(2, '0')}`,
    phone: `(213) 555-01${dice.digits(2)}`,
    email: `${mailbox}${id}@mail.example`,
    language: bornHere ? 'en' : (LANGUAGES.get(birthCountry) ?? 'es'),
    birthCountry,
    citizenship: citizen ? 'citizen' : dice.pick(NOT_CITIZEN),
    alienNumber,
    plate: `${dice.between(6, 9)}${dice.pick(['HVN', 'CTY', 'JAC', 'MRP'])}${dice.digits(3)}`,
    note: noteFor(dice, citizen, alienNumber),
  }
}

/** `count` people, numbered from 1. */
export const makePeople = (dice: Dice, count: number): readonly Person[] =>
  Array.from({ length: count }, (_, index) => makePerson(dice, index + 1))
