import type { Aggregate, SelectItem } from './query-tree.ts'
import { type Reader, readColumn, readText } from './reader.ts'

const AGGREGATES: readonly Aggregate[] = ['count', 'sum', 'avg', 'min', 'max']

const readCast = (reader: Reader): string | null => (reader.take('::') ? reader.identifier() : null)

const readAggregate = (reader: Reader): Aggregate | null => {
  if (!reader.take('.')) return null
  const found = AGGREGATES.find(name => reader.take(`${name}()`))
  return found ?? reader.fail('"avg()", "count()", "max()", "min()" or "sum()"')
}

const readAlias = (reader: Reader, text: string): string | null => {
  const alias = /^(?:"(?:[^"\\]|\\.)*"|[^":,().]+):(?!:)/u.exec(text)?.[0]
  if (alias === undefined) return null
  const name = reader.identifier()
  reader.expect(':')
  return name
}

const readEmbed = (reader: Reader, relation: string, alias: string | null, spread: boolean): SelectItem => {
  let inner = false
  while (reader.take('!')) inner = reader.identifier() === 'inner' || inner
  reader.expect('(')
  const items = reader.peek(')') ? [] : readItems(reader)
  reader.expect(')')
  return { kind: 'embed', relation, alias, inner, spread, items }
}

const readItem = (reader: Reader): SelectItem => {
  if (reader.take('*')) return { kind: 'all' }
  const spread = reader.take('...')
  const alias = spread ? null : readAlias(reader, reader.rest())
  if (!spread && reader.take('count()')) {
    return { kind: 'value', column: null, cast: null, aggregate: 'count', aggregateCast: readCast(reader), alias }
  }
  const column = readColumn(reader)
  if (column.path.length === 0 && (spread || reader.peek('(') || reader.peek('!'))) return readEmbed(reader, column.name, alias, spread)
  const cast = readCast(reader)
  const aggregate = readAggregate(reader)
  return { kind: 'value', column, cast, aggregate, aggregateCast: aggregate === null ? null : readCast(reader), alias }
}

const readItems = (reader: Reader): readonly SelectItem[] => {
  const items: SelectItem[] = []
  do items.push(readItem(reader))
  while (reader.take(','))
  return items
}

/** The tree of a `select=` parameter. Throws PGRST100 with the place. */
export const parseSelect = (text: string): readonly SelectItem[] => {
  const reader = readText(text, 'select parameter')
  if (reader.done()) return [{ kind: 'all' }]
  const items = readItems(reader)
  return reader.done() ? items : reader.fail('"," or end of input')
}
