import type { Collection } from '../../../terms/catalogue.ts'
import { notUnderstood } from '../../unreadable.ts'
import type { ColumnItem, SelectItem } from './question.ts'

/**
 * `*` written out as the catalogued columns (not the relations), so that the record API is never asked for a column that
 * the catalogue does not list. `implied` are the columns that came in by it alone.
 */
export function expandStar(
  collection: Collection,
  items: readonly SelectItem[],
  grouped: boolean,
): { readonly items: readonly SelectItem[]; readonly implied: ReadonlySet<SelectItem> } {
  const stars = items.filter(item => item.item === 'star').length
  if (stars === 0) return { items, implied: new Set() }
  if (stars > 1) throw notUnderstood('select', 'select: * is given more than once')
  if (grouped) throw notUnderstood('select', 'select: * cannot stand beside an aggregate; name the columns to group by')
  const plainly = new Set(
    items.flatMap(item => (item.item === 'column' && item.alias === null && item.column.path.length === 0 ? [item.column.name] : [])),
  )
  const added: ColumnItem[] = [...collection.fields.values()]
    .filter(field => field.collection === null && !plainly.has(field.name))
    .map(field => ({
      item: 'column',
      alias: null,
      column: { name: field.name, path: [], spelling: '*' },
      cast: null,
      aggregate: null,
      aggregateCast: null,
    }))
  return { items: items.flatMap(item => (item.item === 'star' ? added : [item])), implied: new Set(added) }
}
