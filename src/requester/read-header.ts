import type { Call } from '../terms/call.ts'
import { malformed, type Refused } from './refusal.ts'

/**
 * The values of one of Haven's own headers, decoded: percent-encoded UTF-8. Raw non-ASCII, a bad escape and a
 * control character refuse; so does a second value where only one makes sense. A list is also split at commas, which a proxy
 * may use to fold repeated headers into one (RFC 9110, section 5.3).
 */
export function readHeader(call: Call, name: string, values: 'one' | 'list'): { readonly values: readonly string[] } | Refused {
  const raw = call.headers.get(name) ?? []
  if (values === 'one' && raw.length > 1) return malformed(`The header ${name} was sent more than once.`)
  const parts = values === 'one' ? raw : raw.flatMap(value => value.split(','))
  const decoded = parts.map(decode)
  if (decoded.some(value => value === null || (values === 'list' && value === '')))
    return malformed(`The header ${name} is not percent-encoded UTF-8 without control characters, or it is empty.`)
  return { values: decoded.filter(value => value !== null) }
}

function decode(raw: string): string | null {
  if (!/^[\x20-\x7e]*$/.test(raw)) return null
  try {
    const text = decodeURIComponent(raw.trim())
    return /\p{Cc}/u.test(text) ? null : text.trim()
  } catch {
    return null
  }
}
