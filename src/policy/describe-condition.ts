import type { Condition, Duty, Exception, LawRule, Obligation, PartyCondition } from '../terms/law.ts'
import { CATEGORY_WORDS, CLASS_WORDS, FLAG_WORDS, listWords, PROCESS_WORDS, plainId, STATE_WORDS, USE_WORDS } from './plain-words.ts'

type OneOf<T> = readonly T[] | { readonly not: readonly T[] }

/**
 * A condition as an English phrase that can stand after "when": `the purpose is audit, and the day is 2027-01-01 or later`. Says every key
 * of the condition, in a fixed order, so that equal conditions read the same. An empty condition is `always`.
 */
export function describeCondition(condition: Condition): string {
  const clauses = clausesOf(condition)
  return clauses.length === 0 ? 'always' : joinClauses(clauses)
}

// A clause that holds an "or" of its own stands in brackets beside others, else nobody could tell what belongs to what.
const joinClauses = (clauses: readonly Clause[]): string =>
  clauses.map(({ text, loose }) => (loose && clauses.length > 1 ? `(${text})` : text)).join(', and ')

interface Clause {
  readonly text: string
  /** Would read differently if another clause followed without brackets. */
  readonly loose: boolean
}

function clausesOf(condition: Condition): readonly Clause[] {
  const { requester, recipient, purpose, process, source, uses, granted, date, all, any, not } = condition
  const texts = [
    ...(requester ? partyClauses('the requester', requester) : []),
    ...(recipient ? partyClauses('the recipient', recipient) : []),
    ...(purpose ? [`the purpose ${isOneOf(purpose, plainId)}`] : []),
    ...(process ? processClauses(process) : []),
    ...(source?.keeper ? [`the keeper of the records ${isOneOf(source.keeper, plainId)}`] : []),
    ...(source?.records ? [`the record class ${isOneOf(source.records, plainId)}`] : []),
    ...(uses ? [`the data ${isOneOf(uses, use => USE_WORDS[use])}`] : []),
    ...factClauses(condition),
    ...(granted === undefined ? [] : [granted ? 'a grant of the city covers it' : 'no grant of the city covers it']),
    ...(date ? [dateClause(date)] : []),
  ].map(text => ({ text, loose: false }))
  return [
    ...texts,
    ...(all ?? []).flatMap(clausesOf),
    ...(any ? [anyClause(any)] : []),
    ...(not ? [{ text: `it is not so that ${bracketed(not)}`, loose: false }] : []),
  ]
}

function anyClause(any: readonly Condition[]): Clause {
  const [only] = any
  if (only && any.length === 1) return { text: describeCondition(only), loose: clausesOf(only).some(({ loose }) => loose) }
  return { text: `either ${any.map(bracketed).join(' or ')}`, loose: true }
}

/** In brackets wherever it says more than one thing. */
function bracketed(condition: Condition): string {
  const clauses = clausesOf(condition)
  const simple = clauses.length < 2 && !clauses.some(({ loose }) => loose)
  return simple ? describeCondition(condition) : `(${describeCondition(condition)})`
}

function isOneOf<T extends string>(wanted: OneOf<T>, word: (value: T) => string): string {
  if ('not' in wanted) return `is anything but ${listWords(wanted.not.map(word), 'or')}`
  return `is ${listWords(wanted.map(word), 'or')}`
}

function partyClauses(who: string, { category, agency, jurisdiction, flags }: PartyCondition): string[] {
  return [
    ...(category ? [`${who} ${isOneOf(category, c => CATEGORY_WORDS[c])}`] : []),
    ...(agency ? [`${who} ${isOneOf(agency, id => id)}`] : []),
    ...(jurisdiction ? [`${who} ${place(jurisdiction)}`] : []),
    ...(flags ? [`${who} ${flagWords(flags)}`] : []),
  ]
}

function place(jurisdiction: OneOf<string>): string {
  const words = (ids: readonly string[]) =>
    listWords(
      ids.map(id => (id === 'us' ? 'us (federal)' : id)),
      'or',
    )
  return 'not' in jurisdiction ? `is not of ${words(jurisdiction.not)}` : `is of ${words(jurisdiction)}`
}

function flagWords(flags: NonNullable<PartyCondition['flags']>): string {
  const words = (names: readonly (keyof typeof FLAG_WORDS)[]) =>
    listWords(
      names.map(name => FLAG_WORDS[name]),
      'or',
    )
  return 'not' in flags ? `neither ${words(flags.not).replaceAll(' or ', ' nor ')}` : words(flags)
}

function processClauses({ kind, state, covers, court, signer, sealed }: NonNullable<Condition['process']>): string[] {
  return [
    ...(kind ? [kindWords(kind)] : []),
    ...(state ? [`the process ${isOneOf(state, s => STATE_WORDS[s])}`] : []),
    ...(covers ? [covers === 'query' ? 'the process covers the query' : 'the process does not cover the query'] : []),
    ...(court ? [`the court that issued it ${isOneOf(court, plainId)}`] : []),
    ...(signer ? [`its signer ${isOneOf(signer, plainId)}`] : []),
    ...(sealed === undefined ? [] : [`the process is ${sealed ? '' : 'not '}sealed`]),
  ]
}

// `kind: { not: [...] }` also holds where there is no process at all (match.ts).
function kindWords(kind: NonNullable<NonNullable<Condition['process']>['kind']>): string {
  if ('not' in kind)
    return `there is no process, or one other than ${listWords(
      kind.not.map(k => PROCESS_WORDS[k]),
      'or',
    )}`
  return `there is ${listWords(
    kind.map(k => PROCESS_WORDS[k]),
    'or',
  )}`
}

const FACTS = {
  bulk: ['the request is in bulk', 'the request is not in bulk'],
  routed: ['the request came through another body', 'the request came directly'],
  retry: ['it was refused before and is asked again', 'it is asked for the first time'],
  attested: ['counsel attested the purpose for this case', 'counsel has not attested the purpose for this case'],
  self: ['it is the own file of the person who asks', 'it is not the own file of the person who asks'],
} as const

function factClauses(condition: Condition): string[] {
  return (['bulk', 'routed', 'retry', 'attested', 'self'] as const).flatMap(fact => {
    const wanted = condition[fact]
    return wanted === undefined ? [] : [FACTS[fact][wanted ? 0 : 1]]
  })
}

function dateClause({ from, until }: NonNullable<Condition['date']>): string {
  if (from === undefined) return `the day is not after ${until}`
  return until === undefined ? `the day is ${from} or later` : `the day is from ${from} to ${until}`
}

/** Data classes in words; every class there is, is said as such. */
export function describeClasses(classes: LawRule['of']): string {
  return classes
    ? listWords(
        classes.map(c => CLASS_WORDS[c]),
        'and',
      )
    : 'all data'
}

/** What a rule or an exception does when it applies: `is denied`, `goes to counsel, who answers within 24h`, `may be released`. */
export function describeEffect({ then, deadline, people }: Pick<Exception, 'then' | 'deadline' | 'people'>): string {
  const words = { permit: 'may be released', withhold: 'is left out', deny: 'is denied', hold: 'goes to counsel' }
  if (then !== 'hold') return words[then]
  return `${words.hold}, who answers within ${deadline ?? '72h'}${people === 2 ? ', and two people must release it' : ''}`
}

/** An obligation as a phrase that can stand after "owed:". */
export function describeObligation(obligation: Obligation): string {
  if ('only' in obligation) return obligation.only === 'self' ? 'only the own record of the person who asks' : 'only what the process names'
  if ('minimumCount' in obligation) return `no count below ${obligation.minimumCount}`
  if ('treat' in obligation) return `${obligation.treat}: ${describeClasses(obligation.of)}`
  return describeDuty(obligation)
}

function describeDuty(duty: Duty): string {
  const term = 'before' in duty && duty.before ? `, at least ${duty.before} before` : ''
  const within = duty.within ? `, within ${duty.within}` : ''
  return 'notify' in duty
    ? `notice to ${duty.notify === 'data-subject' ? 'the person the record describes' : duty.notify}${term}${within}`
    : `review: ${duty.review}${within}`
}
