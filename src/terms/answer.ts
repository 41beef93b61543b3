/** The record API's answer, before the redactor: nobody but the redactor reads the body. */
export interface UpstreamAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: AsyncIterable<Uint8Array>
  /** Ends the upstream exchange; safe to call twice. */
  readonly destroy: () => void
}
