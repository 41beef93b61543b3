import type { Party } from '../terms/parties.ts'
import type { Chart } from './proof/chart.ts'
import { phraseOf, type RegionValues, valuesOf } from './proof/describe-region.ts'
import type { Node } from './proof/diagram.ts'
import { draw, spaceFor } from './proof/draw.ts'
import { countByValue, supportByValue } from './proof/measure.ts'
import { type EffectName, Numbered, type Outcome } from './proof/outcome.ts'
import { simplestOf, type WrittenInquiry } from './proof/to-given.ts'
import type { Rulebook } from './rulebook.ts'

/** Inquiries that change in the same way, by the same rules. */
export interface DiffGroup {
  readonly change: string
  readonly weaker: boolean
  readonly before: Outcome
  readonly after: Outcome
  /** How many points of the space: one recipient of an inquiry, one use. */
  readonly points: bigint
  /** In which values they lie; a variable that is not listed takes every value. */
  readonly where: RegionValues
  /** The simplest of them, as `explain` reads it. */
  readonly example: WrittenInquiry | null
  /** Of the rules that decide before or after. */
  readonly cites: readonly string[]
  readonly sentence: string
}

export interface RulebookDiff {
  /** Some inquiry is released, or held for counsel, that was decided more protectively before. */
  readonly weaker: boolean
  /** Every inquiry of a requester, at most one further recipient and one use. */
  readonly inquiries: bigint
  readonly changed: bigint
  readonly groups: readonly DiffGroup[]
  /** The sentences, those of weaker groups first. */
  readonly summary: readonly string[]
}

/**
 * Exactly which inquiries two rulebooks decide differently, from one moment on (milliseconds since 1970). Weaker means: less protective in
 * the order deny, not placed, hold, withhold, not permitted, permit; or the same with an obligation fewer, or with a later deadline.
 */
export function diffRulebooks(before: Rulebook, after: Rulebook, at: number, known: readonly Party[] = []): RulebookDiff {
  const space = spaceFor({ books: [before, after], conditions: [], at })
  const old = draw(before, space, 'rules')
  const now = draw(after, space, 'rules', old.chart)
  const { diagrams } = old.chart
  const weights = space.axes.map(axis => axis.classes.map(members => members.length))
  const pairs = new Numbered<readonly [number, number]>([-1, -1])
  const differ = (a: number, b: number) => (isSame(old.chart, a, b) ? 0 : pairs.of([a, b]))
  const changed = countByValue(diagrams, diagrams.apply('changed', differ, old.joint, now.joint), weights)
  const weaker = diagrams.values(diagrams.apply('weakened', (a, b) => (isWeaker(old.chart, a, b) ? 1 : 0), old.joint, now.joint)).has(1)
  const regions = diagrams.apply('changed', differ, old.verdicts, now.verdicts)
  const points = countByValue(diagrams, regions, weights)
  const supports = supportByValue(diagrams, regions)
  const cites = citations([before, after])
  const groups = [...points].flatMap(([pair, count]) => {
    if (pair === 0) return []
    const [a, b] = pairs.at(pair)
    const [from, to] = [old.chart.outcomes.at(a), old.chart.outcomes.at(b)]
    const region: Node = diagrams.map(`only ${pair}`, value => (value === pair ? 1 : 0), regions)
    const where = valuesOf(
      space,
      supports.get(pair) ?? [],
      (level, i) => supportByValue(diagrams, diagrams.restrict(region, level, i)).get(1) ?? [],
    )
    const group = { change: changeOf(from, to), weaker: isWeaker(old.chart, a, b), before: from, after: to, points: count, where }
    const citing = [...new Set([...from.rules, ...to.rules].flatMap(rule => cites.get(rule) ?? []))]
    return [{ ...group, example: simplestOf(now, region, known), cites: citing, sentence: sentenceOf(group, citing) }]
  })
  const sorted = groups.toSorted((a, b) => Number(b.weaker) - Number(a.weaker) || order(a.sentence, b.sentence))
  const inquiries = [...changed.values()].reduce((sum, count) => sum + count, 0n)
  return { weaker, inquiries, changed: inquiries - (changed.get(0) ?? 0n), groups: sorted, summary: sorted.map(({ sentence }) => sentence) }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The same decision, whichever rules came to it. */
function isSame(chart: Chart, a: number, b: number): boolean {
  const plain = (number: number) => JSON.stringify({ ...chart.outcomes.at(number), rules: [] })
  return a === b || plain(a) === plain(b)
}

function isWeaker(chart: Chart, a: number, b: number): boolean {
  if (chart.rank(b) !== chart.rank(a)) return chart.rank(b) < chart.rank(a)
  const [from, to] = [chart.outcomes.at(a), chart.outcomes.at(b)]
  if (from.obligations.some(owed => !to.obligations.includes(owed))) return true
  return from.deadlineHours !== null && (to.deadlineHours ?? Number.POSITIVE_INFINITY) > from.deadlineHours
}

const WORDS: Readonly<Record<EffectName, string>> = {
  permit: 'permitted',
  'not-permitted': 'not permitted',
  withhold: 'left out',
  hold: 'held for counsel',
  unplaced: 'refused, the recipient being unknown',
  deny: 'denied',
  impossible: 'nobody',
}

function changeOf(before: Outcome, after: Outcome): string {
  if (before.effect !== after.effect)
    return `${after.effect === 'permit' ? 'newly permitted' : `newly ${WORDS[after.effect]}`}, ${WORDS[before.effect]} before`
  const gone = before.obligations.filter(owed => !after.obligations.includes(owed))
  const added = after.obligations.filter(owed => !before.obligations.includes(owed))
  const hours = before.deadlineHours === after.deadlineHours ? [] : [`within ${after.deadlineHours} h, ${before.deadlineHours} h before`]
  const owed = [...gone.map(one => `no longer with ${one}`), ...added.map(one => `now with ${one}`), ...hours]
  return `still ${WORDS[after.effect]}, ${owed.join(', ')}`
}

function sentenceOf(
  { change, before, after, points, where }: Omit<DiffGroup, 'example' | 'cites' | 'sentence'>,
  cites: readonly string[],
): string {
  const rules = [
    ...(after.rules.length > 0 ? [`by ${after.rules.join(', ')}`] : []),
    ...(before.rules.length > 0 ? [`before by ${before.rules.join(', ')}`] : []),
  ]
  const citing = cites.length > 0 ? ` [${cites.join('; ')}]` : ''
  return `${change}: ${phraseOf(where) || 'everything'}: ${points.toLocaleString('en-US')} points, ${rules.join(', ') || 'no rule'}${citing}`
}

function citations(books: readonly Rulebook[]): ReadonlyMap<string, readonly string[]> {
  const rules = books.flatMap(book => [
    ...book.rules.map(({ id, bite }) => [id, bite.reason.cite] as const),
    ...book.grants.map(({ id, reason }) => [id, reason.cite] as const),
  ])
  return new Map(rules)
}
