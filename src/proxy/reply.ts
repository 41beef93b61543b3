import { STATUS_CODES } from 'node:http'
import { mayLeave } from '../policy/fold-fields.ts'
import type { Permit, RefusalKind } from '../terms/decision.ts'
import type { Fault } from '../terms/faults.ts'
import type { Judgement } from '../terms/judgement.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import { REASONS, type Reason, type ReasonCode } from '../terms/reason.ts'

/** An RFC 9457 problem document and what goes around it. */
export interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly problem: Readonly<Record<string, unknown>>
}

const TITLES: Readonly<Record<RefusalKind, string>> = {
  unauthenticated: 'The caller is not known',
  malformed: 'The call is malformed',
  'not-permitted': 'Nothing permits this',
  query: 'The query asks for something that is not permitted',
  law: 'A law forbids this',
  held: 'A law holds this for counsel',
  upstream: 'The record API did not give an answer that can be released',
  unavailable: 'The gate cannot answer now',
}

/** 8 U.S.C. 1373 and 1644 protect communication of status: the caller must not read a hold as a prohibition. */
const STATUS_SENTENCE =
  'No official is prohibited or restricted from communicating information regarding citizenship or immigration status; the request is under legal review.'

/** The refusal of a judged call. Same bytes for an unknown and a protected field; nothing depends on whether a person exists. */
export function refuse(judgement: Judgement, fault: Fault | null): Refusal {
  const { decision, call, hold } = judgement
  if (fault) return refuseFault(fault, call.id)
  if (decision.kind === 'permit') throw new Error('a permit is not a refusal')
  const reply = decision.kind === 'hold' ? 'held' : decision.reply
  const status = statusOf(reply, judgement)
  const held = hold && decision.kind === 'hold' ? { hold: hold.id, deadline: new Date(hold.dueAt).toISOString() } : {}
  const aboutStatus = decision.held.includes('status') ? ` ${STATUS_SENTENCE}` : ''
  const reasons = reply === 'query' ? [UNIFORM] : decision.reasons
  return problemOf(reply, status, judgement.detail + aboutStatus, reasons, call.id, held, status === 405 ? { allow: 'GET, HEAD' } : {})
}

/** An oracle closed: which of the two it was stands in the journal only (case D-REST-22). */
const UNIFORM: Reason = { code: 'query.unknown-field', rule: null, cite: [], text: REASONS['query.unknown-field'] }

/** The refusal of a call that was never judged, or of a permitted one that something broke. */
export function refuseFault(fault: Pick<Fault, 'code' | 'reply' | 'timedOut' | 'upstreamStatus'>, decision: string | null = null): Refusal {
  const { code, reply, timedOut, upstreamStatus } = fault
  const refusedThere = code === 'upstream.refused' && upstreamStatus >= 400 && upstreamStatus < 500
  const upstream = refusedThere ? upstreamStatus : timedOut ? 504 : 502
  const status = { upstream, unavailable: 503, unauthenticated: 401, malformed: malformedStatus(code) }[reply]
  const reason: Reason = { code, rule: null, cite: [], text: REASONS[code] }
  return problemOf(reply, status, REASONS[code], [reason], decision, {}, {})
}

function malformedStatus(code: ReasonCode): number {
  if (code === 'call.too-large') return 413
  if (code === 'call.header-too-large') return 431
  if (code === 'call.media-type') return 415
  return code === 'call.method' ? 405 : 400
}

function statusOf(reply: RefusalKind, { query, decision }: Judgement): number {
  const code = decision.reasons[0]?.code ?? 'call.malformed'
  if (reply === 'malformed' && query?.kind === 'opaque' && query.refused) return query.refused === 'method' ? 405 : 415
  if (code === 'hold.none') return 404
  const fixed = { unauthenticated: 401, 'not-permitted': 403, query: 403, law: 451, held: 451, upstream: 502, unavailable: 503 }
  return reply === 'malformed' ? malformedStatus(code) : fixed[reply]
}

function problemOf(
  reply: RefusalKind,
  status: number,
  detail: string,
  reasons: readonly Reason[],
  decision: string | null,
  more: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): Refusal {
  const problem = {
    type: `/.haven/problems/${reply}`,
    title: TITLES[reply],
    status,
    detail,
    ...(decision ? { decision } : {}),
    reasons,
    ...more,
  }
  const extra = {
    ...(decision ? { 'haven-decision': decision } : {}),
    ...(reply === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
    ...(reply === 'unavailable' ? { 'retry-after': '5' } : {}),
    ...(typeof more['hold'] === 'string' ? { 'haven-hold': more['hold'] } : {}),
  }
  return { status, headers: { ...RELEASE_HEADERS, 'content-type': 'application/problem+json', ...extra, ...headers }, problem }
}

/** Never cached, never sniffed: an answer is for one caller, one purpose and one moment. */
const RELEASE_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** Headers of a released answer: none of the record API's own but the media type. */
export function releaseHeaders(judgement: Judgement<Permit>, contentType: string | null): Record<string, string> {
  const { call, hold, query, decision } = judgement
  const withheld = query?.kind === 'facts' ? withheldFields(query, decision) : []
  return {
    ...RELEASE_HEADERS,
    ...(contentType === null ? {} : { 'content-type': contentType }),
    'haven-decision': call.id,
    ...(withheld.length > 0 ? { 'haven-withheld': withheld.join(', ') } : {}),
    ...(hold ? { 'haven-hold': hold.id } : {}),
  }
}

/** The catalogued fields left out, by the question alone: the same for every record, so the list tells nothing about a person. */
function withheldFields(facts: QueryFacts, permit: Permit): readonly string[] {
  const left = facts.uses.filter(use => (use.kind === 'select' || use.kind === 'implied') && !mayLeave(permit, use))
  // A name no header can carry would throw in the middle of a reply: such bytes are percent-encoded, as in what a caller sends.
  const names = left.map(({ collection, field }) => `${collection}.${field}`.replace(/[^\x21-\x7e]+/g, encodeURIComponent))
  return [...new Set(names)].toSorted((a, b) => a.localeCompare(b))
}

/** A problem as raw HTTP, for callers whose request never became one (Node answers those before any handler). */
export function rawRefusal(refusal: Refusal): string {
  const body = JSON.stringify(refusal.problem)
  const lines = Object.entries({ ...refusal.headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' })
  return [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`, ...lines.map(([k, v]) => `${k}: ${v}`), '', body].join('\r\n')
}
