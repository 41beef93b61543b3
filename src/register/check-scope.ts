import type { Catalogue, Collection, Field } from '../terms/catalogue.ts'
import type { Instrument, InstrumentScope } from '../terms/instrument.ts'
import { nearest } from '../terms/nearest.ts'

/** A mistake with its place. It never repeats what was written: that may name a person, and answers end up in logs. */
export interface ScopeProblem {
  readonly path: string
  readonly message: string
}

/** What the rulebook in force knows by name. */
export interface KnownNames {
  readonly catalogues: ReadonlyMap<string, Catalogue>
  /** Directory ids. */
  readonly agencies: readonly string[]
}

const PROBLEMS_MAX = 20

/**
 * What an instrument names that nobody here knows: agencies, sources, collections, fields; and limits that no day or value can meet. Found when
 * it is entered, because later such a name only opens nothing. At most twenty problems at once.
 */
export function checkScope({ scope, usableBy }: Instrument, known: KnownNames): readonly ScopeProblem[] {
  const problems: ScopeProblem[] = []
  for (const problem of mistakes(usableBy.agencies, scope, known)) {
    problems.push(problem)
    if (problems.length === PROBLEMS_MAX) break
  }
  return problems
}

function* mistakes(agencies: readonly string[], scopes: readonly InstrumentScope[], known: KnownNames): Generator<ScopeProblem> {
  yield* unknownNames('usableBy.agencies', 'agency in the directory', agencies, known.agencies)
  for (const [i, scope] of scopes.entries()) {
    const catalogue = known.catalogues.get(scope.source)
    if (catalogue) yield* scopeMistakes(`scope.${i}`, scope, catalogue)
    else yield unknownName(`scope.${i}.source`, 'source at this gate', scope.source, [...known.catalogues.keys()])
  }
}

function* scopeMistakes(path: string, scope: InstrumentScope, { subjects, collections: all }: Catalogue): Generator<ScopeProblem> {
  const { between, at, fields = [] } = scope
  const names = scope.collections ?? (subjects === null ? [] : [subjects])
  if (names.length === 0) yield { path: `${path}.collections`, message: 'name the collection whose keys the persons are' }
  if (subjects !== null && !names.includes(subjects))
    yield {
      path: `${path}.collections`,
      message: `name '${subjects}' too: its keys are the persons, and records of others come with theirs`,
    }
  yield* unknownNames(`${path}.collections`, 'collection in this source', names, [...all.keys()])
  const named = names.flatMap(name => all.get(name) ?? [])
  if (named.length > 0)
    yield* unknownNames(`${path}.fields`, 'field in these collections', fields, [...new Set(named.flatMap(one => allNames(one.fields)))])
  const persons = all.get(subjects ?? names[0] ?? '')
  if (persons && between) yield* limitMistakes(`${path}.between.field`, between.field, persons)
  if (persons && at) yield* limitMistakes(`${path}.at.field`, at.field, persons)
  if (between && between.from > between.until) yield { path: `${path}.between.until`, message: 'the range ends before it begins' }
}

/** A record is judged by a value of its own: what stands deeper in it, or in another record, is not looked for. */
function* limitMistakes(path: string, field: string, { fields }: Collection): Generator<ScopeProblem> {
  const plain = [...fields.values()].filter(one => one.fields === null && one.collection === null).map(({ name }) => name)
  if (!plain.includes(field)) yield unknownName(path, 'plain value in the records of the persons', field, plain)
}

function allNames(fields: ReadonlyMap<string, Field>, prefix = ''): readonly string[] {
  return [...fields].flatMap(([name, { fields: inner }]) => [prefix + name, ...(inner ? allNames(inner, `${prefix}${name}.`) : [])])
}

function* unknownNames(path: string, what: string, written: readonly string[], known: readonly string[]): Generator<ScopeProblem> {
  const all = new Set(known)
  for (const [i, word] of written.entries()) if (!all.has(word)) yield unknownName(`${path}.${i}`, what, word, known)
}

function unknownName(path: string, what: string, word: string, known: readonly string[]): ScopeProblem {
  const meant = nearest(word, known)
  return { path, message: `there is no such ${what}; ${meant ? `did you mean '${meant}'?` : 'correct it, or leave it out'}` }
}
