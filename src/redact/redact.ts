import type { RedactedAnswer, UpstreamAnswer } from '../terms/answer.ts'
import type { Permit } from '../terms/decision.ts'
import { Fault } from '../terms/faults.ts'
import type { Receipt } from '../terms/receipt.ts'
import { type AcceptedHead, acceptHead } from './accept-head.ts'
import type { TextSearch } from './compile-search.ts'
import { readConfinement } from './confinement.ts'
import { openPassage, type Passage } from './passage.ts'
import { type Plan, planRedaction } from './plan.ts'
import { type ReadBody, readBody } from './read-body.ts'
import { releaseRest } from './release-rest.ts'

/** What is the same for every answer. Limits are in bytes. */
export interface RedactSettings {
  /** An answer above this is refused. */
  readonly answerBytes: number
  /** What a record may need while it is held for its key, and a string while it is searched. */
  readonly valueBytes: number
  /** An answer up to this size is judged completely before its first byte leaves. */
  readonly wholeBytes: number
  readonly search: TextSearch
}

/**
 * Pulls the upstream body until it ended or `wholeBytes` were read, and returns what of it the permit lets leave; the rest follows as a
 * stream. Throws a `Fault` (`upstream.*`, `obligation.unmet`) before anything is returned when the head, the obligations or the first
 * `wholeBytes` cannot be judged; later the stream throws it. On every fault, and when the stream is given up, the upstream is destroyed.
 */
export async function redact(
  answer: UpstreamAnswer,
  receipt: Receipt<Permit>,
  settings: RedactSettings,
  method: string,
): Promise<RedactedAnswer> {
  try {
    const plan = planFor(receipt)
    const head = acceptHead(answer, method, settings.answerBytes)
    const options = { lines: head.content?.format === 'ndjson', valueBytes: settings.valueBytes, search: settings.search }
    const passage = openPassage(plan, options, answer.status)
    const read = readBody(answer, head.length, settings.answerBytes)
    const { bytes, ended } = await collect(read, settings.wholeBytes)
    if (head.body === 'none' || (bytes.length === 0 && head.body === 'optional')) return withoutBody(answer, head, bytes, passage)
    return await release(answer, head, bytes, ended, read, passage)
  } catch (error) {
    answer.destroy()
    throw error
  }
}

function planFor({ judgement }: Receipt<Permit>): Plan {
  const { query } = judgement
  if (query?.kind !== 'facts') throw new Fault('fault.stage-failed', 'unavailable', 'a permit for a query that was not understood')
  return planRedaction(query, judgement.decision, readConfinement(judgement, query))
}

function withoutBody(answer: UpstreamAnswer, head: AcceptedHead, bytes: Uint8Array, passage: Passage): RedactedAnswer {
  // Bytes where none may come were judged by nobody.
  if (bytes.length > 0)
    throw new Fault('upstream.uninspectable', 'upstream', 'a body where none belongs', { upstreamStatus: answer.status })
  const contentType = head.body === 'none' ? (head.content?.released ?? null) : null
  return { status: answer.status, contentType, body: bytes, report: passage.report }
}

async function release(
  answer: UpstreamAnswer,
  head: AcceptedHead,
  beginning: Uint8Array,
  whole: boolean,
  read: ReadBody,
  passage: Passage,
): Promise<RedactedAnswer> {
  const { report } = passage
  const { status } = answer
  const contentType = head.content?.released ?? null
  let first = passage.write(beginning)
  let ended = whole
  // While nothing may leave yet, a fault can still be a clean reply: somebody else's long record must look like no record at all.
  while (!ended && first.length === 0) {
    const chunk = await read()
    ended = chunk === null
    if (chunk !== null) first = passage.write(chunk)
  }
  if (ended) return { status, contentType, body: Buffer.concat([first, passage.end()]), report }
  return { status, contentType, body: releaseRest(answer, first, read, passage), report }
}

/** The body if it is no longer than `wholeBytes`, else its beginning. */
async function collect(read: ReadBody, wholeBytes: number): Promise<{ bytes: Uint8Array; ended: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  while (size <= wholeBytes) {
    const chunk = await read()
    if (chunk === null) return { bytes: Buffer.concat(chunks), ended: true }
    chunks.push(chunk)
    size += chunk.byteLength
  }
  return { bytes: Buffer.concat(chunks), ended: false }
}
