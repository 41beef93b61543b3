import { BYTE } from './bytes.ts'
import { Malformed } from './malformed.ts'

/** 1 for what may stand in a string as it is: printable ASCII but for the quote and the backslash. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x80)
PLAIN[BYTE.quote] = 0
PLAIN[BYTE.backslash] = 0

const HEX = new Uint8Array(256).fill(1, 0x30, 0x3a).fill(1, 0x41, 0x47).fill(1, 0x61, 0x67)
const ESCAPABLE = new Set([...'"\\/bfnrt'].map(character => character.charCodeAt(0)))

/**
 * Reads a string from inside its quotes: the index after the closing quote, or, where the bytes run out, `-1 - i` with `i` the last
 * place between two characters: scanning resumes there with more bytes. Throws `Malformed` on a control byte (RFC 8259 section 7), a
 * bad escape, or bytes that are not UTF-8 (RFC 3629: overlong forms, surrogates and what lies beyond U+10FFFF).
 */
export function endOfString(bytes: Uint8Array, from: number, end: number): number {
  let i = from
  for (;;) {
    while (i < end && PLAIN[bytes[i]!] === 1) i++
    if (i >= end) return -1 - i
    const byte = bytes[i]!
    if (byte === BYTE.quote) return i + 1
    const next = byte === BYTE.backslash ? afterEscape(bytes, i, end) : afterSequence(bytes, i, end)
    if (next < 0) return -1 - i
    i = next
  }
}

function afterEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return -1
  const kind = bytes[at + 1]!
  if (ESCAPABLE.has(kind)) return at + 2
  if (kind !== BYTE.u) throw new Malformed(at, 'an escape that JSON does not have')
  for (let k = 2; k < 6; k++) {
    if (at + k >= end) return -1
    if (HEX[bytes[at + k]!] === 0) throw new Malformed(at, 'a \\u escape without four hexadecimal digits')
  }
  return at + 6
}

function afterSequence(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) throw new Malformed(at, 'a control byte in a string')
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
  if (length === 0) throw new Malformed(at, 'a byte that starts no UTF-8 character')
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  for (let k = 1; k < length; k++) {
    if (at + k >= end) return -1
    const byte = bytes[at + k]!
    if (byte < (k === 1 ? low : 0x80) || byte > (k === 1 ? high : 0xbf)) throw new Malformed(at, 'bytes that are not UTF-8')
  }
  return at + length
}
