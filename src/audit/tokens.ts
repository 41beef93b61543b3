import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** Tells one kind of token from another, so that a person's token never equals a data subject's. */
export type TokenKind =
  | 'person'
  | 'subject'
  | 'reason'
  | 'case'
  | 'request'
  | 'owner'
  | 'binding'
  | 'attempt'
  | 'attempt-agency'
  | 'document'
  | 'past'

/** Makes keyed tokens of protected values for one domain. */
export type Tokenizer = (kind: TokenKind, ...parts: readonly (string | Uint8Array)[]) => string

const DOMAINS_MAX = 4096

/**
 * Keyed tokens: HMAC-SHA256 cut to 16 bytes, base64url. A plain hash of a plate, a name or a case number falls to enumeration.
 * The key is derived (HKDF, RFC 5869) per agency and purpose, so that tokens of one domain do not join with those of another.
 */
export function createTokens(secret: Uint8Array): (agency: string, purpose: string) => Tokenizer {
  const domains = new Map<string, Tokenizer>()
  return (agency, purpose) => {
    const domain = JSON.stringify([agency, purpose])
    let tokenizer = domains.get(domain)
    if (tokenizer === undefined) {
      tokenizer = tokenizerOf(createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `haven/token/v1\0${domain}`, 32))))
      if (domains.size >= DOMAINS_MAX) domains.clear()
      domains.set(domain, tokenizer)
    }
    return tokenizer
  }
}

function tokenizerOf(key: KeyObject): Tokenizer {
  return (kind, ...parts) => {
    const mac = createHmac('sha256', key).update(`${kind}\0`)
    // Lengths make the list of parts unambiguous: ("ab", "c") must not meet ("a", "bc").
    for (const part of parts) {
      mac.update(`${typeof part === 'string' ? Buffer.byteLength(part) : part.length}:`)
      mac.update(part)
    }
    return mac.digest().subarray(0, 16).toString('base64url')
  }
}
