import { createHash, type X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { PeerCertificate } from '../terms/call.ts'
import { Fault } from '../terms/faults.ts'

interface Known {
  readonly certificate: PeerCertificate
  readonly from: number
  readonly to: number
}

/** A connection has one certificate for as long as it lives: the listener lets nobody renegotiate. */
const known = new WeakMap<Socket, Known>()

const KINDS: Readonly<Record<string, 'dns' | 'email' | 'uri'>> = { DNS: 'dns', email: 'email', URI: 'uri' }

/**
 * The certificate that the other end proved to hold, or null where none was asked for. `now` in milliseconds since 1970.
 * @throws Fault `unauthenticated` when it is not valid now (a connection may outlive it), or its names cannot be read
 */
export function certificateOf(socket: Socket, now: number): PeerCertificate | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null
  const found = known.get(socket) ?? read(socket.getPeerX509Certificate())
  if (found === null) return null
  known.set(socket, found)
  if (now < found.from || now > found.to) throw new Fault('token.invalid', 'unauthenticated', 'the client certificate is not valid now')
  return found.certificate
}

function read(certificate: X509Certificate | undefined): Known | null {
  if (certificate === undefined) return null
  const { raw, subjectAltName, validFromDate, validToDate } = certificate
  const thumbprint = createHash('sha256').update(raw).digest('base64url')
  return { certificate: { thumbprint, names: readNames(subjectAltName ?? '') }, from: validFromDate.getTime(), to: validToDate.getTime() }
}

/**
 * Reads `DNS:a.example, URI:"http://b.example/\u002c c"`. Node puts what could be taken for a second name into quotes, as JSON
 * (CVE-2021-44532): cut at commas, one name would be two.
 * @throws Fault `unauthenticated` for text of any other form
 */
export function readNames(text: string): PeerCertificate['names'] {
  const names: { kind: 'dns' | 'email' | 'uri'; name: string }[] = []
  const entry = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, (?=.)|$)/y
  while (entry.lastIndex < text.length) {
    const [, written = '', value = ''] = entry.exec(text) ?? unreadable()
    const kind = KINDS[written]
    if (kind !== undefined) names.push({ kind, name: value.startsWith('"') ? unquote(value) : value })
  }
  return names
}

function unquote(value: string): string {
  try {
    return String(JSON.parse(value))
  } catch {
    return unreadable()
  }
}

function unreadable(): never {
  throw new Fault('token.invalid', 'unauthenticated', 'the names of the client certificate cannot be read')
}
