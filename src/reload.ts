import { loadHavenFile } from './config/load.ts'
import type { HavenFile } from './config/schema.ts'
import { fetchBundle } from './outbound.ts'
import { compareOnThread, loadAtRest } from './policy-thread.ts'
import { type Prepared, prepareCanonical } from './prepare.ts'
import type { Comparison } from './rulebook/compare.ts'
import type { ChangeRefusal } from './rulebook/judge-change.ts'
import { type Force, type ForceParts, recordRefusal, takeForce } from './rulebook/take-force.ts'
import { watchFiles } from './rulebook/watch-files.ts'
import { FilesRefused } from './terms/faults.ts'

const FETCH_EVERY_MS = 60_000

export interface ReloadParts extends Omit<ForceParts, 'compare'> {
  readonly configFile: string
  /** When the files were read that are in force now, milliseconds since 1970. */
  readonly readAt: number
  readonly inForce: () => Prepared
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Builds the stages of another rulebook, and gives what puts them in the place of those at work. */
  readonly build: (prepared: Prepared) => () => void
  /** Records the settings the gate goes on with. */
  readonly configured: (prepared: Prepared) => Promise<void>
  readonly log: { readonly info: (message: string) => void; readonly error: (message: string) => void }
  /** A rulebook, or a setting, that was offered and did not take force. */
  readonly failed: () => void
}

export interface Reloading {
  /** Reads everything again now, whether or not it looks changed. Never rejects: what is wrong is logged, counted and journalled. */
  readonly reload: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Keeps a gate under the rulebook its files make: on a change of a file, every minute where a bundle is fetched, and on `reload`. What does
 * not load, or may not take force, leaves the old rulebook at work and says so.
 */
export function keepReloading(parts: ReloadParts): Reloading {
  const { inForce } = parts
  const ending = new AbortController()
  const refuse = tellOnce(parts)
  const once = makeReload(parts, refuse, ending.signal)
  let work: Promise<void> = Promise.resolve()

  const failed = (why: Why) => (error: unknown) =>
    ending.signal.aborted ? undefined : refuse('does-not-load', null, reasonOf(error), [], why)
  const enqueue = (why: Why): Promise<void> => {
    work = work
      .then(() => (ending.signal.aborted ? undefined : once.run(why)))
      .catch(failed(why))
      .catch(() => undefined) // the journal cannot record: it has said so itself, and every call is refused from now on
    return work
  }
  // What was offered last too: a folder that haven.yaml newly names, and that is mended after a refusal, would else never be read again.
  const paths = () => {
    const offered = once.offered()
    const havens = [inForce().loaded.haven.value, ...(offered ? [offered] : [])]
    return [...new Set(havens.flatMap(haven => watchedPaths(parts.configFile, haven)))]
  }
  const crowded = () => parts.log.error(`there is too much below ${paths().join(', ')}: not all of it is watched; reload with SIGHUP`)
  const watching = watchFiles(paths, parts.readAt, () => void enqueue('changed'), crowded)
  const fetching = setInterval(() => {
    if (urlOf(inForce().loaded.haven.value.policies.bundle) !== null) void enqueue('fetched')
  }, FETCH_EVERY_MS)
  fetching.unref()
  return {
    reload: () => enqueue('asked'),
    close: async () => {
      ending.abort()
      clearInterval(fetching)
      watching.close()
      await work
    },
  }
}

/** One reload: fetch, load and compile on another thread, compile again from the canonical form, take force. */
function makeReload(parts: ReloadParts, refuse: ReturnType<typeof tellOnce>, signal: AbortSignal) {
  const { inForce } = parts
  const compare = rememberLast((before, after) => compareOnThread(before, after, parts.now(), signal))
  const warn = tellWarnings(parts.log, inForce().warnings)
  let fetched: string | null = null
  let offered: HavenFile | null = null
  const run = async (why: Why): Promise<void> => {
    // As haven.yaml is now: it may name another place than the one in force.
    offered = loadHavenFile(parts.configFile)
    const url = urlOf(offered.policies.bundle)
    const text = url === null ? null : await fetchBundle(url)
    if (why === 'fetched' && text === fetched) return
    fetched = text
    const done = await loadAtRest(
      { do: 'load', configFile: parts.configFile, bundle: text },
      () => watchedPaths(parts.configFile, loadHavenFile(parts.configFile)),
      signal,
    )
    if ('comparison' in done) return
    if ('problems' in done) return refuse('does-not-load', null, reasonOf(new FilesRefused(done.problems)), [], why)
    const { loaded } = done
    const { digest } = loaded.canonical
    const { settings, configDigest } = inForce().loaded
    if (loaded.settings !== settings) return refuse('restart-needed', digest, RESTART, [], why)
    const prepared = prepareCanonical(loaded)
    const force = await takeForce({ ...parts, compare }, proposalOf(prepared), parts.build(prepared))
    if (!force.taken) return refuse(force.code, digest, describeRefusal(force, digest, parts.configFile), force.weaker, why)
    refuse.forget()
    if (loaded.configDigest !== configDigest) await parts.configured(prepared)
    if (force.changed) parts.log.info(`the rulebook ${digest} is in force`)
    warn(prepared.warnings)
  }
  return { run, offered: () => offered }
}

/** A candidate that breaks under way must be told of, though the rulebook in force is the same. */
function tellWarnings(log: ReloadParts['log'], first: readonly string[]) {
  let last = first.join('\n')
  return (warnings: readonly string[]): void => {
    if (warnings.join('\n') === last) return
    last = warnings.join('\n')
    for (const warning of warnings) log.info(warning)
  }
}

/** Signatures come one by one, and each has the same two rulebooks compared again. */
function rememberLast(compare: ForceParts['compare']): ForceParts['compare'] {
  let last = { key: '', result: Promise.resolve<Comparison>({ weaker: true, summary: [] }) }
  return (before, after) => {
    const key = `${before.digest} ${after.digest}`
    if (key !== last.key) last = { key, result: compare(before, after) }
    return last.result
  }
}

type Why = 'asked' | 'fetched' | 'changed'

const RESTART = 'a setting of haven.yaml changed that is no policy; restart the gate, nothing is reloaded until then'

/** Tells a refusal in log, count and journal. The same one again only to who asked, and never in the journal: it must not fill it. */
function tellOnce({ inForce, log, failed, journal }: ReloadParts) {
  let told = ''
  let journalled = ''
  const tell = async (code: ChangeRefusal, digest: string | null, message: string, weaker: readonly string[], why: Why): Promise<void> => {
    const key = JSON.stringify([code, digest, message])
    if (key === told && why !== 'asked') return
    told = key
    failed()
    const { rulebookDigest } = inForce().loaded
    log.error(`the rulebook ${rulebookDigest} stays in force: ${message}`)
    for (const sentence of weaker) log.error(`weaker: ${sentence}`)
    // Another port in haven.yaml is no rulebook that was refused.
    const entry = JSON.stringify([code, digest])
    if (digest === rulebookDigest || entry === journalled) return
    await recordRefusal(journal, digest, code, weaker)
    journalled = entry
  }
  return Object.assign(tell, {
    forget: () => {
      told = ''
      journalled = ''
    },
  })
}

/** What of a configuration goes through `takeForce`. */
export const proposalOf = ({ loaded, weakenings }: Prepared) => ({
  canonical: loaded.canonical,
  signatures: loaded.signatures,
  serial: loaded.serial,
  weakenings,
})

/** Why a rulebook may not take force, and what to do, for a person. */
export function describeRefusal(force: Extract<Force, { taken: false }>, digest: string, configFile: string): string {
  const sign = force.code === 'not-signed' ? `; sign it: haven policy sign --config ${configFile} --key KEYFILE` : ''
  return `the rulebook ${digest} may not take force: ${force.message}${sign}`
}

const urlOf = (bundle: string | undefined): string | null => (bundle !== undefined && /^https?:/.test(bundle) ? bundle : null)

function watchedPaths(configFile: string, { policies, sources }: HavenFile): readonly string[] {
  const { dir, agencies, shadow, bundle } = policies
  const shadowed = shadow === undefined ? [] : [shadow]
  if (bundle !== undefined) return [configFile, ...(urlOf(bundle) === null ? [bundle] : []), ...shadowed]
  return [configFile, dir, ...(agencies === undefined ? [] : [agencies]), ...sources.map(({ catalogue }) => catalogue), ...shadowed]
}

function reasonOf(error: unknown): string {
  if (!(error instanceof FilesRefused)) return error instanceof Error ? error.message : 'it cannot be read'
  const [first, ...more] = error.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
  return `its files do not load: ${first ?? 'no reason was given'}${more.length > 0 ? ` (and ${more.length} more)` : ''}`
}
