import { BYTE, skip } from './bytes.ts'
import { endOfKey, findMember } from './key-table.ts'
import { Malformed } from './malformed.ts'
import { endOfScalar } from './scalar.ts'
import { close, finish, open, type Scan } from './scan.ts'
import { claim, prove, settle } from './settle.ts'
import { start } from './start.ts'
import { endOfString } from './string.ts'
import { gatherText, openText } from './text.ts'

/** From a comma to the first byte of the value: what must be in hand before anything is decided. */
const LONGEST_UNDECIDED = 32 * 1024

/** One step of the walk from `at`. The same index in the same phase means that it needs more bytes than are in hand. */
export function step(scan: Scan, at: number): number {
  switch (scan.phase) {
    case 'opened':
      return afterOpener(scan, at)
    case 'after':
      return afterValue(scan, at)
    case 'value':
      return value(scan, at)
    case 'string':
      return string(scan, at)
    case 'text':
      return gatherText(scan, at)
    case 'start':
      return start(scan, at)
    case 'line-end':
      return lineEnd(scan, at)
    case 'done':
      return done(scan, at)
  }
}

function afterOpener(scan: Scan, from: number): number {
  const { input } = scan
  const at = skip(input, from, input.length, scan.space)
  if (at === input.length) return at
  if (scan.isArray[scan.depth] === 1) return input[at] === BYTE.closeArray ? close(scan, at) : element(scan, at, at)
  return input[at] === BYTE.closeObject ? close(scan, at) : member(scan, at, at)
}

function afterValue(scan: Scan, from: number): number {
  const { input } = scan
  const at = skip(input, from, input.length, scan.space)
  if (at === input.length) return at
  const isArray = scan.isArray[scan.depth] === 1
  if (input[at] === (isArray ? BYTE.closeArray : BYTE.closeObject)) return close(scan, at)
  if (input[at] !== BYTE.comma) throw new Malformed(at, 'neither a comma nor the end after a value')
  const next = skip(input, at + 1, input.length, scan.space)
  if (next - at > LONGEST_UNDECIDED) throw new Malformed(at, 'too much space after a comma')
  if (next === input.length) return at
  return isArray ? element(scan, at, next) : member(scan, at, next)
}

function element(scan: Scan, mark: number, at: number): number {
  if (scan.skipDepth < 0) return settle(scan, scan.nodes[scan.depth], mark, at, at)
  scan.phase = 'value'
  return at
}

function member(scan: Scan, mark: number, key: number): number {
  const { input } = scan
  const end = input.length
  if (input[key] !== BYTE.quote) throw new Malformed(key, 'no member name where one must stand')
  const afterKey = endOfKey(input, key + 1, end)
  if (afterKey < 0) return mark
  const colon = skip(input, afterKey, end, scan.space)
  if (colon < end && input[colon] !== BYTE.colon) throw new Malformed(colon, 'no colon after a member name')
  const first = skip(input, colon + 1, end, scan.space)
  if (first - mark > LONGEST_UNDECIDED) throw new Malformed(mark, 'too much space around a member name')
  if (first >= end) return mark
  const skipping = scan.skipDepth >= 0
  const found = findMember(skipping ? null : scan.tableOf[scan.depth]!, input, key + 1, afterKey - 1)
  if (skipping) {
    scan.phase = 'value'
    return first
  }
  if (found === undefined || found.proves === 0) return settle(scan, claim(scan, found, key), mark, key, first)
  const proven = prove(scan, found.proves, first, mark + LONGEST_UNDECIDED)
  if (proven === 'wait') return mark
  // The second key of a record that will be dropped: cut, so that `claim` does not condemn the whole answer for it.
  return settle(scan, proven === 'again' ? undefined : claim(scan, found, key), mark, key, first)
}

function value(scan: Scan, at: number): number {
  const { input } = scan
  if (at === input.length) return at
  const first = input[at]
  if (first === BYTE.quote && scan.skipDepth < 0 && scan.next.kind === 'text') return openText(scan, at)
  if (first === BYTE.quote) {
    scan.phase = 'string'
    return string(scan, at + 1)
  }
  if (first === BYTE.openObject) return open(scan, at, false)
  if (first === BYTE.openArray) return open(scan, at, true)
  const after = endOfScalar(input, at, input.length, scan.last)
  return after < 0 ? at : finish(scan, after)
}

function string(scan: Scan, at: number): number {
  const after = endOfString(scan.input, at, scan.input.length)
  return after < 0 ? -1 - after : finish(scan, after)
}

function lineEnd(scan: Scan, from: number): number {
  const { input } = scan
  const at = skip(input, from, input.length, scan.space)
  const ended = at < input.length && input[at] === BYTE.newline
  if (!ended && at < input.length) throw new Malformed(at, 'more than one record on a line')
  const after = ended ? at + 1 : at
  if (scan.dropLine) scan.from = after
  if (ended) {
    scan.phase = 'start'
    scan.dropLine = false
  }
  return after
}

function done(scan: Scan, from: number): number {
  const at = skip(scan.input, from, scan.input.length, scan.space)
  if (at < scan.input.length) throw new Malformed(at, 'bytes after the end of the value')
  return at
}
