import type { Attempts, Consulted } from '../terms/consulted.ts'
import type { Judgement } from '../terms/judgement.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import { type AttemptMemory, createAttempts } from './attempts.ts'
import type { BookParts, Step } from './book.ts'
import { type Certificates, createCertificates } from './certificates.ts'
import { createHolds, type Holds } from './holds.ts'
import type { JournalEntry } from './journal-entry.ts'
import { createPast, type Past } from './past.ts'
import { presentProcess } from './present-process.ts'
import { createProcesses, type Processes } from './processes.ts'
import { createRates, type RateLimits, type Rates } from './rates.ts'
import { openRows, type Rows } from './rows.ts'
import { createTasks, type Tasks } from './tasks.ts'
import { type BulkThreshold, createVolume, type Volume } from './volume.ts'

export interface RegisterOptions {
  /** The register's file (SQLite). */
  readonly file: string
  readonly now: () => number
  readonly randomBytes: (n: number) => Uint8Array
  readonly token: BookParts['token']
  /** Writes one event to the journal; resolves when it is durable. */
  readonly record: (
    kind: Step['kind'],
    body: Readonly<Record<string, string | number | boolean | null | readonly string[]>>,
  ) => Promise<void>
  readonly seal: ((text: string) => Promise<string>) | null
  /** Whether `identity.admin.people` lists this id. */
  readonly isPerson: (id: string) => boolean
  readonly thresholds: ReadonlyMap<string, BulkThreshold>
  readonly rates: RateLimits
}

/** What one source's keys name, and whether an agency may ever ask in an emergency: what the register cannot know by itself. */
export interface CallTerms {
  /** The collection whose keys name persons. */
  readonly subjects: string | null
  readonly entitledToEmergency: boolean
}

/**
 * The register of legal process, holds, notices, reviews and certificates. Its state is a fold of the journal: what no entry says did not
 * happen, and what an entry says cannot be taken back by editing a file. The file holds only what the journal may not say in clear.
 */
export interface Register {
  readonly processes: Processes
  readonly holds: Holds
  readonly tasks: Tasks
  readonly certificates: Certificates
  /** What is kept of the journal for the next start. */
  readonly past: Past
  /** Tells the books what is kept of the past. @returns false where it is the past of another history than this last entry's */
  readonly tellPast: (last: JournalEntry | undefined) => boolean
  /** Told of every entry with its place: those that are not kept at the start, in order, then each new one in the moment it has its place. */
  readonly observe: (entry: JournalEntry, index: number) => void
  /** How many things that entries named the file does not have as they were kept. */
  readonly missing: () => number
  /** Counts a question to the gate itself. @returns null, or for the caller: how many, and when again */
  readonly enterOwn: Rates['enterOwn']
  /** How many rows of the file were damaged and count as missing. */
  readonly damaged: Rows['damaged']
  /** What is known of one call, from memory alone. A string: the agency asks too often, and this is for the caller. */
  readonly consult: (parties: Parties, facts: QueryFacts, terms: CallTerms) => Consulted | string
  readonly attemptsOf: (parties: Parties, facts: QueryFacts) => Attempts | null
  /** Keeps what counsel must see of a call that waits or of which somebody must be told. @throws Fault `fault.register` */
  readonly keep: (judgement: Judgement) => Promise<void>
  readonly close: () => void
}

/** Opens the register. Nothing is known until the journal was observed. @throws Fault `fault.register` */
export function openRegister(options: RegisterOptions): Register {
  const rows = openRows(options)
  const missing = new Set<string>()
  const parts = { ...bookParts(options, rows, missing), seal: options.seal, isPerson: options.isPerson }
  const processes = createProcesses(parts, options.isPerson)
  const holds = createHolds(parts)
  const tasks = createTasks(parts)
  const certificates = createCertificates(parts)
  const attempts = createAttempts(parts)
  const volume = createVolume(options.now, options.thresholds)
  const rates = createRates(options.now, options.rates)
  const books = [processes, holds, tasks, certificates, attempts, volume]
  const tell = (entry: JournalEntry) => {
    for (const book of books) book.observe(entry)
  }
  const mac = (...texts: readonly string[]) => options.token('past', ...texts)
  const past = createPast(rows.past(mac), rows.read)
  return {
    ...{ processes, holds, tasks, certificates, past },
    tellPast: last => past.tell(last, tell),
    observe(entry, index) {
      tell(entry)
      past.observe(entry, index)
    },
    missing: () => missing.size,
    consult: (parties, facts, terms) => consult({ processes, holds, attempts, volume, rates }, parties, facts, terms),
    ...{ attemptsOf: attempts.of, enterOwn: rates.enterOwn, damaged: rows.damaged },
    async keep(judgement) {
      await holds.keep(judgement)
      await tasks.keep(judgement)
    },
    close: rows.close,
  }
}

interface Asked {
  readonly processes: Processes
  readonly holds: Holds
  readonly attempts: AttemptMemory
  readonly volume: Volume
  readonly rates: Rates
}

function consult({ processes, holds, attempts, volume, rates }: Asked, parties: Parties, facts: QueryFacts, terms: CallTerms) {
  const bulk = volume.isBulk(parties, facts)
  const overload = rates.enter(parties, bulk)
  if (overload !== null) return overload
  const { process, paper, remark } = presentProcess(processes, parties, facts, terms.subjects)
  const presented = holds.present(parties, facts)
  const { retry, alarms } = attempts.recognise(parties, facts, terms.entitledToEmergency)
  return {
    ...{ process, paper, bulk, retry },
    ...{ attested: presented.attested, lift: presented.lift, noticed: presented.noticed },
    remarks: [remark, presented.remark].filter(code => code !== null),
    alarms: bulk ? [...alarms, 'volume' as const] : alarms,
  }
}

function bookParts(options: RegisterOptions, rows: Rows, missing: Set<string>): BookParts {
  const { now, token, record } = options
  let turn: Promise<unknown> = Promise.resolve()
  return {
    now,
    token,
    newId: () => Buffer.from(options.randomBytes(16)).toString('hex'),
    read(digest) {
      const content = rows.read(digest)
      if (content === null) missing.add(digest)
      return content
    },
    async take({ kind, id, step, by, open, content }) {
      // The content first: an entry that names what nobody has would make the step worth nothing after a crash between the two.
      const digest = content === undefined ? {} : { digest: rows.add(kind, id, content) }
      await record(kind, { ...open, id, step, by, ...digest })
    },
    inTurn(work) {
      const mine = turn.then(work)
      turn = mine.catch(() => undefined) // who waits for this step is told; the next one is another matter
      return mine
    },
  }
}
