import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Peer } from '../terms/call.ts'
import type { Claims } from '../terms/parties.ts'
import { type AuthenticationParts, registerAuthentication } from './authenticate.ts'
import { makeReadOrigin } from './client-address.ts'
import { certificateOf } from './client-certificate.ts'

/** Who is calling, as token and connection show it. */
export interface Caller {
  readonly claims: Claims
  readonly peer: GatePeer
}

export interface GatePeer extends Peer {
  /** Headers of forwarding of a trusted proxy that name no address; null when there are none such. */
  readonly unreadable: string | null
}

export interface CallerParts extends AuthenticationParts<Claims> {
  /** Networks (CIDR) whose headers of forwarding count. */
  readonly trustedProxies: readonly string[]
}

/** Makes the reader of callers. `forget` drops every verified token. @throws Fault (the reader) as `authenticate` and `certificateOf` */
export async function registerCallers(gate: FastifyInstance, parts: CallerParts) {
  const { authenticate, forget } = await registerAuthentication(gate, parts)
  const readOrigin = makeReadOrigin(parts.trustedProxies)
  const readCaller = async (request: FastifyRequest): Promise<Caller> => {
    const { socket, headers } = request.raw
    const certificate = certificateOf(socket, parts.now())
    const claims = await authenticate(request, certificate)
    const { addresses, forwarded, unreadable } = readOrigin(socket.remoteAddress, headers)
    const [address = null, ...others] = addresses
    // A proxy's own certificate says nothing about those it passes on.
    return { claims, peer: { address, others, certificate: forwarded ? null : certificate, unreadable } }
  }
  return { readCaller, forget }
}
