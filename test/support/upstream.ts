import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSocketServer, type Socket } from 'node:net'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: string
}

export interface UpstreamServer {
  readonly url: string
  /** Every request that reached the record API, in order. */
  readonly asked: Asked[]
}

/** A real record API on loopback that answers as the test says. */
export async function upstream(
  t: { teardown: (fn: () => unknown) => void },
  answer: (asked: Asked, reply: ServerResponse) => unknown,
): Promise<UpstreamServer> {
  const asked: Asked[] = []
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers, rawHeaders } = request
    const one = { method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString('utf8') }
    asked.push(one)
    await answer(one, reply)
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  t.teardown(() => {
    server.closeAllConnections()
    return new Promise(closed => server.close(closed))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, asked }
}

/** Answers every question with this value as JSON. */
export const json =
  (value: unknown, status = 200) =>
  (_asked: Asked, reply: ServerResponse): void => {
    reply.writeHead(status, { 'content-type': 'application/json' })
    reply.end(JSON.stringify(value))
  }

/** A record API that speaks bytes: `answer` gets the socket once the head of a request is there. `closed` counts connections that ended. */
export async function rawUpstream(
  t: { teardown: (fn: () => unknown) => void },
  answer: (socket: Socket) => unknown,
): Promise<{ readonly url: string; readonly closed: () => number }> {
  let closed = 0
  const sockets = new Set<Socket>()
  const server = createSocketServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      closed += 1
      sockets.delete(socket)
    })
    let head = ''
    socket.on('data', chunk => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      head = ''
      answer(socket)
    })
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise(ended => server.close(ended))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, closed: () => closed }
}
