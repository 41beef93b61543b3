import { LOOKALIKES } from './lookalikes.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const U = 0x75
const ESCAPES: ReadonlyMap<number, string> = new Map([
  ['b', ''],
  ['f', '\n'],
  ['n', '\n'],
  ['r', '\n'],
  ['t', ' '],
].map(([letter, folded]) => [letter!.charCodeAt(0), folded!]))

/** 1 for ASCII that is written as itself, so that one byte is one character. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x7f)
PLAIN[QUOTE] = 1
PLAIN[BACKSLASH] = 0

/** A stretch of folded text, end excluded. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Called for each piece of the text in order: its bytes, and what they fold to. In a plain piece one byte is one character. */
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

/** The bytes with `instead` in place of each span. Spans are in order, apart, and in the positions of `foldText`. */
export function replaceSpans(inside: Buffer, spans: readonly Span[], instead: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  let next = 0
  let copied = 0
  visit(inside, (from, to, folded, plain) => {
    const end = at + folded.length
    // A character that folds to nothing goes with the one before it: an accent left alone would say which word stood here.
    while (next < spans.length && (spans[next]!.start < end || (folded === '' && next > 0 && spans[next - 1]!.end === at))) {
      const { start, end: last } = spans[next]!
      const begins = start >= at ? (plain ? from + start - at : from) : copied
      if (start >= at) parts.push(inside.subarray(copied, begins), instead)
      copied = last >= end ? to : plain ? from + last - at : to
      if (last > end) break
      next++
    }
    at = end
  })
  parts.push(inside.subarray(copied))
  return Buffer.concat(parts)
}

function visit(inside: Buffer, visitor: Visit): void {
  for (let i = 0; i < inside.length; ) {
    const from = i
    while (i < inside.length && PLAIN[inside[i]!] === 1) i++
    if (i > from) visitor(from, i, inside.latin1Slice(from, i).toLowerCase(), true)
    if (i === inside.length) return
    const to = afterCharacter(inside, i)
    visitor(i, to, foldAt(inside, i, to), false)
    i = to
  }
}
