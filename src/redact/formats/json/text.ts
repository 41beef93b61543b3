import { Malformed } from './malformed.ts'
import { append } from './output.ts'
import { finish, type Scan } from './scan.ts'
import { endOfString } from './string.ts'

/** The same for every hit, whatever stood there and however long it was. */
const MASK = Buffer.from('***')

/** Enters, at its quote, a string that leaves only after it was searched. */
export function openText(scan: Scan, at: number): number {
  append(scan.output, scan.input, scan.from, at + 1)
  scan.from = at + 1
  scan.text.length = 0
  scan.phase = 'text'
  return gatherText(scan, at + 1)
}

/** Gathers the string whole: a hit may lie across any two chunks. Throws `Malformed` where it needs more than `heldLimit`. */
export function gatherText(scan: Scan, at: number): number {
  const { input, text } = scan
  const after = endOfString(input, at, input.length)
  const to = after < 0 ? -1 - after : after - 1
  if (text.length + to - scan.from > scan.heldLimit) throw new Malformed(to, 'a text too long to be searched')
  append(text, input, scan.from, to)
  scan.from = to
  if (after < 0) return to
  release(scan)
  return finish(scan, after)
}

function release(scan: Scan): void {
  const { output, next } = scan
  const inside = scan.text.buffer.subarray(0, scan.text.length)
  let copied = 0
  for (const { start, end } of scan.search.find(inside, next.proxies)) {
    append(output, inside, copied, start)
    append(output, MASK, 0, MASK.length)
    copied = end
  }
  append(output, inside, copied, inside.length)
  if (copied > 0) scan.counts[next.field] = scan.counts[next.field]! + 1
}
