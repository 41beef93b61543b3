import type { FileProblem } from '../terms/faults.ts'
import type { Obligation } from '../terms/law.ts'
import { type Chart, NO, YES } from './proof/chart.ts'
import type { Node } from './proof/diagram.ts'
import { ABSENT, type AxisName } from './proof/point.ts'
import type { GrantRule, Rule } from './rulebook.ts'

type Complain = (path: readonly PropertyKey[], message: string) => FileProblem

/**
 * Whatever a rule lets through because of process, and would not without it, must rest on process that is active and covers the query, and
 * must be confined to whom the process names: the consent of one person is not the consent of all. Says where a rule does not.
 */
export function checkConfined(chart: Chart, rule: Rule, problem: Complain): FileProblem[] {
  const { diagrams } = chart
  const restricts = diagrams.map(
    'restricts',
    bite => (chart.bites.at(bite).law === 'none' ? NO : YES),
    withoutProcess(chart, chart.rule(rule)),
  )
  const silent = diagrams.apply('silenced', (said, before) => (said === NO && before === YES ? YES : NO), chart.scope(rule), restricts)
  const problems = occurs(chart, silent) ? [problem(['when'], SILENCED)] : []
  let left = chart.scope(rule)
  rule.unless.forEach(({ bite }, i) => {
    const applies = chart.exception(rule, i)
    if (bite.effect === 'permit') {
      const here = diagrams.apply('applies', (open, holds) => (open !== NO && holds === YES ? YES : NO), left, applies)
      const otherwise = diagrams.apply('or', Math.max, restricts, doesNotHold(chart, withoutProcess(chart, applies)))
      const opened = diagrams.apply('and', Math.min, here, otherwise)
      problems.push(...checkOpened(chart, opened, bite.obligations, message => problem(['unless', i, 'when'], message)))
    }
    left = diagrams.apply('left', (open, holds) => (holds === YES ? NO : open), left, applies)
  })
  return problems
}

/** The same of a grant: what it gives because of process it gives of those alone whom the process names. */
export function checkGrantConfined(chart: Chart, { written, obligations }: GrantRule, problem: Complain): FileProblem[] {
  const holds = chart.condition(written.when)
  const certain = chart.diagrams.map('certain', value => (value === YES ? YES : NO), holds)
  const opened = chart.diagrams.apply('and', Math.min, certain, doesNotHold(chart, withoutProcess(chart, holds)))
  return checkOpened(chart, opened, obligations, message => problem(['when'], message))
}

function checkOpened(
  chart: Chart,
  opened: Node,
  obligations: readonly Obligation[],
  problem: (message: string) => FileProblem,
): FileProblem[] {
  if (!occurs(chart, opened)) return []
  const uncovered = chart.over(['processState', 'processCovers'], point =>
    point.processState === 'active' && point.processCovers === 'query' ? NO : YES,
  )
  const confined = obligations.some(obligation => 'only' in obligation && obligation.only === 'named-in-process')
  return [
    ...(occurs(chart, chart.diagrams.apply('and', Math.min, opened, uncovered)) ? [problem(UNCOVERED)] : []),
    ...(confined ? [] : [problem(UNCONFINED)]),
  ]
}

const UNCOVERED =
  "process that is not active, or that does not cover the query, would open something here; write 'state: [active], covers: query' in its 'process'"
const UNCONFINED =
  "process opens something here, and would open it of everybody; write 'obligations: [{ only: named-in-process }]', and say in a clause of its own what needs no process"
const SILENCED =
  "process would make this rule say nothing, and open what it guards of everybody; write that process under 'unless', with 'obligations: [{ only: named-in-process }]'"

const doesNotHold = ({ diagrams }: Chart, condition: Node): Node =>
  diagrams.map('does not hold', value => (value === YES ? NO : YES), condition)

/** The same function where there is no process at all. */
function withoutProcess({ diagrams, space }: Chart, node: Node): Node {
  return Object.entries(ABSENT).reduce((drawn, [name, value]) => {
    const level = space.level[name as AxisName]
    const classes: readonly (readonly unknown[])[] = space.axes[level]?.classes ?? []
    return diagrams.restrict(
      drawn,
      level,
      classes.findIndex(members => members.includes(value)),
    )
  }, node)
}

/** Whether there is such an inquiry at all: of process that is not there nothing is said. */
const occurs = (chart: Chart, node: Node): boolean =>
  chart.diagrams.values(chart.diagrams.apply('and', Math.min, node, chart.possible())).has(YES)
