import { DataClass, UseKind } from '../terms/data-class.ts'
import type { Use } from '../terms/inquiry.ts'

/** A rule or grant, as far as coverage counts it. */
export interface Coverable {
  readonly id: string
  readonly cites: readonly string[]
  /** In the order of the file; empty for grants. */
  readonly exceptions: readonly { readonly cites: readonly string[] }[]
}

/** What one case touched. */
export interface Touched {
  readonly matched: readonly { readonly rule: string; readonly exception: number | null }[]
  /** Ids of the rules and grants it was decided by. */
  readonly inForce: readonly string[]
  readonly uses: readonly Use[]
}

type Counts = Readonly<Record<string, number>>

/** How many cases touch what. Whatever stands here with 0 is touched by none. */
export interface Coverage {
  /** Cases that a rule or grant matched in. */
  readonly rules: Counts
  /** Cases in which a rule or an exception with this citation had its say. */
  readonly citations: Counts
  /** Cases in which an exception was taken: `law/rule exception 1`. */
  readonly exceptions: Counts
  /** Cases whose query uses a data class in a kind of use. */
  readonly uses: Readonly<Record<DataClass, Readonly<Record<UseKind, number>>>>
  /** Rules that in no case speak for themselves: they match in none, or an exception is taken each time. */
  readonly neverBite: readonly string[]
  /** Rules that match in every case that is decided by them: nothing shows where they end. */
  readonly neverSpare: readonly string[]
}

/** Counts what cases touch, of all that there is to touch. */
export function measureCoverage(coverables: readonly Coverable[], touched: readonly Touched[]): Coverage {
  const matched = tally(touched.map(one => one.matched.map(({ rule }) => rule)))
  const bitten = tally(touched.map(one => one.matched.flatMap(({ rule, exception }) => (exception === null ? [rule] : []))))
  const taken = tally(touched.map(exceptionsTaken))
  const spared = tally(touched.map(({ inForce, matched: rules }) => minus(inForce, new Set(rules.map(({ rule }) => rule)))))
  const clauses = coverables.flatMap(clausesOf)
  const citesOf = new Map(clauses.map(({ id, cites }) => [id, cites]))
  const spoken = touched.map(one => [...one.matched.map(({ rule }) => rule), ...exceptionsTaken(one)])
  const cited = tally(spoken.map(ids => ids.flatMap(id => citesOf.get(id) ?? [])))
  const ids = coverables.map(({ id }) => id)
  const cites = [...new Set(clauses.flatMap(clause => clause.cites))].toSorted((a, b) => a.localeCompare(b))
  return {
    rules: counts(ids, matched),
    citations: counts(cites, cited),
    exceptions: counts(
      clauses.flatMap(({ id, exception }) => (exception ? [id] : [])),
      taken,
    ),
    uses: countUses(touched),
    neverBite: ids.filter(id => !bitten.has(id)),
    neverSpare: ids.filter(id => matched.has(id) && !spared.has(id)),
  }
}

const nameException = (rule: string, exception: number): string => `${rule} exception ${exception}`

const exceptionsTaken = ({ matched }: Touched): string[] =>
  matched.flatMap(({ rule, exception }) => (exception === null ? [] : [nameException(rule, exception)]))

const clausesOf = ({ id, cites, exceptions }: Coverable) => [
  { id, cites, exception: false },
  ...exceptions.map((exception, i) => ({ id: nameException(id, i + 1), cites: exception.cites, exception: true })),
]

const minus = (from: readonly string[], away: ReadonlySet<string>): string[] => from.filter(id => !away.has(id))

/** In how many of the lists each word stands, however often it stands in one. */
function tally(lists: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const word of lists.flatMap(list => [...new Set(list)])) found.set(word, (found.get(word) ?? 0) + 1)
  return found
}

const counts = (words: readonly string[], found: ReadonlyMap<string, number>): Counts =>
  Object.fromEntries(words.map(word => [word, found.get(word) ?? 0]))

function countUses(touched: readonly Touched[]): Coverage['uses'] {
  const used = tally(touched.map(({ uses }) => uses.map(({ class: c, kind }) => `${c}/${kind}`)))
  const row = (c: DataClass) => record(UseKind.options, kind => used.get(`${c}/${kind}`) ?? 0)
  return record(DataClass.options, row)
}

const record = <K extends string, V>(keys: readonly K[], value: (key: K) => V) =>
  Object.fromEntries(keys.map(key => [key, value(key)])) as Record<K, V>
