import { notUnderstood, undeclared } from '../../unreadable.ts'
import type { ColumnItem, CountItem, EmbedItem, SelectItem } from './question.ts'
import { readColumn, readName, takeName } from './read-name.ts'
import { atEnd, attempt, expectEnd, expectWord, type Scan, sees, skipBlanks, startScan, stuck, takePattern, takeWord } from './scan.ts'

const DEPTH_MAX = 5
const AGGREGATES = new Set(['avg', 'count', 'max', 'min', 'sum'])
// Scalar types only: a cast to json, a record or a name runs another function over the value.
const CASTS = new Set(['text', 'int', 'integer', 'bigint', 'numeric', 'date', 'timestamp', 'timestamptz', 'boolean'])

/** The items of `select=`: columns, casts, JSON paths, aggregates, `*`, embedded and spread relations. */
export function readSelect(text: string): readonly SelectItem[] {
  const scan = startScan(text, 'select')
  if (text.trim() === '') throw notUnderstood('select', 'select: name at least one field')
  const items = readItems(scan, 0)
  expectEnd(scan)
  return items
}

function readItems(scan: Scan, depth: number): readonly SelectItem[] {
  if (depth > DEPTH_MAX) throw notUnderstood('select', `select: relations are embedded deeper than ${DEPTH_MAX}`)
  const items: SelectItem[] = []
  do {
    skipBlanks(scan)
    items.push(readItem(scan, depth))
    skipBlanks(scan)
  } while (takeWord(scan, ','))
  return items
}

function readItem(scan: Scan, depth: number): SelectItem {
  if (takeWord(scan, '...')) return readEmbed(scan, { alias: null, name: readName(scan), spread: true }, depth)
  if (takeWord(scan, '*')) return { item: 'star' }
  const alias = attempt(scan, () => {
    const name = takeName(scan)
    return name !== null && !sees(scan, '::') && takeWord(scan, ':') ? name : null
  })
  const count = attempt(scan, () => (takeWord(scan, 'count()') ? readCount(scan, alias) : null))
  if (count !== null) return count
  const name = attempt(scan, () => {
    const found = takeName(scan)
    return found !== null && (sees(scan, '!') || sees(scan, '(')) ? found : null
  })
  return name === null ? readColumnItem(scan, alias) : readEmbed(scan, { alias, name, spread: false }, depth)
}

function readCount(scan: Scan, alias: string | null): CountItem {
  return { item: 'count', alias, cast: readCast(scan) }
}

function readColumnItem(scan: Scan, alias: string | null): ColumnItem {
  const column = readColumn(scan)
  const cast = readCast(scan)
  if (!takeWord(scan, '.')) return { item: 'column', alias, column, cast, aggregate: null, aggregateCast: null }
  const aggregate = takePattern(scan, /[a-z_]+/y)
  if (aggregate === null || !AGGREGATES.has(aggregate)) throw stuck(scan)
  expectWord(scan, '()')
  return { item: 'column', alias, column, cast, aggregate, aggregateCast: readCast(scan) }
}

function readCast(scan: Scan): string | null {
  if (!takeWord(scan, '::')) return null
  const type = readName(scan)
  if (!CASTS.has(type))
    throw undeclared('select', `select: a cast to ${JSON.stringify(type)} is not offered; write one of ${[...CASTS].join(', ')}`)
  return type
}

function readEmbed(scan: Scan, named: Pick<EmbedItem, 'alias' | 'name' | 'spread'>, depth: number): EmbedItem {
  let join: EmbedItem['join'] = null
  while (takeWord(scan, '!')) {
    const word = readName(scan)
    if (word !== 'inner' && word !== 'left') {
      throw undeclared('select', `select: the hint ${JSON.stringify(word)} is not offered; only !inner and !left are`)
    }
    if (join !== null) throw stuck(scan)
    join = word
  }
  expectWord(scan, '(')
  skipBlanks(scan)
  const items = sees(scan, ')') ? [] : readItems(scan, depth + 1)
  if (atEnd(scan)) throw stuck(scan)
  expectWord(scan, ')')
  return { item: 'embed', ...named, join, items }
}
