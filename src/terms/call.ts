/** One HTTP call as it reached the gate: framed by the server, judged by nobody yet. */
export interface Call {
  /** The decision's id (UUIDv7), given to the caller and written to the journal. */
  readonly id: string
  /** Milliseconds since 1970, UTC. */
  readonly receivedAt: number
  readonly method: string
  /** First path segment, decoded; names the source. */
  readonly source: string
  /** The rest of the path as sent, percent-encoding and leading `/` included. */
  readonly path: string
  /** The query string as sent, without `?`. */
  readonly query: string
  /** Names in lower case, every value that was sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Uint8Array | null
}

/** What the record API is asked, written anew by the dialect from what it parsed. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Path and query, re-serialised and encoded by the dialect; starts with `/`. */
  readonly target: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array | null
}
