import type { Inquiry, Use } from '../terms/inquiry.ts'
import type { Condition, PartyCondition } from '../terms/law.ts'
import type { Party } from '../terms/parties.ts'
import type { Purpose } from '../terms/purpose.ts'
import { everyOf, opposite, someOf, type Ternary, truth } from './ternary.ts'

/** What a condition is asked about: one recipient and one use of one inquiry. */
export interface Situation {
  readonly inquiry: Inquiry
  readonly recipient: Party
  readonly use: Use
  /** A grant of the city covers this recipient and use. */
  readonly granted: boolean
}
export type Test = (situation: Situation) => Ternary

/** A body that enforces immigration law, by function or by delegation (8 U.S.C. 1357(g); Cal. Gov. Code § 7284.4(c)). */
export const enforcesImmigration = (party: Party): boolean => party.category === 'immigration-authority' || party.flags.includes('287g')

/** An authority that will not say why, or whose words point at it, is taken to enforce: silence must not be the way in. */
export function purposeTowards(recipient: Party, purpose: Purpose): Purpose {
  const unsaid = purpose === 'unstated' || purpose === 'vague' || purpose === 'suspected'
  return unsaid && enforcesImmigration(recipient) ? 'immigration-enforcement' : purpose
}

/** Compiles a condition to one closure. All of its keys must hold. */
export function compileCondition(condition: Condition): Test {
  const tests: Test[] = []
  const { requester, recipient, purpose, process, source, uses } = condition
  if (requester) tests.push(s => matchParty(requester, s.inquiry.requester))
  if (recipient) tests.push(s => matchParty(recipient, s.recipient))
  if (purpose) tests.push(s => truth(isOneOf(purpose, purposeTowards(s.recipient, s.inquiry.purpose))))
  if (process) tests.push(s => matchProcess(process, s.inquiry.process))
  if (source?.keeper) tests.push(s => truth(isOneOf(source.keeper, s.inquiry.source.keeper)))
  if (source?.records) tests.push(s => truth(isOneOf(source.records, s.inquiry.source.records)))
  if (uses) tests.push(s => truth(isOneOf(uses, s.use.kind)))
  for (const fact of ['bulk', 'routed', 'retry', 'attested', 'self'] as const) {
    const wanted = condition[fact]
    if (wanted !== undefined) tests.push(s => truth(s.inquiry[fact] === wanted))
  }
  const { granted, date, all, any, not } = condition
  if (granted !== undefined) tests.push(s => truth(s.granted === granted))
  if (date) tests.push(withinDates(date))
  if (all) tests.push(everyTest(all.map(compileCondition)))
  if (any) tests.push(anyTest(any.map(compileCondition)))
  if (not) tests.push(negated(compileCondition(not)))
  return everyTest(tests)
}

function withinDates({ from, until }: NonNullable<Condition['date']>): Test {
  const first = from === undefined ? Number.NEGATIVE_INFINITY : dayStart(from)
  const end = until === undefined ? Number.POSITIVE_INFINITY : dayEnd(until)
  return ({ inquiry }) => truth(first <= inquiry.at && inquiry.at < end)
}

/** Milliseconds since 1970 at which a day, such as 2027-01-01, begins and ends, in UTC. */
export const dayStart = (date: string): number => Date.parse(`${date}T00:00:00Z`)
export const dayEnd = (date: string): number => dayStart(date) + 86_400_000

/** All must hold, asked in turn and no further than the first no: this runs for every rule, recipient and use of every call. */
export function everyTest(tests: readonly Test[]): Test {
  return situation => {
    let answer: Ternary = 'yes'
    for (const test of tests) {
      const next = test(situation)
      if (next === 'no') return 'no'
      if (next === 'missing') answer = 'missing'
    }
    return answer
  }
}

function anyTest(tests: readonly Test[]): Test {
  return situation => someOf(tests.map(test => test(situation)))
}

function negated(test: Test): Test {
  return situation => opposite(test(situation))
}

type OneOf<T> = readonly T[] | { readonly not: readonly T[] } | undefined

function isOneOf<T>(wanted: OneOf<T>, value: T): boolean {
  if (wanted === undefined) return true
  return 'not' in wanted ? !wanted.not.includes(value) : wanted.includes(value)
}

function matchParty(condition: PartyCondition, party: Party): Ternary {
  const unplaced = party.category === 'unknown'
  const answers: Ternary[] = []
  if (condition.category) answers.push(unplaced ? 'missing' : truth(isOneOf(condition.category, party.category)))
  if (condition.agency) answers.push(unplaced ? 'missing' : truth(isOneOf(condition.agency, party.id)))
  if (condition.jurisdiction) answers.push(matchJurisdiction(condition.jurisdiction, party.jurisdiction))
  if (condition.flags) answers.push(unplaced ? 'missing' : matchFlags(condition.flags, party.flags))
  return everyOf(answers)
}

function matchJurisdiction(wanted: NonNullable<PartyCondition['jurisdiction']>, actual: string): Ternary {
  if (actual === 'unknown') return 'missing'
  const listed = 'not' in wanted ? wanted.not : wanted
  const inside = listed.some(jurisdiction => contains(jurisdiction, actual))
  return truth('not' in wanted ? !inside : inside)
}

/** `us-ca` contains `us-ca-los-angeles`; `us` means federal only, so it contains nothing but itself. */
export function contains(outer: string, inner: string): boolean {
  return inner === outer || (outer !== 'us' && inner.startsWith(`${outer}-`))
}

function matchFlags(wanted: NonNullable<PartyCondition['flags']>, actual: Party['flags']): Ternary {
  if ('not' in wanted) return truth(!wanted.not.some(flag => actual.includes(flag)))
  return truth(wanted.some(flag => actual.includes(flag)))
}

function matchProcess(condition: NonNullable<Condition['process']>, process: Inquiry['process']): Ternary {
  const answers: Ternary[] = []
  // Absent process is the state `none` and no kind at all, so `kind: { not: [...] }` holds for it.
  if (condition.kind) answers.push(truth(process === null ? 'not' in condition.kind : isOneOf(condition.kind, process.kind)))
  if (condition.state) answers.push(truth(isOneOf(condition.state, process?.state ?? 'none')))
  if (condition.covers) answers.push(truth((process?.covers ?? 'none') === condition.covers))
  if (condition.court) answers.push(matchSigned(condition.court, process?.issuer?.court))
  if (condition.signer) answers.push(matchSigned(condition.signer, process?.issuer?.signer))
  if (condition.sealed !== undefined) answers.push(truth((process?.sealed ?? false) === condition.sealed))
  return everyOf(answers)
}

function matchSigned(wanted: OneOf<string>, actual: string | undefined): Ternary {
  return actual === undefined || actual === 'unknown' ? 'missing' : truth(isOneOf(wanted, actual))
}
