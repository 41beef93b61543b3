import { ambiguous } from '../unreadable.ts'

// C0, DEL and C1: record APIs, logs and header writers cut or fold at these.
const CONTROL = /\p{Cc}/u
const ESCAPE = /%[0-9a-f]{2}/i

/**
 * Undoes percent-encoding exactly once, as strict UTF-8 (RFC 3986 section 2.1). Refuses bytes that should have been
 * encoded, broken escapes and control characters.
 */
export function decodeOnce(raw: string, where: string): string {
  if (/[^\x21-\x7e]/.test(raw) || raw.includes('#'))
    throw ambiguous(where, 'characters outside ASCII, blanks and # must be percent-encoded')
  let text: string
  try {
    text = decodeURIComponent(raw)
  } catch {
    throw ambiguous(where, 'the percent-encoding is not valid UTF-8')
  }
  if (CONTROL.test(text)) throw ambiguous(where, 'control characters are not accepted')
  return text
}

/** Refuses what would decode a second time: a record API that decodes twice would read another call than the one judged. */
export function refuseDoubleEncoding(text: string, where: string): void {
  if (ESCAPE.test(text)) throw ambiguous(where, 'this is percent-encoded twice; encode it once')
}
