import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { readLiteral, writeHundredths } from './literal.ts'

const isNull = (value: SQLInputValue): value is null => value === null

const words = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

const holdsWords = (query: string, text: string): boolean => {
  const present = new Set(words(text))
  return query.split('|').some(part => {
    const wanted = words(part)
    return wanted.length > 0 && wanted.every(word => present.has(word))
  })
}

const contains = (whole: unknown, part: unknown): boolean => {
  if (Array.isArray(whole)) return (Array.isArray(part) ? part : [part]).every(item => whole.some(member => contains(member, item)))
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return whole === part
  if (typeof whole !== 'object' || whole === null) return false
  const members = new Map(Object.entries(whole))
  return Object.entries(part).every(([key, value]) => members.has(key) && contains(members.get(key), value))
}

const likePattern = (pattern: string, flags: string): RegExp => {
  const body = pattern.replace(/\\(.)|[%*]|_|[^\w\s]/gsu, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped.replace(/\W/gu, '\\$&')
    if (found === '%' || found === '*') return '.*'
    return found === '_' ? '.' : found.replace(/[\\^$.|?+()[\]{}/-]/gu, '\\$&')
  })
  return new RegExp(`^${body}$`, `su${flags}`)
}

const patterns = new Map<string, RegExp>()
const cached = (kind: string, pattern: string, make: () => RegExp): RegExp => {
  const found = patterns.get(kind + pattern) ?? make()
  if (patterns.size > 100) patterns.clear()
  patterns.set(kind + pattern, found)
  return found
}

/** `op` is like, ilike, match or imatch. */
const matches = (op: string, pattern: string, text: string): boolean => {
  const flags = op.startsWith('i') ? 'i' : ''
  return cached(op, pattern, () => (op.endsWith('like') ? likePattern(pattern, flags) : new RegExp(pattern, `u${flags}`))).test(text)
}

const strict =
  (act: (...args: string[]) => SQLInputValue | boolean) =>
  (...args: SQLInputValue[]): SQLInputValue => {
    if (args.some(isNull)) return null
    const result = act(...args.map(String))
    return typeof result === 'boolean' ? Number(result) : result
  }

/** Teaches SQLite what PostgreSQL has and it lacks: exact decimals, patterns, text search, JSON containment, strict casts. */
export const addFunctions = (db: DatabaseSync): void => {
  const options = { deterministic: true, directOnly: true, varargs: true }
  db.function(
    'hundredths_text',
    options,
    strict(value => writeHundredths(Number(value))),
  )
  db.function(
    'pg_matches',
    options,
    strict((op, pattern, text) => matches(op!, pattern!, text!)),
  )
  db.function(
    'pg_words',
    options,
    strict((query, text) => holdsWords(query!, text!)),
  )
  db.function(
    'pg_contains',
    options,
    strict((whole, part) => contains(JSON.parse(whole!), JSON.parse(part!))),
  )
  for (const type of ['integer', 'numeric', 'float8', 'boolean', 'date', 'timestamptz'] as const) {
    db.function(
      `to_${type}`,
      options,
      strict(text => readLiteral(type, text!)),
    )
  }
}
