import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Test } from 'tap'
import { createMetrics, type Metrics } from '../../src/admin/metrics.ts'
import { readOffline } from '../../src/admin/read-offline.ts'
import { openAdmin } from '../../src/admin/server.ts'
import { readStaffClaims } from '../../src/admin/staff-claims.ts'
import { readJournal } from '../../src/audit/read.ts'
import type { Journal } from '../../src/audit/record.ts'
import type { AdminParts } from '../../src/cli/admin-client.ts'
import { askAdmin } from '../../src/outbound.ts'
import { registerAuthentication } from '../../src/proxy/authenticate.ts'
import { openKeyStore } from '../../src/proxy/keys.ts'
import { openRegister, type Register } from '../../src/register/register.ts'
import { makeSeal } from '../../src/register/seal.ts'
import type { Decision, HoldOrder } from '../../src/terms/decision.ts'
import type { Judgement } from '../../src/terms/judgement.ts'
import { FACTS, journalIn, PARTIES, PERMIT, permitted, temporary } from '../audit/given.ts'

export const STAFF = 'https://staff.city.example'
const PEOPLE = ['clerk', 'ana', 'ben', 'cy', 'dot']

export interface TokenOver {
  readonly issuer?: string
  readonly audience?: string | string[]
  readonly expires?: string | number
  readonly key?: CryptoKey
  readonly more?: Readonly<Record<string, unknown>>
}

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: what a client of an API gets from JSON
  readonly json: () => any
}

/** The admin address of one gate with its register and journal, and people to act at it. */
export interface Hall {
  readonly url: string
  readonly home: string
  readonly journal: Journal
  readonly register: Register
  readonly metrics: Metrics
  readonly unauthenticated: string[]
  /** The private half of counsel's key. */
  readonly counselKey: JWK
  readonly token: (sub: string, roles: unknown, over?: TokenOver) => Promise<string>
  readonly ask: (method: string, path: string, token: string | null, body?: unknown, headers?: Record<string, string>) => Promise<Page>
  /** As one of the people, with roles. */
  readonly as: (sub: string, roles: unknown, method: string, path: string, body?: unknown) => Promise<Page>
  /** A call about this person that the law holds: the id of the hold. */
  readonly hold: (person: string, order?: Partial<HoldOrder>) => Promise<string>
  /** A released call with duties: notices and reviews. */
  readonly owe: (id: string, obligations: Judgement['decision']['obligations']) => Promise<void>
  readonly steps: (kind: string) => Promise<readonly unknown[]>
  readonly close: () => Promise<void>
}

export interface HallOptions {
  readonly register?: null
  readonly host?: string
  readonly people?: Parameters<typeof openAdmin>[0]['people']
  /** Keys of the issuer cannot be had. */
  readonly keysFail?: boolean
}

/** Opens a hall of real parts on real sockets; closed with the test. */
export async function hall(t: Test, options: HallOptions = {}): Promise<Hall> {
  const home = await temporary(t)
  const told: { register: Register | null } = { register: null }
  const journal = await journalIn(t, home, { now: Date.now, observe: (entry, index) => told.register?.observe(entry, index) })
  const { counselKey, seal } = await counsel()
  const metrics = createMetrics()
  const register = openRegister({
    file: join(home, 'register.db'),
    now: () => Math.max(Date.now(), journal.lastTime),
    randomBytes,
    token: journal.token,
    record: async (kind, body) => {
      await journal.recordEvent(kind, body)
      metrics.register.step(kind)
    },
    seal,
    isPerson: id => PEOPLE.includes(id),
    thresholds: new Map(),
    rates: { urgent: 100, ordinary: 100, bulk: 100 },
  })
  told.register = register
  const keys = await makeKeys('k1')
  const unauthenticated: string[] = []
  const find = async () => (options.keysFail ? Promise.reject(new Error('no keys')) : { keys: [keys.jwk] })
  const admin = openAdmin({
    publicDir: join(home, 'journal', 'public'),
    isReady: () => true,
    metrics: metrics.text,
    host: options.host ?? '127.0.0.1',
    authenticate: async pages => {
      const issuers = [{ issuer: STAFF, audience: 'haven-admin', algorithms: ['ES256'], keys: openKeyStore(find, Date.now) }]
      const { authenticate } = await registerAuthentication(pages, { issuers, readClaims: readStaffClaims, now: Date.now })
      return request => authenticate(request, null)
    },
    people: options.people ?? PEOPLE.map(id => ({ id, logins: [id, `${id}-2`].map(sub => ({ iss: STAFF, sub })) })),
    register: options.register === null ? null : register,
    checkScope: () => [],
    countUnauthenticated: code => unauthenticated.push(code),
    report: () => undefined,
  })
  const url = await admin.listen({ host: '127.0.0.1', port: 0 })
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    await admin.close()
    await journal.close()
    register.close()
  }
  t.teardown(close)
  const token: Hall['token'] = (sub, roles, over = {}) => sign(over.key ?? keys.privateKey, sub, roles, over)
  const ask: Hall['ask'] = (method, path, bearer, body, headers = {}) => send(url + path, method, bearer, body, headers)
  return {
    ...{ url, home, journal, register, metrics, unauthenticated, counselKey, token, ask, close },
    as: async (sub, roles, method, path, body) => ask(method, path, await token(sub, roles), body),
    hold: (person, order) => hold(journal, register, person, order),
    owe: async (id, obligations) => {
      const judgement = { ...permitted(id), decision: { ...PERMIT, obligations } }
      await journal.recordDecision(judgement)
      await register.keep(judgement)
    },
    steps: kind => steps(home, kind),
  }
}

/** What commands are handed: the real outgoing call, and the files of a hall that was closed. */
export function partsOf(openOffline: AdminParts['openOffline'] = () => Promise.reject(new Error('not offline'))): AdminParts {
  return { ask: askAdmin, openOffline }
}

/** The register of a closed hall, told of everything its journal says. */
export async function reopen(home: string): ReturnType<AdminParts['openOffline']> {
  const never = () => Promise.reject(new Error('no step is taken offline'))
  const register = openRegister({
    ...{ file: join(home, 'register.db'), now: Date.now, randomBytes, token: () => '', record: never, seal: null },
    ...{ isPerson: () => true, thresholds: new Map(), rates: { urgent: 1, ordinary: 1, bulk: 1 } },
  })
  for await (const { entry, index } of readJournal(join(home, 'journal'))) register.observe(entry, index)
  return { ...readOffline(register), close: async () => register.close() }
}

async function counsel() {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  return { counselKey: await exportJWK(privateKey), seal: makeSeal(await exportJWK(publicKey)) }
}

function sign(key: CryptoKey, sub: string, roles: unknown, over: TokenOver): Promise<string> {
  return new SignJWT({ sub, ...(roles === undefined ? {} : { roles }), ...over.more })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setIssuer(over.issuer ?? STAFF)
    .setAudience(over.audience ?? 'haven-admin')
    .setExpirationTime(over.expires ?? '1h')
    .sign(key)
}

async function send(url: string, method: string, bearer: string | null, body: unknown, more: Record<string, string>): Promise<Page> {
  const headers = {
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...more,
  }
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const answer = await fetch(url, { method, headers, redirect: 'manual', ...sent })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) }
}

async function hold(journal: Journal, register: Register, person: string, more: Partial<HoldOrder> = {}): Promise<string> {
  const order: HoldOrder = {
    for: 'counsel',
    deadlineHours: 24,
    people: 1,
    classes: ['locating'],
    rules: ['a-law/a-rule'],
    reasons: [],
    ...more,
  }
  const query = { ...FACTS, dataSubjects: [person], upstream: { ...FACTS.upstream, target: `/residents?id=eq.${person}&select=address` } }
  const ticket = register.holds.open(order, PARTIES, query, false)
  const nothing = { verdicts: [], withheld: [], held: order.classes, obligations: [], reasons: [] }
  const decision: Decision = { ...nothing, kind: 'hold', hold: order }
  const judgement: Judgement = { ...permitted(`held-${ticket.id}`), query, decision, hold: ticket }
  await journal.recordDecision(judgement)
  await register.keep(judgement)
  return ticket.id
}

async function steps(home: string, kind: string): Promise<readonly unknown[]> {
  const found = []
  for await (const { entry } of readJournal(join(home, 'journal'), { kind })) found.push(entry.body)
  return found
}

/** A fresh ES256 pair, the public half as a JWK. */
export async function makeKeys(kid: string): Promise<{ readonly privateKey: CryptoKey; readonly jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } }
}

/** A warrant of a federal magistrate for two persons' records at the housing department, used by ERO. */
export function warrant(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    kind: 'judicial-warrant',
    form: 'AO-93',
    issuer: {
      ...{ body: 'United States District Court', court: 'Central District of California', docket: '2:26-mj-04711' },
      ...{ signer: 'R. Roe', title: 'United States Magistrate Judge' },
    },
    signed: '2026-01-05',
    until: '2099-12-31',
    records: 'The address of the person named in attachment A',
    scope: [{ source: 'residents', persons: ['R-4711', 'R-4712'], at: { field: 'address', values: ['1 Olive St'] } }],
    served: { on: '2026-01-06', at: 'the front desk' },
    document: 'a'.repeat(64),
    usableBy: { agencies: ['us-dhs-ice-ero'], case: 'ERO-26-99' },
    ...more,
  }
}
