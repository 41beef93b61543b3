import type { Upstream } from '../outbound.ts'
import type { UpstreamAnswer } from '../terms/answer.ts'
import type { Permit } from '../terms/decision.ts'
import { Fault } from '../terms/faults.ts'
import type { Receipt } from '../terms/receipt.ts'

/** A record API as configured: its connection, and how Haven authenticates there. */
export interface UpstreamSource {
  readonly upstream: Upstream
  readonly bearer: string | null
}

/**
 * Asks the record API exactly what was judged. Takes nothing but a receipt: without an entry in the journal there is nothing to send.
 * Only headers the dialect set travel, and Haven's own; nothing of the caller's does (`Connection: authorization` cannot remove ours).
 * @throws Fault `upstream.*`
 */
export async function forward(sources: ReadonlyMap<string, UpstreamSource>, receipt: Receipt<Permit>): Promise<UpstreamAnswer> {
  const { query } = receipt.judgement
  const source = query?.kind === 'facts' ? sources.get(query.source) : undefined
  if (query?.kind !== 'facts' || !source)
    throw new Fault('fault.stage-failed', 'unavailable', 'a permit without a query cannot be forwarded')
  const { method, target, headers, body } = query.upstream
  const sent: Record<string, string> = { ...Object.fromEntries(headers), 'accept-encoding': 'identity' }
  if (source.bearer !== null) sent['authorization'] = `Bearer ${source.bearer}`
  try {
    const answer = await source.upstream.ask({ method, target, headers: sent, body })
    const stop = () => void answer.body.on('error', () => undefined).destroy()
    return { status: answer.statusCode, headers: collect(answer.headers), body: translated(answer.body), destroy: stop }
  } catch (error) {
    throw toFault(error)
  }
}

function collect(headers: Readonly<Record<string, string | string[] | undefined>>): Map<string, readonly string[]> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value === undefined ? [] : [value].flat()]))
}

async function* translated(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw toFault(error)
  }
}

/** undici's words name hosts and ports; the caller gets ours, the operator's log gets the cause. */
function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const timedOut = /TIMEOUT/.test(code)
  return new Fault(timedOut ? 'upstream.timeout' : 'upstream.failed', 'upstream', `the record API did not answer (${code})`, {
    cause: error,
    timedOut,
  })
}
