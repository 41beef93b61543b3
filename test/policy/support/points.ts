import { combine } from '../../../src/policy/combine.ts'
import { judgeUse, type UseJudgement } from '../../../src/policy/judge.ts'
import type { Drawing } from '../../../src/policy/proof/draw.ts'
import { type AxisName, type Point, situationOf } from '../../../src/policy/proof/point.ts'
import type { Space } from '../../../src/policy/proof/space.ts'
import type { Rulebook } from '../../../src/policy/rulebook.ts'
import type { Party } from '../../../src/terms/parties.ts'

/** What the decider itself says of a point, for these recipients. `unplaced` is how a proof calls a refusal of an unknown recipient. */
export function judged(rulebook: Rulebook, point: Point, recipients: readonly Party[]) {
  const { inquiry, use } = situationOf(point)
  const judgement = judgeUse(rulebook, { ...inquiry, recipients }, use)
  const said = judgement.obligations.map(one => JSON.stringify(one))
  const effect = effectOf(judgement)
  // The terms of a hold are those that the gate itself makes of it.
  const { deadlineHours = null, people = null } = (effect === 'hold' ? combine([judgement], false, []).hold : null) ?? {}
  return { effect, obligations: [...new Set(said)].toSorted((a, b) => (a < b ? -1 : 1)), deadlineHours, people }
}

const effectOf = ({ effect, reasons }: UseJudgement): string => (reasons[0]?.code === 'party.unknown-recipient' ? 'unplaced' : effect)

/** What a diagram says of a point, found by the class each of its values is in. */
export function drawn({ chart }: Drawing, node: number, classes: Readonly<Record<AxisName, number>>) {
  const { diagrams, space } = chart
  let at = node
  while (!diagrams.isTerminal(at)) {
    const axis = space.axes[diagrams.level(at)]
    if (!axis) throw new Error('a level without a variable')
    at = diagrams.child(at, classes[axis.name])
  }
  const { effect, obligations, deadlineHours, people } = chart.outcomes.at(diagrams.value(at))
  return { effect, obligations: [...obligations], deadlineHours, people }
}

/** Every point of a small space, with the class of each of its values. */
export function* everyPoint(space: Space): Generator<{ point: Point; classes: Record<AxisName, number> }> {
  const values = space.axes.map(({ name, classes }) => ({
    name,
    all: classes.flatMap((members, at) => members.map(value => ({ value, at }))),
  }))
  const walk = function* (i: number, point: object, classes: object): Generator<{ point: Point; classes: Record<AxisName, number> }> {
    const variable = values[i]
    if (!variable) {
      yield { point: point as Point, classes: classes as Record<AxisName, number> }
      return
    }
    for (const { value, at } of variable.all) yield* walk(i + 1, { ...point, [variable.name]: value }, { ...classes, [variable.name]: at })
  }
  yield* walk(0, {}, {})
}
