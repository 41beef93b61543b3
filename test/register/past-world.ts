import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Test } from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import type { Journal } from '../../src/audit/record.ts'
import type { Actor } from '../../src/register/book.ts'
import type { JournalEntry } from '../../src/register/journal-entry.ts'
import { openRegister, type Register } from '../../src/register/register.ts'
import { tellJournal } from '../../src/replay-register.ts'
import type { Consulted } from '../../src/terms/consulted.ts'
import type { Decision } from '../../src/terms/decision.ts'
import { Certificate, Instrument } from '../../src/terms/instrument.ts'
import type { Judgement } from '../../src/terms/judgement.ts'
import type { Obligation } from '../../src/terms/law.ts'
import type { Parties, Party } from '../../src/terms/parties.ts'
import type { Purpose } from '../../src/terms/purpose.ts'
import type { QueryFacts } from '../../src/terms/query-facts.ts'
import type { Receipt } from '../../src/terms/receipt.ts'
import { DENY, journalIn, PERMIT, permitted, RELEASED } from '../audit/given.ts'
import { ana, ben, clerk, HUD, NOTICE, ORDER, STATUS } from './given.ts'

export const MINUTE = 60_000
const TERMS = { subjects: 'residents', entitledToEmergency: false }

/** One gate's journal and register over a home; a second one on the same home, after `close`, is a restart. */
export interface World {
  readonly home: string
  readonly clock: { now: number }
  readonly journal: Journal
  readonly register: Register
  readonly warnings: readonly string[]
  /** Entries that the journal itself told at the start; the others were kept. */
  readonly read: number
  /** Calls whose answers are still on their way. */
  readonly underWay: Receipt[]
  /** What each decision was asked. */
  readonly asked: Map<string, Asked>
  readonly close: () => Promise<void>
}

interface Options {
  readonly clock: { now: number }
  /** As if nothing had ever been kept. */
  readonly withoutPast?: true | 'and untold'
}

export async function world(t: Test, home: string, { clock, withoutPast }: Options): Promise<World> {
  const told: { observe: Register['observe'] } = { observe: () => {} }
  const warnings: string[] = []
  const journal = await journalIn(t, home, { now: () => clock.now, observe: (entry, index) => told.observe(entry, index) })
  const register = openRegister({
    ...{ file: join(home, 'register.db'), randomBytes, token: journal.token, seal: async (text: string) => `sealed ${text.length}` },
    ...{ now: () => Math.max(clock.now, journal.lastTime), isPerson: () => true },
    record: (kind, body) => journal.recordEvent(kind, body),
    thresholds: new Map([['residents', { subjectsPerHour: 8, atNight: null }]]),
    rates: { urgent: 1e9, ordinary: 1e9, bulk: 1e9 },
  })
  let read = 0
  const observe: Register['observe'] = (entry, index) => {
    read += 1
    register.observe(entry, index)
  }
  const dir = join(home, 'journal')
  if (withoutPast === true) for await (const { entry, index } of readJournal(dir)) observe(entry, index)
  if (!withoutPast) await tellJournal(dir, { ...register, observe }, message => warnings.push(message))
  told.observe = register.observe
  let open = true
  const close = async () => {
    if (!open) return
    open = false
    await journal.close()
    register.close()
  }
  t.teardown(close)
  return { home, clock, journal, register, warnings, read, underWay: [], asked: new Map(), close }
}

/** Closed and started again on what is on disk. */
export async function restarted(t: Test, before: World): Promise<World> {
  await before.close()
  const after = await world(t, before.home, { clock: before.clock })
  for (const [id, asked] of before.asked) after.asked.set(id, asked)
  return after
}

const police: Party = { ...HUD.requester, id: 'us-ca-la-police', category: 'local-police', jurisdiction: 'us-ca' }
const ice: Party = { ...HUD.requester, id: 'us-dhs-ice-ero', category: 'immigration-authority', via: 'declared' }

export interface Asked {
  readonly agency?: 'hud' | 'police'
  readonly officer?: string
  readonly purpose?: Purpose
  readonly persons?: readonly string[]
  readonly caseNumber?: string | null
  readonly hold?: string | null
  readonly process?: string | null
  readonly reason?: string | null
  /** Immigration enforcement is to receive it too. */
  readonly forIce?: boolean
}

export const partiesOf = (asked: Asked): Parties => {
  const { agency = 'hud', officer = 'o1', purpose = 'audit', caseNumber = null, hold = null, process = null, reason = null } = asked
  const requester = agency === 'hud' ? HUD.requester : police
  return {
    ...HUD,
    ...{ requester, recipients: asked.forIce ? [requester, ice] : [requester], purpose: { ...HUD.purpose, code: purpose } },
    ...{ login: { issuer: 'https://id.test', subject: officer }, presented: { process, hold }, caseNumber, reason },
  }
}

export const factsOf = ({ persons = ['11'] }: Asked): QueryFacts => ({
  ...STATUS,
  dataSubjects: persons,
  upstream: { ...STATUS.upstream, target: `/residents?id=in.(${persons})` },
})

export function consult({ register }: World, asked: Asked): Consulted {
  const known = register.consult(partiesOf(asked), factsOf(asked), TERMS)
  if (typeof known === 'string') throw new Error(known)
  return known
}

/** What the law says where nothing lifts it. */
export type Law = 'permit' | 'deny' | 'hold' | 'two people' | 'notice'

let calls = 0

/** One call as the gate handles it. Its outcome comes when somebody lets it. */
export async function call(given: World, asked: Asked, law: Law, obligations: readonly Obligation[] = []): Promise<Judgement> {
  const { journal, register } = given
  const [parties, query, consulted] = [partiesOf(asked), factsOf(asked), consult(given, asked)]
  const decision = decide(consulted, law, obligations)
  const hold = decision.kind === 'hold' && decision.hold ? register.holds.open(decision.hold, parties, query, true) : null
  const refused = decision.kind === 'permit' ? null : register.attemptsOf(parties, query)
  const source = { keeper: 'housing', records: 'housing' } as const
  const { requester, recipients, purpose } = parties
  const rest = { process: null, uses: [], bulk: false, routed: false, attested: false, self: false, at: 0 }
  const inquiry = { requester, recipients, purpose: purpose.code, source, retry: consulted.retry !== null, ...rest }
  const more = { parties, query, consulted, hold, decision, inquiry, attempts: refused }
  const judgement: Judgement = { ...permitted(`call-${++calls}`), ...more }
  given.asked.set(judgement.call.id, asked)
  const receipt = await journal.recordDecision(judgement)
  await register.keep(judgement)
  if (decision.kind === 'permit') given.underWay.push(receipt)
  return judgement
}

function decide({ paper, lift, noticed, attested }: Consulted, law: Law, obligations: readonly Obligation[]): Decision {
  if (paper) return { ...PERMIT, obligations: [...obligations, { only: 'named-in-process' }] }
  if (law === 'permit' || noticed !== null || attested || lift !== null) return { ...PERMIT, obligations }
  if (law === 'deny') return { ...DENY, reply: 'law', obligations }
  const order = law === 'notice' ? NOTICE : { ...ORDER, people: law === 'two people' ? (2 as const) : (1 as const) }
  return { ...DENY, kind: 'hold', held: order.classes, hold: order, obligations }
}

/** The answers of all calls under way have left. */
export async function answer(given: World, records = 1): Promise<void> {
  for (const receipt of given.underWay.splice(0)) await given.journal.recordOutcome(receipt, { ...RELEASED, records })
}

export const warrant = (now: number, more: object = {}): Instrument =>
  Instrument.parse({
    kind: 'judicial-warrant',
    issuer: { body: 'Court', court: 'C.D. Cal.', docket: '2:26-mj-1', signer: 'R. Roe', title: 'United States Magistrate Judge' },
    signed: new Date(now - 86_400_000).toISOString().slice(0, 10),
    ...{ records: 'all', document: randomBytes(32).toString('hex') },
    scope: [{ source: 'residents', persons: ['11'] }],
    usableBy: { agencies: ['us-hud', 'us-ca-la-police'] },
    ...more,
  })

/** An instrument that two people verified: its id. */
export async function active({ register: { processes }, clock }: World, more: object = {}): Promise<string> {
  const entered = await processes.add(warrant(clock.now, more), clerk)
  if (!entered.ok) throw new Error(entered.message)
  const { id } = entered.value
  for (const person of [ana, ben] as Actor[]) await processes.verify(id, person)
  return id
}

export const certificate = (now: number): Certificate =>
  Certificate.parse({
    ...{ agency: 'us-hud', statute: 'RCW 43.17', signer: 'R. Roe', title: 'Director', document: 'a'.repeat(64) },
    ...{ signed: day(now - 86_400_000), until: day(now + 60 * 86_400_000) },
  })
const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** All that anybody can see of the register, and what it says to every question there is. */
export function seen(given: World) {
  const { processes, holds, tasks, certificates } = given.register
  const [papers, held] = [processes.list().slice(-3), holds.list().slice(-4)]
  const ids = [{}, ...papers.map(({ id }) => ({ process: id })), ...held.map(({ id }) => ({ hold: id }))]
  const said = OFFICERS.flatMap(officer =>
    PURPOSES.flatMap(purpose =>
      PERSONS.flatMap(persons =>
        [
          { ...officer, purpose, persons, caseNumber: '7' },
          { ...officer, purpose, persons },
        ].flatMap(asked =>
          ids.map(more => [consult(given, { ...asked, ...more }), holds.findOwn(held[0]?.id ?? '', partiesOf(asked).login)] as const),
        ),
      ),
    ),
  )
  const lists = [processes.list(), holds.list(), tasks.list('notice'), tasks.list('review'), certificates.list()] as const
  return { said, lists, certified: certificates.isCertified('us-hud') }
}
export const OFFICERS = [
  { agency: 'hud', officer: 'o1' },
  { agency: 'hud', officer: 'o2' },
  { agency: 'police', officer: 'p1' },
] as const
export const PURPOSES = ['audit', 'criminal-investigation', 'immigration-enforcement', 'emergency'] as const
export const PERSONS = [['11'], ['12', '13'], []] as const

/** Entries of the journal, as they are. */
export async function entriesOf({ home }: World): Promise<JournalEntry[]> {
  const found: JournalEntry[] = []
  for await (const { entry } of readJournal(join(home, 'journal'))) found.push(entry)
  return found
}
