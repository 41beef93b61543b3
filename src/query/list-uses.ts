import type { Collection, Field } from '../terms/catalogue.ts'
import type { DataClass, UseKind } from '../terms/data-class.ts'
import { classesOf, isText, mergeClasses } from './fields/classes-of.ts'
import { equalityKind } from './fields/equality-kind.ts'
import { TEXT_KINDS } from './fields/use-field.ts'
import type { InspectableSource } from './inspectable-source.ts'

/** One field of a source and the kinds of use its dialect can make of it; free text has a second line for the kinds that touch status. */
export interface ListedUse {
  readonly collection: string
  /** Catalogued name, `outer.inner` inside an object; `*` for the rows as such. */
  readonly field: string
  readonly classes: readonly DataClass[]
  readonly kinds: readonly UseKind[]
}

/** What can be asked of a source at all, before any policy: what `GET /.haven/<source>` goes through field by field. */
export function listUses(source: InspectableSource): readonly ListedUse[] {
  return [...source.catalogue.collections.values()].flatMap(collection => {
    const kindsOf = source.dialect === 'postgrest' ? postgrestKinds(source, collection) : restKinds(source, collection)
    const counted = source.dialect === 'postgrest' || [...collection.parameters.values()].some(parameter => parameter.use === 'count')
    const rows: ListedUse = { collection: collection.name, field: '*', classes: ['open'], kinds: ['count'] }
    return [...listFields(collection, collection.fields, '', [], kindsOf), ...(counted ? [rows] : [])]
  })
}

/** What PostgREST can ask of related records, or by them of the records around. */
const THROUGH_RELATION: readonly UseKind[] = ['select', 'filter', 'sort', 'group', 'aggregate', 'count', 'computed']

type KindsOf = (name: string, field: Field) => readonly UseKind[]

function listFields(
  collection: Collection,
  fields: ReadonlyMap<string, Field>,
  prefix: string,
  around: readonly DataClass[],
  kindsOf: KindsOf,
): readonly ListedUse[] {
  return [...fields.values()].flatMap(field => {
    const name = prefix + field.name
    const classes = classesOf(field, around)
    const kinds = [...new Set(kindsOf(name, field))]
    const touchesStatus = kinds.filter(kind => isText(field) && TEXT_KINDS.has(kind))
    const listed: ListedUse = {
      collection: collection.name,
      field: name,
      classes,
      kinds: kinds.filter(kind => !touchesStatus.includes(kind)),
    }
    const text: ListedUse = { ...listed, classes: mergeClasses([...classes, 'status']), kinds: touchesStatus }
    const inside = field.fields === null ? [] : listFields(collection, field.fields, `${name}.`, [...around, ...field.classes], kindsOf)
    return [listed, ...(touchesStatus.length > 0 ? [text] : []), ...inside]
  })
}

function postgrestKinds(source: InspectableSource, collection: Collection): KindsOf {
  const written: readonly UseKind[] = source.writes ? ['write'] : []
  return (name, field) => {
    // Its records are listed with their own collection; what is asked through it is asked of it too.
    if (field.collection !== null) return name.includes('.') ? ['implied'] : THROUGH_RELATION
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
      if (!offers || use === 'page' || use === 'deliver' || use === 'cursor' || use === 'count') continue
      if (use === 'expand' && field.collection === null) continue
      if (field.collection !== null && use !== 'expand' && use !== 'select') continue
      kinds.push(use === 'identify' ? equalityKind(collection, name) : use)
    }
    return source.writes && field.collection === null ? [...kinds, 'write'] : kinds
  }
}
