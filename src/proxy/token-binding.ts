import type { PeerCertificate } from '../terms/call.ts'
import { Fault } from '../terms/faults.ts'

/**
 * A token with `cnf` is its sender's alone (RFC 7800): it counts only on a connection whose client certificate has the thumbprint it
 * names (RFC 8705, section 3.1). Any other way of binding it cannot be checked here, so it refuses.
 * @throws Fault `unauthenticated`
 */
export function checkBinding(cnf: unknown, certificate: PeerCertificate | null): void {
  if (cnf === undefined) return
  if (typeof cnf !== 'object' || cnf === null || Object.keys(cnf).join() !== 'x5t#S256' || !('x5t#S256' in cnf))
    throw refused('the token is bound to its sender (cnf) in a way that cannot be checked here')
  if (certificate === null) throw refused('the token is bound to a client certificate, and there is none')
  if (cnf['x5t#S256'] !== certificate.thumbprint) throw refused('the token is bound to another client certificate')
}

const refused = (message: string): Fault => new Fault('token.invalid', 'unauthenticated', message)
