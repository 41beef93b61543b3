import type { Invariant } from '../terms/invariant.ts'
import type { Party } from '../terms/parties.ts'
import { NO, YES } from './proof/chart.ts'
import type { Node } from './proof/diagram.ts'
import { type Drawing, draw, type Entitled, spaceFor } from './proof/draw.ts'
import { dependsOnFederal } from './proof/federal.ts'
import { countByValue } from './proof/measure.ts'
import { EFFECTS } from './proof/outcome.ts'
import type { AxisName, Point } from './proof/space.ts'
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
  const byPurposes = invariants.some(({ entitled }) => entitled !== undefined)
  const space = spaceFor({
    books: [rulebook],
    conditions: invariants.map(({ when }) => when),
    parties,
    at,
    byPurposes,
    of: invariants.map(({ of }) => of),
  })
  progress?.('drawing the decision space')
  const drawing = draw(rulebook, space, false)
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
    inquiries: sum(Object.values(effects)),
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
  const stated = invariant['federal-only-if-named']
    ? dependsOnFederal(drawing.rulebook)
    : invariant['refusals-cite']
      ? withoutCitation(drawing)
      : null
  if (stated) return { id, text, holds: stated.length === 0, inquiries, counterexample: null, found: stated.join(' ') || null }
  const broken = diagrams.apply('broken', (bad, scope) => (bad === 1 && scope === YES ? 1 : 0), violations(drawing, invariant), speaksOf)
  const counterexample = simplestOf(drawing, broken)
  return { id, text, holds: counterexample === null, inquiries, counterexample, found: null }
}

/** The inquiries an invariant speaks of: `when` holds of the requester, of the further recipient, or of both. */
function scopeOf({ chart }: Drawing, { when, of, entitled, recipients }: Invariant, parties: readonly Entitled[]): Node {
  const { diagrams } = chart
  const purposes = new Map<Party, readonly string[]>(parties.map(one => [one.party, one.purposes]))
  const holds = [
    chart.condition(when),
    ...(of ? [chart.where('class', value => of.includes(value as Point['class']))] : []),
    ...(entitled === undefined
      ? []
      : [
          chart.over(['purpose', 'recipient'], ({ purpose, recipient }) =>
            (purposes.get(recipient) ?? []).includes(purpose) === entitled ? YES : NO,
          ),
        ]),
  ].reduce((a, b) => diagrams.apply('and', Math.min, a, b))
  const certain = diagrams.map('certain', value => (value === YES ? YES : NO), holds)
  return diagrams.apply(recipients === 'any' ? 'or' : 'and', recipients === 'any' ? Math.max : Math.min, certain, chart.diagonal(certain))
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
    const without = [...drawing.laws.keys()].map(law => {
      const others = [...drawing.laws].flatMap(([id, said]) => (id === law ? [] : [said]))
      return weaker(chart.joint(chart.verdicts(drawing.rulebook, chart.together(others), false)))
    })
    return without.reduce((a, b) => diagrams.apply('or', Math.max, a, b), diagrams.terminal(0))
  }
  const level = chart.space.level.process
  const none = chart.space.axes[level]?.classes.findIndex(members => members.some(member => member === null)) ?? 0
  const without = diagrams.restrict(joint, level, none)
  return invariant['without-process'] === 'same'
    ? diagrams.apply('differs', (a, b) => (chart.rank(a) === chart.rank(b) ? 0 : 1), joint, without)
    : diagrams.apply('opens', (a, b) => (chart.rank(a) === 0 && chart.rank(b) > 0 ? 1 : 0), joint, without)
}

function withoutCitation({ rulebook }: Drawing): string[] {
  const clauses = rulebook.rules.flatMap(({ id, bite, unless }) =>
    [bite, ...unless.map(exception => exception.bite)].map(clause => ({ id, clause })),
  )
  return clauses
    .filter(({ clause }) => clause.effect !== 'permit' && clause.reason.cite.length === 0)
    .map(({ id }) => `${id} refuses without a citation.`)
}
