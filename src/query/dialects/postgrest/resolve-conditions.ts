import type { FieldUse } from '../../../terms/query-facts.ts'
import { equalityKind } from '../../fields/equality-kind.ts'
import { useField } from '../../fields/use-field.ts'
import { unknownField } from '../../unreadable.ts'
import { columnAt, findEmbed, findLevel, type Level, useExistence } from './level.ts'
import type { AtEmbed, Condition, Filter, OrderTerm } from './question.ts'

/** What the filters use, and whom they name. */
export interface Conditions {
  readonly uses: readonly FieldUse[]
  readonly dataSubjects: readonly string[]
}

/**
 * Uses of the filters. Only an equality that stands by itself, on the key of the collection that is asked, names a data subject: inside
 * a tree it may be one side of an OR, and on an embedded relation it does not narrow the rows.
 */
export function resolveConditions(top: Level, conditions: readonly AtEmbed<Condition>[]): Conditions {
  const uses: FieldUse[] = []
  const dataSubjects: string[] = []
  for (const { embed, says } of conditions) {
    const level = findLevel(top, embed, 'filter')
    if (says.node === 'filter' && names(level, says)) {
      uses.push(...useField(columnAt(level, says.column, 'filter').place, 'identify', says.column.spelling, 'filter'))
      dataSubjects.push(...[says.value].flat())
    } else uses.push(...useCondition(level, says))
  }
  return { uses, dataSubjects: [...new Set(dataSubjects)] }
}

function names(level: Level, filter: Filter): boolean {
  const isEquality = (filter.operator === 'eq' || filter.operator === 'in') && !filter.negated && filter.quantifier === null
  return level.isTop && isEquality && filter.column.path.length === 0 && equalityKind(level.collection, filter.column.name) === 'identify'
}

function useCondition(level: Level, condition: Condition): readonly FieldUse[] {
  if (condition.node === 'logic') return condition.conditions.flatMap(inner => useCondition(level, inner))
  const { column } = condition
  const isRelation = column.path.length === 0 && level.embeds.some(embed => embed.words.includes(column.name))
  if (isRelation && level.collection.fields.get(column.name)?.collection === null) {
    // A column and an alias of an embedded relation share the name; PostgREST would choose, so nobody does.
    throw unknownField('filter', column.spelling)
  }
  if (isRelation && condition.operator === 'is' && condition.value === 'null') {
    return useExistence(findEmbed(level, column.name, 'filter'), column.spelling, 'filter')
  }
  return useField(columnAt(level, column, 'filter').place, 'filter', column.spelling, 'filter')
}

/** Uses of the sorting, by own columns or by those of an embedded relation. */
export function resolveOrders(top: Level, orders: readonly AtEmbed<readonly OrderTerm[]>[]): readonly FieldUse[] {
  return orders.flatMap(({ embed, says }) => {
    const level = findLevel(top, embed, 'order')
    return says.flatMap(term => {
      const sorted = term.relation === null ? level : findEmbed(level, term.relation, 'order')
      return useField(columnAt(sorted, term.column, 'order').place, 'sort', term.column.spelling, 'order')
    })
  })
}
