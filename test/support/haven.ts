import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { Test } from 'tap'
import { stringify } from 'yaml'
import { serve } from '../../src/assembly.ts'
import { readJournal } from '../../src/audit/read.ts'
import { verifyJournal } from '../../src/audit/verify.ts'

export const ISSUER = 'https://id.city.example'
export const PEOPLE = 'https://my.city.example'
export const POLICIES = resolve(import.meta.dirname, '../../policies')

/** A catalogue as in the public contract: one collection, every class. */
export const CATALOGUE = {
  source: 'residents',
  collections: {
    residents: {
      key: 'id',
      subjects: true,
      fields: {
        id: 'open',
        service: 'open',
        zip: 'locating',
        full_name: 'personal',
        address: 'locating',
        citizenship: 'status',
        alien_number: 'status-identifier',
        birth_country: 'status-proxy',
        ssn: ['personal', 'status-proxy'],
        notes: { class: 'personal', text: true },
      },
    },
  },
}

export interface HavenOptions {
  /** Where the record API is. */
  readonly upstream: string
  readonly dialect?: 'postgrest' | 'rest'
  readonly catalogue?: object
  readonly source?: Readonly<Record<string, unknown>>
  readonly limits?: Readonly<Record<string, unknown>>
  readonly issuer?: Readonly<Record<string, unknown>>
  /** Merged over haven.yaml's top level. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Reuse an earlier gate's folder (its journal and keys). */
  readonly dir?: string
}

export interface Haven {
  readonly gate: string
  readonly admin: string
  readonly dir: string
  readonly configFile: string
  readonly keys: Keys
  /** Signs claims as the configured issuer; defaults make a housing caseworker. */
  readonly token: (claims?: JWTPayload, over?: TokenOptions) => Promise<string>
  readonly get: (path: string, claims?: JWTPayload, headers?: Record<string, string>) => Promise<Answer>
  readonly entries: () => Promise<readonly Record<string, unknown>[]>
  readonly close: () => Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: what a client of an API gets from JSON
  readonly json: () => any
}

export interface Keys {
  readonly privateKey: CryptoKey
  readonly jwk: object
}

export interface TokenOptions {
  readonly issuer?: string
  readonly audience?: string
  readonly expires?: string | number | null
  readonly key?: CryptoKey
  readonly kid?: string
}

export const caseworker: JWTPayload = { agency: 'us-ca-los-angeles-housing', purpose: 'service-delivery' }

/** Starts a real gate on a temporary folder, in front of a real server. Closes it, and checks its journal, when the test ends. */
export async function haven(t: Test, options: HavenOptions): Promise<Haven> {
  const { dir, configFile, keys, token } = await writeFolder(options)
  const running = await serve(configFile)
  let closed = false
  const close = async () => {
    if (!closed) await running.close()
    closed = true
  }
  const journal = join(dir, 'journal')
  t.teardown(async () => {
    await close()
    const report = await verifyJournal(journal, (await readFile(join(journal, 'public', 'vkey'), 'utf8')).trim())
    if (report.problem !== null) throw new Error(`the journal does not verify: ${report.problem}`)
    if (report.withoutOutcome > 0) throw new Error(`${report.withoutOutcome} permits without an outcome`)
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
  })
  return {
    gate: running.gate,
    admin: running.admin,
    dir,
    configFile,
    keys,
    token,
    get: async (path, claims, headers = {}) => {
      const answer = await fetch(running.gate + path, { headers: { authorization: `Bearer ${await token(claims)}`, ...headers } })
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) }
    },
    entries: async () => {
      const found: Record<string, unknown>[] = []
      for await (const { entry } of readJournal(journal)) found.push({ ...entry })
      return found
    },
    close,
  }
}

export type Folder = Pick<Haven, 'dir' | 'configFile' | 'keys' | 'token'>

/** The folder a gate starts from: configuration, catalogue and the issuer's keys. Whoever asks for it removes it. */
export async function writeFolder(options: HavenOptions): Promise<Folder> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'haven-')))
  const keys = await makeKeys('k1')
  const configFile = join(dir, 'haven.yaml')
  await writeFile(join(dir, 'jwks.json'), JSON.stringify({ keys: [keys.jwk] }))
  await writeFile(join(dir, 'catalogue.yaml'), stringify(options.catalogue ?? CATALOGUE))
  await writeFile(configFile, stringify(configuration(options)))
  return { dir, configFile, keys, token: (claims = caseworker, over = {}) => sign(keys, claims, over) }
}

/**
 * Sends these bytes over a socket of its own, without any client library's manners, and gives everything that came back until the gate
 * closed the connection or was silent for `quietMs`.
 */
export function wire(gate: string, bytes: string | Uint8Array, quietMs = 400): Promise<string> {
  const { hostname, port } = new URL(gate)
  return new Promise(done => {
    const socket = connect(Number(port), hostname, () => void socket.write(bytes))
    const chunks: Buffer[] = []
    const finish = () => {
      socket.destroy()
      done(Buffer.concat(chunks).toString('latin1'))
    }
    let quiet = setTimeout(finish, 5_000)
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      clearTimeout(quiet)
      quiet = setTimeout(finish, quietMs)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(quiet)
      finish()
    })
  })
}

function configuration({ upstream, dialect, source, limits, issuer, config }: HavenOptions): object {
  const any = { host: '127.0.0.1', port: 0 }
  const agencies = {
    issuer: ISSUER,
    audience: 'haven',
    kind: 'agencies',
    agencies: 'any',
    jwks: 'jwks.json',
    algorithms: ['ES256'],
    ...issuer,
  }
  const people = { issuer: PEOPLE, audience: 'haven', kind: 'people', jwks: 'jwks.json', algorithms: ['ES256'] }
  return {
    owner: { name: 'City of Los Angeles', jurisdiction: 'us-ca-los-angeles' },
    listen: { gate: any, admin: any },
    identity: { issuers: [agencies, people] },
    policies: { dir: POLICIES, laws: ['us-ca-los-angeles', 'us-ca'] },
    sources: [
      {
        name: 'residents',
        url: upstream,
        dialect: dialect ?? 'postgrest',
        keeper: 'housing',
        records: 'housing',
        catalogue: 'catalogue.yaml',
        ...source,
      },
    ],
    journal: { dir: 'journal', origin: 'test.haven.example/journal', key: 'journal.key' },
    ...(limits ? { limits } : {}),
    ...config,
  }
}

/** A fresh ES256 pair, the public half as a JWK. */
export async function makeKeys(kid: string): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } }
}

export async function sign(keys: Keys, claims: JWTPayload, over: TokenOptions): Promise<string> {
  const jwt = new SignJWT({ sub: 'worker-7', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: over.kid ?? 'k1' })
    .setIssuer(over.issuer ?? ISSUER)
    .setAudience(over.audience ?? 'haven')
    .setIssuedAt()
  if (over.expires !== null) jwt.setExpirationTime(over.expires ?? '1h')
  return jwt.sign(over.key ?? keys.privateKey)
}
