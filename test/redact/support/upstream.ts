import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import type { UpstreamAnswer } from '../../../src/terms/answer.ts'

interface Teardown {
  teardown(handler: () => void): unknown
}

/** Starts a real HTTP server and asks it: the answer as the network gives it. */
export async function askHttp(t: Teardown, handler: http.RequestListener, method = 'GET'): Promise<UpstreamAnswer> {
  const server = http.createServer(handler)
  t.teardown(() => server.close())
  return ask(server, method)
}

/** Starts a socket that answers with exactly these bytes and then ends, or breaks off: for heads that node:http would not write. */
export async function askRaw(t: Teardown, parts: readonly (string | Uint8Array)[], end: 'end' | 'reset' = 'end'): Promise<UpstreamAnswer> {
  const server = net.createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => {
      for (const part of parts) socket.write(part)
      if (end === 'end') socket.end()
      else setTimeout(() => socket.resetAndDestroy(), 20)
    })
  })
  t.teardown(() => server.close())
  return ask(server, 'GET')
}

async function ask(server: net.Server, method: string): Promise<UpstreamAnswer> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const request = http.request({ port, host: '127.0.0.1', method, agent: false }).end()
  request.on('error', () => {})
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const headers = new Map(Object.entries(response.headersDistinct).map(([name, values]) => [name, values ?? []] as const))
  return { status: response.statusCode ?? 0, headers, body: response, destroy: () => void response.destroy() }
}
