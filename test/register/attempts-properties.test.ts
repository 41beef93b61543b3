import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { decisionEntry } from '../../src/audit/entry.ts'
import { readJournal } from '../../src/audit/read.ts'
import { createTokens } from '../../src/audit/tokens.ts'
import { type AttemptMemory, createAttempts } from '../../src/register/attempts.ts'
import type { JournalEntry } from '../../src/register/journal-entry.ts'
import type { Purpose } from '../../src/terms/purpose.ts'
import { journalIn, temporary } from '../audit/given.ts'
import { type Answer, type Asked, bookParts, factsOf, HOUR, judge, POLICE, partiesOf, START } from './desk.ts'

const RUNS = { numRuns: 300 }
const PURPOSES = [
  ...['audit', 'research', 'criminal-investigation', 'emergency', 'treatment'],
  ...['immigration-enforcement', 'suspected', 'vague', 'unstated'],
] as const satisfies readonly Purpose[]
const OFFICERS = ['officer-1', 'officer-2'] as const
const AGENCIES = [POLICE, { ...POLICE, id: 'us-ca-san-diego-police' }] as const
const PERSONS = ['11', '12', '13'] as const

/** One step of a history: time passes, then somebody asks, or counsel lifts what an earlier step refused. */
type Step = { readonly after: number } & ({ readonly asks: Asked; readonly kind: 'permit' | 'deny' | 'hold' } | { readonly lifts: number })

const asks = fc.record({
  ...{ officer: fc.constantFrom(...OFFICERS), agency: fc.constantFrom(...AGENCIES), purpose: fc.constantFrom(...PURPOSES) },
  ...{ reason: fc.constantFrom('', 'inv', 'welfare'), persons: fc.subarray([...PERSONS]), entitled: fc.boolean() },
})
const after = fc.oneof(fc.nat(HOUR), fc.nat(30 * HOUR))
const calls: fc.Arbitrary<Step> = fc.record({ after, asks, kind: fc.constantFrom('permit', 'deny', 'deny', 'hold') })
const lifts: fc.Arbitrary<Step> = fc.record({ after, lifts: fc.nat(30) })
const histories = fc.array(fc.oneof({ weight: 9, arbitrary: calls }, { weight: 1, arbitrary: lifts }), { maxLength: 30 })

const token = createTokens(randomBytes(32))
const terms = { tokens: token, sources: new Set(['residents']), issuers: () => new Set<string>() }

interface Lived {
  readonly attempts: AttemptMemory
  readonly entries: readonly JournalEntry[]
  readonly clock: { now: number }
  /** By step; null where nobody asked. */
  readonly answers: readonly (Answer | null)[]
}

/** Lives through a history with entries as the journal writes them. */
function live(history: readonly Step[], isTaken: (step: Step) => boolean = () => true): Lived {
  const clock = { now: START }
  const attempts = createAttempts(bookParts({ token: token('register', '') }, () => clock.now))
  const entries: JournalEntry[] = []
  const tell = (body: object) => {
    const entry: JournalEntry = JSON.parse(JSON.stringify({ id: `e${entries.length}`, ...body, t_wall: clock.now }))
    entries.push(entry)
    attempts.observe(entry)
  }
  const answers = history.map((step, i) => {
    clock.now += step.after
    if (!isTaken(step)) return null
    if ('lifts' in step) {
      tell({ kind: 'review', body: { id: 'task.0', step: 'done', by: 'ana', lifts: `d${step.lifts}` } })
      return null
    }
    const { judgement, answer } = judge(attempts, `d${i}`, { ...step.asks, law: () => step.kind })
    tell(decisionEntry(judgement, terms))
    return answer
  })
  return { attempts, entries, clock, answers }
}

/** What a memory says to every question there is. */
function everything({ attempts }: Pick<Lived, 'attempts'>): unknown[] {
  const found: unknown[] = []
  for (const officer of OFFICERS)
    for (const agency of AGENCIES)
      for (const purpose of PURPOSES)
        for (const person of PERSONS)
          for (const reason of ['', 'inv']) {
            const asked = { officer, agency, purpose, reason, persons: [person] }
            found.push(attempts.recognise(partiesOf(asked), factsOf(asked), false))
          }
  return found
}

t.test('replayed entries give the memory that lived through them', async () => {
  fc.assert(
    fc.property(histories, history => {
      const lived = live(history)
      const again = createAttempts(bookParts({ token: token('register', '') }, () => lived.clock.now))
      for (const entry of lived.entries) again.observe(entry)
      return JSON.stringify(everything({ attempts: again })) === JSON.stringify(everything(lived))
    }),
    RUNS,
  )
})

t.test('judged as an earlier purpose: never who is entitled to an emergency, never an emergency, never more mildly', async () => {
  let judged = 0
  fc.assert(
    fc.property(histories, history => {
      const { answers } = live(history)
      return history.every((step, i) => {
        const answer = answers[i]
        if (!('asks' in step) || !answer?.retry?.judged) return true
        judged += 1
        const { entitled, purpose } = step.asks
        const never = ['emergency', 'treatment', 'immigration-enforcement', 'suspected', 'vague', 'unstated']
        return entitled === false && !never.includes(purpose ?? '') && !['emergency', 'treatment'].includes(answer.retry.purpose)
      })
    }),
    RUNS,
  )
  if (judged < 5) throw new Error(`only ${judged} retries were judged: the property says nothing`)
})

t.test('nothing one officer is refused changes what a colleague is judged as', async t => {
  let flagged = 0
  fc.assert(
    fc.property(histories, history => {
      const isColleague = (step: Step) => 'lifts' in step || step.asks.officer === 'officer-2'
      const [together, alone] = [live(history), live(history, isColleague)]
      return history.every((step, i) => {
        if (!isColleague(step)) return true
        const [one, other] = [together.answers[i], alone.answers[i]]
        if (one?.alarm !== other?.alarm) flagged += 1
        return JSON.stringify([one?.judgedAs, one?.retry]) === JSON.stringify([other?.judgedAs, other?.retry])
      })
    }),
    RUNS,
  )
  t.ok(flagged > 20, 'and flags were raised')
})

t.test('an honest login that was never refused is never a retry', async () => {
  fc.assert(
    fc.property(histories, asks, (history, asked) => {
      const { attempts } = live(history)
      const fresh = { ...asked, officer: 'officer-9' }
      return attempts.recognise(partiesOf(fresh), factsOf(fresh), false).retry === null
    }),
    RUNS,
  )
})

t.test('a journal read back from disk gives the same memory', async t => {
  const home = await temporary(t)
  const clock = { now: START }
  const told: { book: AttemptMemory | null } = { book: null }
  const journal = await journalIn(t, home, { now: () => clock.now, observe: entry => told.book?.observe(entry) })
  const open = () => createAttempts(bookParts(journal, () => clock.now))
  const attempts = open()
  told.book = attempts
  const [history = []] = fc.sample(fc.array(calls, { minLength: 200, maxLength: 200 }), { numRuns: 1, seed: 7 })
  for (const [i, step] of history.entries()) {
    clock.now += step.after % HOUR
    if ('asks' in step) await journal.recordDecision(judge(attempts, `d${i}`, { ...step.asks, law: () => step.kind }).judgement)
    if (i % 20 === 19) await journal.recordEvent('review', { id: 'task.0', step: 'done', by: 'ana', lifts: `d${i - 10}` })
  }
  await journal.close()
  const again = open()
  for await (const { entry } of readJournal(`${home}/journal`)) again.observe(entry)
  t.same(everything({ attempts: again }), everything({ attempts }))
  t.ok(JSON.stringify(everything({ attempts })).includes('"judged":true'))
})
