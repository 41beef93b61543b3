import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Running {
  readonly url: string
  readonly close: () => Promise<void>
}

/** A port that somebody else holds; the message says what to do about it. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
}

/** Serves on a loopback port (0 = any free one). `what` names the part in the error. Throws PortTaken. */
export const listen = (what: string, port: number, onRequest: RequestListener): Promise<Running> =>
  new Promise((resolve, reject) => {
    const server = createServer(onRequest)
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `port ${port} on 127.0.0.1 is in use, and ${what} needs it. Stop what runs there (an earlier demo?) and start again.`
      reject(error.code === 'EADDRINUSE' ? new PortTaken(taken) : error)
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as AddressInfo
      const close = (): Promise<void> =>
        new Promise(done => {
          server.close(() => done())
          server.closeAllConnections()
        })
      resolve({ url: `http://127.0.0.1:${address.port}`, close })
    })
  })
