import type { Rule, Rulebook } from '../rulebook.ts'
import { Chart, NO } from './chart.ts'
import { conditionsOf } from './draw.ts'
import { type Point, spaceOf } from './space.ts'

const GOVERNMENT = ['city', 'county', 'state', 'local-police']

/**
 * Rules that treat a federal recipient as they would treat no state or local body, and are not marked `names-federal`. Courts struck
 * orders that singled out federal recipients (United States v. King County, 9th Cir. 2024), so the mark must name the statute. Whether
 * something is granted is taken as given: a grant may well name federal auditors.
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
  const space = spaceOf({
    conditions: conditionsOf(rule),
    classSets: [rule.of],
    kindSets: [],
    moments: [rule.from],
    parties: [],
    tellApart: ({ category }) => (category === 'federal' ? 'federal' : GOVERNMENT.includes(category) ? 'local' : ''),
    grantedIsFree: true,
  })
  const chart = new Chart(space)
  const { diagrams } = chart
  const level = space.level.recipient
  const scope = chart.scope(rule)
  const towards = (category: (party: Point['recipient']) => boolean) =>
    ((space.axes[level]?.classes ?? []) as readonly (readonly Point['recipient'][])[]).flatMap((members, i) =>
      members.some(category) ? [{ flags: flagSets(members), at: diagrams.restrict(scope, level, i) }] : [],
    )
  const local = towards(party => GOVERNMENT.includes(party.category))
  return towards(party => party.category === 'federal').some(federal => {
    const alike = local.filter(({ flags }) => flags.some(set => federal.flags.includes(set))).map(({ at }) => at)
    const anybody = alike.reduce((a, b) => diagrams.apply('or', Math.max, a, b), diagrams.terminal(NO))
    return diagrams.values(diagrams.apply('only', (mine, theirs) => (mine !== NO && theirs === NO ? 1 : 0), federal.at, anybody)).has(1)
  })
}

const flagSets = (members: readonly Point['recipient'][]): readonly string[] => [...new Set(members.map(({ flags }) => flags.join()))]
