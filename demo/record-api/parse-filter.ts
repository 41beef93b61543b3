import type { ColumnRef, Filter } from './query-tree.ts'
import { type Reader, readColumn, readText } from './reader.ts'

const OPERATOR =
  /(?:eq|neq|gte|gt|lte|lt|like|ilike|match|imatch|in|isdistinct|is|fts|plfts|phfts|wfts|cs|cd|ov|sl|sr|nxr|nxl|adj)(?=[.(])/uy

interface Operation {
  readonly not: boolean
  readonly op: string
  readonly quantifier: 'any' | 'all' | null
}

const readOperation = (reader: Reader): Operation => {
  const not = reader.take('not.')
  const op = reader.run(OPERATOR)
  if (op === '') reader.fail('operator (eq, gt, ...)')
  const quantifier = reader.take('(any)') ? 'any' : reader.take('(all)') ? 'all' : null
  if (quantifier === null && /^(fts|plfts|phfts|wfts)$/u.test(op) && reader.take('(')) {
    // A text-search language. This stand-in does not stem, so it makes no difference here.
    reader.identifier()
    reader.expect(')')
  }
  reader.expect('.')
  return { not, op, quantifier }
}

const readNested = (reader: Reader, open: string, close: string): string => {
  reader.expect(open)
  const inside = reader.run(/(?:[^(){}"]|"(?:[^"\\]|\\.)*")*/suy)
  reader.expect(close)
  return open + inside + close
}

const readValue = (reader: Reader): string => {
  const quoted = reader.quoted()
  if (quoted !== null) return quoted
  if (reader.peek('(')) return readNested(reader, '(', ')')
  if (reader.peek('{')) return readNested(reader, '{', '}')
  return reader.run(/[^,)]*/suy)
}

const readMember = (reader: Reader): Filter => {
  const not = /^not\.(?:and|or)\(/u.test(reader.rest()) && reader.take('not.')
  const join = reader.peek('and(') ? 'and' : reader.peek('or(') ? 'or' : null
  if (join !== null) {
    reader.expect(join)
    return readTree(reader, join, not)
  }
  const column = readColumn(reader)
  reader.expect('.')
  return { kind: 'condition', column, ...readOperation(reader), value: readValue(reader) }
}

const readTree = (reader: Reader, join: 'and' | 'or', not: boolean): Filter => {
  reader.expect('(')
  const members: Filter[] = []
  do members.push(readMember(reader))
  while (reader.take(','))
  reader.expect(')')
  return { kind: 'tree', join, not, members }
}

/** The tree in `and=(...)`, `or=(...)` and their negations. */
export const parseTree = (join: 'and' | 'or', not: boolean, text: string): Filter => {
  const reader = readText(text, 'logic tree')
  const tree = readTree(reader, join, not)
  return reader.done() ? tree : reader.fail('end of input')
}

/** `column=op.value`; the value is everything after the operator. */
export const parseFilter = (column: ColumnRef, text: string): Filter => {
  const reader = readText(text, 'filter')
  const operation = readOperation(reader)
  return { kind: 'condition', column, ...operation, value: reader.rest() }
}

/** The column of a filter's key. */
export const parseFilterColumn = (text: string): ColumnRef => {
  const reader = readText(text, 'tree path')
  const column = readColumn(reader)
  return reader.done() ? column : reader.fail('operator or end of input')
}

/** The members of `(a,"b,c")` or `{a,b}`; quotes and backslashes taken off. */
export const parseList = (text: string, open: '(' | '{'): readonly string[] => {
  const reader = readText(text, 'filter')
  reader.expect(open)
  const close = open === '(' ? ')' : '}'
  if (reader.take(close)) return []
  const members: string[] = []
  do members.push(reader.quoted() ?? reader.run(/[^,(){}]*/suy))
  while (reader.take(','))
  reader.expect(close)
  return reader.done() ? members : reader.fail('end of input')
}
