import { refuseDoubleEncoding } from '../../call/decode-once.ts'
import { notUnderstood } from '../../unreadable.ts'
import { OPERATORS, PATTERNS } from './operators.ts'
import type { ColumnName, Condition, Filter, Logic } from './question.ts'
import { readColumn, takeQuoted } from './read-name.ts'
import { attempt, expectEnd, expectWord, type Scan, sees, skipBlanks, startScan, stuck, takePattern, takeWord } from './scan.ts'

const DEPTH_MAX = 8
const IS_VALUES = new Set(['null', 'not_null', 'true', 'false', 'unknown'])

/** `[not.]op[(any|all)|(lang)].value` of a parameter that filters `column`. */
export function readFilter(column: ColumnName, text: string): Filter {
  const scan = startScan(text, 'filter')
  const filter = readOperation(scan, column, () => takePattern(scan, /.*/suy) ?? '')
  expectEnd(scan)
  return filter
}

/** The tree of `and=(...)` or `or=(...)`, without its first word. */
export function readLogic(operator: 'and' | 'or', negated: boolean, text: string): Logic {
  const scan = startScan(text, 'filter')
  skipBlanks(scan)
  const logic: Logic = { node: 'logic', operator, negated, conditions: readConditions(scan, 1) }
  expectEnd(scan)
  return logic
}

function readConditions(scan: Scan, depth: number): readonly Condition[] {
  if (depth > DEPTH_MAX) throw notUnderstood('filter', `filter: conditions are nested deeper than ${DEPTH_MAX}`)
  expectWord(scan, '(')
  const conditions: Condition[] = []
  do {
    skipBlanks(scan)
    conditions.push(readTree(scan, depth))
    skipBlanks(scan)
  } while (takeWord(scan, ','))
  expectWord(scan, ')')
  skipBlanks(scan)
  return conditions
}

function readTree(scan: Scan, depth: number): Condition {
  const head = attempt(scan, () => {
    const negated = takeWord(scan, 'not.')
    const operator = takeWord(scan, 'and') ? 'and' : takeWord(scan, 'or') ? 'or' : null
    skipBlanks(scan)
    return operator !== null && sees(scan, '(') ? ({ negated, operator } as const) : null
  })
  if (head !== null) return { node: 'logic', ...head, conditions: readConditions(scan, depth + 1) }
  const column = readColumn(scan)
  expectWord(scan, '.')
  return readOperation(scan, column, () => readTreeValue(scan))
}

/** A value inside a tree: quoted, an array in braces, or plain up to the next comma or parenthesis. */
function readTreeValue(scan: Scan): string {
  const quoted = sees(scan, '"') ? takeQuoted(scan) : null
  const value = quoted ?? takePattern(scan, /\{[^{}]*\}/y) ?? takePattern(scan, /[^,)]*/y) ?? ''
  if (!sees(scan, ',') && !sees(scan, ')')) throw stuck(scan)
  return value
}

function readOperation(scan: Scan, column: ColumnName, readValue: () => string): Filter {
  const negated = takeWord(scan, 'not.')
  const operator = takePattern(scan, /[a-z]+/y)
  const form = OPERATORS.get(operator ?? '')
  if (operator === null || form === undefined) throw stuck(scan)
  const quantifier = form === 'quantified' ? readQuantifier(scan) : null
  const language = form === 'search' ? readLanguage(scan) : null
  expectWord(scan, '.')
  const value = form === 'list' ? readList(scan) : form === 'is' ? readIs(scan) : readValue()
  if (!PATTERNS.has(operator)) for (const text of [value].flat()) refuseDoubleEncoding(text, 'filter')
  return { node: 'filter', column, negated, operator, quantifier, language, value }
}

function readQuantifier(scan: Scan): Filter['quantifier'] {
  return takeWord(scan, '(any)') ? 'any' : takeWord(scan, '(all)') ? 'all' : null
}

function readLanguage(scan: Scan): string | null {
  return takePattern(scan, /\([A-Za-z0-9_]+\)/y)?.slice(1, -1) ?? null
}

function readIs(scan: Scan): string {
  const value = takePattern(scan, /[A-Za-z_]+/y)?.toLowerCase()
  if (value === undefined || !IS_VALUES.has(value)) throw stuck(scan)
  return value
}

function readList(scan: Scan): readonly string[] {
  skipBlanks(scan)
  expectWord(scan, '(')
  const values: string[] = []
  do {
    const quoted = sees(scan, '"') ? takeQuoted(scan) : null
    values.push(quoted ?? takePattern(scan, /[^,)]*/y) ?? '')
    if (!sees(scan, ',') && !sees(scan, ')')) throw stuck(scan)
  } while (takeWord(scan, ','))
  expectWord(scan, ')')
  return values
}
