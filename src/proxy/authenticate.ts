import jwt, { type FastifyJWTOptions } from '@fastify/jwt'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PeerCertificate } from '../terms/call.ts'
import { Fault } from '../terms/faults.ts'
import type { PartyRefusal } from '../terms/judgement.ts'
import type { Claims } from '../terms/parties.ts'
import type { KeyStore, VerifierKey } from './keys.ts'
import { checkBinding } from './token-binding.ts'
import { rememberVerified } from './verified-tokens.ts'

/** One configured issuer, and where its keys come from. */
export interface Issuer {
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly string[]
  readonly keys: KeyStore
}

const CLOCK_TOLERANCE_MS = 5_000
const TOKEN_CHARS_MAX = 12_000

type Algorithms = NonNullable<NonNullable<FastifyJWTOptions['verify']>['algorithms']>

export interface AuthenticationParts<C extends Claims> {
  readonly issuers: readonly Issuer[]
  /** Checks the shape of a verified payload. */
  readonly readClaims: (payload: unknown) => C | PartyRefusal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface Authentication<C extends Claims> {
  /**
   * Verifies the one bearer token of a call, whose connection has this certificate.
   * @throws Fault `unauthenticated`, or `unavailable` when the keys cannot be had
   */
  readonly authenticate: (request: FastifyRequest, certificate: PeerCertificate | null) => Promise<C>
  /** Forgets every verified token. */
  readonly forget: () => void
}

/** Registers one @fastify/jwt verifier for each issuer, so that an issuer's keys, audience and algorithms never meet another's tokens. */
export async function registerAuthentication<C extends Claims>(
  gate: FastifyInstance,
  parts: AuthenticationParts<C>,
): Promise<Authentication<C>> {
  const tokens = rememberVerified<C>(parts.now)
  const verifiers = new Map<string, { readonly issuer: Issuer; readonly verify: Verify<C> }>()
  for (const [i, issuer] of parts.issuers.entries()) {
    verifiers.set(issuer.issuer, { issuer, verify: await registerIssuer(gate, issuer, `issuer${i}`, parts) })
    issuer.keys.whenChanged(tokens.empty)
  }
  const authenticate = async (request: FastifyRequest, certificate: PeerCertificate | null) => {
    const token = bearer(request)
    const unverified = readUnverified(token)
    const trusted = verifiers.get(unverified.issuer)
    if (!trusted) throw refused('the issuer is not configured')
    // The key is looked up for every call: one that left the key set refuses at once what it once verified.
    const { thumbprint } = await findKey(trusted.issuer, unverified.header)
    let claims = tokens.recall(token, unverified.issuer, thumbprint)
    if (claims === null) {
      const verified = await trusted.verify(request)
      claims = verified.claims
      tokens.keep(token, unverified.issuer, verified.key.thumbprint, claims)
    }
    checkBinding(claims.cnf, certificate)
    return claims
  }
  return { authenticate, forget: tokens.empty }
}

type Verify<C> = (request: FastifyRequest) => Promise<{ readonly claims: C; readonly key: VerifierKey }>

async function registerIssuer<C extends Claims>(
  gate: FastifyInstance,
  issuer: Issuer,
  namespace: string,
  parts: AuthenticationParts<C>,
): Promise<Verify<C>> {
  // The key that verified, and not the one found before: between the two the key set may have changed.
  const used = new WeakMap<FastifyRequest, VerifierKey>()
  const secret = async (request: FastifyRequest, token: object) => {
    const key = await findKey(issuer, 'header' in token ? (token.header as Header) : {})
    used.set(request, key)
    return key.pem
  }
  await gate.register(jwt, {
    namespace,
    jwtVerify: `${namespace}Verify`,
    secret,
    decode: { complete: true },
    // No cache of its own: it knows neither the issuer nor the journal's time.
    verify: {
      algorithms: [...issuer.algorithms] as Algorithms,
      allowedIss: issuer.issuer,
      allowedAud: issuer.audience,
      requiredClaims: ['iss', 'sub', 'aud', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_MS,
      errorCacheTTL: -1,
    },
  })
  return async request => {
    const payload = await callVerify(request, `${namespace}Verify`).catch(toFault)
    const claims = parts.readClaims(payload)
    if ('kind' in claims) throw refused(claims.detail)
    // A clock that was set back must not bring an expired token back: the journal remembers later.
    if (!(claims.exp * 1000 + CLOCK_TOLERANCE_MS > parts.now())) throw refused('the token has expired')
    const key = used.get(request)
    if (!key) throw new Fault('fault.stage-failed', 'unavailable', 'a token was verified without a key')
    return { claims, key }
  }
}

interface Header {
  readonly alg?: unknown
  readonly kid?: unknown
  readonly crit?: unknown
}

async function findKey(issuer: Issuer, header: Header): Promise<VerifierKey> {
  // RFC 7515 section 4.1.11: an extension that must be understood, and is not, refuses the token.
  if (header.crit !== undefined) throw refused('the token demands an extension (crit)')
  // Before any key is looked up: `none`, HS* and everything unlisted never reach a verifier.
  if (typeof header.alg !== 'string' || !issuer.algorithms.includes(header.alg))
    throw refused('the algorithm is not configured for this issuer')
  if (header.kid !== undefined && (typeof header.kid !== 'string' || header.kid.length > 256)) throw refused('the kid is not readable')
  return issuer.keys.find(header.kid, header.alg)
}

const refused = (message: string): Fault => new Fault('token.invalid', 'unauthenticated', message)

function callVerify(request: FastifyRequest, name: string): Promise<unknown> {
  const verify: unknown = Reflect.get(request, name)
  if (typeof verify !== 'function') throw new Fault('fault.stage-failed', 'unavailable', `no verifier ${name}`)
  return Reflect.apply(verify, request, []) as Promise<unknown>
}

/** @fastify/jwt turns errors of the key resolver into 500: what is the token's fault is 401, what is ours stays ours. */
function toFault(error: unknown): never {
  if (error instanceof Fault) throw error
  throw new Fault('token.invalid', 'unauthenticated', error instanceof Error ? error.message : 'the token was not accepted', {
    cause: error,
  })
}

/** The one bearer token of the call. A second Authorization header would let two readers see two callers. */
function bearer(request: FastifyRequest): string {
  const sent = request.raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization').length
  if (sent === 0) throw new Fault('token.missing', 'unauthenticated', 'there is no Authorization header')
  const token = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (sent > 1 || token === undefined || token.length > TOKEN_CHARS_MAX) throw refused('the Authorization header is not one bearer token')
  return token
}

/** Read before the signature is checked, and used for nothing but choosing the key that checks it. */
function readUnverified(token: string): { readonly issuer: string; readonly header: Header } {
  const [header, payload] = token.split('.', 2).map(readPart)
  if (header && payload && 'iss' in payload && typeof payload.iss === 'string') return { issuer: payload.iss, header }
  throw refused('the header or the payload is not an object, or names no issuer')
}

function readPart(part: string): object | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
