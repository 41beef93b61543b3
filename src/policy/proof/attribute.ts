import { BY_COURT_PROCESS } from '../grant.ts'
import type { Node } from './diagram.ts'
import type { Drawing } from './draw.ts'
import type { EffectName } from './outcome.ts'

/** A rule or grant, and the points (1) where it says the effect in question. */
export interface Speaker {
  readonly id: string
  readonly cites: readonly string[]
  readonly where: Node
}

/** The rules that say a law's effect, or the grants behind a permit; nobody for what no rule speaks of. */
export function speakersFor(drawing: Drawing, effect: EffectName): readonly Speaker[] {
  const { chart, rulebook } = drawing
  const { diagrams, bites } = chart
  if (effect === 'permit') {
    const grants = [...rulebook.grants, BY_COURT_PROCESS]
    return grants.map(({ id, reason }, i) => ({
      id,
      cites: reason.cite,
      where: diagrams.map(`grant number ${i}`, at => (at === i + 1 ? 1 : 0), chart.granted),
    }))
  }
  if (effect !== 'deny' && effect !== 'hold' && effect !== 'withhold') return []
  return rulebook.rules.map(rule => {
    const where = diagrams.map(
      `says ${effect}`,
      bite => (bites.at(bite).law === effect ? 1 : 0),
      drawing.rules.get(rule.id) ?? diagrams.terminal(0),
    )
    const clauses = [rule.bite, ...rule.unless.map(({ bite }) => bite)].filter(bite => bite.effect === effect)
    return { id: rule.id, cites: [...new Set(clauses.flatMap(bite => bite.reason.cite))], where }
  })
}

/** A region, split by the first of the speakers who speaks at each of its points; `by` is null where none does. */
export function splitBySpeaker(
  { chart }: Drawing,
  region: Node,
  speakers: readonly Speaker[],
): readonly { readonly by: Speaker | null; readonly region: Node }[] {
  const { diagrams } = chart
  const nothing = diagrams.terminal(0)
  let left = region
  const parts: { by: Speaker | null; region: Node }[] = []
  for (const by of speakers) {
    const part = diagrams.apply('inside', Math.min, left, by.where)
    if (part === nothing) continue
    parts.push({ by, region: part })
    left = diagrams.apply('outside', (open, taken) => (taken === 1 ? 0 : open), left, by.where)
  }
  return left === nothing ? parts : [...parts, { by: null, region: left }]
}

/** Those who speak somewhere in a region. */
export function heardIn({ chart }: Drawing, region: Node, speakers: readonly Speaker[]): readonly Speaker[] {
  const nothing = chart.diagrams.terminal(0)
  return speakers.filter(({ where }) => chart.diagrams.apply('inside', Math.min, region, where) !== nothing)
}
