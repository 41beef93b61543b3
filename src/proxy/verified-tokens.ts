import { hash } from 'node:crypto'
import type { Claims } from '../terms/parties.ts'

const MOST = 4_096

/** Claims of tokens whose signature, issuer, audience, times and shape were checked. Refusals are never remembered. */
export interface VerifiedTokens<C extends Claims> {
  /** What this token says, as verified with this key (RFC 7638 thumbprint), or null. Never beyond its `exp`. */
  readonly recall: (token: string, issuer: string, thumbprint: string) => C | null
  readonly keep: (token: string, issuer: string, thumbprint: string, claims: C) => void
  readonly empty: () => void
}

/**
 * Remembers verified tokens, the oldest out first. Only what the token itself says is kept: its binding to a certificate, its agency
 * in the directory and what a role may do are judged anew for each call. `now` is in milliseconds since 1970.
 */
export function rememberVerified<C extends Claims>(now: () => number, most: number = MOST): VerifiedTokens<C> {
  const kept = new Map<string, C>()
  return {
    recall: (token, issuer, thumbprint) => {
      const key = keyOf(token, issuer, thumbprint)
      const claims = kept.get(key)
      if (claims === undefined) return null
      if (now() < claims.exp * 1000) return claims
      kept.delete(key)
      return null
    },
    keep: (token, issuer, thumbprint, claims) => {
      const oldest = kept.keys().next().value
      if (kept.size >= most && oldest !== undefined) kept.delete(oldest)
      kept.set(keyOf(token, issuer, thumbprint), claims)
    },
    empty: () => kept.clear(),
  }
}

// Without issuer and key, what one issuer vouched for would answer for another, and a withdrawn key would go on (CVE-2026-33496).
// The token itself is not kept: a dump of memory would be a bunch of keys.
const keyOf = (token: string, issuer: string, thumbprint: string): string => `${hash('sha256', token, 'base64url')} ${thumbprint} ${issuer}`
