/** The record API's answer, before the redactor: nobody but the redactor reads the body. */
export interface UpstreamAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: AsyncIterable<Uint8Array>
  /** Ends the upstream exchange; safe to call twice. */
  readonly destroy: () => void
}

/** What the redactor did, so far. Names and counts, never values. */
export interface RedactionReport {
  readonly bytesIn: number
  readonly bytesOut: number
  readonly records: number
  /** Members cut, by `collection.field`; `collection.*` for members the catalogue does not list. */
  readonly cut: ReadonlyMap<string, number>
}

/** What may leave. The stream throws a `Fault` when the rest cannot be judged; then the connection must be destroyed, never ended. */
export interface RedactedAnswer {
  readonly status: number
  readonly contentType: string | null
  /** The whole body where it was small enough to judge before the first byte leaves; else a stream. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
  readonly report: () => RedactionReport
}
