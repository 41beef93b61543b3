import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { RedactedAnswer } from '../terms/answer.ts'
import { Fault } from '../terms/faults.ts'
import type { Outcome } from '../terms/receipt.ts'

/**
 * Sends a redacted answer and says what became of it. A small answer goes out with its length; a long one as chunks, and when the rest
 * cannot be judged the connection is destroyed: an ended response would look whole.
 */
export async function deliver(
  raw: ServerResponse,
  answer: RedactedAnswer,
  headers: Record<string, string>,
  bodiless: boolean,
): Promise<Outcome> {
  const settled = (state: Outcome['state'], failure: Outcome['failure']): Outcome => ({
    state,
    upstreamStatus: answer.status,
    status: answer.status,
    ...answer.report(),
    failure,
  })
  const { body } = answer
  if (body instanceof Uint8Array) {
    // HEAD and 204 tell no length: it would be the length of what was left out (HEAD is a read like GET).
    raw.writeHead(answer.status, bodiless ? headers : { ...headers, 'content-length': String(body.length) })
    raw.end(bodiless ? undefined : body)
    return settled((await left(raw)) ? 'released' : 'abandoned', null)
  }
  raw.writeHead(answer.status, headers)
  try {
    for await (const chunk of body) {
      if (raw.destroyed) return settled('abandoned', null)
      if (!raw.write(chunk)) await drained(raw)
    }
  } catch (error) {
    raw.destroy()
    const code = error instanceof Fault ? error.code : 'fault.stage-failed'
    return settled('withheld', { code, atByte: answer.report().bytesIn })
  }
  raw.end()
  return settled((await left(raw)) ? 'released' : 'abandoned', null)
}

/** A client that went away never drains: waiting for it would hold the upstream connection for ever. */
async function drained(raw: ServerResponse): Promise<void> {
  const gone = new AbortController()
  const { signal } = gone
  await Promise.race([once(raw, 'drain', { signal }), once(raw, 'close', { signal })]).catch(() => undefined)
  gone.abort()
}

/** Whether the last byte was handed to the network before the connection closed. */
async function left(raw: ServerResponse): Promise<boolean> {
  if (!raw.writableFinished && !raw.destroyed) {
    const gone = new AbortController()
    const { signal } = gone
    await Promise.race([once(raw, 'finish', { signal }), once(raw, 'close', { signal })]).catch(() => undefined)
    gone.abort()
  }
  return raw.writableFinished
}
