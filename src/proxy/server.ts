import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { handle, type Stages, type Surroundings } from '../gatekeeper.ts'
import { Fault } from '../terms/faults.ts'
import type { Opaque } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'
import { type Caller, type CallerParts, registerCallers } from './caller.ts'
import { deliver } from './deliver.ts'
import { broken, readCall } from './inbound.ts'
import { createListener, type Tls } from './listener.ts'
import { type Refusal, rawRefusal, refuse, refuseFault, releaseHeaders } from './reply.ts'

export interface GateOptions extends CallerParts {
  /** The rulebook at work. Asked once for each call: a call under way ends under the one it began with. */
  readonly inForce: () => { readonly stages: Stages; readonly around: Surroundings }
  /** The operator's log. */
  readonly report: (error: unknown) => void
  readonly newId: () => string
  readonly countUnauthenticated: (code: ReasonCode) => void
  readonly requestBytes: number
  readonly tls: Tls | null
}

const verified = new WeakMap<FastifyRequest, Caller>()
/** Connections whose handshake ended well. */
const secured = new WeakSet<Socket>()

/** The gate: every call, whatever its method and path, goes the one way through the gatekeeper. */
export async function openGate(options: GateOptions): Promise<FastifyInstance> {
  const replies = new WeakMap<Socket, ServerResponse>()
  const gate = Fastify({
    exposeHeadRoutes: false,
    bodyLimit: options.requestBytes,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerUnframed(error, socket, options.countUnauthenticated, replies.get(socket)),
    frameworkErrors: (_error, _request, reply) => send(reply, unreadable(options)),
    serverFactory: handler => createListener(handler, options.tls),
  })
  gate.server.on('request', (request, reply) => replies.set(request.socket, reply))
  gate.server.on('secureConnection', (socket: TLSSocket) => void secured.add(socket))
  takeEverything(gate.server, options.countUnauthenticated)
  const { readCaller, forget } = await registerCallers(gate, options)
  let rulebook = ''

  // Bodies are read as bytes only: a parser of Fastify's would be a second reader of what a dialect judges.
  gate.removeAllContentTypeParsers()
  gate.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  gate.addHook('onRequest', async request => {
    verified.set(request, await readCaller(request))
  })

  const answer = async (request: FastifyRequest, reply: FastifyReply, refusedByServer: Opaque | null) => {
    const caller = verified.get(request)
    if (!caller) return send(reply, unreadable(options))
    const { call, broken: badFraming } = readCall(request, options.newId(), options.now(), caller.peer)
    const { stages, around } = options.inForce()
    // Claims do not depend on the directory; whoever changed it still expects that nothing older is believed.
    if (around.rulebook !== rulebook) forget()
    rulebook = around.rulebook
    const handled = await handle(stages, around, call, caller.claims, refusedByServer ?? badFraming)
    if (handled.kind === 'refused') return send(reply, refuse(handled.judgement, handled.fault))
    reply.hijack()
    const headers = releaseHeaders(handled.receipt.judgement, handled.answer.contentType)
    const bodiless = call.method === 'HEAD' || handled.answer.status === 204
    const outcome = await deliver(reply.raw, handled.answer, headers, bodiless, options.report)
    await handled.settle(outcome).catch(options.report)
    return reply
  }

  gate.all('/*', (request, reply) => answer(request, reply, null))
  // A method Fastify has no route for is a call like any other: recorded, and refused.
  gate.setNotFoundHandler((request, reply) => answer(request, reply, null))
  gate.setErrorHandler((error: FastifyError, request, reply) => onError(error, request, reply, options, answer))
  return gate
}

/** Node answers these two by itself, with an empty page that stands in no journal. */
function takeEverything(server: FastifyInstance['server'], count: GateOptions['countUnauthenticated']): void {
  server.on('checkExpectation', (request, reply) => server.emit('request', request, reply))
  server.on('connect', (_request, socket) => {
    count('call.method')
    socket.end(rawRefusal(refuseFault(new Fault('call.method', 'malformed', 'the gate is no tunnel'))))
  })
}

type Answer = (request: FastifyRequest, reply: FastifyReply, broken: Opaque | null) => Promise<FastifyReply>

async function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply, options: GateOptions, answer: Answer) {
  if (error instanceof Fault && error.reply === 'unauthenticated') {
    options.countUnauthenticated(error.code)
    return send(reply, refuseFault(error))
  }
  const unframed = UNFRAMED[error.code] ?? (/^FST_ERR_(CTP|ROUTE)_/.test(error.code) ? UNREAD : undefined)
  if (unframed && verified.has(request)) return answer(request, reply, broken(unframed.code, unframed.detail, unframed.refused))
  options.report(error)
  const fault = error instanceof Fault ? error : new Fault('fault.stage-failed', 'unavailable', 'a handler failed', { cause: error })
  return send(reply, refuseFault(fault))
}

interface Unframed {
  readonly code: ReasonCode
  readonly detail: string
  readonly refused: Opaque['refused']
}

/** Whatever else the server may come to refuse in a call: it is the caller's fault, and it is recorded. */
const UNREAD: Unframed = { code: 'call.malformed', detail: 'the server could not read the call', refused: null }

const UNFRAMED: Readonly<Record<string, Unframed>> = {
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: { code: 'call.method', detail: 'the method needs a body', refused: 'method' },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'call.too-large', detail: 'the body is larger than the gate reads', refused: null },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'call.media-type', detail: 'the media type of the body cannot be read', refused: 'media-type' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'call.malformed', detail: 'the body is not as long as Content-Length says', refused: null },
}

function send(reply: FastifyReply, { status, headers, problem }: Refusal): FastifyReply {
  return reply
    .code(status)
    .headers({ ...headers })
    .serializer(JSON.stringify)
    .send(problem)
}

/** A call the router could not read comes without its hooks, so nobody was verified. */
function unreadable({ countUnauthenticated }: GateOptions): Refusal {
  countUnauthenticated('call.malformed')
  return refuseFault(new Fault('call.malformed', 'malformed', 'the request target could not be read'))
}

/** Node answers these before any handler, with an empty page: give them the same problem body, unless it would land inside an answer. */
function answerUnframed(
  error: Error & { code?: string },
  socket: Socket,
  count: GateOptions['countUnauthenticated'],
  reply: ServerResponse | undefined,
): void {
  if (socket instanceof TLSSocket && !secured.has(socket)) {
    // No certificate, one of another authority, or no TLS at all: nobody who could be told anything.
    count('token.missing')
    return void socket.destroy()
  }
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'call.header-too-large' : 'call.malformed'
  count(code)
  // A body that breaks off belongs to the call that waits for it; anything else that is unfinished is another call's answer.
  const idle = reply === undefined || reply.writableFinished || (!reply.req.complete && !reply.headersSent)
  if (socket.writable && idle) socket.end(rawRefusal(refuseFault(new Fault(code, 'malformed', 'the request could not be framed'))))
  else socket.destroy()
}
