import type { Invariant } from '../terms/invariant.ts'

import { NO, YES } from './proof/chart.ts'
import type { Node } from './proof/diagram.ts'

export type { Entitled } from './proof/draw.ts'

import { type Drawing, draw, type Entitled, spaceFor } from './proof/draw.ts'
import { dependsOnFederal } from './proof/federal.ts'
import { countByValue } from './proof/measure.ts'
import { EFFECTS } from './proof/outcome.ts'
import { ABSENT, type AxisName, type Point, partyAt } from './proof/point.ts'
import type { Space } from './proof/space.ts'
import { simplestOf, type WrittenInquiry } from './proof/to-given.ts'
import type { Rulebook } from './rulebook.ts'

export interface ProofOptions {
  readonly invariants: readonly Invariant[]
  readonly parties: readonly Entitled[]
  /** Milliseconds since 1970. */
  readonly at: number
  readonly progress?: ((line: string) => void) | undefined
}

export interface ProvedInvariant {
  readonly id: string
  readonly text: string
  readonly holds: boolean
  /** How many inquiries of the space it speaks of. */
  readonly inquiries: bigint
  /** The simplest inquiry that breaks it; null where it holds, or where the file itself breaks it. */
  readonly counterexample: WrittenInquiry | null
  /** Where it is broken, in a sentence. */
  readonly found: string | null
}

export interface Proof {
  /** Every inquiry of one requester, at most one further recipient and one use: what the space holds. */
  readonly inquiries: bigint
  readonly effects: Readonly<Record<string, bigint>>
  /** Of each variable: how many values, and how many classes of values no rule tells apart. */
  readonly variables: readonly { readonly name: AxisName; readonly values: number; readonly classes: number }[]
  readonly moments: readonly number[]
  readonly nodes: number
  readonly invariants: readonly ProvedInvariant[]
}

/**
 * Decides every inquiry there is and holds the invariants against all of them. The space is reduced, without loss, in three ways: values
 * that no condition tells apart are one; of several recipients the most protective pair wins, so one further recipient stands for any
 * number; and each use is judged for itself, so one use stands for any number.
 */
export function prove(rulebook: Rulebook, { invariants, parties, at, progress }: ProofOptions): Proof {
  const space = spaceFor({
    books: [rulebook],
    conditions: invariants.map(({ when }) => when),
    of: invariants.map(({ of }) => of),
    known: parties.map(({ party }) => party),
    at,
  })
  progress?.('drawing the decision space')
  const drawing = draw(rulebook, space, 'effects')
  const { chart, joint } = drawing
  const weights = space.axes.map(axis => axis.classes.map(members => members.length))
  const counted = [...countByValue(chart.diagrams, joint, weights)].map(
    ([outcome, count]) => [chart.outcomes.at(outcome).effect, count] as const,
  )
  const effects = Object.fromEntries(
    EFFECTS.map(effect => [effect, sum(counted.filter(([found]) => found === effect).map(([, count]) => count))]),
  )
  const proved = invariants.map(invariant => {
    progress?.(`proving ${invariant.id}`)
    return check(drawing, invariant, parties, weights)
  })
  return {
    inquiries: sum(EFFECTS.flatMap(effect => (effect === 'impossible' ? [] : [effects[effect] ?? 0n]))),
    effects,
    variables: space.axes.flatMap(({ name, classes }) =>
      name === 'granted' ? [] : [{ name, values: classes.reduce((n, members) => n + members.length, 0), classes: classes.length }],
    ),
    moments: space.axes[space.level.moment]?.classes.flat() as number[],
    nodes: chart.diagrams.size,
    invariants: proved,
  }
}

const sum = (counts: readonly bigint[]): bigint => counts.reduce((total, count) => total + count, 0n)

function check(
  drawing: Drawing,
  invariant: Invariant,
  parties: readonly Entitled[],
  weights: readonly (readonly number[])[],
): ProvedInvariant {
  const { id, text } = invariant
  const { diagrams } = drawing.chart
  const speaksOf = scopeOf(drawing, invariant, parties)
  const inquiries = countByValue(diagrams, speaksOf, weights).get(YES) ?? 0n
  if (inquiries === 0n)
    return { id, text, holds: false, inquiries, counterexample: null, found: 'It speaks of no inquiry there is: correct its conditions.' }
  const stated = invariant['federal-only-if-named']
    ? dependsOnFederal(drawing.rulebook)
    : invariant['refusals-cite']
      ? withoutCitation(drawing)
      : null
  if (stated) return { id, text, holds: stated.length === 0, inquiries, counterexample: null, found: stated.join(' ') || null }
  const broken = diagrams.apply('broken', (bad, scope) => (bad === 1 && scope === YES ? 1 : 0), violations(drawing, invariant), speaksOf)
  const counterexample = simplestOf(
    drawing,
    broken,
    parties.map(({ party }) => party),
  )
  return { id, text, holds: counterexample === null, inquiries, counterexample, found: null }
}

/** The inquiries an invariant speaks of: `when` holds of the requester, of the further recipient, or of both. */
function scopeOf({ chart }: Drawing, { when, of, entitled, recipients }: Invariant, parties: readonly Entitled[]): Node {
  const { diagrams, space } = chart
  const listed = entitledIn(space, parties)
  const placed = (point: Point): boolean => listed.has(`${point.purpose} ${partyKey(partyAt(point, 'recipient'))}`)
  const holds = [
    chart.condition(when),
    ...(of ? [chart.over(['class'], point => (of.includes(point.class) ? YES : NO))] : []),
    ...(entitled === undefined
      ? []
      : [
          chart.over(['purpose', 'recipientCategory', 'recipientFlags', 'recipientPlace', 'recipientId'], point =>
            placed(point) === entitled ? YES : NO,
          ),
        ]),
  ].reduce((a, b) => diagrams.apply('and', Math.min, a, b))
  const certain = diagrams.map('certain', value => (value === YES ? YES : NO), holds)
  const said = diagrams.apply(
    recipients === 'any' ? 'or' : 'and',
    recipients === 'any' ? Math.max : Math.min,
    certain,
    chart.diagonal(certain),
  )
  return diagrams.apply('and', Math.min, said, chart.possible())
}

const partyKey = ({ category, flags, jurisdiction, id }: Entitled['party']): string => [category, flags.join(), jurisdiction, id].join(' ')

/** Purposes with the agencies whose directory entry lists them, as they stand in the points of a space. */
function entitledIn(space: Space, parties: readonly Entitled[]): ReadonlySet<string> {
  const first = (purpose: string): string =>
    String(space.axes[space.level.purpose]?.classes.find(members => (members as readonly string[]).includes(purpose))?.[0])
  return new Set(
    parties.flatMap(({ party, purposes }) =>
      purposes.map(purpose => `${first(purpose)} ${partyKey(space.agencies.get(party.id) ?? party)}`),
    ),
  )
}

/** 1 where an invariant is broken, wherever that is. */
function violations(drawing: Drawing, invariant: Invariant): Node {
  const { chart, joint } = drawing
  const { diagrams } = chart
  const weaker = (than: Node): Node => diagrams.apply('weaker', (a, b) => (chart.rank(a) < chart.rank(b) ? 1 : 0), joint, than)
  const { never, adding } = invariant
  if (never) {
    const names: readonly string[] = never
    return diagrams.map(`never ${names}`, outcome => (names.includes(chart.outcomes.at(outcome).effect) ? 1 : 0), joint)
  }
  if (adding === 'recipient') return weaker(chart.diagonal(joint))
  if (adding === 'law') {
    const without = withoutEach(drawing).map(others => {
      const fewer = chart.verdicts(drawing.rulebook, others)
      return diagrams.apply('weaker', (a, b) => (chart.rank(a) < chart.rank(b) ? 1 : 0), drawing.verdicts, fewer)
    })
    return without.reduce((a, b) => diagrams.apply('or', Math.max, a, b), diagrams.terminal(0))
  }
  const without = Object.entries(ABSENT).reduce((drawn, [name, value]) => {
    const level = chart.space.level[name as AxisName]
    const classes: readonly (readonly unknown[])[] = chart.space.axes[level]?.classes ?? []
    return diagrams.restrict(
      drawn,
      level,
      classes.findIndex(members => members.includes(value)),
    )
  }, joint)
  return invariant['without-process'] === 'same'
    ? diagrams.apply('differs', (a, b) => (chart.rank(a) === chart.rank(b) ? 0 : 1), joint, without)
    : diagrams.apply('opens', (a, b) => (chart.rank(a) === 0 && chart.rank(b) > 0 ? 1 : 0), joint, without)
}

/** What all laws but one say, for each of them. */
function withoutEach({ chart, laws }: Drawing): readonly Node[] {
  const said = [...laws.values()]
  const before = said.reduce<Node[]>((all, law) => all.concat([chart.together([all.at(-1) ?? chart.together([]), law])]), [])
  const after = said.reduceRight<Node[]>((all, law) => [chart.together([law, all[0] ?? chart.together([])])].concat(all), [])
  return said.map((_, i) => chart.together([before[i - 1] ?? chart.together([]), after[i + 1] ?? chart.together([])]))
}

function withoutCitation({ rulebook }: Drawing): string[] {
  const clauses = rulebook.rules.flatMap(({ id, bite, unless }) =>
    [bite, ...unless.map(exception => exception.bite)].map(clause => ({ id, clause })),
  )
  return clauses
    .filter(({ clause }) => clause.effect !== 'permit' && clause.reason.cite.length === 0)
    .map(({ id }) => `${id} refuses without a citation.`)
}
