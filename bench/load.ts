// The load generator, a process of its own: closed loop, one request at a time on each connection. Every answer is checked.
import { createHistogram } from 'node:perf_hooks'
import { Client, type Dispatcher } from 'undici'

/** One stretch of load. */
export interface Order {
  readonly origin: string
  readonly path: string
  readonly connections: number
  readonly seconds: number
  /** One for each connection, in turn. */
  readonly tokens: readonly string[]
  /** Every answer must be 200 and have exactly this many bytes. */
  readonly bytes: number
}

export interface Stretch {
  readonly requests: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export type Report = { readonly stretch: Stretch } | { readonly wrong: string }

process.on('message', (order: Order) => {
  run(order).then(
    stretch => process.send?.({ stretch } satisfies Report),
    (error: unknown) => process.send?.({ wrong: error instanceof Error ? error.message : String(error) } satisfies Report),
  )
})
process.on('disconnect', () => process.exit())
process.stdout.write('{"ready":true}\n')

async function run(order: Order): Promise<Stretch> {
  const clients = Array.from({ length: order.connections }, () => new Client(order.origin, { pipelining: 1 }))
  const latency = createHistogram()
  const started = performance.now()
  const until = started + order.seconds * 1000
  const loops = clients.map((client, i) => loop(client, order, order.tokens[i % order.tokens.length] ?? '', until, latency))
  const results = await Promise.allSettled(loops)
  const seconds = (performance.now() - started) / 1000
  await Promise.all(clients.map(client => client.destroy()))
  const failed = results.find(result => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return { requests: latency.count, seconds, p50Ms: latency.percentile(50) / 1e6, p99Ms: latency.percentile(99) / 1e6 }
}

type Histogram = ReturnType<typeof createHistogram>

function loop(client: Client, order: Order, token: string, until: number, latency: Histogram): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { path: order.path, method: 'GET', headers: { authorization: `Bearer ${token}` } } as const
    let status = 0
    let bytes = 0
    let asked = performance.now()
    const handler: Dispatcher.DispatchHandler = {
      // Without it undici takes this for a handler of the older kind.
      onRequestStart: () => {},
      onResponseStart: (_controller, statusCode) => {
        status = statusCode
        bytes = 0
      },
      onResponseData: (_controller, chunk) => {
        bytes += chunk.length
      },
      onResponseEnd: () => {
        const now = performance.now()
        if (status !== 200 || bytes !== order.bytes) {
          reject(new Error(`${order.origin}${order.path} answered ${status} with ${bytes} bytes, not 200 with ${order.bytes}`))
          return
        }
        latency.record(Math.max(1, Math.round((now - asked) * 1e6)))
        if (now >= until) {
          resolve()
          return
        }
        asked = now
        client.dispatch(options, handler)
      },
      onResponseError: (_controller, error) => reject(error),
    }
    client.dispatch(options, handler)
  })
}
