import type { Collection, Field } from '../../../terms/catalogue.ts'
import type { DataClass } from '../../../terms/data-class.ts'
import type { Place } from '../../fields/use-field.ts'
import { unknownField } from '../../unreadable.ts'
import type { ColumnName } from './question.ts'

/** The collection of one level of the query. */
export interface At {
  readonly collection: Collection
  /** Classes of the relations that lead here. */
  readonly around: readonly DataClass[]
  /** The one that is asked, not one that is embedded. */
  readonly isTop: boolean
}

export interface FoundColumn {
  readonly place: Place
  /** A JSON path leads to it. */
  readonly isPath: boolean
}

/**
 * The catalogued field a column names. Every other name is refused, because PostgreSQL reads an unknown column as a
 * function of the row: `select=to_jsonb` returns all of it. A relation is not a column; it is embedded.
 * A JSON path through catalogued members must name catalogued members; below a plain value it inherits the value's classes.
 */
export function findColumn({ collection, around, isTop }: At, column: ColumnName, where: string): FoundColumn {
  let field = lookUp(collection.fields, column.name, column.spelling, where)
  let name = field.name
  let outer = around
  for (const step of column.path) {
    if (field.fields === null) break
    if (typeof step.key === 'number') continue
    outer = [...outer, ...field.classes]
    field = lookUp(field.fields, step.key, column.spelling, where)
    name += `.${field.name}`
  }
  return { place: { collection: collection.name, name, field, around: outer, nested: !isTop }, isPath: column.path.length > 0 }
}

function lookUp(fields: ReadonlyMap<string, Field>, name: string, spelling: string, where: string): Field {
  const field = fields.get(name)
  if (field === undefined || field.collection !== null) throw unknownField(where, spelling)
  return field
}
