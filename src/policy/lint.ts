import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { GrantsFile, LawFile } from '../terms/law.ts'
import { checkConfined, checkGrantConfined } from './check-confined.ts'
import { Chart, NO, YES } from './proof/chart.ts'
import type { Node } from './proof/diagram.ts'
import { conditionsOf } from './proof/draw.ts'
import { leavesOf } from './proof/leaves.ts'
import { spaceOf } from './proof/space.ts'
import { type GrantRule, momentsOf, type Rule } from './rulebook.ts'

/**
 * What is wrong with a law although each of its lines can be read: a rule or an exception that can never apply, one that another makes
 * idle, exceptions that together lift their whole rule, process that opens more than whom it names. Whether something is granted is left
 * open.
 */
export function lintLaw(law: FromFile<LawFile>, rules: readonly Rule[]): readonly FileProblem[] {
  const problems = found.get(law) ?? lint(law, rules)
  found.set(law, problems)
  return problems
}

/** What is wrong with a city's grants although each line can be read: process that opens more than whom it names. */
export function lintGrants(file: FromFile<GrantsFile>, grants: readonly GrantRule[]): readonly FileProblem[] {
  const problems = found.get(file) ?? lintProcess(file, grants)
  found.set(file, problems)
  return problems
}

/** One law stands in many rulebooks: each city's, each case's. */
const found = new WeakMap<FromFile<LawFile | GrantsFile>, readonly FileProblem[]>()

function lintProcess(file: FromFile<GrantsFile>, grants: readonly GrantRule[]): readonly FileProblem[] {
  const resting = grants.filter(({ written }) => leavesOf(written.when).some(({ process }) => process !== undefined))
  if (resting.length === 0) return []
  const moments = momentsOf({ rules: [], grants: resting })
  const chart = new Chart(
    spaceOf({
      conditions: resting.map(({ written }) => written.when),
      classSets: [],
      kindSets: [],
      moments: moments.length > 0 ? moments : [0],
      grantedIsFree: false,
    }),
    'effects',
  )
  return resting.flatMap(grant => {
    const i = file.value.rules.indexOf(grant.written)
    return checkGrantConfined(chart, grant, (path, message) => file.problem(['rules', i, ...path], message))
  })
}

function lint(law: FromFile<LawFile>, rules: readonly Rule[]): readonly FileProblem[] {
  if (rules.length === 0) return []
  const chart = chartOf(rules)
  return rules.flatMap((rule, i) => {
    const problem = (path: readonly PropertyKey[], message: string) => law.problem(['rules', i, ...path], message)
    const scope = chart.scope(rule)
    if (isEmpty(chart, scope))
      return [problem(['when'], 'this rule can never match: its conditions, `binds` and dates exclude each other; correct or remove it')]
    const exceptions = [...lintExceptions(chart, rule, scope, problem), ...checkConfined(chart, rule, problem)]
    const idle = exceptions.length > 0 ? undefined : rules.find((other, j) => j !== i && silences(chart, other, rule, j < i))
    return idle
      ? [problem([], `'${idle.id}' already says all that this rule says, wherever it says it; remove one of the two`)]
      : exceptions
  })
}

function chartOf(rules: readonly Rule[]): Chart {
  const space = spaceOf({
    conditions: rules.flatMap(conditionsOf),
    classSets: rules.map(rule => rule.of),
    kindSets: [],
    moments: momentsOf({ rules, grants: [] }),

    grantedIsFree: true,
  })
  return new Chart(space, 'terms')
}

const isEmpty = ({ diagrams }: Chart, node: Node): boolean => {
  const values = diagrams.values(node)
  return values.size === 1 && values.has(NO)
}

function lintExceptions(
  chart: Chart,
  rule: Rule,
  scope: Node,
  problem: (path: readonly PropertyKey[], message: string) => FileProblem,
): FileProblem[] {
  const { diagrams } = chart
  let left = scope
  const problems: FileProblem[] = []
  rule.unless.forEach((_, i) => {
    const applies = chart.exception(rule, i)
    const here = diagrams.apply('applies', (open, holds) => (open !== NO && holds === YES ? YES : NO), left, applies)
    if (isEmpty(chart, here))
      problems.push(
        problem(
          ['unless', i, 'when'],
          'this exception can never apply: the rule does not reach it, or an exception before it takes all it could; correct, move or remove it',
        ),
      )
    left = diagrams.apply('left', (open, holds) => (holds === YES ? NO : open), left, applies)
  })
  // Exceptions that hold, or that permit on terms, say what is meant instead; bare permits leave nothing of the rule.
  const lifting = rule.unless.every(({ bite }) => bite.effect === 'permit' && bite.obligations.length === 0)
  if (rule.unless.length > 0 && lifting && isEmpty(chart, left))
    problems.push(
      problem(
        ['unless'],
        'these exceptions are wider than their rule: together they apply wherever it does, so it never speaks; narrow them, or say in the rule what is meant',
      ),
    )
  return problems
}

/** Whether one rule adds nothing to another: no stronger effect, no citation, no obligation, no earlier deadline, anywhere. */
function silences(chart: Chart, other: Rule, rule: Rule, earlier: boolean): boolean {
  const cited = new Set([other.bite, ...other.unless.map(({ bite }) => bite)].flatMap(bite => bite.reason.cite))
  if (![rule.bite, ...rule.unless.map(({ bite }) => bite)].every(bite => bite.reason.cite.every(cite => cited.has(cite)))) return false
  const [alone, together] = [chart.rule(other), chart.together([chart.rule(other), chart.rule(rule)])]
  const says = (bite: number) => JSON.stringify(chart.bites.at(bite))
  const added = chart.diagrams.values(chart.diagrams.apply('adds', (a, b) => (says(a) === says(b) ? 0 : 1), alone, together)).has(1)
  // Of two rules that say the same, only the later one is the repetition.
  return !added && (earlier || chart.rule(rule) !== chart.rule(other))
}
