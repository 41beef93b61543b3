// The peer, a process of its own: @fastify/http-proxy as its documentation sets it up. It passes bytes through and judges nothing.
import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'

const upstream = process.argv[2]
if (upstream === undefined) throw new Error('usage: node peer.ts UPSTREAM')
const peer = Fastify({ logger: false })
await peer.register(httpProxy, { upstream })
const url = await peer.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write(`${JSON.stringify({ url })}\n`)
