import { type Dispatcher, Pool, request } from 'undici'
import { Fault } from './terms/faults.ts'

const KEYS_BYTES_MAX = 64 * 1024
const BUNDLE_BYTES_MAX = 8 * 1024 * 1024
const ADMIN_BYTES_MAX = 64 * 1024 * 1024
const FETCH_TIMEOUT_MS = 5_000
const ADMIN_TIMEOUT_MS = 30_000
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
  try {
    return JSON.parse(await fetchText(url, KEYS_BYTES_MAX))
  } catch (cause) {
    throw new Fault('fault.keys', 'unavailable', `the keys at ${url} could not be fetched`, { cause })
  }
}

/** Fetches a rulebook bundle: no redirects, 8 MiB, 5 s. @throws Error saying why it cannot be had */
export async function fetchBundle(url: string): Promise<string> {
  try {
    return await fetchText(url, BUNDLE_BYTES_MAX)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'no answer'
    throw new Error(`the bundle at ${url} could not be fetched: ${why}`, { cause })
  }
}

/**
 * Asks the admin address of a running gate, for a command: 64 MiB, 30 s, and no redirects, since the person's token would go along.
 * @throws Error saying why there is no answer
 */
export async function askAdmin(question: {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly token: string
  /** JSON; null: none is sent. */
  readonly body: string | null
}): Promise<{ readonly status: number; readonly text: string }> {
  const { url, method, token, body } = question
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(body === null ? {} : { 'content-type': 'application/json' }),
  }
  try {
    const answer = await request(url, { method, headers, body, signal: AbortSignal.timeout(ADMIN_TIMEOUT_MS) })
    return { status: answer.statusCode, text: await readText(answer.body, ADMIN_BYTES_MAX) }
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : cause instanceof Error ? cause.message : 'no answer'
    throw new Error(`nothing answers at ${new URL(url).origin} (${why}); is the gate running, and is this its admin address?`, { cause })
  }
}

/** One document, whole. Redirects are not followed: a configured place is the only place. */
async function fetchText(url: string, bytesMax: number): Promise<string> {
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS)
  const answer = await request(url, { method: 'GET', headers: { accept: 'application/json' }, signal })
  if (answer.statusCode !== 200) {
    await answer.body.dump()
    throw new Error(`status ${answer.statusCode}`)
  }
  return readText(answer.body, bytesMax)
}

async function readText(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new Error(`more than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}
