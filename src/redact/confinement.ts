import type { Paper } from '../terms/consulted.ts'
import type { Permit } from '../terms/decision.ts'
import { Fault } from '../terms/faults.ts'
import type { Judgement } from '../terms/judgement.ts'
import type { QueryFacts } from '../terms/query-facts.ts'

/** Whose records alone may leave, and what of them. */
export interface Confinement {
  /** Keys of these persons. Protected values: they stay in memory. */
  readonly keys: ReadonlySet<string>
  /** It is the requester's own file, which ends where a relation begins. */
  readonly own: boolean
  /** The process that opens the records; null for one's own file. */
  readonly paper: Paper | null
  /** The record API was asked for these persons alone, so that a number beside the records is about them. */
  readonly asked: boolean
}

/**
 * What `only: self` and `only: named-in-process` leave of an answer; with both, both hold. Null where the permit says neither. Throws
 * `obligation.unmet` for obligations this version cannot carry out, for a notice that is due first and was not given, and when nobody
 * knows whose records may leave. Treatments are the plan's; other notices and reviews are carried out where the decision is recorded.
 */
export function readConfinement(judgement: Judgement<Permit>, query: QueryFacts): Confinement | null {
  const { parties, consulted } = judgement
  let own = false
  let named = false
  for (const obligation of judgement.decision.obligations) {
    if ('minimumCount' in obligation) throw unmet('minimumCount')
    if ('notify' in obligation && obligation.before !== undefined && !consulted?.noticed) throw unmet(`notify before: ${obligation.notify}`)
    if (!('only' in obligation)) continue
    if (obligation.only === 'self') own = true
    else named = true
  }
  if (!own && !named) return null
  const ownKey = own && !('kind' in parties) ? parties.subjectOf.get(query.source) : undefined
  if (own && ownKey === undefined) throw unmet('only: self, for a requester without a record here')
  const paper = named ? (consulted?.paper ?? null) : null
  if (named && paper?.scope.source !== query.source) throw unmet('only: named-in-process, without process that names records here')
  const persons = paper?.scope.persons ?? [ownKey!]
  const keys = new Set(persons.filter(key => ownKey === undefined || key === ownKey))
  const asked = query.dataSubjects.length > 0 && query.dataSubjects.every(key => keys.has(key))
  return { keys, own, paper, asked }
}

function unmet(what: string): Fault {
  return new Fault('obligation.unmet', 'unavailable', `cannot be carried out: ${what}`)
}
