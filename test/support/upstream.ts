import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

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
