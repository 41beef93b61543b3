import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import pino, { type Logger } from 'pino'
import { createMetrics } from './admin/metrics.ts'
import { openAdmin } from './admin/server.ts'
import { type JournalOptions, openJournal } from './audit/open.ts'
import type { Journal } from './audit/record.ts'
import { loadHavenFile } from './config/load.ts'
import type { HavenFile } from './config/schema.ts'
import { fillStages, type InForce, type Standing } from './fill-stages.ts'
import { fetchBundle, fetchKeys, openUpstream } from './outbound.ts'
import { compareOnThread } from './policy-thread.ts'
import { type Prepared, prepare } from './prepare.ts'
import type { UpstreamSource } from './proxy/forward.ts'
import { openKeyStore } from './proxy/keys.ts'
import { openGate } from './proxy/server.ts'
import type { Register } from './register/register.ts'
import { describeRefusal, keepReloading, proposalOf, type Reloading } from './reload.ts'
import { replayRegister, watchRegister } from './replay-register.ts'
import { readClaims } from './requester/claims.ts'
import { recordRefusalOnce, takeForce } from './rulebook/take-force.ts'

const CHECKPOINT_EVERY_MS = 10_000

/** A gate that answers. */
export interface Running {
  readonly gate: string
  readonly admin: string
  readonly close: () => Promise<void>
}

/**
 * Builds the real parts, fills the stages and listens.
 * @throws FilesRefused, Fault `fault.journal`, an error about an address, or one that says why the rulebook may not take force
 */
export async function serve(configFile: string): Promise<Running> {
  const readAt = Date.now()
  const prepared = await prepareWithBundle(configFile)
  const haven = prepared.loaded.haven.value
  const logger = pino({ base: null }, pino.destination({ dest: 2, sync: false }))
  for (const warning of prepared.warnings) logger.warn(warning)
  const health = { recording: true }
  // The rulebook at work. It is replaced whole, by `takeForce` alone, and asked for once by each call.
  const work: { inForce: InForce | null } = { inForce: null }
  const told: { register: Register | null } = { register: null }
  const issuers = () => work.inForce?.issuers ?? new Set<string>()
  const journal = await openJournal({ ...journalOptions(haven, logger, health, issuers), observe: entry => told.register?.observe(entry) })
  const standing = await stand(haven, journal, logger)
  told.register = standing.register
  const stoppable: { close: () => Promise<void> }[] = []
  const close = async () => {
    await Promise.all(stoppable.map(part => part.close()))
    await Promise.all([...standing.upstreams.values()].map(({ upstream }) => upstream.close()))
    await journal.close()
    standing.register.close()
  }
  const build = (next: Prepared) => {
    const filled = fillStages(next, standing)
    return () => {
      work.inForce = filled
      standing.metrics.rulebook(next.loaded.rulebookDigest)
    }
  }
  const inForce = () => work.inForce ?? notYet()
  try {
    await begin(configFile, prepared, standing, build(prepared))
    await recordConfiguration(journal, prepared)
    const reloading = startReloading(configFile, readAt, standing, () => inForce().prepared, build, logger)
    const gate = await buildGate(haven, standing, inForce)
    const { admin: address, gate: gateAddress } = haven.listen
    const publicDir = join(haven.journal.dir, 'public')
    const { text: metrics } = standing.metrics
    const admin = openAdmin({ publicDir, isReady: () => health.recording, metrics, host: address.host })
    stoppable.push(reloading, gate, admin)
    const listening = await gate.listen(gateAddress)
    // Fastify does not know that the server it was given speaks TLS.
    return { gate: haven.tls ? listening.replace(/^http:/, 'https:') : listening, admin: await admin.listen(address), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function prepareWithBundle(configFile: string): Promise<Prepared> {
  const { bundle } = loadHavenFile(configFile).policies
  return prepare(configFile, bundle?.startsWith('http') ? { text: await fetchBundle(bundle) } : null)
}

/** What stays while rulebooks come and go. */
async function stand(haven: HavenFile, journal: Journal, logger: Logger): Promise<Standing> {
  // A clock set back must not revive an expired token or law.
  const now = () => Math.max(Date.now(), journal.lastTime)
  const report = (error: unknown) => logger.error(describe(error))
  try {
    const register = await replayRegister(haven, { journal, now, randomBytes })
    return { journal, upstreams: openUpstreams(haven), register, metrics: createMetrics(), now, report }
  } catch (error) {
    await journal.close()
    throw error
  }
}

/** The rulebook is compared with the last one in the journal, so that stop-edit-start is a change like any other. */
async function begin(configFile: string, prepared: Prepared, { journal, now }: Standing, swap: () => void): Promise<void> {
  const { haven, rulebookDigest } = prepared.loaded
  const compare = (before: Compared, after: Compared) => compareOnThread(before, after, now())
  const force = await takeForce({ journal, journalDir: haven.value.journal.dir, compare }, proposalOf(prepared), swap)
  if (force.taken) return
  await recordRefusalOnce(journal, haven.value.journal.dir, rulebookDigest, force.code, force.weaker)
  throw new Error([describeRefusal(force, rulebookDigest, configFile), ...force.weaker.map(sentence => `  weaker: ${sentence}`)].join('\n'))
}
type Compared = Parameters<typeof compareOnThread>[0]

/** Follows the policy files, and SIGHUP. */
function startReloading(
  configFile: string,
  readAt: number,
  { journal, metrics, now }: Standing,
  inForce: () => Prepared,
  build: (prepared: Prepared) => () => void,
  logger: Logger,
): Reloading {
  const log = { info: (message: string) => logger.info(message), error: (message: string) => logger.error(message) }
  const journalDir = inForce().loaded.haven.value.journal.dir
  const configured = (prepared: Prepared) => recordConfiguration(journal, prepared)
  const parts = { configFile, readAt, journal, journalDir, inForce, build, configured, now, log, failed: metrics.reloadFailed }
  const reloading = keepReloading(parts)
  const onHangUp = () => void reloading.reload()
  process.on('SIGHUP', onHangUp)
  return {
    reload: reloading.reload,
    close: async () => {
      process.off('SIGHUP', onHangUp)
      await reloading.close()
    },
  }
}

function notYet(): never {
  throw new Error('no rulebook is in force yet')
}

function buildGate(haven: HavenFile, { journal, metrics, now, report }: Standing, inForce: () => InForce): Promise<FastifyInstance> {
  const { identity, limits, tls } = haven
  return openGate({
    issuers: identity.issuers.map(issuer => ({ ...issuer, keys: openKeyStore(() => readKeys(issuer.jwks), now) })),
    readClaims,
    inForce,
    now,
    report,
    newId: () => newId(now()),
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
  const { journal } = loadHavenFile(configFile)
  try {
    return (await readFile(join(journal.dir, 'public', 'vkey'), 'utf8')).trim()
  } catch {
    throw new Error(`there is no journal in ${journal.dir} yet; the gate makes it at its first start`)
  }
}

function journalOptions(
  haven: HavenFile,
  logger: Logger,
  health: { recording: boolean },
  issuers: () => ReadonlySet<string>,
): JournalOptions {
  const { dir, origin, key, checkpoints, vkey } = haven.journal
  return {
    dir,
    origin,
    keyFile: key,
    checkpoints: checkpoints ?? join(dirname(dir), `${dir.split('/').at(-1)}-checkpoints.db`),
    vkey: vkey ?? null,
    sources: haven.sources.map(({ name }) => name),
    issuers,
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

/** Records under which settings a gate begins, or goes on: those a rulebook's name does not cover. @throws Fault `fault.journal` */
async function recordConfiguration(journal: Journal, { loaded }: Prepared): Promise<void> {
  const { sources, identity, policies } = loaded.haven.value
  await journal.recordEvent('config', {
    // A setting that was quietly loosened shows as another digest.
    digest: loaded.configDigest,
    laws: policies.laws,
    issuers: identity.issuers,
    adminIssuers: identity.admin?.issuers ?? [],
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

/** The process clock, milliseconds since 1970: for commands that decide as at now. */
export const clock = (): number => Date.now()
