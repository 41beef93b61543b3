import type { Inquiry, Use } from '../terms/inquiry.ts'
import type { Condition } from '../terms/law.ts'
import { COURT_PROCESS } from '../terms/legal-process.ts'
import type { Party } from '../terms/parties.ts'
import { judgeUses } from './decide.ts'
import { findGrant } from './grant.ts'
import type { UseJudgement } from './judge.ts'
import type { Situation } from './match.ts'
import type { GrantRule, Rule, Rulebook } from './rulebook.ts'
import { answersOf, type KeyAnswer } from './why-key.ts'

/** Where something was said: for one recipient and one use. */
export interface Place {
  readonly recipient: string
  readonly class: string
  readonly kind: string
}

/** A rule or grant that did not match, every key that said no, and where it said so. */
export interface NotMatched {
  readonly rule: string
  readonly why: readonly KeyAnswer[]
  readonly at: readonly Place[]
}

/** An exception of a rule that matched, counted from 1. One that stands behind the one that was taken is not tried. */
export interface Tried {
  readonly rule: string
  readonly exception: number
  readonly taken: boolean
  /** Every key that kept it from being taken; empty for the one that was. */
  readonly why: readonly KeyAnswer[]
  readonly at: readonly Place[]
}

/** What settled one use. */
export interface Winner {
  readonly class: string
  readonly kind: string
  readonly effect: string
  /** Ids of the rules or grants whose word it was; empty where nothing permits it. */
  readonly rules: readonly string[]
  readonly text: string
  /** An equality that only names the person follows what is selected with it. */
  readonly follows: boolean
}

export interface Why {
  readonly winners: readonly Winner[]
  readonly notMatched: readonly NotMatched[]
  readonly exceptions: readonly Tried[]
  /** Rules that matched because an attribute could not be established, and which. */
  readonly unknown: readonly NotMatched[]
}

/** Why the decision on an inquiry is what it is: what settled each use, and for every rule, grant and exception that is silent, why. */
export function explainWhy(rulebook: Rulebook, inquiry: Inquiry): Why {
  const judged = judgeUses(rulebook, inquiry)
  const asked = judged.flatMap(({ use }) => inquiry.recipients.map(recipient => situate(rulebook, inquiry, recipient, use)))
  const tried = judged.flatMap(judgement => triedIn(rulebook, inquiry, judgement))
  const silent = asked.flatMap(situation => [
    ...rulebook.rules.flatMap(rule => said(rule.id, situation, whyRuleIsSilent(rule, situation))),
    ...silentGrants(rulebook.grants, situation),
  ])
  const unsure = judged.flatMap(judgement => unknownIn(rulebook, inquiry, judgement))
  return {
    winners: judged.map(judgement => winnerOf(judgement, judged)),
    notMatched: fold(silent),
    exceptions: fold(tried),
    unknown: fold(unsure),
  }
}

function situate(rulebook: Rulebook, inquiry: Inquiry, recipient: Party, use: Use): Situation {
  const granted = findGrant(rulebook.grants, { inquiry, recipient, use, granted: false }) !== null
  return { inquiry, recipient, use, granted }
}

function winnerOf({ use, effect, reasons }: UseJudgement, judged: readonly UseJudgement[]): Winner {
  const follows = use.kind === 'identify' && judged.some(other => other.use.kind !== 'identify')
  const rules = [...new Set(reasons.flatMap(({ rule }) => rule ?? []))]
  return { class: use.class, kind: use.kind, effect, rules, text: [...new Set(reasons.map(({ text }) => text))].join(' '), follows }
}

/** Every key that keeps a rule from matching; empty if it matches. */
function whyRuleIsSilent(rule: Rule, situation: Situation): readonly KeyAnswer[] {
  const { at, source } = situation.inquiry
  if (at < rule.from) return [{ key: 'effective', text: `not in force until ${dayOf(rule.from)}` }]
  if (at >= rule.until) return [{ key: 'effective', text: `not in force since ${dayOf(rule.until)}` }]
  const { keeper, records } = rule.written.binds.source ?? {}
  const binds = answersOf(rule.written.binds, 'no', situation).map(({ key }) => {
    const [governed, actual] = key === 'source.keeper' ? [keeper, source.keeper] : [records, source.records]
    const listed = Array.isArray(governed) ? governed.join(', ') : ''
    return { key: 'binds', text: `the law binds ${key === 'source.keeper' ? 'keeper' : 'records'} ${listed}, these are ${actual}` }
  })
  return [...silentClass(rule.of, situation.use), ...binds, ...answersOf(rule.written.rule.when, 'no', situation)]
}

const silentClass = (of: ReadonlySet<string>, use: Use): readonly KeyAnswer[] =>
  of.has(use.class) ? [] : [{ key: 'of', text: `class ${use.class} is not in \`of\`` }]

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** A grant is silent also where another one that covers the same use asks for less, or stands before it. */
function silentGrants(grants: readonly GrantRule[], situation: Situation) {
  const taken = findGrant(grants, { ...situation, granted: false })?.id
  const behind = [{ key: 'order', text: `it covers this too, and ${taken} comes first` }]
  const lost = (why: readonly KeyAnswer[]) => (why.length > 0 ? why : behind)
  const compelled: Condition = { process: { kind: [...COURT_PROCESS], state: ['active'], covers: 'query' } }
  return [
    ...grants.flatMap(grant => (grant.id === taken ? [] : said(grant.id, situation, lost(whyGrantIsSilent(grant, situation))))),
    ...(taken === 'court-process' ? [] : said('court-process', situation, lost(whyNotEstablished(compelled, situation)))),
  ]
}

function whyGrantIsSilent(grant: GrantRule, situation: Situation): readonly KeyAnswer[] {
  const { use } = situation
  const unused = grant.uses.has(use.kind) ? [] : [{ key: 'uses', text: `use ${use.kind} is not in \`uses\`` }]
  return [...silentClass(grant.of, use), ...unused, ...whyNotEstablished(grant.written.when, { ...situation, granted: false })]
}

/** What weakens must be established: an attribute nobody knows is as good as a no. */
const whyNotEstablished = (condition: Condition, situation: Situation): readonly KeyAnswer[] => [
  ...answersOf(condition, 'no', situation),
  ...answersOf(condition, 'missing', situation),
]

function triedIn(rulebook: Rulebook, inquiry: Inquiry, { use, matches }: UseJudgement) {
  return matches.flatMap(({ rule: id, recipient, exception: taken }) => {
    const situation = situate(rulebook, inquiry, recipient, use)
    const exceptions = rulebook.rules.find(rule => rule.id === id)?.written.rule.unless ?? []
    return exceptions.flatMap((exception, i) => {
      if (taken !== null && i > taken) return []
      const why = i === taken ? [] : whyNotEstablished(exception.when, situation)
      return [{ rule: id, exception: i + 1, taken: i === taken, why, at: placeOf(situation) }]
    })
  })
}

function unknownIn(rulebook: Rulebook, inquiry: Inquiry, { use, matches }: UseJudgement) {
  return matches.flatMap(({ rule: id, recipient, certain }) => {
    const rule = certain ? undefined : rulebook.rules.find(other => other.id === id)
    if (!rule) return []
    const situation = situate(rulebook, inquiry, recipient, use)
    return said(id, situation, answersOf(rule.written.rule.when, 'missing', situation))
  })
}

const placeOf = ({ recipient, use }: Situation): Place => ({ recipient: recipient.id, class: use.class, kind: use.kind })

const said = (rule: string, situation: Situation, why: readonly KeyAnswer[]) =>
  why.length > 0 ? [{ rule, why, at: placeOf(situation) }] : []

/** One line for all places where the same was said. */
function fold<T extends { readonly at: Place }>(lines: readonly T[]): readonly (Omit<T, 'at'> & { readonly at: readonly Place[] })[] {
  const folded = new Map<string, Omit<T, 'at'> & { at: Place[] }>()
  for (const { at, ...line } of lines) {
    const key = JSON.stringify(line)
    const same = folded.get(key)
    if (same) same.at.push(at)
    else folded.set(key, { ...line, at: [at] })
  }
  return [...folded.values()]
}
