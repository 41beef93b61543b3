import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import pino, { type Logger } from 'pino'
import { createMetrics, type Metrics } from './admin/metrics.ts'
import { openAdmin } from './admin/server.ts'
import { type JournalOptions, openJournal } from './audit/open.ts'
import type { Journal } from './audit/record.ts'
import type { HavenFile } from './config/schema.ts'
import type { Stages, Surroundings } from './gatekeeper.ts'
import { fetchKeys, openUpstream } from './outbound.ts'
import { decide } from './policy/decide.ts'
import { foldFields } from './policy/fold-fields.ts'
import { type Prepared, prepare } from './prepare.ts'
import { forward, type UpstreamSource } from './proxy/forward.ts'
import { openKeyStore } from './proxy/keys.ts'
import { answerOwn } from './proxy/own-answers.ts'
import { openGate } from './proxy/server.ts'
import { makeInspect } from './query/inspect.ts'
import { listUses } from './query/list-uses.ts'
import { compileSearch } from './redact/compile-search.ts'
import { redact } from './redact/redact.ts'
import { openHolds } from './register/holds.ts'
import { readClaims } from './requester/claims.ts'
import { makeIdentify } from './requester/identify.ts'
import type { Parties } from './terms/parties.ts'

const CHECKPOINT_EVERY_MS = 10_000
const WHOLE_BYTES = 64 * 1024

/** A gate that answers. */
export interface Running {
  readonly gate: string
  readonly admin: string
  readonly close: () => Promise<void>
}

/** Builds the real parts, fills the stages and listens. @throws FilesRefused, Fault `fault.journal`, or an error about an address */
export async function serve(configFile: string): Promise<Running> {
  const prepared = prepare(configFile)
  const haven = prepared.loaded.haven.value
  const logger = pino({ base: null }, pino.destination({ dest: 2, sync: false }))
  for (const warning of prepared.warnings) logger.warn(warning)
  const health = { recording: true }
  const journal = await openJournal(journalOptions(haven, logger, health))
  const upstreams = openUpstreams(haven)
  const servers: FastifyInstance[] = []
  const close = async () => {
    await Promise.all(servers.map(server => server.close()))
    await Promise.all([...upstreams.values()].map(({ upstream }) => upstream.close()))
    await journal.close()
  }
  try {
    await recordStart(journal, prepared)
    const metrics = createMetrics()
    const gate = await buildGate(prepared, journal, upstreams, metrics, logger)
    servers.push(gate)
    const { admin: address, gate: gateAddress } = haven.listen
    const publicDir = join(haven.journal.dir, 'public')
    const admin = openAdmin({ publicDir, isReady: () => health.recording, metrics: metrics.text, host: address.host })
    servers.push(admin)
    const listening = await gate.listen(gateAddress)
    // Fastify does not know that the server it was given speaks TLS.
    return { gate: haven.tls ? listening.replace(/^http:/, 'https:') : listening, admin: await admin.listen(address), close }
  } catch (error) {
    await close()
    throw error
  }
}

function buildGate(
  prepared: Prepared,
  journal: Journal,
  upstreams: ReadonlyMap<string, UpstreamSource>,
  metrics: Metrics,
  logger: Logger,
): Promise<FastifyInstance> {
  const { identity, limits, tls } = prepared.loaded.haven.value
  const around = surroundings(prepared, journal, logger)
  return openGate({
    issuers: identity.issuers.map(issuer => ({ ...issuer, keys: openKeyStore(() => readKeys(issuer.jwks), around.now) })),
    readClaims,
    stages: metrics.counted(fillStages(prepared, journal, upstreams, around)),
    around,
    newId: () => newId(around.now()),
    countUnauthenticated: code => {
      metrics.unauthenticated()
      journal.countUnauthenticated(code)
    },
    requestBytes: limits.requestBytes,
    tls: tls ? { key: readFileSync(tls.key), cert: readFileSync(tls.cert) } : null,
  })
}

/** The verifier key of a configured journal; makes nothing. */
export async function loadJournalKey(configFile: string): Promise<string> {
  const { journal } = prepare(configFile).loaded.haven.value
  try {
    return (await readFile(join(journal.dir, 'public', 'vkey'), 'utf8')).trim()
  } catch {
    throw new Error(`there is no journal in ${journal.dir} yet; the gate makes it at its first start`)
  }
}

function journalOptions(haven: HavenFile, logger: Logger, health: { recording: boolean }): JournalOptions {
  const { dir, origin, key, checkpoints, vkey } = haven.journal
  return {
    dir,
    origin,
    keyFile: key,
    checkpoints: checkpoints ?? join(dirname(dir), `${dir.split('/').at(-1)}-checkpoints.db`),
    vkey: vkey ?? null,
    sources: haven.sources.map(({ name }) => name),
    now: Date.now,
    randomBytes,
    checkpointEveryMs: CHECKPOINT_EVERY_MS,
    warn: message => logger.warn(message),
    fatal: error => {
      health.recording = false
      logger.fatal({ message: error.message }, 'the journal can no longer record; every call is refused until a restart')
    },
  }
}

/** The rulebook is compared with the last one in the journal, so that stop-edit-start is a change like any other. */
async function recordStart(journal: Journal, { loaded, weakenings }: Prepared): Promise<void> {
  const digest = loaded.rulebookDigest
  if (journal.lastRulebook !== digest)
    await journal.recordEvent('rulebook', { digest, previous: journal.lastRulebook, weakenings: [...weakenings] })
  const { sources, identity, policies } = loaded.haven.value
  await journal.recordEvent('config', {
    // A setting that was quietly loosened shows as another digest.
    digest: loaded.configDigest,
    laws: policies.laws,
    issuers: identity.issuers.map(({ issuer, kind, agencies, algorithms }) => ({ issuer, kind, agencies, algorithms })),
    sources: sources.map(({ name, url, insecure, dialect, keeper, records, writes }) => ({
      name,
      url,
      insecure,
      dialect,
      keeper,
      records,
      writes,
    })),
  })
}

function openUpstreams(haven: HavenFile): ReadonlyMap<string, UpstreamSource> {
  const open = ({ url, auth }: HavenFile['sources'][number]) => ({
    upstream: openUpstream(url, haven.limits.upstreamTimeoutMs),
    bearer: auth?.bearer ?? null,
  })
  return new Map(haven.sources.map(source => [source.name, open(source)]))
}

function surroundings({ loaded, sources: compiled }: Prepared, journal: Journal, logger: Logger): Surroundings {
  const subjects = new Map(compiled.map(({ name, catalogue }) => [name, catalogue.subjects]))
  const terms = ({ name, keeper, records }: HavenFile['sources'][number]) => ({ keeper, records, subjects: subjects.get(name) ?? null })
  const sources = new Map(loaded.haven.value.sources.map(source => [source.name, terms(source)]))
  return {
    // A clock set back must not revive an expired token or law.
    now: () => Math.max(Date.now(), journal.lastTime),
    sourceOf: name => sources.get(name) ?? null,
    rulebook: loaded.rulebookDigest,
    report: error => logger.error(describe(error)),
  }
}

/** Class, code and message of an error and its causes: never a value of a record, a query or a token. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error ? { code: String(error.code) } : {}
  const frame = error.stack
    ?.split('\n')
    .find(line => line.includes(' at '))
    ?.trim()
  return {
    error: error.name,
    message: error.message,
    ...code,
    ...(frame ? { frame } : {}),
    ...(error.cause ? { cause: describe(error.cause) } : {}),
  }
}

function fillStages(prepared: Prepared, journal: Journal, upstreams: ReadonlyMap<string, UpstreamSource>, around: Surroundings): Stages {
  const { rulebook, directory, lexicon, sources, loaded } = prepared
  const { identity, owner, limits } = loaded.haven.value
  const holds = openHolds(around.now, () => newId(around.now()))
  const search = compileSearch(loaded.vocabulary.value.phrases)
  const redactSettings = { answerBytes: limits.answerBytes, valueBytes: limits.valueBytes, wholeBytes: WHOLE_BYTES, search }
  const decideUses = (name: string, parties: Parties, uses: Parameters<typeof decide>[1]['uses']) => {
    const source = around.sourceOf(name) ?? { keeper: 'general', records: 'general' }
    const { requester, recipients, purpose, process, routed } = parties
    const now = around.now()
    const stated = { requester, recipients, purpose: purpose.code, process, source, routed, at: now }
    return decide(rulebook, { ...stated, uses, bulk: false, retry: false, attested: false, self: parties.subjectOf.has(name) })
  }
  const own = { holds, listUses: (name: string) => sources.filter(source => source.name === name).map(listUses)[0] ?? null, decideUses }
  return {
    identify: makeIdentify({ directory, lexicon, issuers: identity.issuers, ownerJurisdiction: owner.jurisdiction }),
    inspect: makeInspect(sources),
    decide: (inquiry, facts) => foldFields(decide(rulebook, inquiry), facts),
    openHold: holds.open,
    recordDecision: judgement => journal.recordDecision(judgement),
    forward: receipt => forward(upstreams, receipt),
    redact: (answer, receipt) => redact(answer, receipt, redactSettings, receipt.judgement.call.method),
    answerOwn: (call, parties) => answerOwn(own, call, parties),
    recordOutcome: (receipt, outcome) => journal.recordOutcome(receipt, outcome),
  }
}

async function readKeys(jwks: string): Promise<unknown> {
  return /^https?:/.test(jwks) ? fetchKeys(jwks) : JSON.parse(await readFile(jwks, 'utf8'))
}

/** A UUIDv7 (RFC 9562 section 5.7). */
function newId(now: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
