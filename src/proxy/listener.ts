import { constants, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'

/** PEM. With `clientCa` nobody gets in without a certificate of that authority. */
export interface Tls {
  readonly key: Buffer
  readonly cert: Buffer
  readonly clientCa: Buffer | null
}

const HEADER_BYTES_MAX = 16 * 1024
const REQUEST_TIMEOUT_MS = 60_000
const HANDSHAKE_TIMEOUT_MS = 10_000

/** Reads the files of a configuration. @throws Error when one cannot be read, or the client CA holds no certificate */
export function readTls(files: { readonly key: string; readonly cert: string; readonly clientCa?: string | undefined }): Tls {
  const { key, cert, clientCa } = files
  return {
    key: readFileSync(key),
    cert: readFileSync(cert),
    clientCa: clientCa === undefined ? null : checkAuthority(readFileSync(clientCa)),
  }
}

/** The server behind the gate. */
export function createListener(handler: (request: IncomingMessage, reply: ServerResponse) => void, tls: Tls | null): Server {
  const strict = { maxHeaderSize: HEADER_BYTES_MAX, insecureHTTPParser: false, requireHostHeader: true, requestTimeout: REQUEST_TIMEOUT_MS }
  if (tls === null) return createHttpServer(strict, handler)
  const { key, cert, clientCa } = tls
  const secure = {
    ...{ key, cert, handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
    // A caller that renegotiates could show one certificate with one call and another with the next.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    ...(clientCa === null ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
  }
  return createHttpsServer({ ...strict, ...secure }, handler)
}

/** Node takes a file without any certificate and says nothing; then nobody could ever connect. */
function checkAuthority(pem: Buffer): Buffer {
  try {
    new X509Certificate(pem)
    return pem
  } catch (cause) {
    throw new Error('tls.clientCa holds no certificate in PEM form', { cause })
  }
}
