import type { UpstreamAnswer } from '../terms/answer.ts'
import type { Passage } from './passage.ts'
import type { ReadBody } from './read-body.ts'

/**
 * What is still to leave of an answer whose beginning was judged: `first`, then the rest as it is read and judged, one pull upstream per
 * pull here. Throws the fault that ended it, on every later pull too, so that no reader can take a broken answer for a finished one. The
 * upstream is destroyed on a fault and when the reader gives up.
 */
export function releaseRest(answer: UpstreamAnswer, first: Uint8Array, read: ReadBody, passage: Passage): AsyncIterable<Uint8Array> {
  let waiting: Uint8Array | null = first
  let ended = false
  let givenUp = false
  let broken: { readonly fault: unknown } | null = null

  async function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (broken !== null) throw broken.fault
    try {
      for (;;) {
        if (givenUp) return { done: true, value: undefined }
        if (waiting !== null && waiting.byteLength > 0) {
          const value = waiting
          waiting = null
          return { done: false, value }
        }
        if (ended) return { done: true, value: undefined }
        const chunk = await read()
        ended = chunk === null
        waiting = chunk === null ? passage.end() : passage.write(chunk)
      }
    } catch (fault) {
      broken = { fault }
      answer.destroy()
      throw fault
    }
  }

  function giveUp(): Promise<IteratorResult<Uint8Array, undefined>> {
    givenUp = true
    answer.destroy()
    return Promise.resolve({ done: true, value: undefined })
  }

  return { [Symbol.asyncIterator]: () => ({ next, return: giveUp }) }
}
