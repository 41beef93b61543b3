import type { Call } from '../../terms/call.ts'
import { isJsonList, isJsonObject, type JsonObject, readJson } from '../json/read-json.ts'
import { malformed, wrongMediaType } from '../unreadable.ts'

// Exactly these spellings: tabs, leading blanks and trailing text have made one parser read a body another one skipped
// (GHSA-jx2c-rxcm-jvmq, GHSA-573f-x89g-hqp9, CVE-2026-33806, CVE-2025-32442).
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i

/** The records of a write: one object, or a list of objects. A string that holds JSON is refused (GHSA-v2v2-hph8-q5xp). */
export function readJsonBody(call: Call): { readonly records: readonly JsonObject[]; readonly isList: boolean } {
  const types = call.headers.get('content-type') ?? []
  if (types.length !== 1 || !JSON_TYPE.test(types[0]!)) throw wrongMediaType('content-type', 'write the body as application/json')
  if ((call.headers.get('content-encoding') ?? []).length > 0) throw wrongMediaType('content-encoding', 'send the body uncompressed')
  if (call.body === null || call.body.length === 0) throw malformed('body', 'the body is empty')
  const value = readJson(call.body)
  const records = (isJsonList(value) ? value : [value]).map(record => {
    if (!isJsonObject(record)) throw malformed('body', 'the body must be an object or a list of objects')
    if (record.size === 0) throw malformed('body', 'a record of the body names no field')
    return record
  })
  if (records.length === 0) throw malformed('body', 'the body lists no record')
  return { records, isList: isJsonList(value) }
}
