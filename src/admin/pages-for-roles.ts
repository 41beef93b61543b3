import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from '../register/book.ts'
import { type AdminPerson, makeActorOf } from './actor.ts'
import type { Books, CheckScope } from './desk.ts'
import { refuse } from './problem.ts'
import { addCertificateSteps } from './routes-certificates.ts'
import { addHoldSteps } from './routes-holds.ts'
import { addProcessSteps } from './routes-process.ts'
import { addReading } from './routes-read.ts'
import { addTaskSteps } from './routes-tasks.ts'
import { SHELVES } from './shelves.ts'
import type { StaffClaims } from './staff-claims.ts'

export interface RolePages {
  /** What a verified token says. */
  readonly authenticate: (request: FastifyRequest) => Promise<StaffClaims>
  readonly people: readonly AdminPerson[]
  readonly register: Books | null
  readonly checkScope: CheckScope
  /** Further pages that need a role. */
  readonly more: ((pages: FastifyInstance) => void) | null
}

/** Everything in here is for the people of `identity.admin.people` with a role, and who asks is found out anew for each request. */
export function addPagesForRoles(pages: FastifyInstance, { authenticate, people, register, checkScope, more }: RolePages): void {
  const actors = new WeakMap<FastifyRequest, Actor>()
  const makeActor = makeActorOf(people)
  pages.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    const actor = makeActor(await authenticate(request))
    // A role without a person, or a person without a role, may not even look.
    if (typeof actor === 'string') return refuse(reply, 'forbidden', `Nobody can act with this token: ${actor}.`)
    actors.set(request, actor)
    return undefined
  })
  const refuseOtherMethods = watchMethods(pages)
  more?.(pages)
  if (register === null) addMissingSetting(pages)
  else {
    const desk = { pages, books: register, checkScope, actorOf: (request: FastifyRequest) => actors.get(request) ?? nobody() }
    addReading(desk)
    addProcessSteps(desk)
    addHoldSteps(desk)
    addTaskSteps(desk)
    addCertificateSteps(desk)
  }
  refuseOtherMethods()
}

function nobody(): never {
  throw new Error('a page was reached without its hook')
}

function addMissingSetting(pages: FastifyInstance): void {
  const detail = 'This gate keeps no register: haven.yaml has no `register: { file: FILE }`. Add it, and start the gate again.'
  for (const name of Object.keys(SHELVES))
    for (const url of [`/${name}`, `/${name}/*`]) pages.all(url, async (_request, reply) => refuse(reply, 'unavailable', detail))
}

/** Notes which methods each page answers; the returned function makes a refusal of all others that says so. */
function watchMethods(pages: FastifyInstance): () => void {
  const answered = new Map<string, Set<string>>()
  pages.addHook('onRoute', ({ url, method }) => {
    const methods = answered.get(url) ?? new Set<string>()
    for (const one of [method].flat()) methods.add(one)
    answered.set(url, methods)
  })
  return () => {
    for (const [url, methods] of [...answered]) {
      const allow = [...methods].toSorted((a, b) => a.localeCompare(b)).join(', ')
      const others = pages.supportedMethods.filter(method => !methods.has(method))
      if (others.length === 0) continue
      pages.route({
        url,
        method: others,
        handler: async (_request, reply) => refuse(reply.header('allow', allow), 'method', `This page answers ${allow}.`),
      })
    }
  }
}
