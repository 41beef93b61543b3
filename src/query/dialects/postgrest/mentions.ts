import type { Collection } from '../../../terms/catalogue.ts'
import type { AtEmbed, Condition } from './question.ts'

/**
 * Whom the conditions speak of, in any operator and anywhere in a tree: every literal compared with the key as it stands, and every one
 * compared with a protected column as `column=literal`. It narrows nothing and permits nothing: a refused question is recognised by it
 * when it comes back as `or=(id.eq.21)`, `id=gte.21` or `plate=eq.8XYZ999`.
 */
export function mentions(collection: Collection, conditions: readonly AtEmbed<Condition>[]): readonly string[] {
  const found = conditions.flatMap(({ embed, says }) => (embed.length === 0 ? mentionsOf(collection, says) : []))
  return [...new Set(found)]
}

const RANGES = new Set(['gt', 'gte', 'lt', 'lte'])

function mentionsOf(collection: Collection, condition: Condition): readonly string[] {
  if (condition.node === 'logic') return condition.conditions.flatMap(inner => mentionsOf(collection, inner))
  const { column, operator, quantifier, value } = condition
  if (operator === 'is') return []
  const literals = [value]
    .flat()
    .flatMap(literal => (quantifier === null ? [literal] : literal.split(/[{},"]/)))
    .map(literal => literal.replace(/^[\s*%^]+|[\s*%$]+$/g, ''))
    .filter(literal => literal !== '')
  if (column.name === collection.key) return literals
  const isOpen = collection.fields.get(column.name)?.classes.every(dataClass => dataClass === 'open') ?? true
  return isOpen || RANGES.has(operator) ? [] : literals.map(literal => `${column.name}=${literal}`)
}
