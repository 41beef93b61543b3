import type { Party } from '../terms/parties.ts'
import { heardIn, speakersFor, splitBySpeaker } from './proof/attribute.ts'
import type { Chart } from './proof/chart.ts'
import { phraseOf, type RegionValues, valuesOf } from './proof/describe-region.ts'
import type { Node } from './proof/diagram.ts'
import { type Drawing, draw, spaceFor } from './proof/draw.ts'
import { countByValue, supportByValue } from './proof/measure.ts'
import { EFFECTS, type EffectName, Numbered, type Outcome } from './proof/outcome.ts'
import { simplestOf, type WrittenInquiry } from './proof/to-given.ts'
import type { Rulebook } from './rulebook.ts'

/** Inquiries that change in the same way, by the same rules. */
export interface DiffGroup {
  readonly change: string
  readonly weaker: boolean
  readonly before: EffectName
  readonly after: EffectName
  /** How many points of the space: one recipient of an inquiry, one use. */
  readonly points: bigint
  /** In which values they lie; a variable that is not listed takes every value. */
  readonly where: RegionValues
  /** The simplest of them, as `explain` reads it. */
  readonly example: WrittenInquiry | null
  /** The rule or grant that makes it what it becomes, and those that made it what it was. */
  readonly rules: readonly string[]
  readonly rulesBefore: readonly string[]
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
 * the order deny, not placed, hold, withhold, not permitted, permit; or the same with an obligation fewer, a later deadline, or released by fewer people.
 */
export function diffRulebooks(before: Rulebook, after: Rulebook, at: number, known: readonly Party[] = []): RulebookDiff {
  const space = spaceFor({ books: [before, after], conditions: [], known, at })
  const old = draw(before, space, 'terms')
  const now = draw(after, space, 'terms', old.chart)
  const { diagrams } = old.chart
  const weights = space.axes.map(axis => axis.classes.map(members => members.length))
  const changes = new Numbered<Change>({ from: 'permit', to: 'permit', terms: null })
  const differ = (a: number, b: number) => (a === b ? 0 : changes.of(changeBetween(old.chart, a, b)))
  const changed = countByValue(diagrams, diagrams.apply('changed', differ, old.joint, now.joint), weights)

  const weaker = diagrams.values(diagrams.apply('weakened', (a, b) => (isWeaker(old.chart, a, b) ? 1 : 0), old.joint, now.joint)).has(1)
  // Towards one recipient something may change that another one's verdict hides: only what changes an inquiry counts.
  const shown = diagrams.apply('changed', differ, old.joint, now.joint)
  const pairwise = diagrams.apply('changed', differ, old.verdicts, now.verdicts)
  const regions = diagrams.apply('shown', (change, inquiry) => (inquiry === 0 ? 0 : change), pairwise, shown)
  const groups = [...diagrams.values(regions)].flatMap(change => {
    if (change === 0) return []
    const region = diagrams.map(`only ${change}`, value => (value === change ? 1 : 0), regions)
    return groupsOf({ old, now, weights, known }, changes.at(change), region)
  })
  const sorted = groups.toSorted((a, b) => Number(b.weaker) - Number(a.weaker) || order(a.sentence, b.sentence))
  const inquiries = [...changed.values()].reduce((sum, count) => sum + count, 0n)
  return { weaker, inquiries, changed: inquiries - (changed.get(0) ?? 0n), groups: sorted, summary: sorted.map(({ sentence }) => sentence) }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** How two outcomes differ: in effect, or in their terms alone. */
interface Change {
  readonly from: EffectName
  readonly to: EffectName
  readonly terms: readonly [Outcome, Outcome] | null
}

function changeBetween(chart: Chart, a: number, b: number): Change {
  const [before, after] = [chart.outcomes.at(a), chart.outcomes.at(b)]
  return { from: before.effect, to: after.effect, terms: before.effect === after.effect ? [before, after] : null }
}

interface Comparison {
  readonly old: Drawing
  readonly now: Drawing
  readonly weights: readonly (readonly number[])[]
  readonly known: readonly Party[]
}

/** One region where all changes in the same way, told apart by the rule or grant that makes it what it becomes, or made it what it was. */
function groupsOf({ old, now, weights, known }: Comparison, change: Change, region: Node): readonly DiffGroup[] {
  const { chart } = old
  const { diagrams, space } = chart
  const { from, to } = change
  const [were, are] = [speakersFor(old, from), speakersFor(now, to)]
  return splitBySpeaker(now, region, are.length > 0 ? are : were).map(({ by, region: part }) => {
    const spokeBefore = heardIn(old, part, were)
    const rules = are.length > 0 && by ? [by.id] : []
    const where = valuesOf(
      space,
      supportByValue(diagrams, part).get(1) ?? [],
      (level, i) => supportByValue(diagrams, diagrams.restrict(part, level, i)).get(1) ?? [],
    )
    const told = {
      change: wordsFor(change),
      weaker: change.terms === null ? EFFECTS.indexOf(to) < EFFECTS.indexOf(from) : isLooser(change.terms),
      before: from,
      after: to,
      points: countByValue(diagrams, part, weights).get(1) ?? 0n,
      where,
    }
    const attributed = {
      ...told,
      rules,
      rulesBefore: spokeBefore.map(({ id }) => id),
      cites: [...new Set([...(by ? [by] : []), ...spokeBefore].flatMap(({ cites }) => cites))],
    }
    return { ...attributed, example: simplestOf(now, part, known), sentence: sentenceOf(attributed) }
  })
}

function isWeaker(chart: Chart, a: number, b: number): boolean {
  if (chart.rank(b) !== chart.rank(a)) return chart.rank(b) < chart.rank(a)
  return isLooser([chart.outcomes.at(a), chart.outcomes.at(b)])
}

/** The same effect on weaker terms: an obligation fewer, a later deadline, or one person who releases what two had to. */
function isLooser([from, to]: readonly [Outcome, Outcome]): boolean {
  if (from.obligations.some(owed => !to.obligations.includes(owed))) return true
  if (from.people === 2 && to.people !== 2) return true
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

function wordsFor({ from, to, terms }: Change): string {
  if (terms === null) return `newly ${WORDS[to]}, ${WORDS[from]} before`
  const [before, after] = terms
  const gone = before.obligations.filter(owed => !after.obligations.includes(owed))
  const added = after.obligations.filter(owed => !before.obligations.includes(owed))
  const hours = before.deadlineHours === after.deadlineHours ? [] : [`within ${after.deadlineHours} h, ${before.deadlineHours} h before`]
  const people = before.people === after.people ? [] : [`released by ${after.people}, by ${before.people} before`]
  const owed = [...gone.map(one => `no longer with ${one}`), ...added.map(one => `now with ${one}`), ...hours, ...people]
  return `still ${WORDS[to]}, ${owed.join(', ')}`
}

function sentenceOf({ change, points, where, rules, rulesBefore, cites }: Omit<DiffGroup, 'example' | 'sentence'>): string {
  const said = [
    ...(rules.length > 0 ? [`by ${rules.join(', ')}`] : []),
    ...(rulesBefore.length > 0 ? [`before by ${rulesBefore.join(', ')}`] : []),
  ]
  const citing = cites.length > 0 ? ` [${cites.join('; ')}]` : ''
  return `${change}: ${phraseOf(where) || 'everything'}: ${points.toLocaleString('en-US')} points, ${said.join(', ') || 'no rule'}${citing}`
}
