import type { UpstreamAnswer } from '../terms/answer.ts'
import { Fault } from '../terms/faults.ts'
import { type ContentType, readContentType } from './content-type.ts'

/** What the head of an answer promises about its body. */
export interface AcceptedHead {
  readonly content: ContentType | null
  /** `none` for HEAD, 204, and where no content type says what a body would be. */
  readonly body: 'none' | 'optional' | 'required'
  /** Declared length, or null; always null for HEAD, whose headers speak of a body that is not sent. */
  readonly length: number | null
}

const ACCEPTED: ReadonlySet<number> = new Set([200, 201, 202, 204])

/**
 * Judges status and headers before a byte of the body is read. Throws `upstream.refused` for 4xx, `upstream.failed` for any other status
 * that is not a whole, final success (a 206 could cut a value in two), `upstream.uninspectable` for a body nobody could judge.
 */
export function acceptHead(answer: UpstreamAnswer, method: string, answerBytes: number): AcceptedHead {
  const { status } = answer
  if (status >= 400 && status <= 499) throw fault(status, 'upstream.refused', 'the record API refused the call')
  if (!ACCEPTED.has(status)) throw fault(status, 'upstream.failed', 'the record API gave a status that carries no answer')
  for (const name of ['content-encoding', 'transfer-encoding']) {
    const plain = name === 'content-encoding' ? 'identity' : 'chunked'
    const coded = answer.headers.get(name)?.some(value => value.trim().toLowerCase() !== plain)
    if (coded === true) throw fault(status, 'upstream.uninspectable', `a body under another ${name}`)
  }
  const length = declaredLength(answer)
  if (length !== null && length > answerBytes) throw fault(status, 'upstream.uninspectable', 'a declared length above the limit')
  const sent = method === 'HEAD' ? null : length
  if (status === 204) return { content: null, body: 'none', length: sent }
  const types = answer.headers.get('content-type') ?? []
  if (types.length === 0 && status !== 200) return { content: null, body: 'none', length: sent }
  const content = types.length === 1 ? readContentType(types[0]!) : null
  if (content === null) throw fault(status, 'upstream.uninspectable', 'not one content type that can be inspected')
  return { content, body: method === 'HEAD' ? 'none' : status === 200 ? 'required' : 'optional', length: sent }
}

function declaredLength(answer: UpstreamAnswer): number | null {
  const values = answer.headers.get('content-length') ?? []
  if (values.length === 0) return null
  const [value] = values
  if (values.length > 1 || !/^\d{1,15}$/.test(value!))
    throw fault(answer.status, 'upstream.uninspectable', 'a content length that cannot be read')
  return Number(value)
}

function fault(upstreamStatus: number, code: 'upstream.refused' | 'upstream.failed' | 'upstream.uninspectable', message: string): Fault {
  return new Fault(code, 'upstream', message, { upstreamStatus })
}
