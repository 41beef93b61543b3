import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Test } from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import type { Journal } from '../../src/audit/record.ts'
import type { Actor } from '../../src/register/book.ts'
import { type Certificates, createCertificates } from '../../src/register/certificates.ts'
import { createHolds, type HoldParts, type Holds } from '../../src/register/holds.ts'
import type { JournalEntry } from '../../src/register/journal-entry.ts'
import { openRows, type Rows } from '../../src/register/rows.ts'
import { createTasks, type Tasks } from '../../src/register/tasks.ts'
import type { Consulted } from '../../src/terms/consulted.ts'
import type { Decision, HoldOrder } from '../../src/terms/decision.ts'
import type { HoldTicket, Judgement } from '../../src/terms/judgement.ts'
import type { Obligation } from '../../src/terms/law.ts'
import type { Parties } from '../../src/terms/parties.ts'
import type { QueryFacts } from '../../src/terms/query-facts.ts'
import { DENY, FACTS, journalIn, PARTIES, PERMIT, permitted, temporary } from '../audit/given.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const START = Date.parse('2026-12-01T12:00:00Z')

export const actor = (person: string, ...roles: ('counsel' | 'operator' | 'auditor')[]): Actor => ({ person, roles: new Set(roles) })
export const [ana, ben, clerk, eve] = [
  actor('ana', 'counsel'),
  actor('ben', 'counsel'),
  actor('clerk', 'operator'),
  actor('eve', 'auditor'),
] as const

export const ORDER: HoldOrder = {
  for: 'counsel',
  deadlineHours: 72,
  people: 1,
  classes: ['status', 'locating'],
  rules: ['us-1373/status', 'us-ca-values-act/attestation'],
  reasons: [{ code: 'law.holds', rule: 'us-1373/status', cite: ['8 U.S.C. § 1373'], text: 'Status is held.' }],
}
export const NOTICE: HoldOrder = { ...ORDER, for: 'notice', rules: ['us-ma-rmv/process'] }

/** One call: who, what, and what the law would say of it without a release. */
export interface Asked {
  readonly parties: Parties
  readonly facts: QueryFacts
  readonly order: HoldOrder
  readonly attestable: boolean
  readonly obligations: readonly Obligation[]
}

const USE = { collection: 'residents', kind: 'select', where: 'select' } as const
export const STATUS: QueryFacts = {
  ...FACTS,
  uses: [
    { ...USE, field: 'citizenship', classes: ['status'], spelling: 'citizenship' },
    { ...USE, field: 'address', classes: ['locating'], spelling: 'address' },
    { ...USE, field: 'name', classes: ['personal'], spelling: 'name' },
  ],
  upstream: { method: 'GET', target: '/residents?id=eq.4711&select=citizenship,address,name', headers: new Map(), body: null },
}
const hud = { ...PARTIES.requester, id: 'us-hud', name: 'HUD', category: 'federal', jurisdiction: 'us' } as const
export const HUD: Parties = {
  ...PARTIES,
  requester: hud,
  recipients: [hud],
  purpose: { code: 'audit', from: 'claim', declared: null, missing: null },
  login: { issuer: 'https://id.hud.test', subject: 'auditor-1' },
}

export const ask = (parties: Partial<Parties> = {}, more: Partial<Omit<Asked, 'parties'>> = {}): Asked => ({
  parties: { ...HUD, ...parties },
  facts: STATUS,
  order: ORDER,
  attestable: false,
  obligations: [],
  ...more,
})

/** The same call with a hold presented. */
export const withHold = (asked: Asked, hold: string): Asked => ({
  ...asked,
  parties: { ...asked.parties, presented: { process: null, hold } },
})

/** The three books over a real journal and a real file. */
export interface Given {
  readonly home: string
  readonly clock: { now: number }
  readonly journal: Journal
  readonly rows: Rows
  readonly parts: HoldParts
  readonly holds: Holds
  readonly tasks: Tasks
  readonly certificates: Certificates
  readonly close: () => Promise<void>
}

interface Options {
  readonly home?: string
  readonly clock?: { now: number }
  readonly seal?: HoldParts['seal']
  readonly isPerson?: (id: string) => boolean
}

/** A second call on the same home, after `close`, is a restart. */
export async function books(t: Test, options: Options = {}): Promise<Given> {
  const { home = await temporary(t), clock = { now: START }, seal = null, isPerson } = options
  const told: { observe: (entry: JournalEntry) => void } = { observe: () => {} }
  const journal = await journalIn(t, home, { now: () => clock.now, observe: entry => told.observe(entry) })
  const rows = openRows({ file: join(home, 'register.db'), randomBytes })
  let open = true
  const close = async () => {
    if (!open) return
    open = false
    await journal.close()
    rows.close()
  }
  t.teardown(close)
  const parts = { ...partsOf(journal, rows, () => Math.max(clock.now, journal.lastTime)), seal, ...(isPerson ? { isPerson } : {}) }
  const { observe, ...three } = booksOver(parts)
  for await (const { entry } of readJournal(join(home, 'journal'))) observe(entry)
  told.observe = observe
  return { home, clock, journal, rows, parts, ...three, close }
}

/** New books that know nothing yet. */
export function booksOver(parts: HoldParts) {
  const [holds, tasks, certificates] = [createHolds(parts), createTasks(parts), createCertificates(parts)]
  const observe = (entry: JournalEntry) => {
    for (const book of [holds, tasks, certificates]) book.observe(entry)
  }
  return { holds, tasks, certificates, observe }
}

function partsOf(journal: Journal, rows: Rows, now: () => number): Omit<HoldParts, 'seal'> {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    now,
    newId: () => randomBytes(16).toString('hex'),
    token: journal.token,
    read: rows.read,
    take: ({ kind, id, step, by, open, content }) =>
      journal.recordEvent(kind, { ...open, id, step, by, ...(content === undefined ? {} : { digest: rows.add(kind, id, content) }) }),
    inTurn(work) {
      const mine = turn.then(work)
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}

let calls = 0

/**
 * Judges one call as the gate does: what the register knows opens it, else it is held. Nothing is awaited before the entry has its place;
 * `recorded` resolves when it is durable and kept.
 */
export function judge(given: Given, asked: Asked, more: Partial<Judgement> = {}): { judgement: Judgement; recorded: Promise<void> } {
  const { parties, facts, order, attestable, obligations } = asked
  const { lift, attested, noticed, remark } = given.holds.present(parties, facts)
  const consulted: Consulted = {
    ...{ process: null, paper: null, bulk: false, retry: null, alarms: [], attested, lift, noticed },
    remarks: remark ? [remark] : [],
  }
  const opens = noticed !== null || attested || (lift?.rules.length ?? 0) > 0
  const decision: Decision = opens ? { ...PERMIT, obligations } : { ...DENY, kind: 'hold', held: order.classes, hold: order, obligations }
  const hold: HoldTicket | null = opens ? null : given.holds.open(order, parties, facts, attestable)
  calls += 1
  const judgement: Judgement = { ...permitted(`call-${calls}`), parties, query: facts, consulted, hold, decision, ...more }
  return { judgement, recorded: record(given, judgement) }
}

export async function record(given: Given, judgement: Judgement): Promise<void> {
  await given.journal.recordDecision(judgement)
  await given.holds.keep(judgement)
  await given.tasks.keep(judgement)
}

/** The id of the hold that a call opened, or found open. */
export async function held(given: Given, asked: Asked): Promise<string> {
  const { judgement, recorded } = judge(given, asked)
  await recorded
  if (!judgement.hold) throw new Error('the call was not held')
  return judgement.hold.id
}

/** Whether the call is let through now; uses up what opens it. */
export async function passes(given: Given, asked: Asked): Promise<boolean> {
  const { judgement, recorded } = judge(given, asked)
  await recorded
  return judgement.decision.kind === 'permit'
}

export const ok = <T>(done: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }): T => {
  if (!done.ok) throw new Error(done.message)
  return done.value
}
