import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { Condition, GrantsFile, LawFile } from '../terms/law.ts'

const STATES =
  'al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy as gu mp pr vi'.split(
    ' ',
  )

type Path = readonly PropertyKey[]

/** Names in conditions that stand for nobody: a spelling mistake would make a rule that never bites, or a grant that never gives. */
export function checkNames(
  laws: readonly FromFile<LawFile>[],
  grants: FromFile<GrantsFile> | null,
  knowsAgency: (id: string) => boolean,
): FileProblem[] {
  return [
    ...laws.flatMap(law =>
      law.value.rules.flatMap((rule, i) => [
        ...checkCondition(law, ['rules', i, 'when'], rule.when, knowsAgency),
        ...(rule.unless ?? []).flatMap(({ when }, j) => checkCondition(law, ['rules', i, 'unless', j, 'when'], when, knowsAgency)),
      ]),
    ),
    ...(grants?.value.rules.flatMap((grant, i) => checkCondition(grants, ['rules', i, 'when'], grant.when, knowsAgency)) ?? []),
  ]
}

function checkCondition(file: FromFile<unknown>, path: Path, condition: Condition, knowsAgency: (id: string) => boolean): FileProblem[] {
  const parties = (['requester', 'recipient'] as const).flatMap(which => {
    const { agency, jurisdiction } = condition[which] ?? {}
    return [
      ...listed(agency, [...path, which, 'agency']).flatMap(({ value, at }) =>
        knowsAgency(value) ? [] : [file.problem(at, `there is no agency '${value}' in the directory; correct the id, or add the agency`)],
      ),
      ...listed(jurisdiction, [...path, which, 'jurisdiction']).flatMap(({ value, at }) =>
        isPlace(value)
          ? []
          : [file.problem(at, `'${value}' is no place: after 'us-' write a state's postal code, such as us-ca or us-ca-los-angeles`)],
      ),
    ]
  })
  const inner = (['all', 'any'] as const).flatMap(key =>
    (condition[key] ?? []).flatMap((one, i) => checkCondition(file, [...path, key, i], one, knowsAgency)),
  )
  return [...parties, ...inner, ...(condition.not ? checkCondition(file, [...path, 'not'], condition.not, knowsAgency) : [])]
}

function listed<T>(
  wanted: readonly T[] | { readonly not: readonly T[] } | undefined,
  path: Path,
): { readonly value: T; readonly at: Path }[] {
  if (wanted === undefined) return []
  const [values, at] = 'not' in wanted ? [wanted.not, [...path, 'not']] : [wanted, path]
  return values.map((value, i) => ({ value, at: [...at, i] }))
}

function isPlace(jurisdiction: string): boolean {
  const [country, state] = jurisdiction.split('-')
  return country !== 'us' || state === undefined || STATES.includes(state)
}
