import type { UpstreamRequest } from './call.ts'
import type { DataClass, UseKind } from './data-class.ts'
import type { ReasonCode } from './reason.ts'

/** One use of one catalogued field by a call. */
export interface FieldUse {
  readonly collection: string
  /** Catalogued name; `*` for a use of the rows as such (a count of them). */
  readonly field: string
  readonly classes: readonly DataClass[]
  readonly kind: UseKind
  /** The name as the caller spelt it. For the caller's own reply only: it may hold anything, so it never reaches the journal. */
  readonly spelling: string
  /** Of a record related to the one that is asked: whatever else than showing it is a question about somebody else. */
  readonly nested?: boolean
  /** Where in the call: `select`, `order`, `filter`, `path`, `prefer`... A word of Haven's, never the caller's. */
  readonly where: string
}

/** The relation through which something of another record stands in a record: to show that is to show who belongs to whom. */
export interface Relation {
  /** Where the relation is catalogued, and under which name. */
  readonly collection: string
  readonly field: string
  /** The collections of the related records on the way, the one it ends in last: several where one spread lifts out of another. */
  readonly through: readonly string[]
  /** What it reveals, with what the relations and fields around it reveal. */
  readonly classes: readonly DataClass[]
  readonly kind: UseKind
}

/** Where the records sit in the answer and which key carries which field. What the shape does not name does not leave. */
export type AnswerShape =
  | {
      /** A catalogued value: a scalar, or nested arrays of scalars. An object here is not in the catalogue and is cut. */
      readonly node: 'field'
      readonly collection: string
      readonly field: string
      readonly classes: readonly DataClass[]
      /** The kind of use that asked for it: its verdict decides whether it leaves. */
      readonly kind: UseKind
      /** Free text: what it says of status is masked, whatever its own classes. */
      readonly text: boolean
      /** A spread lifted the value out of a related record; null where the record itself has it. */
      readonly relation: Relation | null
    }
  | RecordShape
  /** One record, `null`, an array of records or, at the top level only, NDJSON with one record a line. */
  | {
      readonly node: 'records'
      readonly record: RecordShape
      /** What they are related to the record around them by; null at the top, and for an object that is part of a record. */
      readonly relation: Relation | null
    }
  /** An object around the records. */
  | { readonly node: 'envelope'; readonly members: ReadonlyMap<string, AnswerShape> }

export interface RecordShape {
  readonly node: 'record'
  readonly collection: string
  /** Response key under which the plain value of the collection's own key stands; null if the answer does not have it so. */
  readonly key: string | null
  readonly members: ReadonlyMap<string, AnswerShape>
}

/** Where else the answer goes: a callback or webhook URL, an e-mail address, a topic that others listen to (a hot list). */
export interface Address {
  readonly kind: 'url' | 'email' | 'topic'
  readonly written: string
  /** False for one that a written value merely holds: it may be where something goes, or a mere fact. */
  readonly certain?: false
}

/** What a call would touch, and the request that asks exactly that. */
export interface QueryFacts {
  readonly kind: 'facts'
  readonly source: string
  readonly collection: string
  readonly uses: readonly FieldUse[]
  /** Keys of the persons the query names by equality. Protected values: they reach the journal only as tokens. */
  readonly dataSubjects: readonly string[]
  /**
   * Whom the conditions speak of in any way, protected like the keys: for recognising a refused question, and for nothing else.
   */
  readonly mentions?: readonly string[]
  readonly writes: boolean
  /** Names no data subject, filters nothing and sets no small limit: the collection as such. */
  readonly whole: boolean
  /** Which rows it says which part of (limit, offset, page): its own, and those of related records. Left out: none. */
  readonly paged?: { readonly rows: boolean; readonly related: boolean }
  /** Addresses found in the call that would receive the answer or a copy of it, as written. */
  readonly addresses: readonly Address[]
  /** The same question confined to the records of these keys; null where the dialect cannot say that, or not for these. */
  readonly confine: ((keys: readonly string[]) => UpstreamRequest | null) | null
  readonly shape: AnswerShape
  readonly upstream: UpstreamRequest
}

/** A query Haven does not understand completely. Nothing permits it. */
export interface Opaque {
  readonly kind: 'opaque'
  readonly reply: 'malformed' | 'query' | 'not-permitted'
  /** HTTP meaning where 400 is not the word: the method, or the media type. */
  readonly refused: 'method' | 'media-type' | null
  readonly code: ReasonCode
  /** For the caller: what was not understood, and what to write instead. May quote the call; never journalled. */
  readonly detail: string
  /** Where in the call, in Haven's words. */
  readonly where: string
}
