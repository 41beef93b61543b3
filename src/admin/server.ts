import Fastify, { type FastifyError, type FastifyInstance, type FastifyPluginAsync, type FastifyRequest } from 'fastify'
import { Fault } from '../terms/faults.ts'
import type { ReasonCode } from '../terms/reason.ts'
import type { AdminPerson } from './actor.ts'
import type { Books, CheckScope } from './desk.ts'
import { addPagesForRoles } from './pages-for-roles.ts'
import { NOT_READY, refuse, refuseError } from './problem.ts'
import { addPublicJournal } from './routes-public.ts'
import type { StaffClaims } from './staff-claims.ts'

export interface AdminOptions {
  /** The part of the journal that is safe to publish. */
  readonly publicDir: string
  readonly isReady: () => boolean
  readonly metrics: () => Promise<string>
  /** Metrics are open on loopback; at any other address they need a role. */
  readonly host: string
  /**
   * Registers the verifiers of `identity.admin.issuers`, and none of the gate's; gives what `readStaffClaims` read of a verified token.
   * @throws Fault `unauthenticated`, or `unavailable` when the keys cannot be had
   */
  readonly authenticate: (pages: FastifyInstance) => Promise<(request: FastifyRequest) => Promise<StaffClaims>>
  /** `identity.admin.people`. */
  readonly people: readonly AdminPerson[]
  /** Null where haven.yaml configures none. */
  readonly register: Books | null
  readonly checkScope: CheckScope
  readonly countUnauthenticated: (code: ReasonCode) => void
  /** The operator's log. */
  readonly report: (error: unknown) => void
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|::1)$/
const BODY_BYTES_MAX = 256 * 1024
const REQUEST_TIMEOUT_MS = 60_000

/** The admin address: health and the public journal for anybody, the register for people with a role. No detail to anybody without one. */
export function openAdmin(options: AdminOptions): FastifyInstance {
  const { publicDir, isReady, people, register, checkScope, report } = options
  const admin = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors: (error, _request, reply) => void refuseError(reply, error, report),
  })
  admin.removeContentTypeParser('text/plain')
  admin.setNotFoundHandler((_request, reply) => refuse(reply, 'not-found', 'Look at the address.'))
  admin.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof Fault && error.reply === 'unauthenticated') options.countUnauthenticated(error.code)
    return refuseError(reply, error, report)
  })
  admin.get('/healthz', async () => ({ ok: true }))
  admin.get('/readyz', async (_request, reply) => reply.code(isReady() ? 200 : NOT_READY).send({ ready: isReady() }))
  addPublicJournal(admin, publicDir)
  const addMetrics = (pages: FastifyInstance) => {
    pages.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await options.metrics()))
  }
  const isOpen = LOOPBACK.test(options.host)
  if (isOpen) addMetrics(admin)
  const forRoles: FastifyPluginAsync = async pages => {
    const authenticate = await options.authenticate(pages)
    addPagesForRoles(pages, { authenticate, people, register, checkScope, more: isOpen ? null : addMetrics })
  }
  admin.register(forRoles)
  return admin
}
