import { ApiError } from './api-error.ts'
import { asText, columnExpression, type Expression, type Scope } from './expression.ts'
import { readLiteral } from './literal.ts'
import { parseList } from './parse-filter.ts'
import type { Filter } from './query-tree.ts'

type Condition = Extract<Filter, { kind: 'condition' }>

const COMPARE: ReadonlyMap<string, string> = new Map([
  ['eq', '='],
  ['neq', '<>'],
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['isdistinct', 'IS NOT'],
])
const IS: ReadonlyMap<string, string> = new Map([
  ['null', 'IS NULL'],
  ['not_null', 'IS NOT NULL'],
  ['true', 'IS 1'],
  ['false', 'IS 0'],
  ['unknown', 'IS NULL'],
])

const noOperator = (value: Expression, op: string): never => {
  throw new ApiError(404, '42883', `operator does not exist: ${value.type} ${op} unknown`)
}

const compare = (scope: Scope, value: Expression, op: string, text: string): string => {
  const symbol = COMPARE.get(op)
  if (symbol !== undefined) return `${value.sql} ${symbol} ${scope.bind(readLiteral(value.type, text))}`
  if (value.type !== 'text') return noOperator(value, op)
  return `pg_matches('${op}', ${scope.bind(text)}, ${value.sql})`
}

const isOneOf = (scope: Scope, value: Expression, text: string): string =>
  `${value.sql} IN (${parseList(text, '(')
    .map(member => scope.bind(readLiteral(value.type, member)))
    .join(', ')})`

const isState = (value: Expression, text: string): string => {
  const state = IS.get(text.toLowerCase())
  if (state === undefined)
    throw new ApiError(
      400,
      'PGRST100',
      `"failed to parse filter (is.${text})" (line 1, column 4)`,
      'expecting null, not_null, true, false or unknown',
    )
  if (!/NULL/u.test(state) && value.type !== 'boolean') {
    throw new ApiError(400, '42804', `argument of IS ${text.toUpperCase()} must be type boolean, not type ${value.type}`)
  }
  return `${value.sql} ${state}`
}

const holdsWords = (scope: Scope, value: Expression, op: string, text: string): string => {
  if (value.type !== 'text') return noOperator(value, '@@')
  if (op === 'phfts') return `pg_matches('ilike', ${scope.bind(`%${text}%`)}, ${value.sql})`
  return `pg_words(${scope.bind(text)}, ${asText(value)})`
}

const conditionSql = (scope: Scope, filter: Condition): string => {
  const value = columnExpression(scope, filter.column)
  switch (filter.op) {
    case 'in':
      return isOneOf(scope, value, filter.value)
    case 'is':
      return isState(value, filter.value)
    case 'fts':
    case 'plfts':
    case 'phfts':
    case 'wfts':
      return holdsWords(scope, value, filter.op, filter.value)
    case 'cs':
    case 'cd': {
      if (value.type !== 'jsonb') return noOperator(value, filter.op === 'cs' ? '@>' : '<@')
      const other = scope.bind(readLiteral('jsonb', filter.value))
      return filter.op === 'cs' ? `pg_contains(${value.sql}, ${other})` : `pg_contains(${other}, ${value.sql})`
    }
    case 'ov':
    case 'sl':
    case 'sr':
    case 'nxr':
    case 'nxl':
    case 'adj':
      return noOperator(value, filter.op)
    default: {
      if (filter.quantifier === null) return compare(scope, value, filter.op, filter.value)
      const parts = parseList(filter.value, '{').map(member => compare(scope, value, filter.op, member))
      const join = filter.quantifier === 'any' ? ' OR ' : ' AND '
      return parts.length === 0 ? (filter.quantifier === 'any' ? 'FALSE' : 'TRUE') : parts.join(join)
    }
  }
}

/** SQL for a filter. `embedded` answers for `rel=is.null`, the filter by whether an embed has rows; null where it is no embed. */
export const filterSql = (scope: Scope, filter: Filter, embedded: (name: string) => string | null): string => {
  if (filter.kind === 'tree') {
    const sql = filter.members.map(member => filterSql(scope, member, embedded)).join(filter.join === 'and' ? ' AND ' : ' OR ')
    return filter.not ? `NOT (${sql})` : `(${sql})`
  }
  const exists = filter.op === 'is' && !scope.table.columns.has(filter.column.name) ? embedded(filter.column.name) : null
  const isNull = filter.value.toLowerCase() === 'null'
  const sql = exists === null ? conditionSql(scope, filter) : isNull ? `NOT ${exists}` : exists
  return filter.not ? `NOT (${sql})` : `(${sql})`
}
