import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload } from 'jose'
import type { Test } from 'tap'
import { stringify } from 'yaml'
import { type Answer, type Haven, haven, POLICIES, sign } from './haven.ts'
import { upstream } from './upstream.ts'

export const STAFF = 'https://staff.city.example'
/** Everybody at the admin address, with the role their tokens carry unless a test says otherwise. */
export const ROLES: Readonly<Record<string, string>> = { clerk: 'operator', ana: 'counsel', ben: 'counsel', cy: 'counsel', dot: 'auditor' }

/** One table for every source: a household of three, and one person alone. */
export const PEOPLE_ROWS = [
  {
    id: '11',
    household: 'H1',
    full_name: 'Ana Reyes',
    address: '1 Olive St',
    citizenship: 'asylee',
    plate: '7ABC123',
    opened: '2026-10-01',
  },
  {
    id: '12',
    household: 'H1',
    full_name: 'Luis Reyes',
    address: '1 Olive St',
    citizenship: 'citizen',
    plate: '7ABC124',
    opened: '2026-10-02',
  },
  { id: '13', household: 'H1', full_name: 'Eva Reyes', address: '1 Olive St', citizenship: 'tps', plate: '7ABC125', opened: '2026-10-03' },
  { id: '21', household: 'H2', full_name: 'Kim Park', address: '9 Elm St', citizenship: 'citizen', plate: '8XYZ999', opened: '2025-01-03' },
] as const

const FIELDS = {
  id: 'open',
  household: 'personal',
  full_name: 'personal',
  address: 'locating',
  citizenship: 'status',
  plate: 'locating',
  opened: 'open',
}

const SOURCES = {
  residents: { keeper: 'housing', records: 'housing' },
  water: { keeper: 'utility', records: 'utility' },
  clinic: { keeper: 'health', records: 'health' },
  school: { keeper: 'school', records: 'education' },
  vendors: { keeper: 'permits', records: 'vendor-permit' },
  alpr: { keeper: 'police', records: 'alpr' },
  police: { keeper: 'police', records: 'police' },
  benefits: { keeper: 'benefits', records: 'benefits' },
  jail: { keeper: 'jail', records: 'custody' },
  dmv: { keeper: 'motor-vehicles', records: 'driver' },
} as const
export type SourceName = keyof typeof SOURCES

export interface City extends Haven {
  /** Calls the admin address as one of `ROLES`; `claims` replace what the token says. */
  readonly asStaff: (method: 'GET' | 'POST', path: string, person: string, body?: unknown, claims?: JWTPayload) => Promise<Answer>
  /** Enters an instrument and has it verified by ana and ben; gives its id. */
  readonly activeProcess: (more: Readonly<Record<string, unknown>>) => Promise<string>
  /** What the record API was asked, as path and query. */
  readonly asked: readonly string[]
  /** The private half of counsel's key. */
  readonly counselKey: JWK
}

export interface CityOptions {
  readonly laws?: readonly string[]
  /** Further members of each source, such as `bulk`. */
  readonly source?: Readonly<Record<string, unknown>>
  readonly config?: Readonly<Record<string, unknown>>
  /** Further entries of the agency directory, as YAML. */
  readonly agencies?: string
}

/** A gate before eight kinds of record, with people at its admin address and a key of counsel. */
export async function city(t: Test, options: CityOptions = {}): Promise<City> {
  const dir = await mkdtemp(join(tmpdir(), 'haven-city-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const asked: string[] = []
  const api = await upstream(t, ({ url }, reply) => {
    asked.push(url)
    reply.writeHead(200, { 'content-type': 'application/json' })
    reply.end(JSON.stringify(answerFor(url)))
  })
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  await writeFile(join(dir, 'counsel.jwk'), JSON.stringify(await exportJWK(publicKey)))
  const sources = []
  for (const [name, kind] of Object.entries(SOURCES)) {
    const catalogue = { source: name, collections: { people: { key: 'id', subjects: true, fields: FIELDS } } }
    await writeFile(join(dir, `${name}.yaml`), stringify(catalogue))
    sources.push({ name, url: api.url, dialect: 'postgrest', catalogue: `${name}.yaml`, ...kind, ...options.source })
  }
  const people = Object.keys(ROLES).map(id => ({
    id,
    name: id,
    logins: [
      { iss: STAFF, sub: id },
      { iss: STAFF, sub: `${id}-2` },
    ],
  }))
  const issuers = [
    { issuer: 'https://id.city.example', audience: 'haven', kind: 'agencies', agencies: 'any', jwks: 'jwks.json', algorithms: ['ES256'] },
    { issuer: 'https://my.city.example', audience: 'haven', kind: 'people', jwks: 'jwks.json', algorithms: ['ES256'] },
  ]
  const admin = { issuers: [{ issuer: STAFF, audience: 'haven-admin', jwks: 'jwks.json', algorithms: ['ES256'] }], people }
  const config = {
    sources,
    identity: { issuers, admin },
    register: { file: 'register.db', counselKey: 'counsel.jwk' },
    policies: {
      dir: POLICIES,
      laws: options.laws ?? ['us-ca-los-angeles', 'us-ca'],
      ...(options.agencies ? { agencies: await moreAgencies(dir, options.agencies) } : {}),
    },
    ...options.config,
  }
  const gate = await haven(t, { upstream: api.url, dir, config })
  return furnish(gate, asked, await exportJWK(privateKey))
}

async function moreAgencies(dir: string, more: string): Promise<string> {
  const file = join(dir, 'agencies.yaml')
  await writeFile(file, `${await readFile(join(POLICIES, 'agencies.yaml'), 'utf8')}\n${more}`)
  return file
}

function furnish(gate: Haven, asked: readonly string[], counselKey: JWK): City {
  const asStaff: City['asStaff'] = async (method, path, person, body, claims) => {
    const said = { sub: person, roles: [ROLES[person.replace(/-2$/, '')] ?? 'counsel'], ...claims }
    const token = await sign(gate.keys, said, { issuer: STAFF, audience: 'haven-admin' })
    const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const answer = await fetch(gate.admin + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) }
  }
  const activeProcess: City['activeProcess'] = async more => {
    const { id } = (await asStaff('POST', '/process', 'clerk', instrument(more))).json()
    await asStaff('POST', `/process/${id}/verify`, 'ana', {})
    await asStaff('POST', `/process/${id}/verify`, 'ben', {})
    return id
  }
  return { ...gate, asStaff, activeProcess, asked, counselKey }
}

/** A warrant of a federal magistrate for one person's record at the water department, used by ERO. Another paper each time. */
export function instrument(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const today = new Date().toISOString().slice(0, 10)
  return {
    kind: 'judicial-warrant',
    form: 'AO-93',
    issuer: {
      body: 'United States District Court',
      court: 'Central District of California',
      docket: '2:26-mj-04711',
      signer: 'R. Roe',
      title: 'United States Magistrate Judge',
    },
    signed: today,
    until: new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10),
    records: 'The service address of the person named in attachment A',
    scope: [{ source: 'water', persons: ['11'] }],
    document: randomBytes(32).toString('hex'),
    usableBy: { agencies: ['us-dhs-ice-ero'] },
    ...more,
  }
}

/** Enough of PostgREST for `select`, `limit` and equality on a column: whom a query finds must depend on the query. */
function answerFor(target: string): readonly Record<string, unknown>[] {
  const { searchParams } = new URL(target, 'http://records.example')
  const filters = [...searchParams].filter(([name]) => !['select', 'limit', 'offset', 'order'].includes(name))
  const keeps = (row: Readonly<Record<string, unknown>>) =>
    filters.every(([name, value]) => {
      const [, operator, written = ''] = /^(eq|in)\.(.*)$/.exec(value) ?? []
      const values =
        operator === 'in'
          ? written
              .slice(1, -1)
              .split(',')
              .map(one => one.replace(/^"|"$/g, ''))
          : [written]
      return values.includes(String(row[name]))
    })
  const columns = searchParams.get('select')?.split(',') ?? ['*']
  const project = (row: Readonly<Record<string, unknown>>) =>
    columns.includes('*') ? row : Object.fromEntries(columns.map(column => [column, row[column]]))
  return PEOPLE_ROWS.filter(keeps)
    .slice(0, Number(searchParams.get('limit') ?? 100))
    .map(project)
}
