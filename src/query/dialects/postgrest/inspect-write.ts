import type { Call } from '../../../terms/call.ts'
import type { Collection } from '../../../terms/catalogue.ts'
import type { Address, FieldUse, QueryFacts } from '../../../terms/query-facts.ts'
import { writtenAddresses } from '../../addresses/written-addresses.ts'
import { readJsonBody } from '../../call/read-json-body.ts'
import type { Method } from '../../call/read-method.ts'
import { distinctUses } from '../../fields/use-field.ts'
import { useEveryField, useWritten } from '../../fields/use-written.ts'
import type { InspectableSource } from '../../inspectable-source.ts'
import { writeJson } from '../../json/write-json.ts'
import { malformed, notUnderstood, undeclared, wrongMethod } from '../../unreadable.ts'
import type { Question } from './question.ts'
import type { Preferences } from './read-preferences.ts'
import { resolveConditions } from './resolve-conditions.ts'
import { resolveSelect } from './resolve-select.ts'
import { writeQuestion } from './write-question.ts'

interface Write {
  readonly call: Call
  readonly method: Method
  readonly accept: string
  readonly preferences: Preferences
  readonly question: Question
}

interface Written {
  readonly body: Uint8Array | null
  readonly uses: readonly FieldUse[]
  readonly addresses: readonly Address[]
}

/** Reads an insert (POST), update (PATCH) or delete (DELETE). The last two must say which rows; an upsert is not offered. */
export function inspectWrite(source: InspectableSource, collection: Collection, write: Write): QueryFacts {
  const { method, question } = write
  const { count, returns } = write.preferences
  if (method === 'PUT') throw wrongMethod(method)
  if (count !== null) throw undeclared('prefer', 'a write is not counted')
  if (question.orders.length > 0 || question.ranges.length > 0) throw undeclared('query', 'a write is not ordered or paged')
  const isInsert = method === 'POST'
  if (isInsert && question.conditions.length > 0) throw undeclared('query', 'an insert is not filtered')
  if (!isInsert && !question.conditions.some(condition => condition.embed.length === 0)) {
    throw notUnderstood('filter', `a ${method} needs a filter that says which rows`)
  }
  if (question.select !== null && returns !== 'representation') {
    throw notUnderstood('select', 'select needs Prefer: return=representation on a write')
  }
  const written = readWritten(collection, write)
  const selection = resolveSelect(source.catalogue, collection, question.select ?? [{ item: 'star' }])
  const conditions = resolveConditions(selection.level, question.conditions)
  const shows = returns === 'representation'
  const query = writeQuestion({ ...question, select: shows ? selection.items : null })
  return {
    kind: 'facts',
    source: source.name,
    collection: collection.name,
    uses: distinctUses([...written.uses, ...conditions.uses, ...(shows ? selection.uses : [])]),
    dataSubjects: conditions.dataSubjects,
    writes: true,
    whole: false,
    addresses: written.addresses,
    confine: null,
    shape: { node: 'records', record: shows ? selection.record : { ...selection.record, key: null, members: new Map() }, relation: null },
    upstream: {
      method,
      target: `/${encodeURIComponent(collection.name)}${query === '' ? '' : `?${query}`}`,
      headers: new Map([
        ['accept', write.accept],
        ['prefer', `return=${shows ? 'representation' : 'minimal'}`],
        ...(written.body === null ? [] : [['content-type', 'application/json'] as const]),
      ]),
      body: written.body,
    },
  }
}

function readWritten(collection: Collection, { call, method }: Write): Written {
  if (method === 'DELETE') {
    if (call.body !== null && call.body.length > 0) throw malformed('body', 'a DELETE call has no body')
    return { body: null, uses: useEveryField(collection), addresses: [] }
  }
  const { records, isList } = readJsonBody(call)
  if (method === 'PATCH' && isList) throw malformed('body', 'the body of a PATCH is one object')
  const text = writeJson(isList ? records : records[0]!)
  return {
    body: new TextEncoder().encode(text),
    uses: records.flatMap(record => useWritten(collection, record)),
    addresses: writtenAddresses(collection.name, records),
  }
}
