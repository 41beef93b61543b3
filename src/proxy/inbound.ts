import type { FastifyRequest } from 'fastify'
import type { Call } from '../terms/call.ts'
import type { Opaque } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'
import type { GatePeer } from './caller.ts'

/** A call as it arrived, and what was wrong with its framing, if anything. */
export interface Arrival {
  readonly call: Call
  readonly broken: Opaque | null
}

const HEADERS_ONCE = ['host', 'content-type', 'content-length', 'authorization', 'accept']

/** Reads the call from the raw request: the router's decoding is never used, since the record API would decode a second time. */
export function readCall(request: FastifyRequest, id: string, receivedAt: number, from: GatePeer): Arrival {
  const { raw } = request
  const { unreadable, ...peer } = from
  const url = raw.url ?? ''
  const headers = collectHeaders(raw.rawHeaders)
  const [path = '', ...rest] = url.split('?')
  const match = /^\/([^/]*)(\/.*)?$/.exec(path)
  const body = Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : null
  const call = {
    id,
    receivedAt,
    method: raw.method ?? '',
    source: decodeSegment(match?.[1] ?? ''),
    path: match?.[2] ?? '/',
    query: rest.join('?'),
    headers,
    body,
    peer,
  }
  return {
    call,
    broken: match
      ? (checkVersion(raw.httpVersion) ?? checkFraming(call, headers) ?? checkForwarding(unreadable))
      : broken('call.malformed', 'the request target must be a path that starts with /'),
  }
}

/** The parser lets `HTTP/2.0` through and frames the rest as it likes. */
function checkVersion(version: string): Opaque | null {
  return version === '1.1' || version === '1.0' ? null : broken('call.malformed', 'the gate speaks HTTP/1.1 on this connection')
}

function checkFraming(call: Call, headers: Call['headers']): Opaque | null {
  const twice = HEADERS_ONCE.find(name => (headers.get(name)?.length ?? 0) > 1)
  if (twice) return broken('call.ambiguous', `the header ${twice} was sent more than once`)
  if (/[^\x21-\x7e]/.test(call.path + call.query))
    return broken('call.malformed', 'the request target holds raw characters; percent-encode them')
  if ((call.method === 'GET' || call.method === 'HEAD') && hasBody(headers))
    return broken('call.ambiguous', `a ${call.method} call has no body; send none`)
  if (headers.has('expect') && headers.get('expect')?.join().toLowerCase() !== '100-continue')
    return broken('call.malformed', 'the header expect asks for something the gate does not do')
  return null
}

/** A proxy whose word nobody can read would leave every network of the directory unheard, and nobody would notice. */
function checkForwarding(unreadable: string | null): Opaque | null {
  return unreadable === null ? null : broken('call.ambiguous', `the proxy in front of the gate names no readable address in ${unreadable}`)
}

/** The server drains a body it does not hand over: one that nobody judged would be one that a less strict reader obeys (D-X-14). */
function hasBody(headers: Call['headers']): boolean {
  return headers.has('transfer-encoding') || (headers.get('content-length') ?? []).some(length => !/^0+$/.test(length))
}

/** What the server refused to read, as a value the gatekeeper records like any other refusal. */
export function broken(code: ReasonCode, detail: string, refused: Opaque['refused'] = null): Opaque {
  return { kind: 'opaque', reply: 'malformed', refused, code, detail, where: 'call' }
}

function collectHeaders(raw: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), raw[i + 1] ?? ''])
  }
  return headers
}

/** A source name never needs escapes; one that has them is left as it is, and then names no source. */
const decodeSegment = (segment: string): string => (/^[a-z0-9.-]+$/.test(segment) ? segment : `?${segment}`)
