import { readFileSync } from 'node:fs'
import { readJournal } from './audit/read.ts'
import type { Journal } from './audit/record.ts'
import type { HavenFile } from './config/schema.ts'
import { openRegister, type Register } from './register/register.ts'
import { makeSeal } from './register/seal.ts'

const LOOK_EVERY_MS = 30_000

export interface RegisterParts {
  readonly journal: Journal
  /** Milliseconds since 1970: the later of the clock and the journal's newest entry. */
  readonly now: () => number
  readonly randomBytes: (n: number) => Uint8Array
}

/**
 * Opens the register and tells it everything the journal says. From then on it must be told of every new entry.
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
    for await (const { entry } of readJournal(settings.dir)) opened.observe(entry)
    return opened
  } catch (error) {
    opened.close()
    throw error
  }
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
  register: Register,
  told: {
    readonly waiting: (numbers: Waiting) => void
    readonly warn: (message: string) => void
    readonly failed: (error: unknown) => void
  },
): { readonly close: () => void } {
  const warned = new Set<string>()
  const warnOnce = (id: string, message: string) => {
    if (!warned.has(id)) told.warn(message)
    warned.add(id)
  }
  const look = async () => {
    const overdue = await register.holds.escalate()
    for (const { id } of overdue) warnOnce(id, `the hold ${id} is overdue and escalated to a second counsel: haven hold show ${id}`)
    const late = (kind: 'notice' | 'review') => register.tasks.list(kind).filter(task => task.overdue)
    const [notices, reviews] = [late('notice'), late('review')]
    for (const { id, kind } of [...notices, ...reviews]) warnOnce(id, `the ${kind} ${id} is overdue: haven ${kind} show ${id}`)
    const open = register.holds.list().filter(({ state }) => state === 'open')
    told.waiting({ holdsOpen: open.length, holdsOverdue: overdue.length, noticesOverdue: notices.length, reviewsOverdue: reviews.length })
  }
  const timer = setInterval(() => void look().catch(told.failed), LOOK_EVERY_MS)
  timer.unref()
  void look().catch(told.failed)
  return { close: () => clearInterval(timer) }
}
