import type { PlanMember, PlanNode } from '../../plan.ts'
import { BYTE } from './bytes.ts'
import { Malformed } from './malformed.ts'
import { endOfString } from './string.ts'

/** The members of one plan node, found by the bytes of a key or by its decoded name. */
export interface KeyTable {
  readonly buckets: readonly (readonly Entry[] | undefined)[]
  readonly byName: ReadonlyMap<string, PlanMember>
}
interface Entry {
  readonly bytes: Uint8Array
  readonly member: PlanMember
}

const BUCKETS = 64
const LONGEST_KEY = 16 * 1024

/** Key tables of every node of a plan that has members. */
export function tabulate(root: PlanNode, tables: Map<PlanNode, KeyTable> = new Map()): Map<PlanNode, KeyTable> {
  if (root.record !== null) tabulate(root.record, tables)
  if (root.kind !== 'record' && root.kind !== 'envelope') return tables
  const buckets: Entry[][] = []
  for (const member of root.members) {
    const bytes = Buffer.from(member.name)
    const bucket = bucketOf(bytes, 0, bytes.length)
    buckets[bucket] = [...(buckets[bucket] ?? []), { bytes, member }]
    tabulate(member.node, tables)
  }
  tables.set(root, {
    buckets: Array.from({ length: BUCKETS }, (_, i) => buckets[i]),
    byName: new Map(root.members.map(one => [one.name, one])),
  })
  return tables
}

/** Index after the closing quote of the key whose inside starts at `from`, or -1 when bytes are missing. Throws `Malformed`. */
export function endOfKey(bytes: Buffer, from: number, end: number): number {
  const after = endOfString(bytes, from, end)
  if ((after < 0 ? end : after) - from > LONGEST_KEY + 1) throw new Malformed(from, `a key longer than ${LONGEST_KEY} bytes`)
  return after < 0 ? -1 : after
}

/**
 * The member that a key names, given the inside of its quotes. A key with an escape is decoded first: `"\u0073sn"` is `ssn`. Half a
 * surrogate pair names nothing that UTF-8 can write, and readers differ in what they make of it, so it throws `Malformed`.
 */
export function findMember(table: KeyTable | null, bytes: Buffer, from: number, to: number): PlanMember | undefined {
  for (let i = from; i < to; i++) {
    if (bytes[i] !== BYTE.backslash) continue
    // Decoded also where there is nothing to look up: a cut part is read as strictly as a kept one.
    const name = decode(bytes, from, to)
    return table?.byName.get(name)
  }
  const bucket = table?.buckets[bucketOf(bytes, from, to)]
  if (bucket === undefined) return undefined
  for (const entry of bucket) if (sameBytes(entry.bytes, bytes, from, to)) return entry.member
  return undefined
}

function decode(bytes: Buffer, from: number, to: number): string {
  const name: unknown = JSON.parse(bytes.toString('utf8', from - 1, to + 1))
  if (typeof name !== 'string' || !name.isWellFormed()) throw new Malformed(from, 'a key with half a surrogate pair')
  return name
}

function bucketOf(bytes: Uint8Array, from: number, to: number): number {
  if (from === to) return 0
  return (bytes[from]! * 7 + bytes[to - 1]! * 13 + bytes[(from + to) >> 1]! * 3 + (to - from) * 31) & (BUCKETS - 1)
}

function sameBytes(name: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (name.length !== to - from) return false
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[from + i]) return false
  return true
}
