import type { Call, UpstreamRequest } from '../../../terms/call.ts'
import type { Collection } from '../../../terms/catalogue.ts'
import type { QueryFacts } from '../../../terms/query-facts.ts'
import { chooseMediaType } from '../../call/choose-media-type.ts'
import { isRead, readMethod } from '../../call/read-method.ts'
import { readPath } from '../../call/read-path.ts'
import { readQueryString } from '../../call/read-query-string.ts'
import { countRows, distinctUses } from '../../fields/use-field.ts'
import type { InspectableSource } from '../../inspectable-source.ts'
import { undeclared, unknownPath } from '../../unreadable.ts'
import { confine } from './confine.ts'
import { inspectWrite } from './inspect-write.ts'
import { isWhole } from './is-whole.ts'
import { findLevel } from './level.ts'
import { mentions } from './mentions.ts'
import type { Question } from './question.ts'
import { readPreferences } from './read-preferences.ts'
import { readQuestion } from './read-question.ts'
import { resolveConditions, resolveOrders } from './resolve-conditions.ts'
import { resolveSelect } from './resolve-select.ts'
import { writeQuestion } from './write-question.ts'

const MEDIA_TYPES = ['application/json', 'application/vnd.pgrst.object+json']

/**
 * Reads a call as PostgREST would (its documentation, "Tables and Views"): the path is one collection, every key that is not
 * reserved is a filter. `rpc`, profiles, query plans, hints and upserts are not offered. No `select` means every catalogued column.
 */
export function inspectPostgrest(source: InspectableSource, call: Call): QueryFacts {
  const method = readMethod(call, source.writes)
  const collection = findCollection(source, call)
  const accept = readAccept(call)
  const preferences = readPreferences(call.headers.get('prefer'))
  const question = readQuestion(readQueryString(call.query))
  if (!isRead(method)) return inspectWrite(source, collection, { call, method, accept, preferences, question })

  const selection = resolveSelect(source.catalogue, collection, question.select ?? [{ item: 'star' }])
  const conditions = resolveConditions(selection.level, question.conditions)
  for (const range of question.ranges) findLevel(selection.level, range.embed, range.says.word)
  const uses = [
    ...selection.uses,
    ...conditions.uses,
    ...resolveOrders(selection.level, question.orders),
    ...(preferences.count === null ? [] : [countRows({ collection: collection.name, around: [], nested: false }, 'count', 'prefer')]),
  ]
  const asked: Question = { ...question, select: selection.items }
  // No `Prefer: count`: the total never leaves, and with one PostgREST answers a page as 206, which is a part of something.
  const ask = (what: Question): UpstreamRequest => {
    const target = `/${encodeURIComponent(collection.name)}?${writeQuestion(what)}`
    return { method, target, headers: new Map([['accept', accept]]), body: null }
  }
  return {
    kind: 'facts',
    source: source.name,
    collection: collection.name,
    uses: distinctUses(uses),
    dataSubjects: conditions.dataSubjects,
    mentions: mentions(collection, question.conditions),
    writes: false,
    whole: isWhole(collection, question),
    paged: {
      rows: question.ranges.some(({ embed }) => embed.length === 0),
      related: question.ranges.some(({ embed }) => embed.length > 0),
    },
    addresses: [],
    confine: confine(collection, asked, ask),
    shape: { node: 'records', record: selection.record, relation: null },
    upstream: ask(asked),
  }
}

function findCollection(source: InspectableSource, call: Call): Collection {
  if (call.headers.has('accept-profile') || call.headers.has('content-profile')) {
    throw undeclared('headers', 'Accept-Profile and Content-Profile are not offered; there is one schema')
  }
  const [name, ...rest] = readPath(call.path)
  if (name === 'rpc') throw undeclared('path', 'functions (rpc) are not offered')
  const collection = rest.length > 0 ? undefined : source.catalogue.collections.get(name ?? '')
  if (collection === undefined) throw unknownPath(call.path)
  return collection
}

function readAccept(call: Call): string {
  const accept = call.headers.get('accept')
  // A plan shows columns, filter texts and row counts.
  if (accept?.some(value => /vnd\.pgrst\.plan/i.test(value))) throw undeclared('accept', 'query plans are not offered')
  return chooseMediaType(accept, MEDIA_TYPES)
}
