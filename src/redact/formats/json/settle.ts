import type { PlanMember, PlanNode } from '../../plan.ts'
import { BYTE } from './bytes.ts'
import { Malformed } from './malformed.ts'
import { append } from './output.ts'
import { readScalar } from './scalar.ts'
import { hold, type Scan } from './scan.ts'

const NULL = Buffer.from('null')
/** The same for every value and type, an absent one too: whether a person has a number must not show either. */
const MASK = Buffer.from('"***"')

/**
 * Decides what becomes of a member or element before its value is read. `mark` is the comma before it, or its first byte when nothing
 * stands before it; `start` is that first byte; the value begins at `value`. Afterwards the walk is in phase `value`.
 */
export function settle(scan: Scan, node: PlanNode | undefined, mark: number, start: number, value: number): number {
  scan.phase = 'value'
  const first = scan.input[value]!
  if (node === undefined) cut(scan, scan.nodes[scan.depth]!.unlisted, mark, start)
  else if (node.kind === 'cut') cut(scan, node.field, mark, start)
  else if (node.kind === 'null' || node.kind === 'mask') replace(scan, node, mark, start, value)
  else if (!fits(node, first)) cut(scan, node.unlisted, mark, start)
  else {
    // Without this step a single record where a list could stand would pass as a list, unchecked.
    const opened = first === BYTE.openArray ? node : (node.record ?? node)
    scan.next = opened
    if (opened.proofs === 0) keep(scan, mark, start)
    else if (first === BYTE.openObject) holdRecord(scan, mark, start)
    // A null that stayed while another's record goes would tell the two apart.
    else cut(scan, opened.unlisted, mark, start)
  }
  return value
}

/** Is a value that starts with this byte what the shape expects here? Anything else is not in the catalogue. */
export function fits(node: PlanNode, first: number): boolean {
  if (node.kind === 'keep' || node.kind === 'text') return first !== BYTE.openObject
  if (node.kind === 'count') return first >= BYTE.zero && first <= BYTE.nine
  if (first === BYTE.openObject) return true
  if (node.kind === 'envelope') return false
  return first === BYTE.n || (node.kind === 'records' && first === BYTE.openArray)
}

/**
 * What the plan says of the member found in the object in hand. Throws when a name that leaves stands twice in one object: readers
 * differ in which of the two counts, so either could be read as something that was never judged.
 */
export function claim(scan: Scan, member: PlanMember | undefined, at: number): PlanNode | undefined {
  if (member === undefined || member.node.kind === 'cut') return member?.node
  const serial = scan.serial[scan.depth]!
  if (scan.seen[member.slot] === serial) throw new Malformed(at, 'a member that leaves stands twice in one object')
  scan.seen[member.slot] = serial
  return member.node
}

/**
 * Judges the proofs that the value of a member of the held record is. `first`, or `again` where one of them stood there before; `wait` when
 * more bytes are needed. The bytes that may be read for it end at `limit`.
 */
export function prove(scan: Scan, proves: number, value: number, limit: number): 'first' | 'again' | 'wait' {
  const end = Math.min(scan.input.length, limit)
  const text = readScalar(scan.input, value, end, scan.last)
  if (text === -1 && scan.input.length >= limit) throw new Malformed(value, 'a value too long to be judged')
  if (text === -1) return 'wait'
  const record = scan.held.at(-1)!
  const isAgain = (record.judged & proves) !== 0
  record.judged |= proves
  const holds = scan.plan.proofs.every((proof, index) => (proves & (1 << index)) === 0 || proof.holds(text))
  if (isAgain || !holds) record.failed = true
  return isAgain ? 'again' : 'first'
}

function keep(scan: Scan, mark: number, start: number): void {
  if (mark < start && scan.kept[scan.depth] === 0) {
    append(scan.output, scan.input, scan.from, mark)
    scan.from = mark + 1
  }
  scan.kept[scan.depth] = 1
}

function cut(scan: Scan, counter: number, mark: number, start: number): void {
  append(scan.output, scan.input, scan.from, mark)
  if (scan.kept[scan.depth] === 0 && mark < start) append(scan.output, scan.input, mark + 1, start)
  withhold(scan, counter)
}

function replace(scan: Scan, node: PlanNode, mark: number, start: number, value: number): void {
  keep(scan, mark, start)
  append(scan.output, scan.input, scan.from, value)
  const instead = node.kind === 'null' ? NULL : MASK
  append(scan.output, instead, 0, instead.length)
  withhold(scan, node.field)
}

function withhold(scan: Scan, counter: number): void {
  scan.counts[counter] = scan.counts[counter]! + 1
  scan.skipDepth = scan.depth
}

function holdRecord(scan: Scan, mark: number, start: number): void {
  append(scan.output, scan.input, scan.from, mark)
  scan.from = mark < start && scan.kept[scan.depth] === 0 ? mark + 1 : mark
  hold(scan)
}
