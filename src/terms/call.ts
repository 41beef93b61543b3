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
  /** Absent where a call came over no connection (a case that is explained, a test). */
  readonly peer?: Peer
}

/** Who is at the other end, as the connection shows it: what the caller may have written can only harm the caller. */
export interface Peer {
  /** IPv4 or IPv6 (an IPv4-mapped one is written as IPv4). Behind a trusted proxy the client's own; null when it did not say. */
  readonly address: string | null
  /** Further addresses that the proxy's headers name: one of them may be the caller's own word, so each counts against the caller. */
  readonly others?: readonly string[]
  /** Checked against the configured client CA. Null without one, and behind a trusted proxy: that one is the proxy's. */
  readonly certificate: PeerCertificate | null
}

export interface PeerCertificate {
  /** SHA-256 of the DER, base64url: what `x5t#S256` of a bound token names (RFC 8705, section 3.1). */
  readonly thumbprint: string
  /** Subject alternative names as written in the certificate, which may be anything; other kinds are left out. */
  readonly names: readonly { readonly kind: 'dns' | 'email' | 'uri'; readonly name: string }[]
}

/** What the record API is asked, written anew by the dialect from what it parsed. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Path and query, re-serialised and encoded by the dialect; starts with `/`. */
  readonly target: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array | null
}
