import { type Dispatcher, Pool, request } from 'undici'
import { Fault } from './terms/faults.ts'

const KEYS_BYTES_MAX = 64 * 1024
const KEYS_TIMEOUT_MS = 5_000
const CONNECTIONS_MAX = 128

/** A connection to one record API. */
export interface Upstream {
  readonly ask: (question: Question) => Promise<Dispatcher.ResponseData>
  readonly close: () => Promise<void>
}

export interface Question {
  readonly method: Dispatcher.HttpMethod
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
}

/**
 * Opens a pool of kept connections to a record API. Redirects are never followed, nothing is retried, nothing cached: an answer is read
 * once, for the one caller it was judged for.
 */
export function openUpstream(url: string, timeoutMs: number): Upstream {
  const { origin, pathname } = new URL(url)
  const prefix = pathname.replace(/\/$/, '')
  const pool = new Pool(origin, {
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs },
    maxHeaderSize: 16 * 1024,
  })
  return {
    ask: ({ method, target, headers, body }) => pool.request({ method, path: prefix + target, headers, body }),
    close: () => pool.close(),
  }
}

/** Fetches a JWKS document: no redirects, 64 KiB, 5 s. @throws Fault `fault.keys` */
export async function fetchKeys(url: string): Promise<unknown> {
  const unavailable = (cause: unknown) => new Fault('fault.keys', 'unavailable', `the keys at ${url} could not be fetched`, { cause })
  try {
    const signal = AbortSignal.timeout(KEYS_TIMEOUT_MS)
    const answer = await request(url, { method: 'GET', headers: { accept: 'application/json' }, signal })
    if (answer.statusCode !== 200) {
      await answer.body.dump()
      throw unavailable(`status ${answer.statusCode}`)
    }
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > KEYS_BYTES_MAX) throw unavailable(`more than ${KEYS_BYTES_MAX} bytes`)
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    throw error instanceof Fault ? error : unavailable(error)
  }
}
