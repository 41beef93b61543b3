import type { Catalogue, Collection } from '../../../terms/catalogue.ts'
import type { AnswerShape, FieldUse, RecordShape } from '../../../terms/query-facts.ts'
import { type Shown, showCollection, showField } from '../../fields/show-field.ts'
import { notUnderstood } from '../../unreadable.ts'
import type { ReadParameter } from './read-parameters.ts'

interface Asked {
  readonly selected: ReadParameter | null
  /** The path names one record, which comes without the envelope of a list. */
  readonly isOne: boolean
}

/**
 * What the answer may hold: the selected fields, or everything the catalogue lists. The record API may ignore a selection and send
 * all; what the shape does not name is cut all the same.
 */
export function showAnswer(catalogue: Catalogue, collection: Collection, asked: Asked): Shown<AnswerShape> {
  const shown =
    asked.selected === null
      ? showCollection({ catalogue, kind: 'implied', spelling: '*', where: 'select' }, collection, { around: [], nested: false })
      : showSelected(catalogue, collection, asked.selected)
  const records: AnswerShape = { node: 'records', record: shown.shape, relation: null }
  if (collection.envelope === null || asked.isOne) return { shape: records, uses: shown.uses }
  return showEnvelope(collection, collection.envelope, records, shown.uses)
}

function showSelected(catalogue: Catalogue, collection: Collection, { selected }: ReadParameter): Shown<RecordShape> {
  const members = new Map<string, AnswerShape>()
  const uses: FieldUse[] = []
  for (const field of selected ?? []) {
    const place = { collection: collection.name, name: field.name, field, around: [], nested: false }
    const shown = showField({ catalogue, kind: 'select', spelling: field.name, where: 'select' }, place)
    if (shown === null) throw notUnderstood('select', `select: ${JSON.stringify(field.name)} cannot be shown`)
    members.set(field.name, shown.shape)
    uses.push(...shown.uses)
  }
  const key = members.has(collection.key) ? collection.key : null
  return { shape: { node: 'record', collection: collection.name, key, members }, uses }
}

/** The members beside the records that the catalogue calls open: page numbers, links of no value. */
function showEnvelope(
  collection: Collection,
  envelope: NonNullable<Collection['envelope']>,
  records: AnswerShape,
  uses: readonly FieldUse[],
): Shown<AnswerShape> {
  const use: FieldUse = { collection: collection.name, field: '*', classes: ['open'], kind: 'implied', spelling: '*', where: 'envelope' }
  const open: AnswerShape = {
    node: 'field',
    collection: use.collection,
    field: use.field,
    classes: use.classes,
    kind: use.kind,
    text: false,
    relation: null,
  }
  const members = new Map([...envelope.open.map(name => [name, open] as const), [envelope.records, records] as const])
  return { shape: { node: 'envelope', members }, uses: envelope.open.length > 0 ? [...uses, use] : uses }
}
