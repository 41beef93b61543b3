import type { Catalogue } from '../../../terms/catalogue.ts'
import type { UseKind } from '../../../terms/data-class.ts'
import type { AnswerShape, FieldUse } from '../../../terms/query-facts.ts'
import { classesOf, isText } from '../../fields/classes-of.ts'
import { showField } from '../../fields/show-field.ts'
import { countRows, useField } from '../../fields/use-field.ts'
import { unknownField } from '../../unreadable.ts'
import { type At, findColumn } from './find-column.ts'
import type { ColumnItem, CountItem, SelectItem } from './question.ts'

interface Around extends At {
  readonly catalogue: Catalogue
  readonly grouped: boolean
  readonly implied: ReadonlySet<SelectItem>
}

/** One selected column: its response key, its leaf of the shape, its uses, and the item to send. */
interface ShownItem {
  readonly name: string
  readonly shape: AnswerShape
  readonly uses: readonly FieldUse[]
  readonly item: SelectItem
  /** The field, where its plain value is shown. */
  readonly field: string | null
}

/**
 * Computed items are sent with an explicit alias, so that their response key does not depend on which name PostgREST or
 * PostgreSQL would have chosen; the alias is the name PostgREST documents for it.
 */
export function showItem(at: Around, item: ColumnItem | CountItem): ShownItem {
  if (item.item === 'count') {
    const name = item.alias ?? 'count'
    const use = countRows({ collection: at.collection.name, around: at.around, nested: !at.isTop }, 'count()', 'select')
    const shape: AnswerShape = {
      node: 'field',
      collection: use.collection,
      field: use.field,
      classes: use.classes,
      kind: 'count',
      text: false,
      relation: null,
    }
    return { name, shape, uses: [use], item: { ...item, alias: name }, field: null }
  }
  const isPlain = item.column.path.length === 0 && item.cast === null && item.aggregate === null
  return isPlain ? showPlain(at, item) : showComputed(at, item)
}

function showPlain(at: Around, item: ColumnItem): ShownItem {
  const { place } = findColumn(at, item.column, 'select')
  const { spelling } = item.column
  const kind: UseKind = at.implied.has(item) ? 'implied' : 'select'
  const shown = showField({ catalogue: at.catalogue, kind, spelling, where: 'select' }, place)
  if (shown === null) throw unknownField('select', spelling)
  const group = at.grouped ? useField(place, 'group', spelling, 'select') : []
  return { name: item.alias ?? place.name, shape: shown.shape, uses: [...shown.uses, ...group], item, field: place.name }
}

function showComputed(at: Around, item: ColumnItem): ShownItem {
  const { place } = findColumn(at, item.column, 'select')
  const { spelling } = item.column
  const computed = item.column.path.length > 0 || item.cast !== null
  const uses = [
    ...(computed ? useField(place, 'computed', spelling, 'select') : []),
    ...(item.aggregate !== null ? useField(place, 'aggregate', spelling, 'select') : []),
    ...(at.grouped && item.aggregate === null ? useField(place, 'group', spelling, 'select') : []),
  ]
  const kind: UseKind = item.aggregate === null ? 'computed' : 'aggregate'
  const name = item.alias ?? item.aggregate ?? lastKey(item)
  const classes = classesOf(place.field, place.around)
  const leaf = { node: 'field', collection: place.collection, field: place.name, classes, kind, relation: null } as const
  const shape: AnswerShape = { ...leaf, text: isText(place.field) }
  return { name, shape, uses, item: { ...item, alias: name }, field: null }
}

/** The last member name of the JSON path, else the column. */
function lastKey(item: ColumnItem): string {
  const keys = item.column.path.map(step => step.key).filter(key => typeof key === 'string')
  return keys.at(-1) ?? item.column.name
}
