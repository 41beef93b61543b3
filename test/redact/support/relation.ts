import type { DataClass, UseKind } from '../../../src/terms/data-class.ts'
import type { AnswerShape, Relation } from '../../../src/terms/query-facts.ts'

/** A relation of `people` to another collection, or to other people. */
export function relation(field: string, to: string, classes: readonly DataClass[] = ['personal'], kind: UseKind = 'select'): Relation {
  return { collection: 'people', field, through: [to], classes, kind }
}

/** An open value that a spread lifted out of a related record. */
export function lifted(by: Relation): AnswerShape {
  return { node: 'field', collection: by.through.at(-1)!, field: 'id', classes: ['open'], kind: 'select', text: false, relation: by }
}
