import type { Confinement } from '../../../src/redact/confinement.ts'
import { type JsonRedactor, redactJson } from '../../../src/redact/formats/json.ts'
import { planRedaction } from '../../../src/redact/plan.ts'
import type { RedactedAnswer } from '../../../src/terms/answer.ts'
import type { Paper } from '../../../src/terms/consulted.ts'
import { Fault } from '../../../src/terms/faults.ts'
import type { AnswerShape } from '../../../src/terms/query-facts.ts'
import { facts, permit, type Terms } from './build.ts'
import { SEARCH } from './search.ts'

export interface Run {
  readonly out: string
  readonly records: number
  readonly cut: Readonly<Record<string, number>>
}

export interface RunOptions {
  readonly lines?: boolean
  /** Only the record of this key may leave: one's own. */
  readonly ownKey?: string | null
  /** Only what this process names may leave. */
  readonly paper?: Paper
  /** Keys the query names by equality. */
  readonly dataSubjects?: readonly string[]
  readonly collection?: string
  readonly valueBytes?: number
  /** Sizes of the chunks, used in turn; one chunk without. */
  readonly sizes?: readonly number[]
}

export function scanner(shape: AnswerShape, terms: Terms = {}, options: RunOptions = {}): JsonRedactor {
  const query = { ...facts(shape), dataSubjects: options.dataSubjects ?? [], collection: options.collection ?? 'people' }
  const plan = planRedaction(query, permit(terms), confinementOf(options))
  return redactJson(plan, { lines: options.lines ?? false, valueBytes: options.valueBytes ?? 1 << 20, search: SEARCH }, 200)
}

/** What the redactor would read from a permit for these. */
export function confinementOf({ ownKey, paper, dataSubjects = [] }: RunOptions): Confinement | null {
  const keys = new Set(paper?.scope.persons ?? [ownKey ?? []].flat())
  const asked = dataSubjects.length > 0 && dataSubjects.every(key => keys.has(key))
  return keys.size === 0 ? null : { keys, own: typeof ownKey === 'string', paper: paper ?? null, asked }
}

/** Runs a whole body through the scanner. */
export function run(shape: AnswerShape, body: string | Uint8Array, terms: Terms = {}, options: RunOptions = {}): Run {
  const json = scanner(shape, terms, options)
  const out = cutUp(typeof body === 'string' ? Buffer.from(body) : body, options.sizes).map(chunk => json.write(chunk))
  out.push(json.end())
  return { out: Buffer.concat(out).toString('utf8'), records: json.records(), cut: Object.fromEntries(json.cut()) }
}

/** What `run` gives, or the code of the fault; anything but a fault is thrown on. */
export function runOrFault(shape: AnswerShape, body: string | Uint8Array, terms: Terms = {}, options: RunOptions = {}): Run | string {
  try {
    return run(shape, body, terms, options)
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
}

export function cutUp(bytes: Uint8Array, sizes: readonly number[] = []): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[k % sizes.length]!)
    chunks.push(bytes.slice(at, at + size))
    at += size
  }
  return chunks
}

/** The whole body of a released answer. */
export async function bodyOf(released: RedactedAnswer): Promise<string> {
  const chunks: Uint8Array[] = []
  if (released.body instanceof Uint8Array) return Buffer.from(released.body).toString('utf8')
  for await (const chunk of released.body) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
