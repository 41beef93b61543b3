import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import pino, { type Logger } from 'pino'
import { createMetrics } from './admin/metrics.ts'
import { type JournalOptions, openJournal } from './audit/open.ts'
import type { Journal } from './audit/record.ts'
import { buildAdmin, buildGate } from './build-servers.ts'
import { loadHavenFile } from './config/load.ts'
import type { HavenFile } from './config/schema.ts'
import { fillStages, type InForce, type Standing } from './fill-stages.ts'
import { fetchBundle, openUpstream } from './outbound.ts'
import { compareOnThread } from './policy-thread.ts'
import { type Prepared, prepare } from './prepare.ts'
import type { UpstreamSource } from './proxy/forward.ts'
import type { Register } from './register/register.ts'
import { describeRefusal, keepReloading, proposalOf, type Reloading } from './reload.ts'
import { replayRegister, watchRegister } from './replay-register.ts'
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
  const told: { register: Register['observe'] | null } = { register: null }
  const issuers = () => work.inForce?.issuers ?? new Set<string>()
  const journal = await openJournal({
    ...journalOptions(haven, journalTellsTo(logger, health), issuers),
    observe: (entry, index) => told.register?.(entry, index),
  })
  const standing = await stand(haven, journal, logger)
  told.register = observeNew(standing)
  const stoppable: { close: () => Promise<void> | void }[] = []
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
    const gate = await buildGate(haven, standing, inForce, () => newId(standing.now()))
    const { admin: address, gate: gateAddress } = haven.listen
    const admin = buildAdmin(haven, standing, inForce, () => health.recording)
    const { waiting } = standing.metrics.register
    const watching = watchRegister(standing.register, { waiting, warn: message => logger.warn(message), failed: standing.report })
    stoppable.push(reloading, gate, admin, watching)
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
    const register = await replayRegister(haven, { journal, now, randomBytes, warn: message => logger.warn(message) })
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

/** The register must be told of every entry; the numbers only of new ones. */
function observeNew({ register, metrics }: Standing): Register['observe'] {
  return (entry, index) => {
    register.observe(entry, index)
    const { kind } = entry
    if (kind === 'process' || kind === 'hold' || kind === 'notice' || kind === 'review' || kind === 'certificate')
      metrics.register.step(kind)
  }
}

function notYet(): never {
  throw new Error('no rulebook is in force yet')
}

function journalTellsTo(logger: Logger, health: { recording: boolean }): Pick<JournalOptions, 'warn' | 'fatal'> {
  return {
    warn: message => logger.warn(message),
    fatal: error => {
      health.recording = false
      logger.fatal({ message: error.message }, 'the journal can no longer record; every call is refused until a restart')
    },
  }
}

/** How the journal of a configuration is opened. */
export function journalOptions(
  haven: HavenFile,
  told: Pick<JournalOptions, 'warn' | 'fatal'>,
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
    ...told,
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

/** A UUIDv7 (RFC 9562 section 5.7). */
function newId(now: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The process's randomness. */
export const randomness = (n: number): Uint8Array => randomBytes(n)

/** The process clock, milliseconds since 1970: for commands that decide as at now. */
export const clock = (): number => Date.now()
