import type { ServerResponse } from 'node:http'
import type { RedactedAnswer } from '../terms/answer.ts'
import { Fault } from '../terms/faults.ts'
import type { Outcome } from '../terms/receipt.ts'

/** How long a client may take none of its answer. */
const STALLED_MS = 30_000

/**
 * Sends a redacted answer and says what became of it. A small answer goes out with its length; a long one as chunks, and when the rest
 * cannot be judged the connection is destroyed: an ended response would look whole.
 */
export async function deliver(
  raw: ServerResponse,
  answer: RedactedAnswer,
  headers: Record<string, string>,
  bodiless: boolean,
  report: (error: unknown) => void,
): Promise<Outcome> {
  const settled = (state: Outcome['state'], failure: Outcome['failure']): Outcome => ({
    state,
    upstreamStatus: answer.status,
    status: answer.status,
    ...answer.report(),
    failure,
  })
  try {
    if (answer.body instanceof Uint8Array) sendWhole(raw, answer.status, answer.body, headers, bodiless)
    else if (!(await sendStream(raw, answer.status, answer.body, headers))) return settled('abandoned', null)
  } catch (error) {
    if (raw.destroyed) return settled('abandoned', null)
    // Fastify was told to keep its hands off: whatever fails here would leave the caller waiting and the permit without an outcome.
    report(error)
    raw.destroy()
    const code = error instanceof Fault ? error.code : 'fault.stage-failed'
    return settled('withheld', { code, atByte: answer.report().bytesIn })
  }
  return settled((await left(raw)) ? 'released' : 'abandoned', null)
}

function sendWhole(raw: ServerResponse, status: number, body: Uint8Array, headers: Record<string, string>, bodiless: boolean): void {
  // HEAD and 204 tell no length: it would be the length of what was left out (HEAD is a read like GET).
  raw.writeHead(status, bodiless ? headers : { ...headers, 'content-length': String(body.length) })
  raw.end(bodiless ? undefined : body)
}

/** False when the client left first; then the upstream connection is let go. */
async function sendStream(raw: ServerResponse, status: number, body: AsyncIterable<Uint8Array>, headers: Record<string, string>) {
  const rest = body[Symbol.asyncIterator]()
  // A client that leaves while the record API is silent would otherwise hold its connection until the time-out.
  raw.once('close', () => void rest.return?.())
  raw.writeHead(status, headers)
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    if (raw.destroyed) {
      void rest.return?.()
      return false
    }
    if (!raw.write(next.value)) await drained(raw)
  }
  raw.end()
  return true
}

/** A client that went away never drains, one that stopped reading neither: waiting would hold the upstream connection for ever. */
const drained = (raw: ServerResponse) => happens(raw, 'drain')

function happens(raw: ServerResponse, event: 'drain' | 'finish'): Promise<void> {
  // Node destroys the connection when none of the bytes it holds has moved for so long; a slow reader is not cut off.
  raw.socket?.setTimeout(STALLED_MS)
  return new Promise(resolve => {
    const settle = () => {
      raw.off(event, settle).off('close', settle)
      // After `finish` the time-out is Node's own, for the next call on the connection.
      if (event === 'drain') raw.socket?.setTimeout(0)
      resolve()
    }
    raw.on(event, settle).on('close', settle)
  })
}

/** Whether the last byte was handed to the network before the connection closed. */
async function left(raw: ServerResponse): Promise<boolean> {
  if (!raw.writableFinished && !raw.destroyed) await happens(raw, 'finish')
  return raw.writableFinished
}
