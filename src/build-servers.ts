import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { openAdmin } from './admin/server.ts'
import { readStaffClaims } from './admin/staff-claims.ts'
import type { HavenFile } from './config/schema.ts'
import type { InForce, Standing } from './fill-stages.ts'
import { fetchKeys } from './outbound.ts'
import { registerAuthentication } from './proxy/authenticate.ts'
import { openKeyStore } from './proxy/keys.ts'
import { readTls } from './proxy/listener.ts'
import { openGate } from './proxy/server.ts'
import { readClaims } from './requester/claims.ts'

/** The gate's address: whatever comes in there goes through the stages in force. */
export function buildGate(
  haven: HavenFile,
  { journal, metrics, now, report }: Standing,
  inForce: () => InForce,
  newId: () => string,
): Promise<FastifyInstance> {
  const { identity, limits, tls, trustedProxies } = haven
  return openGate({
    issuers: identity.issuers.map(issuer => ({ ...issuer, keys: openKeyStore(() => readKeys(issuer.jwks), now) })),
    readClaims,
    inForce,
    now,
    report,
    newId,
    countUnauthenticated: code => {
      metrics.unauthenticated()
      journal.countUnauthenticated(code)
    },
    requestBytes: limits.requestBytes,
    tls: tls ? readTls(tls) : null,
    trustedProxies,
  })
}

/** The admin address. Its issuers are its own: a token that opens the gate opens nothing here, and the other way round. */
export function buildAdmin(
  { identity, journal: { dir }, listen }: HavenFile,
  { journal, metrics, now, report, register }: Standing,
  inForce: () => InForce,
  isReady: () => boolean,
): FastifyInstance {
  const { issuers, people } = identity.admin ?? { issuers: [], people: [] }
  return openAdmin({
    publicDir: join(dir, 'public'),
    isReady,
    metrics: metrics.text,
    host: listen.admin.host,
    authenticate: async pages => {
      const trusted = issuers.map(issuer => ({ ...issuer, keys: openKeyStore(() => readKeys(issuer.jwks), now) }))
      const { authenticate } = await registerAuthentication(pages, { issuers: trusted, readClaims: readStaffClaims, now })
      return request => authenticate(request, null)
    },
    people,
    register,
    checkScope: instrument => inForce().checkScope(instrument),
    countUnauthenticated: code => {
      metrics.unauthenticated()
      journal.countUnauthenticated(code)
    },
    report,
  })
}

async function readKeys(jwks: string): Promise<unknown> {
  return /^https?:/.test(jwks) ? fetchKeys(jwks) : JSON.parse(await readFile(jwks, 'utf8'))
}
