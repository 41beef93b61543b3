import { readFileSync } from 'node:fs'
import { readJournal } from './audit/read.ts'
import type { Journal } from './audit/record.ts'
import type { HavenFile } from './config/schema.ts'
import { openRegister, type Register } from './register/register.ts'
import { makeSeal } from './register/seal.ts'

const LOOK_EVERY_MS = 30_000
const KEEP_EVERY_MS = 600_000

export interface RegisterParts {
  readonly journal: Journal
  /** Milliseconds since 1970: the later of the clock and the journal's newest entry. */
  readonly now: () => number
  readonly randomBytes: (n: number) => Uint8Array
  readonly warn: (message: string) => void
}

/**
 * Opens the register and tells it what the journal says. From then on it must be told of every new entry.
 * @throws Fault `fault.register`, or `fault.journal` where an entry is not the one the tree commits to
 */
export async function replayRegister(
  { register, identity, sources, limits, journal: settings }: HavenFile,
  parts: RegisterParts,
): Promise<Register> {
  const { journal, now, randomBytes } = parts
  const people = new Set(identity.admin?.people.map(({ id }) => id))
  const thresholds = sources.flatMap(({ name, bulk }) => (bulk ? [[name, { ...bulk, atNight: bulk.atNight ?? null }] as const] : []))
  const opened = openRegister({
    file: register?.file ?? `${settings.dir}-register.db`,
    now,
    randomBytes,
    token: journal.token,
    record: (kind, body) => journal.recordEvent(kind, body),
    seal: register?.counselKey ? sealOf(register.counselKey) : null,
    isPerson: id => people.has(id),
    thresholds: new Map(thresholds),
    rates: limits.callsPerMinute,
  })
  try {
    await tellJournal(settings.dir, opened, parts.warn)
    return opened
  } catch (error) {
    opened.close()
    throw error
  }
}

/**
 * Tells a new register what it kept of the past, and the journal from there on. What does not verify is not told, and all of the journal is.
 * @throws Fault `fault.journal` where an entry that is read is not the one the tree commits to
 */
export async function tellJournal(dir: string, register: Register, warn: (message: string) => void): Promise<void> {
  const { past } = register
  const kept = past.verify()
  const reach = kept === 'refused' ? null : kept
  // From the last entry that is covered on: it shows whether this is the history that the past is of.
  let entries = readJournal(dir, { from: (reach?.upTo ?? 1) - 1 })
  const last = reach && (await entries.next()).value
  if (!last || !register.tellPast(last.entry)) {
    if (kept !== null) warn('what the register kept of the past is not of this journal, or was changed: the whole journal is read instead')
    past.clear()
    if (reach !== null) entries = readJournal(dir)
  }
  for await (const { entry, index } of entries) {
    register.observe(entry, index)
    if (past.isFull()) await past.keep()
  }
  if (register.missing() > 0)
    warn(`${register.missing()} things of the register are missing or were changed in its file; they open nothing`)
}

function sealOf(file: string): ReturnType<typeof makeSeal> {
  try {
    return makeSeal(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`register.counselKey: ${file}: ${cause instanceof Error ? cause.message : 'it cannot be read'}`, { cause })
  }
}

/** Numbers of what waits, for whoever must be woken. */
export interface Waiting {
  readonly holdsOpen: number
  readonly holdsOverdue: number
  readonly noticesOverdue: number
  readonly reviewsOverdue: number
}

/**
 * Looks every half minute at what is overdue: escalates holds to a second counsel, warns and counts. Nothing is ever released by time.
 */
export function watchRegister(
  register: Pick<Register, 'holds' | 'tasks' | 'past' | 'damaged'>,
  told: {
    readonly waiting: (numbers: Waiting) => void
    readonly warn: (message: string) => void
    readonly failed: (error: unknown) => void
  },
): { readonly close: () => Promise<void> } {
  let warned: ReadonlySet<string> = new Set()
  const said = new Map<string, number>()
  // A city has thousands of these after a storm: a line for each would bury the holds, and whatever else the log says.
  const warnCount = (what: string, count: number) => {
    if (count > 0 && said.get(what) !== count) told.warn(`${what}: ${count}`)
    said.set(what, count)
  }
  const look = async () => {
    const overdue = await register.holds.escalate()
    for (const { id } of overdue)
      if (!warned.has(id)) told.warn(`the hold ${id} is overdue and escalated to a second counsel: haven hold show ${id}`)
    warned = new Set(overdue.map(({ id }) => id))
    const late = (kind: 'notice' | 'review') => register.tasks.list(kind).filter(task => task.overdue).length
    const [notices, reviews] = [late('notice'), late('review')]
    warnCount('notices that are overdue (haven notice list)', notices)
    warnCount('reviews that are overdue (haven review list)', reviews)
    warnCount('rows in a damaged part of the register, read as missing', register.damaged())
    const open = register.holds.list().filter(({ state }) => state === 'open')
    told.waiting({ holdsOpen: open.length, holdsOverdue: overdue.length, noticesOverdue: notices, reviewsOverdue: reviews })
  }
  const looker = setInterval(() => void look().catch(told.failed), LOOK_EVERY_MS)
  const { past } = register
  const keep = async () => {
    await past.keep()
    if (past.hasGrown()) await past.prune()
  }
  const keeper = setInterval(() => void keep().catch(told.failed), KEEP_EVERY_MS)
  for (const timer of [looker, keeper]) timer.unref()
  void look().catch(told.failed)
  return {
    close: () => {
      for (const timer of [looker, keeper]) clearInterval(timer)
      return past.close().catch(told.failed)
    },
  }
}
