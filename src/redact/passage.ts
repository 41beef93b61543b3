import type { RedactionReport } from '../terms/answer.ts'
import type { JsonOptions } from './formats/json/scan.ts'
import { type JsonRedactor, redactJson } from './formats/json.ts'
import type { Plan } from './plan.ts'

/** An answer being redacted: what may leave of each chunk and of the end, and what was counted so far. */
export interface Passage {
  readonly write: (chunk: Uint8Array) => Uint8Array
  readonly end: () => Uint8Array
  readonly report: () => RedactionReport
}

/** Opens the passage for one answer. */
export function openPassage(plan: Plan, options: JsonOptions, upstreamStatus: number): Passage {
  let bytesIn = 0
  let bytesOut = 0
  const json: JsonRedactor = redactJson(plan, options, upstreamStatus)
  const count = (out: Uint8Array) => {
    bytesOut += out.byteLength
    return out
  }
  return {
    write: chunk => {
      bytesIn += chunk.byteLength
      return count(json.write(chunk))
    },
    end: () => count(json.end()),
    report: () => ({ bytesIn, bytesOut, records: json.records(), cut: json.cut() }),
  }
}
