import type { DataClass, UseKind } from '../../../src/terms/data-class.ts'
import type { Relation } from '../../../src/terms/query-facts.ts'

/** A relation of `people` to another collection, or to other people. */
export function relation(field: string, to: string, classes: readonly DataClass[] = ['personal'], kind: UseKind = 'select'): Relation {
  return { collection: 'people', field, to, classes, kind }
}
