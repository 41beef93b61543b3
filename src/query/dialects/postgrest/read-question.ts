import type { QueryParameter } from '../../call/read-query-string.ts'
import { duplicate, notUnderstood, undeclared } from '../../unreadable.ts'
import type { AtEmbed, Condition, OrderTerm, Question, SelectItem } from './question.ts'
import { readFilter, readLogic } from './read-condition.ts'
import { readColumn, readName } from './read-name.ts'
import { readOrder } from './read-order.ts'
import { readSelect } from './read-select.ts'
import { expectEnd, expectWord, startScan, takeWord } from './scan.ts'

const RESERVED_LAST = new Set(['order', 'limit', 'offset', 'and', 'or'])

interface Reading {
  select: readonly SelectItem[] | null
  readonly conditions: AtEmbed<Condition>[]
  readonly orders: AtEmbed<readonly OrderTerm[]>[]
  readonly ranges: AtEmbed<{ word: 'limit' | 'offset'; rows: string }>[]
}

/**
 * The parameters of a PostgREST call as a question. Every key that is not reserved is a filter, as PostgREST reads it;
 * filters and trees may repeat, because PostgREST joins them by AND and each is judged; nothing else may.
 */
export function readQuestion(parameters: readonly QueryParameter[]): Question {
  const reading: Reading = { select: null, conditions: [], orders: [], ranges: [] }
  for (const { name, value } of parameters) readParameter(reading, name, value)
  refuseRepeats(
    'order',
    reading.orders.map(order => order.embed),
  )
  refuseRepeats(
    'limit',
    reading.ranges.filter(range => range.says.word === 'limit').map(range => range.embed),
  )
  refuseRepeats(
    'offset',
    reading.ranges.filter(range => range.says.word === 'offset').map(range => range.embed),
  )
  return reading
}

function readParameter(reading: Reading, name: string, value: string): void {
  if (name === 'columns' || name === 'on_conflict') throw undeclared('query', `the parameter ${name} is not offered`)
  if (name === 'select') {
    if (reading.select !== null) throw duplicate('query', name)
    reading.select = readSelect(value)
    return
  }
  // PostgREST cuts the raw key at every dot, inside quotes too; reading it otherwise would be a second opinion.
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (!RESERVED_LAST.has(last)) {
    reading.conditions.push(readFilterParameter(name, value))
    return
  }
  const words = readWords(name.slice(0, Math.max(0, name.length - last.length - 1)), last)
  if (last === 'order') reading.orders.push({ embed: words, says: readOrder(value) })
  else if (last === 'limit' || last === 'offset') reading.ranges.push({ embed: words, says: { word: last, rows: readRows(last, value) } })
  else if (last === 'and' || last === 'or') {
    const negated = words.at(-1) === 'not'
    reading.conditions.push({ embed: negated ? words.slice(0, -1) : words, says: readLogic(last, negated, value) })
  }
}

/** `embed.embed.column->path`, and what the value says about it. */
function readFilterParameter(name: string, value: string): AtEmbed<Condition> {
  const scan = startScan(name, 'filter')
  const columns = [readColumn(scan)]
  while (takeWord(scan, '.')) columns.push(readColumn(scan))
  expectEnd(scan)
  const embed = columns.slice(0, -1)
  if (embed.some(word => word.path.length > 0)) throw notUnderstood('filter', `filter: ${JSON.stringify(name)} is not understood`)
  return { embed: embed.map(word => word.name), says: readFilter(columns.at(-1)!, value) }
}

function readWords(text: string, where: string): readonly string[] {
  if (text === '') return []
  const scan = startScan(text, where)
  const words = [readName(scan)]
  while (scan.at < text.length) {
    expectWord(scan, '.')
    words.push(readName(scan))
  }
  return words
}

function readRows(word: string, value: string): string {
  if (!/^(?:0|[1-9][0-9]{0,9})$/.test(value)) throw notUnderstood(word, `${word}: write a whole number, 0 or more`)
  return value
}

function refuseRepeats(word: string, embeds: readonly (readonly string[])[]): void {
  const seen = new Set<string>()
  for (const embed of embeds) {
    const key = JSON.stringify(embed)
    if (seen.has(key)) throw duplicate('query', [...embed, word].join('.'))
    seen.add(key)
  }
}
