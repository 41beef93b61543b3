import { DataClass } from '../terms/data-class.ts'
import { type FileProblem, FilesRefused } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { Citation, Condition, GrantsFile, LawFile, LawRule } from '../terms/law.ts'
import type { Reason } from '../terms/reason.ts'
import { lintGrants, lintLaw } from './lint.ts'
import { compileCondition, dayEnd, dayStart, everyTest } from './match.ts'
import type { Bite, GrantRule, Rule, Rulebook } from './rulebook.ts'

const DEADLINE_HOURS_DEFAULT = 72

/**
 * Compiles the laws in force and the owner's grants. Every law file must stand in the folder of its jurisdiction.
 * `lint` false spares the search for rules that can never hold, or that process lifts for everybody: for laws that were searched before,
 * where callers wait.
 * @throws FilesRefused with every problem of every file at once.
 */
export function compileRulebook(laws: readonly FromFile<LawFile>[], grants: FromFile<GrantsFile> | null, lint = true): Rulebook {
  const problems: FileProblem[] = [...duplicateLaws(laws), ...laws.flatMap(checkLaw), ...(grants ? checkGrants(grants) : [])]
  if (problems.length > 0) throw new FilesRefused(problems)
  const compiled = laws.map(law => ({ law, rules: compileLaw(law.value) }))
  const granted = grants ? compileGrants(grants.value) : []
  const wrong = !lint ? [] : [...compiled.flatMap(({ law, rules }) => lintLaw(law, rules)), ...(grants ? lintGrants(grants, granted) : [])]
  if (wrong.length > 0) throw new FilesRefused(wrong)
  return { rules: compiled.flatMap(({ rules }) => rules), grants: granted }
}

function duplicateLaws(laws: readonly FromFile<LawFile>[]): FileProblem[] {
  return laws
    .filter((law, i) => laws.findIndex(other => other.value.law === law.value.law) < i)
    .map(law => law.problem(['law'], `the law '${law.value.law}' is already in another file; give this one its own id`))
}

function checkLaw(law: FromFile<LawFile>): FileProblem[] {
  return [
    ...duplicateIds(law, law.value.rules),
    ...(endOf(law.value.effective.until) <= dayStart(law.value.effective.from)
      ? [law.problem(['effective', 'until'], 'the law ends before it begins; check the dates')]
      : []),
    ...checkStub(law),
    ...law.value.rules.flatMap((rule, i) => checkDuties(law, rule, ['rules', i])),
    ...law.value.rules.flatMap((rule, i) =>
      (rule.unless ?? []).flatMap((exception, j) =>
        Object.keys(exception.when).length === 0
          ? [law.problem(['rules', i, 'unless', j, 'when'], 'an exception without a condition lifts the whole rule; say when it applies')]
          : [],
      ),
    ),
  ]
}

/** A stub says what is missing; a law without rules would look like one that is in force. */
function checkStub({ value, problem }: FromFile<LawFile>): FileProblem[] {
  if (value.missing)
    return [problem(['missing'], `'${value.law}' is a stub and cannot be put in force; missing: ${value.missing.join(' ')}`)]
  return value.rules.length === 0
    ? [problem(['rules'], "a law without rules decides nothing; write a rule, or 'missing:' if it is a stub")]
    : []
}

/** Only a permit can ask for a treatment of what it releases; a refusal can owe a notice or a review. */
function checkDuties({ problem }: FromFile<LawFile>, rule: LawRule, path: readonly PropertyKey[]): FileProblem[] {
  const clauses = [{ clause: rule as Pick<LawRule, 'obligations' | 'deadline' | 'for' | 'people'> & { then: Bite['effect'] }, at: path }]
  for (const [i, exception] of (rule.unless ?? []).entries()) clauses.push({ clause: exception, at: [...path, 'unless', i] })
  const waiting = clauses.flatMap(({ clause, at }) =>
    clause.then === 'hold'
      ? []
      : (['deadline', 'for', 'people'] as const).flatMap(key =>
          clause[key] === undefined
            ? []
            : [problem([...at, key], `'${clause.then}' waits for nobody; remove '${key}', or write 'then: hold'`)],
        ),
  )
  const owed = clauses.flatMap(({ clause, at }) =>
    clause.then === 'permit'
      ? []
      : (clause.obligations ?? []).flatMap((obligation, k) =>
          'notify' in obligation || 'review' in obligation
            ? []
            : [
                problem(
                  [...at, 'obligations', k],
                  `'${clause.then}' releases nothing, so it can only owe 'notify' or 'review'; remove this`,
                ),
              ],
        ),
  )
  return [...waiting, ...owed]
}

function checkGrants(grants: FromFile<GrantsFile>): FileProblem[] {
  return [
    ...duplicateIds(grants, grants.value.rules),
    ...grants.value.rules.flatMap((rule, i) => [
      ...(speaksOfGranted(rule.when)
        ? [grants.problem(['rules', i, 'when'], "a grant cannot ask whether it is granted; remove 'granted'")]
        : []),
      ...(givesToEnforcement(rule.when)
        ? [
            grants.problem(
              ['rules', i, 'when'],
              'a grant never serves immigration enforcement or a purpose that was not stated; name the ordinary purposes',
            ),
          ]
        : []),
    ]),
  ]
}

function duplicateIds(file: FromFile<unknown>, rules: readonly { id: string }[]): FileProblem[] {
  return rules.flatMap((rule, i) =>
    rules.findIndex(other => other.id === rule.id) < i
      ? [file.problem(['rules', i, 'id'], `the id '${rule.id}' is used twice in this file`)]
      : [],
  )
}

function speaksOfGranted(condition: Condition): boolean {
  const inner = [...(condition.all ?? []), ...(condition.any ?? []), ...(condition.not ? [condition.not] : [])]
  return condition.granted !== undefined || inner.some(speaksOfGranted)
}

const NEVER_GRANTED = ['immigration-enforcement', 'suspected', 'vague', 'unstated'] as const

// A grant must name its purposes at its top level: a grant open to every purpose would be open to enforcement.
function givesToEnforcement(condition: Condition): boolean {
  const { purpose } = condition
  if (purpose === undefined) return true
  return 'not' in purpose ? !NEVER_GRANTED.every(p => purpose.not.includes(p)) : NEVER_GRANTED.some(p => purpose.includes(p))
}

function compileLaw(law: LawFile): Rule[] {
  const binds: Condition = law.binds ? { source: law.binds } : {}
  const binding = compileCondition(binds)
  return law.rules.map(rule => {
    const when = compileCondition(rule.when)
    const from = Math.max(dayStart(law.effective.from), dayStart(rule.effective?.from ?? law.effective.from))
    const until = Math.min(endOf(law.effective.until), endOf(rule.effective?.until))
    return {
      id: `${law.law}/${rule.id}`,
      written: { law, rule, binds },
      of: new Set(rule.of ?? DataClass.options),
      from,
      until,
      test: everyTest([binding, when]),
      bite: biteOf(law, rule, rule),
      unless: (rule.unless ?? []).map(exception => ({
        test: compileCondition(exception.when),
        bite: biteOf(law, rule, { ...exception, text: exception.text ?? rule.text, cite: exception.cite ?? rule.cite }),
      })),
    }
  })
}

/** `until` names the last day in force. */
const endOf = (date: string | undefined): number => (date === undefined ? Number.POSITIVE_INFINITY : dayEnd(date))

type Clause = Pick<LawRule, 'text' | 'cite' | 'obligations' | 'deadline' | 'people'> & { then: Bite['effect'] }

function biteOf(law: LawFile, rule: LawRule, clause: Clause): Bite {
  const codes = { deny: 'law.denies', hold: 'law.holds', withhold: 'law.withholds', permit: 'process.permits' } as const
  // An exception that holds waits as long as its rule would, and for as many people, unless it says otherwise.
  const own = rule.then === 'hold' ? rule : clause
  const deadline = clause.deadline ?? own.deadline
  const deadlineHours = deadline ? Number.parseInt(deadline, 10) : DEADLINE_HOURS_DEFAULT
  return {
    effect: clause.then,
    obligations: clause.obligations ?? [],
    hold: clause.then === 'hold' ? { deadlineHours, people: clause.people ?? own.people ?? 1 } : null,
    reason: { code: codes[clause.then], rule: `${law.law}/${rule.id}`, cite: refs(clause.cite), text: clause.text },
  }
}

const refs = (citations: readonly Citation[] | undefined): string[] => (citations ?? []).map(citation => citation.ref)

function compileGrants(file: GrantsFile): GrantRule[] {
  const granted = file.rules.map((grant): GrantRule => {
    const reason: Reason = { code: 'grant.permits', rule: `${file.grants}-grants/${grant.id}`, cite: refs(grant.cite), text: grant.text }
    return {
      id: `${file.grants}-grants/${grant.id}`,
      written: grant,
      of: new Set(grant.of),
      uses: new Set(grant.uses),
      test: compileCondition(grant.when),
      obligations: grant.obligations ?? [],
      reason,
    }
  })
  // Where two grants cover the same use, the one that asks least applies: a grant only ever adds.
  return granted.toSorted((a, b) => a.obligations.length - b.obligations.length)
}
