import type { Field } from '../../terms/catalogue.ts'
import type { DataClass } from '../../terms/data-class.ts'

/** Everything a value of this field reveals, its members included, plus what the fields around it reveal. */
export function classesOf(field: Field, around: readonly DataClass[] = []): readonly DataClass[] {
  const inside = field.fields === null ? [] : [...field.fields.values()].flatMap(member => classesOf(member))
  return mergeClasses([...around, ...field.classes, ...inside])
}

/** A set of classes: `open` says nothing beside another class. */
export function mergeClasses(classes: readonly DataClass[]): readonly DataClass[] {
  const set = new Set(classes)
  if (set.size > 1) set.delete('open')
  return [...set]
}

/** Free text, in the field itself or in a member of it. */
export function isText(field: Field): boolean {
  return field.text || (field.fields !== null && [...field.fields.values()].some(isText))
}
