import { BYTE } from './bytes.ts'
import { Malformed } from './malformed.ts'
import { endOfString } from './string.ts'

/** No column type writes a longer number; without a bound one number could fill the memory. */
const LONGEST_NUMBER = 1024

const LITERALS: ReadonlyMap<number, Uint8Array> = new Map(['true', 'false', 'null'].map(word => [word.charCodeAt(0), Buffer.from(word)]))

/**
 * Reads `true`, `false`, `null` or a number: the index after it, or -1 when more bytes are needed (a number only ends at a byte that is
 * not part of it, or where `last` says that no more will come). Throws `Malformed` on anything else, `NaN`, `+1`, `.5` and `1.` included.
 */
export function endOfScalar(bytes: Uint8Array, from: number, end: number, last: boolean): number {
  const literal = LITERALS.get(bytes[from]!)
  if (literal === undefined) return endOfNumber(bytes, from, end, last)
  for (let k = 1; k < literal.length; k++) {
    if (from + k >= end) return -1
    if (bytes[from + k] !== literal[k]) throw new Malformed(from, 'a word that JSON does not have')
  }
  return from + literal.length
}

/** Text of the scalar at `from`: a string decoded, a number as it is written; `null` when it is no such thing, -1 when bytes are missing. */
export function readScalar(bytes: Buffer, from: number, end: number, last: boolean): string | null | -1 {
  const first = bytes[from]!
  if (first === BYTE.quote) {
    const after = endOfString(bytes, from + 1, end)
    return after < 0 ? -1 : String(JSON.parse(bytes.toString('utf8', from, after)))
  }
  if (first !== BYTE.minus && !isDigit(first)) return null
  const after = endOfNumber(bytes, from, end, last)
  return after < 0 ? -1 : bytes.toString('latin1', from, after)
}

function endOfNumber(bytes: Uint8Array, from: number, end: number, last: boolean): number {
  let i = bytes[from] === BYTE.minus ? from + 1 : from
  const whole = i
  i = bytes[i] === BYTE.zero && i < end ? i + 1 : digits(bytes, i, end)
  if (i === whole && i < end) throw new Malformed(from, 'no value where one must stand')
  let expected = i
  if (i < end && bytes[i] === BYTE.point) {
    expected = i + 1
    i = digits(bytes, expected, end)
    if (i === expected && i < end) throw new Malformed(from, 'a decimal point without digits')
  }
  if (i < end && i > whole && (bytes[i]! | 0x20) === 0x65) {
    expected = i + 1
    if (expected < end && (bytes[expected] === 0x2b || bytes[expected] === BYTE.minus)) expected++
    i = digits(bytes, expected, end)
    if (i === expected && i < end) throw new Malformed(from, 'an exponent without digits')
  }
  if (i - from > LONGEST_NUMBER) throw new Malformed(from, `a number longer than ${LONGEST_NUMBER} bytes`)
  if (i < end) return i
  if (!last) return -1
  // A number cut short by the end of the answer, such as `1.` or `-`.
  if (!isDigit(bytes[i - 1]!)) throw new Malformed(from, 'an unfinished number')
  return i
}

function digits(bytes: Uint8Array, from: number, end: number): number {
  let i = from
  while (i < end && isDigit(bytes[i]!)) i++
  return i
}

function isDigit(byte: number): boolean {
  return byte >= BYTE.zero && byte <= BYTE.nine
}
