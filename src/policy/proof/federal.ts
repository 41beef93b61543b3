import type { Category } from '../../terms/agency.ts'
import type { Rule, Rulebook } from '../rulebook.ts'
import { Chart, NO } from './chart.ts'
import { conditionsOf } from './draw.ts'
import { spaceOf } from './space.ts'

const GOVERNMENT: readonly Category[] = ['city', 'county', 'state', 'local-police']

/**
 * Rules that treat a federal recipient as they would treat no state or local body, and are not marked `names-federal`. Courts struck
 * orders that singled out federal recipients (United States v. King County, 9th Cir. 2024), so the mark must name the statute. Whether
 * something is granted, and where a body is at home, is taken as given.
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
  const moments = [rule.from]
  const space = spaceOf({ conditions: conditionsOf(rule), classSets: [rule.of], kindSets: [], moments, grantedIsFree: true })
  const chart = new Chart(space, 'effects')
  const { diagrams } = chart
  const level = space.level.recipientCategory
  const scope = chart.scope(rule)
  const classOf = (category: Category): number =>
    space.axes[level]?.classes.findIndex(members => members.some(member => member === category)) ?? 0
  const towards = (category: Category) => diagrams.restrict(scope, level, classOf(category))
  const anybody = GOVERNMENT.map(towards).reduce((a, b) => diagrams.apply('or', Math.max, a, b))
  return diagrams
    .values(diagrams.apply('only', (mine, theirs) => (mine !== NO && theirs === NO ? 1 : 0), towards('federal'), anybody))
    .has(1)
}
