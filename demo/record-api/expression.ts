import { ApiError } from './api-error.ts'
import type { Stored } from './literal.ts'
import type { Aggregate, ColumnRef } from './query-tree.ts'
import type { ColumnType, Table } from './tables.ts'

/** Adds a value to the statement and returns its placeholder: values never become part of the SQL text. */
export type Bind = (value: Stored) => string

export interface Scope {
  readonly table: Table
  /** Alias of the table in the statement; made here, never the caller's. */
  readonly alias: string
  readonly bind: Bind
}

/** SQL for a value in its stored form. */
export interface Expression {
  readonly sql: string
  readonly type: ColumnType | 'float8'
}

const CASTS: ReadonlyMap<string, Expression['type']> = new Map<string, Expression['type']>([
  ['text', 'text'],
  ['varchar', 'text'],
  ['int', 'integer'],
  ['int4', 'integer'],
  ['int8', 'integer'],
  ['integer', 'integer'],
  ['bigint', 'integer'],
  ['numeric', 'numeric'],
  ['float8', 'float8'],
  ['bool', 'boolean'],
  ['boolean', 'boolean'],
  ['date', 'date'],
  ['timestamptz', 'timestamptz'],
])

/** A column, or a path into a JSON column. Throws 42703 for a name the table does not have. */
export const columnExpression = (scope: Scope, ref: ColumnRef): Expression => {
  const type = scope.table.columns.get(ref.name)
  if (type === undefined) throw new ApiError(400, '42703', `column ${scope.table.name}.${ref.name} does not exist`)
  // Only names of the schema reach the SQL text, in its own spelling.
  let sql = `${scope.alias}."${ref.name}"`
  if (ref.path.length === 0) return { sql, type }
  if (type !== 'jsonb') throw new ApiError(404, '42883', `operator does not exist: ${type} -> unknown`)
  for (const [index, step] of ref.path.entries()) {
    const label = scope.bind(typeof step.key === 'number' ? `$[${step.key < 0 ? '#' : ''}${step.key}]` : `$.${JSON.stringify(step.key)}`)
    if (!step.asText) sql = `(${sql} -> ${label})`
    else if (index < ref.path.length - 1) throw new ApiError(404, '42883', 'operator does not exist: text -> unknown')
    else {
      const kind = `json_type(${sql}, ${label})`
      return { sql: `(CASE WHEN ${kind} IN ('true','false') THEN ${kind} ELSE CAST(${sql} ->> ${label} AS TEXT) END)`, type: 'text' }
    }
  }
  return { sql, type: 'jsonb' }
}

/** The value as PostgreSQL would print it. */
export const asText = ({ sql, type }: Expression): string => {
  if (type === 'numeric') return `hundredths_text(${sql})`
  if (type === 'boolean') return `(CASE ${sql} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)`
  return type === 'integer' || type === 'float8' ? `CAST(${sql} AS TEXT)` : sql
}

/** The value as a member of `json_object`; numbers keep their decimals. */
export const asJson = (value: Expression): string =>
  value.type === 'numeric' || value.type === 'boolean' || value.type === 'jsonb' ? `json(${asText(value)})` : value.sql

/** `value::name`. Throws 42704 for a type that is not one, 22P02 when a row holds what does not fit. */
export const castTo = (value: Expression, name: string | null): Expression => {
  if (name === null) return value
  const type = CASTS.get(name.toLowerCase())
  if (type === undefined) throw new ApiError(400, '42704', `type "${name}" does not exist`)
  if (type === value.type) return value
  if (type === 'text') return { sql: asText(value), type }
  if (value.type === 'numeric' && type === 'integer') return { sql: `CAST(round(${value.sql} / 100.0) AS INTEGER)`, type }
  if (value.type === 'numeric' && type === 'float8') return { sql: `(${value.sql} / 100.0)`, type }
  if (value.type === 'timestamptz' && type === 'date') return { sql: `substr(${value.sql}, 1, 10)`, type }
  return { sql: `to_${type}(${asText(value)})`, type }
}

/** `value.sum()` and its like. Throws 42883 where PostgreSQL has no such function. */
export const aggregateOf = (value: Expression, aggregate: Aggregate): Expression => {
  const refuse = (): never => {
    throw new ApiError(404, '42883', `function ${aggregate}(${value.type}) does not exist`)
  }
  const isNumber = value.type === 'integer' || value.type === 'numeric' || value.type === 'float8'
  if (aggregate === 'count') return { sql: `count(${value.sql})`, type: 'integer' }
  if (aggregate === 'min' || aggregate === 'max') {
    return value.type === 'boolean' || value.type === 'jsonb' ? refuse() : { sql: `${aggregate}(${value.sql})`, type: value.type }
  }
  if (!isNumber) return refuse()
  if (aggregate === 'sum') return { sql: `sum(${value.sql})`, type: value.type }
  return { sql: value.type === 'numeric' ? `(avg(${value.sql}) / 100.0)` : `avg(${value.sql})`, type: 'float8' }
}
