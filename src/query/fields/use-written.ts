import type { Collection, Field } from '../../terms/catalogue.ts'
import type { FieldUse } from '../../terms/query-facts.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../json/read-json.ts'
import { unknownField } from '../unreadable.ts'
import { useField } from './use-field.ts'

interface Members {
  readonly collection: string
  readonly fields: ReadonlyMap<string, Field>
  readonly prefix: string
}

/** A write of every member of a record. A member the catalogue does not list is refused, at every depth that is catalogued. */
export function useWritten(collection: Collection, record: JsonObject): readonly FieldUse[] {
  return useMembers({ collection: collection.name, fields: collection.fields, prefix: '' }, record)
}

/** A deleted record loses every field it has. */
export function useEveryField(collection: Collection): readonly FieldUse[] {
  return [...collection.fields.values()].flatMap(field =>
    useField({ collection: collection.name, name: field.name, field, around: [], nested: false }, 'write', '*', 'body'),
  )
}

function useMembers(members: Members, record: JsonObject): readonly FieldUse[] {
  return [...record].flatMap(([name, value]) => {
    const field = members.fields.get(name)
    // Related records are written in their own collection, where they are judged.
    if (field === undefined || field.collection !== null) throw unknownField('body', name)
    const place = { collection: members.collection, name: members.prefix + name, field, around: [], nested: false }
    const nested = { ...members, fields: field.fields ?? new Map(), prefix: `${place.name}.` }
    const inside = field.fields === null ? [] : objectsOf(value).flatMap(object => useMembers(nested, object))
    // The whole object is replaced, whichever of its members are named.
    return [...useField(place, 'write', name, 'body'), ...inside]
  })
}

function objectsOf(value: Json): readonly JsonObject[] {
  if (isJsonObject(value)) return [value]
  return isJsonList(value) ? value.flatMap(objectsOf) : []
}
