import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type JournalOptions, openJournal } from '../../src/audit/open.ts'
import { type PlacedEntry, readJournal } from '../../src/audit/read.ts'
import type { Journal } from '../../src/audit/record.ts'
import type { OpenWalFile } from '../../src/audit/wal-file.ts'
import type { Deny, Permit } from '../../src/terms/decision.ts'
import type { Judgement } from '../../src/terms/judgement.ts'
import type { Parties, Party } from '../../src/terms/parties.ts'
import type { QueryFacts } from '../../src/terms/query-facts.ts'
import type { Outcome } from '../../src/terms/receipt.ts'

export const ORIGIN = 'haven.test/journal'

/** A directory that goes with the test. */
export async function temporary(t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'haven-journal-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return dir
}

export function optionsIn(home: string, more: Partial<JournalOptions> = {}): JournalOptions {
  return {
    dir: join(home, 'journal'),
    origin: ORIGIN,
    keyFile: join(home, 'journal.key'),
    checkpoints: join(home, 'checkpoints.db'),
    vkey: null,
    sources: ['residents'],
    now: () => 1_800_000_000_000,
    randomBytes,
    checkpointEveryMs: 1_000_000,
    warn: () => {},
    fatal: () => {},
    ...more,
  }
}

/** A journal in a new place, or in the given one; closed with the test. */
export async function journalIn(t: Test, home: string, more: Partial<JournalOptions> = {}, openFile?: OpenWalFile): Promise<Journal> {
  const journal = await openJournal(optionsIn(home, more), openFile)
  t.teardown(() => journal.close().catch(() => {})) // a test may have broken it on purpose
  return journal
}

export const PARTY: Party = {
  id: 'la-fire',
  name: 'Fire',
  category: 'fire-ems',
  jurisdiction: 'us-ca-los-angeles',
  flags: [],
  via: 'requester',
}

export const PARTIES: Parties = {
  requester: PARTY,
  recipients: [PARTY],
  purpose: { code: 'emergency', from: 'claim', declared: null, missing: null },
  process: null,
  presented: { process: null, hold: null },
  routed: false,
  login: { issuer: 'https://id.test', subject: 'officer-1' },
  subjectOf: new Map(),
  lexiconHits: [],
  reason: null,
  caseNumber: null,
}

export const FACTS: QueryFacts = {
  kind: 'facts',
  source: 'residents',
  collection: 'residents',
  uses: [
    { collection: 'residents', field: 'address', classes: ['locating'], kind: 'select', spelling: 'address', where: 'select' },
    { collection: 'residents', field: 'id', classes: ['open'], kind: 'identify', spelling: 'id', where: 'filter' },
  ],
  dataSubjects: ['4711'],
  writes: false,
  whole: false,
  addresses: [],
  confine: null,
  shape: { node: 'record', collection: 'residents', key: 'id', members: new Map() },
  upstream: { method: 'GET', target: '/residents?id=eq.4711&select=address', headers: new Map(), body: null },
}

const folded: Omit<Deny, 'kind' | 'reply' | 'blame'> = { verdicts: [], withheld: [], obligations: [], held: [], hold: null, reasons: [] }
const terms: Pick<Permit, 'released' | 'obligations' | 'treatments'> = { released: ['locating'], obligations: [], treatments: new Map() }
export const PERMIT = { ...folded, ...terms, kind: 'permit' } as Permit
export const DENY: Deny = { ...folded, kind: 'deny', reply: 'not-permitted', blame: [] }

export function permitted(id: string, more: Partial<Judgement<Permit>> = {}): Judgement<Permit> {
  const call = {
    id,
    receivedAt: 0,
    method: 'GET',
    source: 'residents',
    path: '/residents',
    query: 'id=eq.4711',
    headers: new Map(),
    body: null,
  }
  return {
    call,
    parties: PARTIES,
    query: FACTS,
    decision: PERMIT,
    hold: null,
    detail: '',
    fault: null,
    inquiry: null,
    consulted: null,
    attempts: null,
    rulebook: 'rulebook-1',
    ...more,
  }
}

export const RELEASED: Outcome = {
  ...{ state: 'released', upstreamStatus: 200, status: 200, bytesIn: 900, bytesOut: 300, records: 1 },
  cut: new Map([['residents.ssn', 1]]),
  failure: null,
}

/** Records `count` decisions, `together` at a time, named `<prefix>-<n>`. */
export async function record(journal: Journal, count: number, prefix = 'd', together = 64): Promise<void> {
  for (let from = 0; from < count; from += together) {
    const some = Array.from({ length: Math.min(together, count - from) }, (_, i) =>
      journal.recordDecision(permitted(`${prefix}-${from + i}`)),
    )
    await Promise.all(some)
  }
}

/** Every entry of a journal, in order. */
export async function allEntries(dir: string): Promise<PlacedEntry[]> {
  const entries: PlacedEntry[] = []
  for await (const placed of readJournal(dir)) entries.push(placed)
  return entries
}

/** A copy of a journal in use: what a power cut or `kill -9` would leave of it at this moment. */
export async function crashed(t: Test, home: string): Promise<string> {
  // The mark behind the last entry is written after the receipt, without a sync.
  await new Promise(resolve => setTimeout(resolve, 50))
  const copy = await temporary(t)
  await cp(home, copy, { recursive: true })
  return copy
}

/** Every file below a directory, with its bytes. */
export async function filesBelow(dir: string): Promise<{ path: string; bytes: Buffer }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return Promise.all(files.map(async path => ({ path, bytes: await readFile(path) })))
}
