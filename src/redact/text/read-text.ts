import { foldCharacter } from './fold-character.ts'

const BACKSLASH = 0x5c
const U = 0x75
/** 1 for ASCII that is written as itself: one byte, one character. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x7f)
PLAIN[BACKSLASH] = 0

/** A stretch of text or of bytes, end excluded. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Called for the pieces of a text in order: their bytes, and what these fold to. In a plain piece one byte is one character. */
type Visit = (from: number, to: number, folded: string, plain: boolean) => void

/**
 * The text of a JSON string (the bytes between its quotes, already checked) as a reader takes it: escapes decoded; compatibility forms,
 * accents, invisible characters, look-alike letters and case folded away. Linear: every byte is visited once, every character folds alone.
 */
export function foldText(inside: Buffer): string {
  const pieces: string[] = []
  visit(inside, (_from, _to, folded) => void pieces.push(folded))
  return pieces.join('')
}

/** The bytes in which these spans of the folded text are written. Spans must be in order and apart, and so are the bytes. Linear. */
export function locateSpans(inside: Buffer, spans: readonly Span[]): Span[] {
  const found: { start: number; end: number }[] = []
  let at = 0
  let next = 0
  let start = -1
  visit(inside, (from, to, folded, plain) => {
    const end = at + folded.length
    const last = found.at(-1)
    // An accent left alone would say which word stood before it.
    if (folded === '' && last?.end === from) last.end = to
    for (; next < spans.length; next++) {
      const span = spans[next]!
      if (span.start >= end) break
      if (start < 0) start = plain ? from + span.start - at : from
      if (span.end > end) break
      const located = { start: Math.max(start, found.at(-1)?.end ?? 0), end: plain ? from + span.end - at : to }
      if (located.start < located.end) found.push(located)
      start = -1
    }
    at = end
  })
  return found
}

function visit(inside: Buffer, visitor: Visit): void {
  for (let i = 0; i < inside.length; ) {
    const from = i
    while (i < inside.length && PLAIN[inside[i]!] === 1) i++
    if (i > from) visitor(from, i, inside.toString('latin1', from, i).toLowerCase(), true)
    if (i === inside.length) return
    const to = afterCharacter(inside, i)
    visitor(i, to, foldCharacter(decode(inside, i, to)), false)
    i = to
  }
}

function afterCharacter(bytes: Buffer, at: number): number {
  const lead = bytes[at]!
  if (lead !== BACKSLASH) return at + (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4)
  if (bytes[at + 1] !== U) return at + 2
  const paired = /^\\u[dD][89abAB]..\\u[dD][c-fC-F]/.test(bytes.toString('latin1', at, at + 12))
  return paired ? at + 12 : at + 6
}

function decode(bytes: Buffer, from: number, to: number): string {
  return bytes[from] === BACKSLASH ? String(JSON.parse(`"${bytes.toString('latin1', from, to)}"`)) : bytes.toString('utf8', from, to)
}
