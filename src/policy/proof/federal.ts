import type { Category } from '../../terms/agency.ts'
import { momentsOf, type Rule, type Rulebook } from '../rulebook.ts'
import { Chart } from './chart.ts'
import type { Node } from './diagram.ts'
import { conditionsOf } from './draw.ts'
import type { AxisName } from './point.ts'
import { spaceOf } from './space.ts'

const GOVERNMENT: readonly Category[] = ['city', 'county', 'state', 'local-police']
const STRENGTH = ['none', 'withhold', 'hold', 'deny'] as const

/**
 * Rules that are harder on a federal body than on any state or local one in the same situation, and are not marked `names-federal`: by
 * category or by place, as requester or recipient, in the rule or in its exceptions. Courts struck orders that singled out federal
 * recipients (United States v. King County, 9th Cir. 2024), so the mark must name the statute. Whether something is granted is taken as given.
 */
export function dependsOnFederal({ rules }: Rulebook): readonly string[] {
  return rules
    .filter(rule => rule.written.rule['names-federal'] === undefined && singlesOut(rule))
    .map(
      ({ id }) =>
        `${id} bites a federal recipient where it would bite no state or local one; trigger on the purpose, or mark it 'names-federal: <statute>'.`,
    )
}

function singlesOut(rule: Rule): boolean {
  const moments = momentsOf({ rules: [rule], grants: [] })
  const space = spaceOf({ conditions: conditionsOf(rule), classSets: [rule.of], kindSets: [], moments, grantedIsFree: true })
  const chart = new Chart(space, 'effects')
  const { diagrams, bites } = chart
  const strength = diagrams.map('strength', bite => STRENGTH.indexOf(bites.at(bite).law), chart.rule(rule))
  const among = (name: AxisName, wanted: (value: unknown) => boolean): Node[] => {
    const level = space.level[name]
    const classes: readonly (readonly unknown[])[] = space.axes[level]?.classes ?? []
    return classes.flatMap((members, i) => (members.some(wanted) ? [diagrams.restrict(strength, level, i)] : []))
  }
  const harder = (federal: readonly Node[], local: readonly Node[]): boolean => {
    const anybody = local.reduce((a, b) => diagrams.apply('or', Math.max, a, b), diagrams.terminal(0))
    return federal.some(node => diagrams.values(diagrams.apply('harder', (mine, theirs) => (mine > theirs ? 1 : 0), node, anybody)).has(1))
  }
  const isLocal = (value: unknown): boolean => GOVERNMENT.some(category => category === value)
  return (['requester', 'recipient'] as const).some(
    which =>
      harder(
        among(`${which}Category`, value => value === 'federal'),
        among(`${which}Category`, isLocal),
      ) ||
      harder(
        among(`${which}Place`, value => value === 'us'),
        among(`${which}Place`, value => value !== 'us' && value !== 'unknown'),
      ),
  )
}
