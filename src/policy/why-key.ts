import type { Condition, PartyCondition } from '../terms/law.ts'
import type { Party } from '../terms/parties.ts'
import { describeCondition } from './describe-condition.ts'
import { compileCondition, purposeTowards, type Situation } from './match.ts'
import type { Ternary } from './ternary.ts'

/** What one key of a condition said, and why: `purpose`, `recipient.category`, `any`... */
export interface KeyAnswer {
  readonly key: string
  readonly text: string
}

/**
 * The keys of a condition that say no, or whose answer is missing, each asked alone by the compiler that decides. Empty exactly if no key
 * gave that answer.
 */
export function answersOf(condition: Condition, wanted: 'no' | 'missing', situation: Situation): readonly KeyAnswer[] {
  return keysOf(condition).flatMap(({ key, alone }) => {
    if (ask(alone, situation) !== wanted) return []
    if (key === 'all') return (alone.all ?? []).flatMap(inner => answersOf(inner, wanted, situation))
    return [{ key, text: wanted === 'no' ? sayNo(key, alone, situation) : sayMissing(key, alone, situation) }]
  })
}

// A test that throws protects in a rule and opens nothing in a grant or an exception, as a missing attribute does (judge.ts).
function ask(condition: Condition, situation: Situation): Ternary {
  try {
    return compileCondition(condition)(situation)
  } catch {
    return 'missing'
  }
}

/** A condition taken apart into conditions of one key each. */
function keysOf(condition: Condition): readonly { readonly key: string; readonly alone: Condition }[] {
  return Object.entries(condition).flatMap(([name, value]) => {
    if (value === undefined) return []
    if (name !== 'requester' && name !== 'recipient' && name !== 'process' && name !== 'source') {
      return [{ key: name, alone: { [name]: value } }]
    }
    return Object.entries(value).flatMap(([inner, wanted]) =>
      wanted === undefined ? [] : [{ key: `${name}.${inner}`, alone: { [name]: { [inner]: wanted } } }],
    )
  })
}

function sayNo(key: string, alone: Condition, situation: Situation): string {
  const { inquiry, recipient, use } = situation
  const { purpose, source, uses, any, not } = alone
  if (alone.requester) return sayParty('requester', alone.requester, inquiry.requester)
  if (alone.recipient) return sayParty('recipient', alone.recipient, recipient)
  if (purpose) return against(`purpose is ${purposeSeen(situation)}`, purpose)
  if (alone.process) return sayProcess(alone.process, situation)
  if (source?.keeper) return against(`keeper is ${inquiry.source.keeper}`, source.keeper)
  if (source?.records) return against(`records are ${inquiry.source.records}`, source.records)
  if (uses) return against(`use is ${use.kind}`, uses)
  if (alone.date) return `the day is ${new Date(inquiry.at).toISOString().slice(0, 10)}, not ${range(alone.date)}`
  if (any)
    return `none of these holds: ${[...new Set(any.flatMap(one => answersOf(one, 'no', situation).map(({ text }) => text)))].join('; ')}`
  if (not) return `excluded, because ${describeCondition(not)}`
  return factOf(key, alone)
}

/** The condition wants one value of a fact and the inquiry has the other. */
function factOf(key: string, alone: Condition): string {
  const opposite: Condition = { [key]: Reflect.get(alone, key) !== true }
  return describeCondition(opposite)
}

function purposeSeen({ inquiry, recipient }: Situation): string {
  const seen = purposeTowards(recipient, inquiry.purpose)
  return seen === inquiry.purpose ? seen : `${inquiry.purpose}, which from ${recipient.id} counts as ${seen}`
}

function sayParty(who: string, condition: PartyCondition, party: Party): string {
  const { category, agency, jurisdiction, flags } = condition
  if (category) return against(`${who} ${party.id} is ${party.category}`, category)
  if (agency) return against(`${who} is ${party.id}`, agency)
  if (jurisdiction) return against(`${who} ${party.id} is of ${party.jurisdiction}`, jurisdiction)
  return against(`${who} ${party.id} has ${party.flags.length > 0 ? `flag ${party.flags.join(', ')}` : 'no flag'}`, flags ?? [])
}

function sayProcess({ kind, state, covers, court, signer, sealed }: NonNullable<Condition['process']>, { inquiry }: Situation): string {
  const { process } = inquiry
  if (process === null) return 'there is no process'
  if (kind) return against(`process is ${process.kind}`, kind)
  if (state) return against(`process is ${process.state}`, state)
  if (covers) return `process covers ${process.covers}, not ${covers}`
  if (sealed !== undefined) return `process is ${process.sealed ? '' : 'not '}sealed`
  if (court) return against(`the court that issued it is ${process.issuer?.court}`, court)
  return against(`its signer is ${process.issuer?.signer}`, signer ?? [])
}

function sayMissing(key: string, alone: Condition, situation: Situation): string {
  const inner = [...(alone.any ?? []), ...(alone.not ? [alone.not] : [])]
  if (inner.length > 0) return [...new Set(inner.flatMap(one => answersOf(one, 'missing', situation).map(({ text }) => text)))].join('; ')
  const party = alone.requester ? situation.inquiry.requester : alone.recipient ? situation.recipient : null
  return party ? `${key} of ${party.id} is unknown` : `${key} is unknown`
}

const LISTED_MAX = 4

/** `purpose is audit, not immigration-enforcement`: long lists are cut, the file has them in full. */
function against(actual: string, wanted: readonly string[] | { readonly not: readonly string[] }): string {
  if ('not' in wanted) return `${actual}, which is excepted`
  const shown = wanted.length > LISTED_MAX ? [...wanted.slice(0, LISTED_MAX - 1), `${wanted.length - LISTED_MAX + 1} more`] : wanted
  return `${actual}, not ${shown.length > 1 ? `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}` : shown.join('')}`
}

const range = ({ from, until }: NonNullable<Condition['date']>): string =>
  [from === undefined ? [] : [`from ${from}`], until === undefined ? [] : [`until ${until}`]].flat().join(' ')
