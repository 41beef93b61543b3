import type { Field } from '../../terms/catalogue.ts'
import type { DataClass, UseKind } from '../../terms/data-class.ts'
import type { FieldUse } from '../../terms/query-facts.ts'
import { unknownField } from '../unreadable.ts'
import { classesOf, isText, mergeClasses } from './classes-of.ts'

/** A catalogued field, found: what a use of it is made from. */
export interface Place {
  readonly collection: string
  /** Full name inside the collection, such as `address.street`. */
  readonly name: string
  readonly field: Field
  /** Classes of the fields and relations around it. */
  readonly around: readonly DataClass[]
  /** In a record related to the one that is asked. */
  readonly nested: boolean
}

/** Rows as such. */
type Rows = Pick<Place, 'collection' | 'around' | 'nested'>

export const TEXT_KINDS: ReadonlySet<UseKind> = new Set(['filter', 'sort', 'search', 'group', 'aggregate', 'computed'])

/** What an object may be used for as a whole; everything else goes by its members. */
const WHOLE_KINDS: ReadonlySet<UseKind> = new Set(['select', 'implied', 'expand', 'write'])

/**
 * The uses one mention of a field makes. Free text may say anything about anybody, so whatever asks about it or lists
 * it otherwise than as one record's own value is that use of status too.
 */
export function useField(place: Place, kind: UseKind, spelling: string, where: string): readonly FieldUse[] {
  // An object holds members the catalogue may not list: `unit=cs.{"gate_code":"9609"}` asks about one without naming it.
  if (place.field.fields !== null && !WHOLE_KINDS.has(kind)) throw unknownField(where, spelling)
  const use: FieldUse = {
    collection: place.collection,
    field: place.name,
    classes: classesOf(place.field, place.around),
    nested: place.nested,
    kind,
    spelling,
    where,
  }
  return isText(place.field) && TEXT_KINDS.has(kind) ? [use, { ...use, classes: ['status'] }] : [use]
}

/** A use of the rows as such: how many there are. Of related rows that is a question about the relation. */
export function countRows(level: Rows, spelling: string, where: string): FieldUse {
  const { collection, around, nested } = level
  return { collection, field: '*', classes: mergeClasses(['open', ...around]), kind: 'count', spelling, where, nested }
}

/** Without repetitions: the same field used the same way at the same place says nothing new. */
export function distinctUses(uses: readonly FieldUse[]): readonly FieldUse[] {
  const seen = new Map<string, FieldUse>()
  for (const use of uses) {
    const key = JSON.stringify([use.collection, use.field, use.kind, use.where, use.classes, use.nested])
    if (!seen.has(key)) seen.set(key, use)
  }
  return [...seen.values()]
}
