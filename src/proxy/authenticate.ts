import jwt, { type FastifyJWTOptions } from '@fastify/jwt'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../terms/faults.ts'
import type { KeyStore } from './keys.ts'

/** One configured issuer, and where its keys come from. */
export interface Issuer {
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly string[]
  readonly keys: KeyStore
}

const CLOCK_TOLERANCE_MS = 5_000
const TOKEN_CHARS_MAX = 12_000
const TOKENS_CACHED = 2_000
const CACHED_MS = 5 * 60_000

type Algorithms = NonNullable<NonNullable<FastifyJWTOptions['verify']>['algorithms']>
type Verify = (request: FastifyRequest) => Promise<unknown>

/**
 * Registers one @fastify/jwt verifier for each issuer, so that an issuer's keys, audience and algorithms never meet another's tokens.
 * The returned function gives the verified payload. @throws Fault `unauthenticated`, or `unavailable` when the keys cannot be had.
 */
export async function registerAuthentication(gate: FastifyInstance, issuers: readonly Issuer[], now: () => number): Promise<Verify> {
  const verifiers = new Map<string, Verify>()
  for (const [i, issuer] of issuers.entries()) {
    const namespace = `issuer${i}`
    await gate.register(jwt, {
      namespace,
      jwtVerify: `${namespace}Verify`,
      secret: async (_request: FastifyRequest, token: object) => findKey(issuer, 'header' in token ? (token.header as Header) : {}),
      decode: { complete: true },
      verify: {
        algorithms: [...issuer.algorithms] as Algorithms,
        allowedIss: issuer.issuer,
        allowedAud: issuer.audience,
        requiredClaims: ['iss', 'sub', 'aud', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_MS,
        // The plugin keeps one verifier, and so one cache, for each public key; entries are keyed by the token's SHA-256 and end with
        // its `exp`. The key itself is looked up on every call, so that a key that left the key set refuses at once what it once verified.
        cache: TOKENS_CACHED,
        cacheTTL: CACHED_MS,
        errorCacheTTL: -1,
      },
    })
    verifiers.set(issuer.issuer, request => callVerify(request, `${namespace}Verify`))
  }
  return async request => {
    const verify = verifiers.get(unverifiedIssuer(bearer(request)))
    if (!verify) throw refused('the issuer is not configured')
    const payload = await verify(request).catch(toFault)
    // RFC 7800: a token bound to a key of its sender is a stolen one from anybody else, and this version cannot tell them apart.
    if (typeof payload === 'object' && payload !== null && 'cnf' in payload) throw refused('the token is bound to its sender (cnf)')
    // A clock that was set back must not bring an expired token back: the journal remembers later.
    const expires = typeof payload === 'object' && payload !== null && 'exp' in payload ? Number(payload.exp) * 1000 : Number.NaN
    if (!(expires + CLOCK_TOLERANCE_MS > now())) throw refused('the token has expired')
    return payload
  }
}

interface Header {
  readonly alg?: unknown
  readonly kid?: unknown
  readonly crit?: unknown
}

async function findKey(issuer: Issuer, header: Header): Promise<string> {
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

/** Read before the signature is checked, and used for nothing but choosing whose keys check it. */
function unverifiedIssuer(token: string): string {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    if (typeof payload === 'object' && payload !== null && !Array.isArray(payload) && 'iss' in payload && typeof payload.iss === 'string')
      return payload.iss
  } catch {
    // falls through to the refusal: a payload that is not JSON has no issuer
  }
  throw refused('the payload is not an object with an issuer')
}
