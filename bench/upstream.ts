// The record API of the benchmark, a process of its own: static bytes, told apart by whether one record is asked for.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeList, makeRecord } from './records.ts'

const record = Buffer.from(makeRecord().whole)
const list = Buffer.from(makeList().whole)

const server = createServer((request, reply) => {
  const body = request.url?.includes('id=eq.') ? record : list
  reply.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  reply.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
