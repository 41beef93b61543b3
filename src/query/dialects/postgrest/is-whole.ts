import type { Collection } from '../../../terms/catalogue.ts'
import type { Condition, Question, SelectItem } from './question.ts'

/** A page of at most this many rows is not the collection as such. */
const SMALL = 100
const RANGES = new Set(['gt', 'gte', 'lt', 'lte'])

/**
 * Whether a read asks for the collection as such: no condition narrows its rows, and no limit of at most 100 rows does. A condition on an
 * embedded relation narrows only through `!inner`.
 */
export function isWhole(collection: Collection, question: Question): boolean {
  if (question.conditions.some(({ embed, says }) => reachesRows(question.select ?? [], embed) && narrows(collection, says))) return false
  const limit = question.ranges.find(({ embed, says }) => embed.length === 0 && says.word === 'limit')
  return limit === undefined || Number(limit.says.rows) > SMALL
}

function reachesRows(items: readonly SelectItem[], [word, ...rest]: readonly string[]): boolean {
  if (word === undefined) return true
  const item = items.find(one => one.item === 'embed' && (one.name === word || one.alias === word))
  return item?.item === 'embed' && item.join === 'inner' && reachesRows(item.items, rest)
}

/** Conditions that are there to be there (`id=not.is.null`, `id=gt.0`, `zip=neq.x`, `name=like.*`) leave everybody in. */
function narrows(collection: Collection, condition: Condition): boolean {
  if (condition.negated) return false
  if (condition.node === 'logic') {
    const inner = condition.conditions.map(one => narrows(collection, one))
    return condition.operator === 'and' ? inner.includes(true) : inner.every(Boolean)
  }
  const { operator, value, column } = condition
  if (operator === 'neq' || operator === 'isdistinct' || (operator === 'is' && value === 'not_null')) return false
  if (RANGES.has(operator)) return column.name !== collection.key
  return typeof value !== 'string' || !/^[\s*%_.^$]*$/.test(value)
}
