import type { InstrumentScope } from '../terms/instrument.ts'
import type { RecordShape } from '../terms/query-facts.ts'
import type { Confinement } from './confinement.ts'

/** Something a record must show, in one of its own members, before it may leave. */
export interface Proof {
  /** Response key of that member; null where the answer has none. */
  readonly memberOf: (record: RecordShape) => string | null
  /** Judges its value: a string decoded, a number as written, null for anything else. */
  readonly holds: (text: string | null) => boolean
}

/** Whose record it is, first; then, where the process says so, of which day and of which place. */
export function proofsOf({ keys, paper }: Confinement): readonly Proof[] {
  const { between, at } = paper?.scope ?? {}
  const proofs: Proof[] = [{ memberOf: record => record.key, holds: text => text !== null && keys.has(text) }]
  if (between) proofs.push({ memberOf: record => plainMember(record, between.field), holds: text => isWithin(text, between) })
  if (at) {
    const values = new Set(at.values)
    proofs.push({ memberOf: record => plainMember(record, at.field), holds: text => text !== null && values.has(text) })
  }
  return proofs
}

/** By what the shape says the member is, never by what the caller called it: an alias can put another day under the name. */
function plainMember(record: RecordShape, field: string): string | null {
  for (const [name, shape] of record.members) {
    const isPlain = shape.node === 'field' && shape.relation === null && (shape.kind === 'select' || shape.kind === 'implied')
    if (isPlain && shape.field === field) return name
  }
  return null
}

/** A value that begins with an ISO day, as written: the record's own calendar counts, not the gate's time zone. */
function isWithin(text: string | null, { from, until }: NonNullable<InstrumentScope['between']>): boolean {
  const day = /^(\d{4}-\d{2}-\d{2})(?:$|[T ]\d)/.exec(text ?? '')?.[1]
  return day !== undefined && from <= day && day <= until
}
