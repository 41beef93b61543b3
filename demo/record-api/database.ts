import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { ApiError } from './api-error.ts'
import { addFunctions } from './functions.ts'
import type { Statement } from './read-sql.ts'
import { makeRows } from './rows.ts'
import { type ColumnType, TABLES, type Table } from './tables.ts'

/** The city's records: in memory, read-only once filled. */
export interface RecordStore {
  /** The JSON text of each row. */
  readonly rows: (statement: Statement) => readonly string[]
  readonly count: (statement: Statement) => number
  readonly close: () => void
}

const AFFINITY: Readonly<Record<ColumnType, 'INTEGER' | 'TEXT'>> = {
  integer: 'INTEGER',
  numeric: 'INTEGER',
  boolean: 'INTEGER',
  text: 'TEXT',
  date: 'TEXT',
  timestamptz: 'TEXT',
  jsonb: 'TEXT',
}

const fill = (db: DatabaseSync, table: Table, rows: ReturnType<typeof makeRows>): void => {
  const columns = [...table.columns].map(([name, type]) => `"${name}" ${AFFINITY[type]}${name === 'id' ? ' PRIMARY KEY' : ''}`)
  db.exec(`CREATE TABLE "${table.name}" (${columns.join(', ')})`)
  for (const relation of table.relations.values()) {
    if (!relation.many) db.exec(`CREATE INDEX "${table.name}_${relation.from}" ON "${table.name}" ("${relation.from}")`)
  }
  const insert = db.prepare(`INSERT INTO "${table.name}" VALUES (${columns.map(() => '?').join(', ')})`)
  for (const row of rows.get(table.name) ?? []) insert.run(...row)
}

// A row can hold what a cast or a regular expression of the caller does not fit; PostgreSQL answers 400 for both.
const asApiError = (error: unknown): unknown =>
  error instanceof SyntaxError ? new ApiError(400, '2201B', `invalid regular expression: ${error.message}`) : error

/** A fresh database with the same records every time. */
export const openRecords = (): RecordStore => {
  const db = new DatabaseSync(':memory:')
  addFunctions(db)
  const rows = makeRows()
  db.exec('BEGIN')
  for (const table of TABLES.values()) fill(db, table, rows)
  db.exec('COMMIT')
  db.exec('PRAGMA query_only = ON')
  const run = (sql: string, parameters: Statement['parameters']): Record<string, SQLOutputValue>[] => {
    const statement = db.prepare(sql)
    statement.setAllowUnknownNamedParameters(true)
    try {
      return statement.all(parameters)
    } catch (error) {
      throw asApiError(error)
    }
  }
  return {
    rows: ({ rows: sql, parameters }) => run(sql, parameters).map(row => String(row.row)),
    count: ({ count, parameters }) => Number(run(count, parameters)[0]?.total),
    close: () => db.close(),
  }
}
