import type { Decision } from './decision.ts'
import type { Judgement } from './judgement.ts'

declare const madeByRecord: unique symbol

/** Proof that a decision is on disk and synced. Only `audit/record` makes one; `forward` takes nothing else. */
export interface Receipt<D extends Decision = Decision> {
  readonly [madeByRecord]: true
  readonly judgement: Judgement<D>
  /** Position of the entry in the journal's order. */
  readonly index: number
}

/** What left in the end. */
export interface Outcome {
  readonly state: 'released' | 'withheld' | 'abandoned'
  /** Status the record API gave, 0 if it gave none. */
  readonly upstreamStatus: number
  /** Status the caller was given. */
  readonly status: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly records: number
  /** Members cut, by `collection.field`; `*` for members the catalogue does not list. Names and counts only. */
  readonly cut: ReadonlyMap<string, number>
  /** Why it was withheld after the decision, as a reason code, and at which byte of the upstream body. */
  readonly failure: { readonly code: string; readonly atByte: number } | null
}
