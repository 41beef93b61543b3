import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

/** C2SP tlog-tiles paths, and nothing that could leave the directory. */
const TILE = /^(entries|[0-9]|[1-5][0-9]|6[0-3])((\/x\d{3})*\/\d{3})(\.p\/([1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?$/

/** The part of the journal that is safe to publish, for anybody. */
export function addPublicJournal(admin: FastifyInstance, publicDir: string): void {
  admin.get('/journal/checkpoint', async (_request, reply) => {
    // A stale checkpoint in a cache looks like a rolled-back log.
    const checkpoint = await readFile(join(publicDir, 'checkpoint')).catch(() => null)
    if (!checkpoint) return reply.callNotFound()
    return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(checkpoint)
  })
  admin.get<{ Params: { '*': string } }>('/journal/tile/*', async (request, reply) => {
    const path = request.params['*']
    const tile = TILE.test(path) ? await readFile(join(publicDir, 'tile', path)).catch(() => null) : null
    if (!tile) return reply.callNotFound()
    return reply.type('application/octet-stream').header('cache-control', 'public, max-age=31536000, immutable').send(tile)
  })
}
