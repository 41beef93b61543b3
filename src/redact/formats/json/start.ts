import { BYTE, skip } from './bytes.ts'
import { Malformed } from './malformed.ts'
import { notTheirs, type Scan } from './scan.ts'
import { fits, settle } from './settle.ts'

/** Finds the value that is the answer, or the next line's record. A value of a type the shape does not expect throws `Malformed`. */
export function start(scan: Scan, from: number): number {
  const { input } = scan
  const at = skip(input, from, input.length, scan.space)
  // Space that left ahead of a record still held would send the head of a reply that may yet have to be a refusal.
  if (scan.plan.proofs.length > 0 && !scan.lines) scan.from = at
  if (at === input.length) return at
  const first = input[at]!
  if (scan.lines) return line(scan, at, first)
  const { root } = scan.plan
  const left = root.kind === 'cut' || root.kind === 'null' || root.kind === 'mask'
  if (left ? first === BYTE.openObject : !fits(root, first)) throw new Malformed(at, 'not the type of answer that was asked for')
  if (scan.plan.proofs.length > 0 && first === BYTE.n) throw notTheirs()
  // The answer as a whole cannot be left out, so a value that may not leave becomes null.
  return settle(scan, root.kind === 'cut' ? { ...root, kind: 'null' } : root, at, at, at)
}

function line(scan: Scan, at: number, first: number): number {
  if (scan.blankLine) throw new Malformed(at, 'a blank line before the end')
  if (first === BYTE.newline) {
    scan.blankLine = true
    return at + 1
  }
  const { record } = scan.plan.root
  if (record === null || first !== BYTE.openObject) throw new Malformed(at, 'a line that is not a record')
  return settle(scan, record, at, at, at)
}
