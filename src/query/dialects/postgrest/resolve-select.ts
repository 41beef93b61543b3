import type { Catalogue, Collection } from '../../../terms/catalogue.ts'
import type { AnswerShape, FieldUse, RecordShape, Relation } from '../../../terms/query-facts.ts'
import { mergeClasses } from '../../fields/classes-of.ts'
import { useField } from '../../fields/use-field.ts'
import { notUnderstood, unknownField } from '../../unreadable.ts'
import { expandStar } from './expand-star.ts'
import type { At } from './find-column.ts'
import type { Level } from './level.ts'
import { useExistence } from './level.ts'
import { PATH_WORDS } from './path-words.ts'
import type { EmbedItem, SelectItem } from './question.ts'
import { showItem } from './show-item.ts'

/** What a select list means: its levels, what it uses, what the answer looks like, and the list to send instead. */
export interface Selection {
  readonly level: Level
  readonly uses: readonly FieldUse[]
  readonly record: RecordShape
  readonly items: readonly SelectItem[]
}

interface Context extends At {
  readonly catalogue: Catalogue
  /** Something beside is aggregated, so the plain columns are what is grouped by. */
  readonly grouped: boolean
}

/** Looks up every item of a select list. Two items under one response key are refused: one of them would hide the other. */
export function resolveSelect(catalogue: Catalogue, collection: Collection, items: readonly SelectItem[]): Selection {
  return resolveLevel({ catalogue, collection, around: [], isTop: true, grouped: hasAggregate(items) }, items)
}

function resolveLevel(context: Context, listed: readonly SelectItem[]): Selection {
  const { catalogue, collection, around, isTop } = context
  const { items, implied } = expandStar(collection, listed, context.grouped)
  const members = new Map<string, AnswerShape>()
  const uses: FieldUse[] = []
  const embeds: Level['embeds'][number][] = []
  const rewritten: SelectItem[] = []
  let key: string | null = null
  const add = (name: string, shape: AnswerShape) => {
    if (members.has(name))
      throw notUnderstood('select', `select: two items would both be called ${JSON.stringify(name)}; give one another alias`)
    members.set(name, shape)
  }
  for (const item of items) {
    if (item.item === 'embed') {
      const inner = resolveEmbed(context, item)
      uses.push(...inner.uses)
      embeds.push({ words: item.alias === null ? [item.name] : [item.name, item.alias], level: inner.level })
      rewritten.push({ ...item, items: inner.items })
      const { relation } = inner
      const name = checkedAlias(item.alias) ?? item.name
      if (item.spread) for (const [lifted, shape] of inner.record.members) add(lifted, liftedBy(relation, shape))
      else if (inner.record.members.size > 0) add(name, { node: 'records', record: inner.record, relation })
    } else if (item.item !== 'star') {
      checkedAlias(item.alias)
      const shown = showItem({ ...context, implied }, item)
      refuseWord('alias' in shown.item ? shown.item.alias : null)
      add(shown.name, shown.shape)
      uses.push(...shown.uses)
      rewritten.push(shown.item)
      if (shown.field === collection.key) key ??= shown.name
    }
  }
  const level: Level = { catalogue, collection, around, isTop, embeds }
  return { level, uses, record: { node: 'record', collection: collection.name, key, members }, items: rewritten }
}

function resolveEmbed(context: Context, item: EmbedItem): Selection & { readonly relation: Relation } {
  const relation = context.collection.fields.get(item.name)
  const related = relation?.collection == null ? undefined : context.catalogue.collections.get(relation.collection)
  if (relation === undefined || related === undefined) throw unknownField('select', item.name)
  const around = mergeClasses([...context.around, ...relation.classes])
  // A spread puts its columns, and its aggregates, into the record around it.
  const grouped = hasAggregate(item.items) || (item.spread && context.grouped)
  const inner = resolveLevel({ ...context, collection: related, around, isTop: false, grouped }, item.items)
  const place = {
    collection: context.collection.name,
    name: relation.name,
    field: relation,
    around: context.around,
    nested: !context.isTop,
  }
  const own = useField(place, 'select', item.name, 'select')
  const existence = item.join === 'inner' ? useExistence(inner.level, item.name, 'select') : []
  return {
    ...inner,
    uses: [...own, ...existence, ...inner.uses],
    relation: { collection: context.collection.name, field: relation.name, through: [related.name], classes: around, kind: 'select' },
  }
}

/** What a spread lifts is still of the related record. What came through a further relation keeps that one's name, which reveals more. */
function liftedBy(relation: Relation, shape: AnswerShape): AnswerShape {
  if (shape.node !== 'field' && shape.node !== 'records') return shape
  const further = shape.relation
  return { ...shape, relation: further === null ? relation : { ...further, through: [...relation.through, ...further.through] } }
}

function hasAggregate(items: readonly SelectItem[]): boolean {
  return items.some(item => {
    if (item.item === 'count') return true
    if (item.item === 'column') return item.aggregate !== null
    return item.item === 'embed' && item.spread && hasAggregate(item.items)
  })
}

/** PostgreSQL cuts names at 63 bytes, so a longer alias would come back under another key. */
function checkedAlias(alias: string | null): string | null {
  refuseWord(alias)
  if (alias !== null && (!/^[A-Za-z0-9_$ -]{1,63}$/.test(alias) || alias === '__proto__')) {
    throw notUnderstood('select', `select: ${JSON.stringify(alias)} is not an alias; use up to 63 letters, digits, blanks, _ $ -`)
  }
  return alias
}

function refuseWord(alias: string | null): void {
  if (alias !== null && PATH_WORDS.has(alias))
    throw notUnderstood('select', `select: ${JSON.stringify(alias)} is a word of the grammar; give it another alias`)
}
