import type { UpstreamAnswer } from '../terms/answer.ts'
import { Fault } from '../terms/faults.ts'

/** Pulls the body piece by piece; null at its end. */
export type ReadBody = () => Promise<Uint8Array | null>

/**
 * Reads an upstream body under its promises. Throws `upstream.uninspectable` when it grows past `limit` bytes or is longer or shorter
 * than declared (a cut body must never pass as a whole one), `upstream.failed` when the connection breaks, and faults as they come.
 */
export function readBody(answer: UpstreamAnswer, declared: number | null, limit: number): ReadBody {
  const body = answer.body[Symbol.asyncIterator]()
  let read = 0
  const uninspectable = (message: string) => new Fault('upstream.uninspectable', 'upstream', message, { upstreamStatus: answer.status })
  return async () => {
    const { done, value } = await body.next().catch((cause: unknown) => {
      if (cause instanceof Fault) throw cause
      throw new Fault('upstream.failed', 'upstream', 'the record API broke off its answer', { cause, upstreamStatus: answer.status })
    })
    if (done === true) {
      if (declared !== null && read !== declared) throw uninspectable('fewer bytes than declared')
      return null
    }
    read += value.byteLength
    if (declared !== null && read > declared) throw uninspectable('more bytes than declared')
    if (read > limit) throw uninspectable('an answer above the limit')
    return value
  }
}
