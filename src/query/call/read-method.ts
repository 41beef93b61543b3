import type { Call, UpstreamRequest } from '../../terms/call.ts'
import { ambiguous, malformed, wrongMethod } from '../unreadable.ts'

export type Method = UpstreamRequest['method']

const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']
const WRITES = new Set<string>(['POST', 'PATCH', 'PUT', 'DELETE'])

const isWrite = (method: string): method is Method => WRITES.has(method)

/** The one method the call has. Anything but GET and HEAD needs a source that takes writes. */
export function readMethod(call: Call, writes: boolean): Method {
  for (const name of OVERRIDES) {
    // CVE-2023-30845: the record API runs the method in the header, the rule saw the one in the request line.
    if (call.headers.has(name)) throw ambiguous('headers', `the header ${name} is not accepted; send the method itself`)
  }
  if (call.headers.has('range'))
    throw malformed('headers', 'Range is not accepted; page with the parameters of the source (limit and offset)')
  if (call.method === 'GET' || call.method === 'HEAD') {
    if (call.body !== null && call.body.length > 0) throw ambiguous('body', `a ${call.method} call has no body`)
    return call.method
  }
  if (!writes || !isWrite(call.method)) throw wrongMethod(call.method)
  return call.method
}

export const isRead = (method: Method): boolean => method === 'GET' || method === 'HEAD'
