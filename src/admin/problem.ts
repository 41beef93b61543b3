import type { FastifyError, FastifyReply } from 'fastify'
import { Fault } from '../terms/faults.ts'
import { REASONS } from '../terms/reason.ts'

/** The refusals of the admin address: status, `type` as at the gate, and title. Status codes are chosen here alone. */
const KINDS = {
  unauthenticated: { status: 401, type: 'unauthenticated', title: 'The caller is not known' },
  forbidden: { status: 403, type: 'not-permitted', title: 'This person may not do this' },
  'not-found': { status: 404, type: 'not-permitted', title: 'There is no such page' },
  conflict: { status: 409, type: 'not-permitted', title: 'The step cannot be taken as things are' },
  invalid: { status: 400, type: 'malformed', title: 'The call is malformed' },
  method: { status: 405, type: 'malformed', title: 'The page does not answer this method' },
  'too-large': { status: 413, type: 'malformed', title: 'The call is malformed' },
  'media-type': { status: 415, type: 'malformed', title: 'The call is malformed' },
  unavailable: { status: 503, type: 'unavailable', title: 'The page cannot be made now' },
  broken: { status: 500, type: 'unavailable', title: 'The page cannot be made' },
} as const
export type ProblemKind = keyof typeof KINDS

export const CREATED = 201
export const NOT_READY = 503

/** Sends an RFC 9457 problem document. `detail` is for the person: what is wrong, and what to do instead. */
export function refuse(reply: FastifyReply, kind: ProblemKind, detail: string, more: Readonly<Record<string, unknown>> = {}): FastifyReply {
  const { status, type, title } = KINDS[kind]
  if (kind === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
  if (kind === 'unavailable') reply.header('retry-after', '5')
  return reply
    .code(status)
    .headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .serializer(JSON.stringify)
    .send({ type: `/.haven/problems/${type}`, title, status, detail, ...more })
}

/** Answers for whatever was thrown. Messages of errors are for the operator's log: they may name files, keys and people. */
export function refuseError(reply: FastifyReply, error: FastifyError | Fault, report: (error: unknown) => void): FastifyReply {
  if (error instanceof Fault) {
    const reasons = [{ code: error.code, rule: null, cite: [], text: REASONS[error.code] }]
    if (error.reply !== 'unauthenticated') report(error)
    return refuse(reply, error.reply === 'unauthenticated' ? 'unauthenticated' : 'unavailable', REASONS[error.code], { reasons })
  }
  const unread = unreadable(error)
  if (unread) return refuse(reply, ...unread)
  report(error)
  return refuse(reply, 'broken', 'A part of the admin address failed.')
}

/** What the server could not read is the caller's fault. */
function unreadable({ code, statusCode = 500 }: FastifyError): readonly [ProblemKind, string] | null {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return ['too-large', 'The body is larger than 256 KiB.']
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return ['media-type', 'Send the body as application/json.']
  return statusCode >= 400 && statusCode < 500 ? ['invalid', 'The call or its JSON body cannot be read.'] : null
}
