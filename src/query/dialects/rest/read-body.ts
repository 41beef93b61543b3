import type { Call } from '../../../terms/call.ts'
import type { Collection } from '../../../terms/catalogue.ts'
import type { Address, FieldUse } from '../../../terms/query-facts.ts'
import { writtenAddresses } from '../../addresses/written-addresses.ts'
import { readJsonBody } from '../../call/read-json-body.ts'
import type { Method } from '../../call/read-method.ts'
import { useEveryField, useWritten } from '../../fields/use-written.ts'
import { writeJson } from '../../json/write-json.ts'
import { malformed, notUnderstood } from '../../unreadable.ts'

interface Write {
  readonly call: Call
  readonly method: Method
  /** The path names the record by its key. */
  readonly hasKey: boolean
}

interface Written {
  readonly body: Uint8Array | null
  readonly uses: readonly FieldUse[]
  readonly addresses: readonly Address[]
}

/** What a write says, written anew. Everything but a POST must name its record in the path, or it would change all of them. */
export function readBody(collection: Collection, { call, method, hasKey }: Write): Written {
  if (method !== 'POST' && !hasKey) throw notUnderstood('path', `a ${method} needs a path that names the record`)
  if (method === 'DELETE') {
    if (call.body !== null && call.body.length > 0) throw malformed('body', 'a DELETE call has no body')
    return { body: null, uses: useEveryField(collection), addresses: [] }
  }
  const { records, isList } = readJsonBody(call)
  if (isList && method !== 'POST') throw malformed('body', `the body of a ${method} is one object`)
  const uses = records.flatMap(record => useWritten(collection, record))
  const body = new TextEncoder().encode(writeJson(isList ? records : records[0]!))
  return { body, uses, addresses: writtenAddresses(collection.name, records) }
}
