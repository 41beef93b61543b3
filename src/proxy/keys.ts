import { setTimeout as wait } from 'node:timers/promises'
import { calculateJwkThumbprint, exportSPKI, importJWK, type JWK } from 'jose'
import { z } from 'zod'
import { Fault } from '../terms/faults.ts'

/** Unknown key ids may cost this many fetches a minute: else anybody could have Haven flood the issuer (get-jwks made 50 for 50). */
const REFRESHES_PER_MINUTE = 4
const FRESH_MS = 10 * 60_000
/** Long enough for an issuer in health, so that a withdrawn key ends on time; short enough not to be felt when it hangs. */
const PATIENCE_MS = 250
/** An issuer that is down for a day must not stop an ambulance; a key it has withdrawn must not live for ever. */
const STALE_MS = 24 * 3_600_000

const Jwks = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(64) })

/** A public key that verifies tokens. */
export interface VerifierKey {
  /** SPKI. */
  readonly pem: string
  /** RFC 7638, SHA-256. */
  readonly thumbprint: string
}

export interface KeyStore {
  /** The key for a header's `kid` and `alg`. @throws Fault 401 when there is none, 503 when keys cannot be had. */
  readonly find: (kid: string | undefined, alg: string) => Promise<VerifierKey>
  /** Calls `then` each time the keys are others than before. */
  readonly whenChanged: (then: () => void) => void
}

/**
 * Keys of one issuer, from the configured place and no other (`jku`, `x5u`, `jwk`, `x5c` of a token are never read). An unknown `kid` has
 * the keys fetched again, within a limit, so that a rotation is picked up at once.
 */
export function openKeyStore(fetchDocument: () => Promise<unknown>, now: () => number): KeyStore {
  let keys: readonly JWK[] = []
  let fetchedAt = Number.NEGATIVE_INFINITY
  let recent: readonly number[] = []
  let underWay: Promise<void> | null = null
  /** Over when the fetch under way is, or is slow. */
  let patience: Promise<void> = Promise.resolve()
  const imported: Imported = new WeakMap()
  const listeners: (() => void)[] = []

  async function refresh(): Promise<void> {
    recent = [...recent.filter(at => now() - at < 60_000), now()]
    const parsed = Jwks.safeParse(await fetchDocument().catch(toFault))
    if (!parsed.success) throw new Fault('fault.keys', 'unavailable', 'the issuer answered something that is not a JWKS')
    const changed = JSON.stringify(parsed.data.keys) !== JSON.stringify(keys)
    fetchedAt = now()
    if (!changed) return
    keys = parsed.data.keys as readonly JWK[]
    for (const then of listeners) then()
  }
  const refreshOnce = () => {
    if (underWay !== null) return underWay
    underWay = refresh().finally(() => {
      underWay = null
    })
    // Counted from the start of the fetch, so that calls that come later wait less, or not at all.
    patience = Promise.race([underWay, wait(PATIENCE_MS)]).catch(() => undefined)
    return underWay
  }
  const mayRefresh = () => underWay !== null || recent.filter(at => now() - at < 60_000).length < REFRESHES_PER_MINUTE

  return {
    async find(kid, alg) {
      const age = now() - fetchedAt
      if (age > FRESH_MS && mayRefresh()) {
        const refreshed = refreshOnce()
        await (age > STALE_MS ? refreshed : patience)
      }
      if (now() - fetchedAt > STALE_MS) throw new Fault('fault.keys', 'unavailable', 'the keys are older than a day')
      if (!choose(keys, kid, alg) && mayRefresh()) await refreshOnce()
      const key = choose(keys, kid, alg)
      if (!key) throw new Fault('token.invalid', 'unauthenticated', 'no key of the issuer has this kid and algorithm')
      return toVerifier(key, alg, imported)
    },
    whenChanged: then => void listeners.push(then),
  }
}

/** Keys that cannot be read are our trouble: without this a broken file would tell every caller that their token is bad. */
function toFault(cause: unknown): never {
  if (cause instanceof Fault) throw cause
  throw new Fault('fault.keys', 'unavailable', 'the keys of an issuer cannot be read', { cause })
}

function choose(keys: readonly JWK[], kid: string | undefined, alg: string): JWK | undefined {
  const fits = keys.filter(
    key => keyTypeFits(key, alg) && (key.alg === undefined || key.alg === alg) && (key.use === undefined || key.use === 'sig'),
  )
  if (kid !== undefined) return fits.find(key => key.kid === kid)
  return fits.length === 1 ? fits[0] : undefined
}

/** A key serves only its own family: an RSA public key must never be taken for an HMAC secret, nor one curve for another. */
function keyTypeFits(key: JWK, alg: string): boolean {
  const curves: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519' }
  if (/^(RS|PS)/.test(alg)) return key.kty === 'RSA'
  return key.kty === (alg === 'EdDSA' ? 'OKP' : 'EC') && key.crv === curves[alg]
}

type Imported = WeakMap<JWK, Map<string, VerifierKey>>

async function toVerifier(key: JWK, alg: string, imported: Imported): Promise<VerifierKey> {
  const known = imported.get(key)?.get(alg)
  if (known) return known
  const { kty, crv, x, y, n, e } = key
  const bare = { kty, crv, x, y, n, e } as JWK
  const read = await importJWK(bare, alg, { extractable: true })
  if (read instanceof Uint8Array) throw new Fault('token.invalid', 'unauthenticated', 'a symmetric key cannot verify a token here')
  const verifier = { pem: await exportSPKI(read), thumbprint: await calculateJwkThumbprint(bare) }
  imported.set(key, (imported.get(key) ?? new Map<string, VerifierKey>()).set(alg, verifier))
  return verifier
}
