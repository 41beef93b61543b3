import type { ColumnName, Condition, Filter, OrderTerm, Question, SelectItem } from './question.ts'

/**
 * The query string, without `?`, that PostgREST reads as exactly this question: every name that could be read as something else in
 * quotes, every text percent-encoded once.
 */
export function writeQuestion(question: Question): string {
  const pairs: [string, string][] = []
  if (question.select !== null) pairs.push(['select', writeItems(question.select)])
  for (const { embed, says } of question.conditions) pairs.push(writeTopCondition(embed, says))
  for (const { embed, says } of question.orders) pairs.push([writeKey(embed, 'order'), says.map(writeTerm).join(',')])
  for (const { embed, says } of question.ranges) pairs.push([writeKey(embed, says.word), says.rows])
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
}

// Readable in the record API's log, and safe in a query (RFC 3986 section 3.4).
const encode = (text: string): string => encodeURIComponent(text).replace(/%(2C|3A)/g, code => (code === '%2C' ? ',' : ':'))

// Words that PostgREST reads as grammar in some position.
const GRAMMAR = new Set(['select', 'columns', 'on_conflict', 'order', 'limit', 'offset', 'and', 'or', 'not', 'count', 'inner', 'left'])

function writeName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !GRAMMAR.has(name) ? name : writeQuoted(name)
}

const writeQuoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

const writeKey = (embed: readonly string[], word: string): string => [...embed.map(writeName), word].join('.')

function writeColumn(column: ColumnName): string {
  return (
    writeName(column.name) + column.path.map(step => step.arrow + (typeof step.key === 'number' ? step.key : writeName(step.key))).join('')
  )
}

function writeItems(items: readonly SelectItem[]): string {
  return items.map(writeItem).join(',')
}

function writeItem(item: SelectItem): string {
  if (item.item === 'star') return '*'
  const alias = 'alias' in item && item.alias !== null ? `${writeName(item.alias)}:` : ''
  if (item.item === 'count') return `${alias}count()${writeCast(item.cast)}`
  if (item.item === 'embed') {
    const join = item.join === null ? '' : `!${item.join}`
    return `${item.spread ? '...' : alias}${writeName(item.name)}${join}(${writeItems(item.items)})`
  }
  const aggregate = item.aggregate === null ? '' : `.${item.aggregate}()${writeCast(item.aggregateCast)}`
  return `${alias}${writeColumn(item.column)}${writeCast(item.cast)}${aggregate}`
}

const writeCast = (cast: string | null): string => (cast === null ? '' : `::${cast}`)

function writeTopCondition(embed: readonly string[], condition: Condition): [string, string] {
  if (condition.node === 'filter') return [writeKey(embed, writeColumn(condition.column)), writeOperation(condition, value => value)]
  return [
    writeKey(embed, `${condition.negated ? 'not.' : ''}${condition.operator}`),
    `(${condition.conditions.map(writeCondition).join(',')})`,
  ]
}

function writeCondition(condition: Condition): string {
  if (condition.node === 'filter') return `${writeColumn(condition.column)}.${writeOperation(condition, writeTreeValue)}`
  return `${condition.negated ? 'not.' : ''}${condition.operator}(${condition.conditions.map(writeCondition).join(',')})`
}

function writeOperation(filter: Filter, writeValue: (value: string) => string): string {
  const argument = filter.quantifier ?? filter.language
  const operator = `${filter.negated ? 'not.' : ''}${filter.operator}${argument === null ? '' : `(${argument})`}`
  return `${operator}.${typeof filter.value === 'string' ? writeValue(filter.value) : writeList(filter.value)}`
}

const writeList = (values: readonly string[]): string =>
  `(${values.map(value => (/^[A-Za-z0-9_.-]*$/.test(value) ? value : writeQuoted(value))).join(',')})`

const writeTreeValue = (value: string): string => (/^[A-Za-z0-9_.*-]*$/.test(value) ? value : writeQuoted(value))

function writeTerm(term: OrderTerm): string {
  const column = term.relation === null ? writeColumn(term.column) : `${writeName(term.relation)}(${writeColumn(term.column)})`
  return [column, term.direction, term.nulls].filter(part => part !== null).join('.')
}
