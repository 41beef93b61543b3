import type { Collection, Field } from '../terms/catalogue.ts'
import type { DataClass, UseKind } from '../terms/data-class.ts'
import { classesOf, isText } from './fields/classes-of.ts'
import { equalityKind } from './fields/equality-kind.ts'
import { TEXT_KINDS } from './fields/use-field.ts'
import type { InspectableSource } from './inspectable-source.ts'

/** One field of a source and every kind of use its dialect can make of it. */
export interface OfferedField {
  readonly collection: string
  /** Catalogued name, `outer.inner` inside an object; `*` for the rows as such. */
  readonly field: string
  readonly classes: readonly DataClass[]
  /** Each kind with every class that such a use touches: for free text, `status` too where a value is asked for. */
  readonly kinds: readonly { readonly kind: UseKind; readonly classes: readonly DataClass[] }[]
}

/** What can be asked of a source at all, before any policy: what `GET /.haven/<source>` goes through field by field. */
export function listUses(source: InspectableSource): readonly OfferedField[] {
  return [...source.catalogue.collections.values()].flatMap(collection => {
    const kindsOf = source.dialect === 'postgrest' ? postgrestKinds(source, collection) : restKinds(source, collection)
    const counted = source.dialect === 'postgrest' || [...collection.parameters.values()].some(parameter => parameter.use === 'count')
    const rows: OfferedField = { collection: collection.name, field: '*', classes: ['open'], kinds: [{ kind: 'count', classes: ['open'] }] }
    return [...listFields(collection, collection.fields, '', [], kindsOf), ...(counted ? [rows] : [])]
  })
}

type KindsOf = (name: string, field: Field) => readonly UseKind[]

function listFields(
  collection: Collection,
  fields: ReadonlyMap<string, Field>,
  prefix: string,
  around: readonly DataClass[],
  kindsOf: KindsOf,
): readonly OfferedField[] {
  return [...fields.values()].flatMap(field => {
    // A relation's fields are listed with their own collection.
    if (field.collection !== null && field.classes.length === 0) return []
    const name = prefix + field.name
    const classes = classesOf(field, around)
    const kinds = [...new Set(kindsOf(name, field))].map(kind => ({
      kind,
      classes: isText(field) && TEXT_KINDS.has(kind) ? [...new Set<DataClass>([...classes, 'status'])] : classes,
    }))
    const inside = field.fields === null ? [] : listFields(collection, field.fields, `${name}.`, [...around, ...field.classes], kindsOf)
    return [{ collection: collection.name, field: name, classes, kinds }, ...inside]
  })
}

function postgrestKinds(source: InspectableSource, collection: Collection): KindsOf {
  const written: readonly UseKind[] = source.writes ? ['write'] : []
  return (name, field) => {
    if (field.collection !== null) return ['select']
    const shown: readonly UseKind[] = name.includes('.') ? ['implied'] : ['select', 'implied', 'group']
    return [...shown, ...new Set<UseKind>([equalityKind(collection, name), 'filter']), 'sort', 'aggregate', 'computed', ...written]
  }
}

function restKinds(source: InspectableSource, collection: Collection): KindsOf {
  const parameters = [...collection.parameters.values(), ...[...collection.paths.values()].flatMap(bindings => [...bindings.values()])]
  return (name, field) => {
    const kinds: UseKind[] = ['implied']
    for (const { use, field: one, fields = [] } of parameters) {
      const bound = one === undefined ? fields : [one, ...fields]
      const offers = bound.length > 0 ? bound.includes(name) : collection.fields.has(name)
      if (!offers || use === 'page' || use === 'cursor' || use === 'count') continue
      if (use === 'expand' && field.collection === null) continue
      kinds.push(use === 'identify' ? equalityKind(collection, name) : use)
    }
    return source.writes && field.collection === null ? [...kinds, 'write'] : kinds
  }
}
