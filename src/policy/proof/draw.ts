import type { DataClass } from '../../terms/data-class.ts'
import type { Condition } from '../../terms/law.ts'
import type { Party } from '../../terms/parties.ts'
import type { Purpose } from '../../terms/purpose.ts'
import { daysIn, momentsOf, type Rule, type Rulebook } from '../rulebook.ts'
import { Chart, type Detail } from './chart.ts'
import type { Node } from './diagram.ts'
import { type Space, type SpaceParts, spaceOf } from './space.ts'

/** A party of the directory, with the purposes its entry lists. */
export interface Entitled {
  readonly party: Party
  readonly purposes: readonly Purpose[]
}

/** A rulebook drawn whole. */
export interface Drawing {
  readonly rulebook: Rulebook
  readonly chart: Chart
  /** What each rule says alone, and each law, by their ids. */
  readonly rules: ReadonlyMap<string, Node>
  readonly laws: ReadonlyMap<string, Node>
  /** The verdict towards one recipient. */
  readonly verdicts: Node
  /** The verdict on an inquiry of a requester and at most one further recipient. */
  readonly joint: Node
}

export interface SpaceOptions {
  readonly books: readonly Rulebook[]
  /** Further conditions the space must tell apart. */
  readonly conditions: readonly Condition[]

  /** Milliseconds since 1970: decisions are those of this moment and of every later one at which a law begins or ends. */
  readonly at: number
  /** Further sets of classes the space must tell apart. */
  readonly of?: readonly (readonly DataClass[] | undefined)[]

  /** The agencies of the directory. */
  readonly known?: readonly Party[]
  readonly only?: SpaceParts['only']
}

/** The space that these rulebooks decide, reduced to what their rules tell apart. */
export function spaceFor({ books, conditions, of = [], known = [], at, only }: SpaceOptions): Space {
  const rules = books.flatMap(book => book.rules)
  const grants = books.flatMap(book => book.grants)

  const written = rules.flatMap(conditionsOf)

  return spaceOf({
    conditions: [...written, ...grants.map(grant => grant.written.when), ...conditions],
    classSets: [...rules.map(rule => rule.of), ...grants.map(grant => grant.of), ...of.map(classes => new Set(classes))],
    kindSets: grants.map(grant => grant.uses),
    moments: [...new Set([at, ...books.flatMap(momentsOf), ...daysIn(conditions)].filter(time => time >= at))].toSorted((a, b) => a - b),

    known,

    grantedIsFree: false,
    only,
  })
}

/** Draws a rulebook. */
export function draw(rulebook: Rulebook, space: Space, detail: Detail, beside: Chart | null = null): Drawing {
  const chart = new Chart(space, detail, beside)
  chart.drawGrants(rulebook.grants)
  const byLaw = Map.groupBy(rulebook.rules, rule => rule.written.law.law)
  const rules = new Map(rulebook.rules.map(rule => [rule.id, chart.rule(rule)]))
  const laws = new Map([...byLaw].map(([law, all]) => [law, chart.together(all.flatMap(({ id }) => rules.get(id) ?? []))]))
  const verdicts = chart.verdicts(rulebook, chart.together([...laws.values()]))
  return { rulebook, chart, rules, laws, verdicts, joint: chart.joint(verdicts) }
}

/** Every condition of a rule, as its author wrote it. */
export const conditionsOf = ({ written: { binds, rule } }: Rule): readonly Condition[] => [
  binds,
  rule.when,
  ...(rule.unless ?? []).map(({ when }) => when),
]
