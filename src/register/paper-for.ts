import type { Paper } from '../terms/consulted.ts'
import type { InstrumentScope } from '../terms/instrument.ts'
import type { FieldUse, QueryFacts } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'

/** Uses that can be left out of an answer without changing the question. */
const LEFT_OUT = new Set(['select', 'implied'])
/** Uses that do not choose among records. */
const CHOOSES_NONE = new Set([...LEFT_OUT, 'expand'])

/**
 * What the scopes of one process open of a query, or why they open nothing. Scopes that name every person the query names, under the same
 * limits, count together; for a query that names nobody, those that name the same persons. Of several such groups the first that covers the
 * query counts. Fields beyond it that are merely shown are left out; any other use of them is an answer about something the court did not name.
 */
export function paperFor(
  id: string,
  scopes: readonly InstrumentScope[],
  facts: QueryFacts,
  subjects: string | null,
): Paper | Extract<ReasonCode, `process.${string}`> {
  const { source, dataSubjects: asked } = facts
  const here = scopes.filter(scope => scope.source === source && asked.every(key => scope.persons.includes(key)))
  const groups = Map.groupBy(here, ({ persons, between, at }) =>
    JSON.stringify([asked.length > 0 ? null : persons.toSorted(), between, at]),
  )
  const papers = [...groups.values()].map(group => judgeGroup(id, group, facts, subjects))
  const refusals = papers.filter(paper => typeof paper === 'string')
  return papers.find(paper => typeof paper !== 'string') ?? refusals.find(code => code !== 'process.not-covering') ?? 'process.not-covering'
}

function judgeGroup(id: string, scopes: readonly InstrumentScope[], facts: QueryFacts, subjects: string | null) {
  const persons = scopes[0]!.persons.filter(key => scopes.every(scope => scope.persons.includes(key)))
  const fits = scopes.filter(scope => facts.collection === (subjects ?? scope.collections?.[0]))
  // Keys name persons in one collection alone: visit 11 is not a visit of person 11. Other collections come embedded in the person's record.
  if (facts.writes || fits.length === 0) return 'process.not-covering'
  const isNamed = (use: FieldUse) => fits.some(scope => names(scope, use, facts.collection))
  const named = facts.uses.filter(isNamed)
  if (named.length === 0 || facts.paged?.related || facts.uses.some(use => asksBeyond(use, isNamed))) return 'process.not-covering'
  // Rank, number and place among all are about everybody, unless the record API is asked for the named alone.
  const asksThem = facts.dataSubjects.length > 0 || (facts.confine?.(persons) ?? null) !== null
  if (!asksThem && chooses(facts)) return 'process.name-person'
  const { source, between, at } = scopes[0]!
  // Without the field every record would be cut, and the one use of a process would be gone for an empty answer.
  if ([between, at].some(limit => limit && !shows(facts, limit.field))) return 'process.limit-unseen'
  return { id, scope: { source, persons, between, at }, named: new Set(named.map(({ collection, field }) => `${collection}.${field}`)) }
}

/** Related records may be anybody's, whatever their collection is called: they are shown, and cut to the named, and never asked about. */
function asksBeyond(use: FieldUse, isNamed: (use: FieldUse) => boolean): boolean {
  if (LEFT_OUT.has(use.kind)) return false
  return use.nested === true || (use.kind !== 'identify' && !isNamed(use))
}

function chooses({ uses, shape, paged }: QueryFacts): boolean {
  const isOfRecords = shape.node === 'records' || shape.node === 'record' || shape.node === 'envelope'
  return !isOfRecords || paged?.rows === true || uses.some(({ kind }) => !CHOOSES_NONE.has(kind))
}

const shows = ({ uses, collection }: QueryFacts, field: string): boolean =>
  uses.some(use => use.field === field && use.collection === collection && !use.nested && LEFT_OUT.has(use.kind))

/** Open fields of a named person's record are nobody's secret; they show which record is which. An object that is named names its members. */
function names({ collections, fields, classes }: InstrumentScope, use: FieldUse, subjects: string): boolean {
  if (!(collections ?? [subjects]).includes(use.collection)) return false
  if (use.field === '*' || use.classes.every(dataClass => dataClass === 'open')) return true
  const isListed = fields?.some(field => use.field === field || use.field.startsWith(`${field}.`)) ?? true
  return isListed && (classes === undefined || use.classes.every(dataClass => classes.includes(dataClass)))
}
