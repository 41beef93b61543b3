// A record API, in a process of its own, that makes a list of so many tenants while it is read, and tells no length.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { tenant } from './tenants.ts'

const records = Number(process.argv[2])
if (!Number.isInteger(records) || records < 1) throw new Error('usage: node big-upstream.ts RECORDS')
const AT_ONCE = 64

function* list(): Generator<Buffer> {
  for (let i = 0; i < records; i += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, records - i) }, (_, k) => tenant(i + k))
    yield Buffer.from(`${i === 0 ? '[' : ','}${some.join(',')}`)
  }
  yield Buffer.from(']')
}

const server = createServer((_request, reply) => {
  reply.writeHead(200, { 'content-type': 'application/json' })
  const body = Readable.from(list())
  reply.once('close', () => body.destroy())
  body.pipe(reply)
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
