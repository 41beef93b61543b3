import type { Catalogue, Collection, Field } from '../../terms/catalogue.ts'
import type { UseKind } from '../../terms/data-class.ts'
import type { AnswerShape, FieldUse, RecordShape, Relation } from '../../terms/query-facts.ts'
import { classesOf, isText, mergeClasses } from './classes-of.ts'
import { type Place, useField } from './use-field.ts'

/** What a field or collection looks like in the answer, and the uses that make it appear. */
export interface Shown<S> {
  readonly shape: S
  readonly uses: readonly FieldUse[]
}

/** Where and why something is shown. */
export interface Showing {
  readonly catalogue: Catalogue
  readonly kind: UseKind
  readonly spelling: string
  readonly where: string
}

// Relations may run in circles (a resident's household holds residents); deeper members are cut from the answer.
const DEPTH_MAX = 3

/** A field as the record API shows it whole: a value, an object of catalogued members, or records of a related collection. */
export function showField(showing: Showing, place: Place, depth = 0): Shown<AnswerShape> | null {
  const { field, collection, name } = place
  if (field.collection !== null) {
    const related = showing.catalogue.collections.get(field.collection)
    if (related === undefined || depth >= DEPTH_MAX) return null
    const classes = classesOf(field, place.around)
    const inside = showCollection({ ...showing, kind: 'implied' }, related, { around: classes, nested: true }, depth + 1)
    const own = useField(place, showing.kind, showing.spelling, showing.where)
    const relation: Relation = { collection, field: name, through: [related.name], classes, kind: showing.kind }
    return { shape: { node: 'records', record: inside.shape, relation }, uses: [...own, ...inside.uses] }
  }
  if (field.fields !== null) {
    const around = mergeClasses([...place.around, ...field.classes])
    const inside = showMembers(showing, field.fields, { collection, prefix: `${name}.`, around, nested: place.nested }, depth)
    const record: RecordShape = { node: 'record', collection: `${collection}.${name}`, key: null, members: inside.shape }
    return { shape: { node: 'records', record, relation: null }, uses: inside.uses }
  }
  const classes = classesOf(field, place.around)
  return {
    shape: { node: 'field', collection, field: name, classes, kind: showing.kind, text: isText(field), relation: null },
    uses: useField(place, showing.kind, showing.spelling, showing.where),
  }
}

/** A record of a collection with everything the catalogue lists. */
export function showCollection(
  showing: Showing,
  collection: Collection,
  at: Pick<Place, 'around' | 'nested'>,
  depth = 0,
): Shown<RecordShape> {
  const inside = showMembers(showing, collection.fields, { ...at, collection: collection.name, prefix: '' }, depth)
  const key = inside.shape.has(collection.key) ? collection.key : null
  return { shape: { node: 'record', collection: collection.name, key, members: inside.shape }, uses: inside.uses }
}

function showMembers(
  showing: Showing,
  fields: ReadonlyMap<string, Field>,
  at: Pick<Place, 'collection' | 'around' | 'nested'> & { readonly prefix: string },
  depth: number,
): Shown<ReadonlyMap<string, AnswerShape>> {
  const members = new Map<string, AnswerShape>()
  const uses: FieldUse[] = []
  for (const [name, field] of fields) {
    const shown = showField(
      showing,
      { collection: at.collection, name: at.prefix + name, field, around: at.around, nested: at.nested },
      depth,
    )
    if (shown === null) continue
    members.set(name, shown.shape)
    uses.push(...shown.uses)
  }
  return { shape: members, uses }
}
