import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'

export interface AdminOptions {
  /** The part of the journal that is safe to publish. */
  readonly publicDir: string
  readonly isReady: () => boolean
  readonly metrics: () => Promise<string>
  /** Metrics are open on loopback only. */
  readonly host: string
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|::1)$/
/** C2SP tlog-tiles paths, and nothing that could leave the directory. */
const TILE = /^(entries|[0-9]|[1-5][0-9]|6[0-3])((\/x\d{3})*\/\d{3})(\.p\/([1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?$/

/** The admin address: health, metrics and the public journal. No detail to anybody without a role. */
export function openAdmin(options: AdminOptions): FastifyInstance {
  const admin = Fastify()
  const problem = (status: number, title: string) => ({ type: '/.haven/problems/not-permitted', title, status })
  admin.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('application/problem+json').send(problem(404, 'There is no such page')),
  )
  admin.setErrorHandler((_error, _request, reply) =>
    reply.code(500).type('application/problem+json').send(problem(500, 'The page cannot be made')),
  )

  admin.get('/healthz', async () => ({ ok: true }))
  admin.get('/readyz', async (_request, reply) => reply.code(options.isReady() ? 200 : 503).send({ ready: options.isReady() }))
  if (LOOPBACK.test(options.host)) {
    admin.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await options.metrics()))
  }
  admin.get('/journal/checkpoint', async (_request, reply) => {
    // A stale checkpoint in a cache looks like a rolled-back log.
    const checkpoint = await readFile(join(options.publicDir, 'checkpoint')).catch(() => null)
    if (!checkpoint) return reply.callNotFound()
    return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(checkpoint)
  })
  admin.get<{ Params: { '*': string } }>('/journal/tile/*', async (request, reply) => {
    const path = request.params['*']
    const tile = TILE.test(path) ? await readFile(join(options.publicDir, 'tile', path)).catch(() => null) : null
    if (!tile) return reply.callNotFound()
    return reply.type('application/octet-stream').header('cache-control', 'public, max-age=31536000, immutable').send(tile)
  })
  return admin
}
