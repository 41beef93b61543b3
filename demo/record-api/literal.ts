import { ApiError } from './api-error.ts'
import type { ColumnType } from './tables.ts'

/** A value as SQLite stores it. */
export type Stored = string | number

const invalid = (type: string, text: string, code = '22P02'): never => {
  throw new ApiError(400, code, `invalid input syntax for type ${type}: "${text}"`)
}

/** Hundredths of a decimal text: whole for two decimals or fewer, so that sums stay exact. */
export const readHundredths = (text: string): number => {
  const parts = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/u.exec(text)
  const whole = parts?.[2] ?? ''
  const decimals = parts?.[3] ?? ''
  if (parts === null || whole + decimals === '') return invalid('numeric', text)
  const hundredths = Number(`${whole}${decimals.slice(0, 2).padEnd(2, '0')}.${decimals.slice(2) || '0'}`)
  return parts[1] === '-' ? -hundredths : hundredths
}

/** The decimal text of hundredths: 150 -> `1.50`. */
export const writeHundredths = (hundredths: number): string => {
  const size = Math.abs(Math.round(hundredths))
  return `${hundredths < 0 ? '-' : ''}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`
}

const readBoolean = (text: string): number => {
  const word = text.trim().toLowerCase()
  if (['true', 't', 'yes', 'on', '1'].includes(word)) return 1
  if (['false', 'f', 'no', 'off', '0'].includes(word)) return 0
  return invalid('boolean', text)
}

const readMoment = (text: string): number => {
  const moment = Date.parse(/[zZ]$|[+-]\d\d(:?\d\d)?$|^\d{4}-\d\d-\d\d$/u.test(text) ? text : `${text}Z`)
  return Number.isNaN(moment) ? invalid('timestamp with time zone', text, '22007') : moment
}

const readDay = (text: string): string => {
  const moment = /^\d{4}-\d\d-\d\d$/u.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(moment)) return invalid('date', text, '22007')
  return new Date(moment).toISOString().slice(0, 10) === text ? text : invalid('date', text, '22008')
}

const readJson = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return invalid('json', text)
  }
}

/** The text of a literal in the stored form of a type. Throws the error PostgreSQL would give. */
export const readLiteral = (type: ColumnType | 'float8', text: string): Stored => {
  switch (type) {
    case 'text':
      return text
    case 'integer':
      return /^\s*[+-]?\d{1,15}\s*$/u.test(text) ? Number(text) : invalid('integer', text)
    case 'numeric':
      return readHundredths(text)
    case 'float8':
      return text.trim() === '' || Number.isNaN(Number(text)) ? invalid('double precision', text) : Number(text)
    case 'boolean':
      return readBoolean(text)
    case 'date':
      return readDay(text)
    case 'timestamptz':
      return new Date(readMoment(text)).toISOString().replace(/\.\d{3}Z$/u, '+00:00')
    case 'jsonb':
      return readJson(text)
  }
}
