import { ApiError } from './api-error.ts'
import { parseFilter, parseFilterColumn, parseTree } from './parse-filter.ts'
import { parseSelect } from './parse-select.ts'
import type { Filter, OrderTerm, ReadRequest, SelectItem } from './query-tree.ts'
import { type Reader, readColumn, readText } from './reader.ts'

interface Draft {
  items: readonly SelectItem[] | null
  readonly filters: Filter[]
  order: readonly OrderTerm[]
  limit: number | null
  offset: number
  readonly embeds: Map<string, Draft>
}

const emptyDraft = (): Draft => ({ items: null, filters: [], order: [], limit: null, offset: 0, embeds: new Map() })

const readOrderTerm = (reader: Reader): OrderTerm => {
  const first = readColumn(reader)
  const related = first.path.length === 0 && reader.take('(')
  const column = related ? readColumn(reader) : first
  if (related) reader.expect(')')
  const descending = reader.take('.desc') || (reader.take('.asc') && false)
  const nulls = reader.take('.nullsfirst') ? 'first' : reader.take('.nullslast') ? 'last' : descending ? 'first' : 'last'
  return { relation: related ? first.name : null, column, descending, nulls }
}

const parseOrder = (text: string): readonly OrderTerm[] => {
  const reader = readText(text, 'order')
  const terms: OrderTerm[] = []
  do terms.push(readOrderTerm(reader))
  while (reader.take(','))
  return reader.done() ? terms : reader.fail('"asc", "desc", "nullsfirst", "nullslast", "," or end of input')
}

const parseCount = (key: string, text: string): number => {
  if (!/^\d{1,9}$/u.test(text))
    throw new ApiError(400, 'PGRST100', `"failed to parse ${key} (${text})" (line 1, column 1)`, 'expecting a whole number')
  return Number(text)
}

/** Splits `a.b.column` at its dots, leaving quoted names and JSON paths whole. */
const splitKey = (key: string): readonly string[] => key.match(/(?:"(?:[^"\\]|\\.)*"|->>?[^.]*|[^."])+/gu) ?? ['']

const applyTo = (draft: Draft, key: string, negated: boolean, text: string): void => {
  switch (key) {
    case 'select':
      // The first one counts, as in PostgREST.
      draft.items ??= parseSelect(text)
      return
    case 'order':
      draft.order = parseOrder(text)
      return
    case 'limit':
      draft.limit = parseCount(key, text)
      return
    case 'offset':
      draft.offset = parseCount(key, text)
      return
    case 'and':
    case 'or':
      draft.filters.push(parseTree(key, negated, text))
      return
    default:
      draft.filters.push(parseFilter(parseFilterColumn(key), text))
  }
}

const draftAt = (root: Draft, path: readonly string[]): Draft =>
  path.reduce((draft, name) => {
    const next = draft.embeds.get(name) ?? emptyDraft()
    draft.embeds.set(name, next)
    return next
  }, root)

const isSelected = (items: readonly SelectItem[], name: string): SelectItem | undefined =>
  items.find(item => item.kind === 'embed' && (item.alias ?? item.relation) === name)

const finish = (draft: Draft, items: readonly SelectItem[]): ReadRequest => {
  const embeds = new Map<string, ReadRequest>()
  for (const [name, child] of draft.embeds) {
    const item = isSelected(items, name)
    if (item?.kind !== 'embed') {
      throw new ApiError(
        400,
        'PGRST108',
        `'${name}' is not an embedded resource in this request`,
        null,
        `Verify that '${name}' is included in the 'select' query parameter.`,
      )
    }
    embeds.set(name, finish(child, item.items))
  }
  for (const item of items) {
    const name = item.kind === 'embed' ? (item.alias ?? item.relation) : null
    if (item.kind === 'embed' && name !== null && !embeds.has(name)) embeds.set(name, finish(emptyDraft(), item.items))
  }
  return { items, filters: draft.filters, order: draft.order, limit: draft.limit, offset: draft.offset, embeds }
}

/** The read that a query string asks for; pairs as sent, decoded, in order. Throws PGRST100 and PGRST108. */
export const parseQuery = (pairs: Iterable<readonly [string, string]>): ReadRequest => {
  const root = emptyDraft()
  for (const [key, text] of pairs) {
    const parts = splitKey(key)
    const last = parts.at(-1) ?? ''
    const negated = (last === 'and' || last === 'or') && parts.at(-2) === 'not'
    applyTo(draftAt(root, parts.slice(0, negated ? -2 : -1)), last, negated, text)
  }
  return finish(root, root.items ?? [{ kind: 'all' }])
}
