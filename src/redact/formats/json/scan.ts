import { Fault } from '../../../terms/faults.ts'
import type { TextSearch } from '../../compile-search.ts'
import type { Plan, PlanNode } from '../../plan.ts'
import { LINE_SPACE, SPACE } from './bytes.ts'
import { type KeyTable, tabulate } from './key-table.ts'
import { Malformed } from './malformed.ts'
import { append, createOutput, type Output } from './output.ts'

/** A record that leaves only if it shows all its proofs: they may stand behind everything that they protect. */
export interface Held {
  readonly depth: number
  /** Where it starts in the held part of the output. */
  readonly start: number
  readonly countsBefore: Float64Array
  /** Proofs that were judged, one bit each. */
  judged: number
  /** One did not hold, or stood there twice: readers differ in which of the two counts. */
  failed: boolean
}

/** What the next byte can be: the start of the answer, a value, the inside of a string (`text`: one that is searched), what follows, the end. */
export type Phase = 'start' | 'value' | 'string' | 'text' | 'opened' | 'after' | 'line-end' | 'done'

/**
 * Where the walk stands between two steps. It is plain and mutable because it is written for every token. Three numbers carry the safety:
 * bytes before `from` are copied or cut for good, `skipDepth` says that nothing may be copied until that depth is reached again, and
 * `heldDepth` that what was copied may still be taken back.
 */
export interface Scan {
  readonly plan: Plan
  readonly tables: ReadonlyMap<PlanNode, KeyTable>
  readonly output: Output
  /** Newlines separate the records. */
  readonly lines: boolean
  readonly space: Uint8Array
  readonly heldLimit: number
  readonly search: TextSearch
  /** The beginning of a string that is searched, from its first byte inside the quotes. */
  readonly text: Output
  input: Buffer
  last: boolean
  phase: Phase
  from: number
  depth: number
  /** By depth; depth 0 is the answer itself. */
  readonly isArray: Uint8Array
  readonly kept: Uint8Array
  readonly nodes: PlanNode[]
  readonly tableOf: (KeyTable | null)[]
  /** Serial number of the object at each depth: `seen` holds, by slot, the object in which a member was last met. */
  readonly serial: Float64Array
  readonly seen: Float64Array
  serials: number
  /** What an opener at the value in hand opens. */
  next: PlanNode
  skipDepth: number
  /** Depth of the innermost held record, or -1. */
  heldDepth: number
  /** The held records, each inside the one before. */
  readonly held: Held[]
  readonly counts: Float64Array
  records: number
  blankLine: boolean
  dropLine: boolean
}

const DEEPEST = 256

export interface JsonOptions {
  /** One record a line: NDJSON. */
  readonly lines: boolean
  /** Bytes a record may need while its proofs are unknown, and a string that is searched. */
  readonly valueBytes: number
  readonly search: TextSearch
}

export function createScan(plan: Plan, options: JsonOptions): Scan {
  return {
    plan,
    tables: tabulate(plan.root),
    output: createOutput(),
    lines: options.lines,
    space: options.lines ? LINE_SPACE : SPACE,
    heldLimit: options.valueBytes,
    search: options.search,
    text: createOutput(),
    input: Buffer.alloc(0),
    last: false,
    phase: 'start',
    from: 0,
    depth: 0,
    isArray: new Uint8Array(DEEPEST + 1),
    kept: new Uint8Array(DEEPEST + 1),
    nodes: [plan.root],
    tableOf: [null],
    serial: new Float64Array(DEEPEST + 1),
    seen: new Float64Array(plan.slots),
    serials: 0,
    next: plan.root,
    skipDepth: -1,
    heldDepth: -1,
    held: [],
    counts: new Float64Array(plan.counters.length),
    records: 0,
    blankLine: false,
    dropLine: false,
  }
}

/** Enters an array or an object at `at`; the index after the opener. */
export function open(scan: Scan, at: number, isArray: boolean): number {
  const depth = ++scan.depth
  if (depth > DEEPEST) throw new Malformed(at, `nested deeper than ${DEEPEST}`)
  scan.isArray[depth] = isArray ? 1 : 0
  scan.kept[depth] = 0
  scan.phase = 'opened'
  if (scan.skipDepth >= 0) return at + 1
  const node = isArray ? (scan.next.record ?? scan.next) : scan.next
  scan.nodes[depth] = node
  if (isArray) return at + 1
  scan.tableOf[depth] = scan.tables.get(node) ?? null
  scan.serial[depth] = ++scan.serials
  if (node.outermost && node.proofs === 0) scan.records++
  return at + 1
}

/** Leaves the array or object that closes at `at`; the index after the closer. */
export function close(scan: Scan, at: number): number {
  scan.depth--
  if (scan.skipDepth < 0 && scan.heldDepth === scan.depth) releaseOrDrop(scan, at + 1)
  return finish(scan, at + 1)
}

/** A value ended before `at`. */
export function finish(scan: Scan, at: number): number {
  if (scan.skipDepth === scan.depth) {
    scan.skipDepth = -1
    scan.from = at
  }
  scan.phase = scan.depth > 0 ? 'after' : scan.lines ? 'line-end' : 'done'
  return at
}

/** From here on everything is held until the record closes. */
export function hold(scan: Scan): void {
  const { output } = scan
  if (output.held < 0) output.held = output.length
  scan.heldDepth = scan.depth
  const start = output.length - output.held
  scan.held.push({ depth: scan.depth, start, countsBefore: scan.counts.slice(), judged: 0, failed: false })
}

/** Throws when more is held than `heldLimit`, wherever the chunks were cut. */
export function checkHeld(scan: Scan, at: number): void {
  const { output } = scan
  if (output.held >= 0 && output.length - output.held > scan.heldLimit) throw new Malformed(at, 'a record too large to be held')
}

/** One record of somebody else, and none at all, look like an absent person: an empty answer would say that the person exists. */
export function notTheirs(): Fault {
  return new Fault('upstream.refused', 'upstream', 'not a record that may leave', { upstreamStatus: 404 })
}

function releaseOrDrop(scan: Scan, to: number): void {
  const { output } = scan
  append(output, scan.input, scan.from, to)
  scan.from = to
  checkHeld(scan, to)
  const record = scan.held.pop()!
  scan.heldDepth = scan.held.at(-1)?.depth ?? -1
  const node = scan.nodes[scan.depth + 1]!
  if (!record.failed && record.judged === node.proofs) {
    scan.kept[scan.depth] = 1
    if (node.outermost) scan.records++
  } else {
    if (scan.depth === 0 && !scan.lines) throw notTheirs()
    output.length = output.held + record.start
    scan.counts.set(record.countsBefore)
    scan.counts[node.unlisted] = scan.counts[node.unlisted]! + 1
    scan.dropLine = scan.depth === 0
  }
  if (scan.heldDepth < 0) output.held = -1
}
