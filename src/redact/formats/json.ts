import { Fault } from '../../terms/faults.ts'
import type { Plan } from '../plan.ts'
import { Malformed } from './json/malformed.ts'
import { append, take } from './json/output.ts'
import { checkHeld, createScan, type JsonOptions, type Scan } from './json/scan.ts'
import { step } from './json/step.ts'

/** A body on its way through: what may leave of each chunk, and of the end. After a throw nothing of it may be used. */
export interface JsonRedactor {
  readonly write: (chunk: Uint8Array) => Uint8Array
  readonly end: () => Uint8Array
  readonly records: () => number
  readonly cut: () => ReadonlyMap<string, number>
}

/**
 * Walks JSON (RFC 8259, UTF-8, strictly) or NDJSON along the plan and hands out only what the plan keeps, byte for byte as it came: where
 * nothing is cut the output is the input. A cut starts at the comma before the member, or at its name when nothing was kept before it (then
 * the comma after it goes too), and ends after its value. Cut values are read as strictly as kept ones. Memory does not grow with the body:
 * strings stream, and what waits for a decision is bounded. Throws a `Fault` `upstream.uninspectable` that names the byte, at the first
 * thing that could be read in two ways; where the chunks are cut makes no difference.
 */
export function redactJson(plan: Plan, options: JsonOptions, upstreamStatus: number): JsonRedactor {
  const scan = createScan(plan, options)
  let before = 0
  let atStart = true
  let undecided: Uint8Array | null = null

  function run(chunk: Uint8Array, last: boolean): Uint8Array {
    const bytes = undecided === null ? chunk : Buffer.concat([undecided, chunk])
    scan.input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    scan.last = last
    scan.from = 0
    try {
      const from: number = atStart ? afterMark(scan.input, last) : 0
      let reached = from
      if (from >= 0) {
        atStart = false
        scan.from = from
        reached = walk(scan, from)
      } else reached = 0
      if (last && !isComplete(scan, reached)) throw new Malformed(scan.input.length, 'the answer ended early')
      before += reached
      undecided = reached < scan.input.length ? scan.input.subarray(reached) : null
      return take(scan.output)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      throw new Fault('upstream.uninspectable', 'upstream', `byte ${before + error.at}: ${error.message}`, { upstreamStatus })
    }
  }

  return {
    write: chunk => run(chunk, false),
    end: () => run(new Uint8Array(0), true),
    records: () => scan.records,
    cut: () => new Map(plan.counters.map((name, i) => [name, scan.counts[i]!] as const).filter(([, count]) => count > 0)),
  }
}

/** Copies what is decided; the index up to which the input is used up. */
function walk(scan: Scan, from: number): number {
  let at = from
  for (;;) {
    const { phase } = scan
    const next = step(scan, at)
    if (next === at && scan.phase === phase) break
    at = next
  }
  if (scan.skipDepth < 0) append(scan.output, scan.input, scan.from, at)
  checkHeld(scan, at)
  return at
}

function isComplete(scan: Scan, reached: number): boolean {
  if (reached < scan.input.length) return false
  return scan.phase === 'done' || scan.phase === 'line-end' || (scan.phase === 'start' && scan.lines && scan.serials > 0)
}

/** Index after a byte order mark (dropped once, RFC 8259 section 8.1); -1 when too few bytes came to tell. */
function afterMark(bytes: Uint8Array, last: boolean): number {
  const mark = [0xef, 0xbb, 0xbf]
  const same = mark.findIndex((byte, i) => bytes[i] !== byte)
  if (same === -1) return 3
  return same === bytes.length && !last ? -1 : 0
}
