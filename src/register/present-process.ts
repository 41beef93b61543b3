import type { Paper } from '../terms/consulted.ts'
import type { InstrumentScope } from '../terms/instrument.ts'
import type { LegalProcess } from '../terms/legal-process.ts'
import type { Parties } from '../terms/parties.ts'
import type { FieldUse, QueryFacts } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'
import type { Processes, ProcessView } from './processes.ts'

/** Process as the law sees it for one call, and what it opens. */
export interface Presented {
  readonly process: LegalProcess | null
  readonly paper: Paper | null
  /** Why it opens nothing. */
  readonly remark: ReasonCode | null
}

/** Uses that can be left out of an answer without changing the question. */
const LEFT_OUT = new Set(['select', 'implied'])

/**
 * Looks up the process a caller presents by its id, and whether it covers the query: its agency and case, its persons and records.
 * `subjects` is the collection whose keys name persons, where an instrument does not say another. Process presented by its kind alone is
 * what the caller says it is, and opens nothing.
 */
export function presentProcess(processes: Processes, parties: Parties, facts: QueryFacts, subjects: string | null): Presented {
  const id = parties.presented.process
  if (id === null) return { process: parties.process, paper: null, remark: null }
  const found = processes.find(id)
  if (!found?.instrument) return { process: null, paper: null, remark: 'process.unknown' }
  if (!isFor(found, parties)) return { process: null, paper: null, remark: 'process.not-yours' }
  const { kind, sealed, issuer } = found.instrument
  const signed = { court: issuer.court ?? 'unknown', signer: issuer.title }
  const process = { kind, sealed, issuer: signed, state: found.state, covers: 'none' as const }
  if (found.state !== 'active') return { process, paper: null, remark: 'process.not-active' }
  const paper = found.instrument.scope.map(scope => paperFor(id, scope, facts, subjects)).find(one => one !== null)
  if (!paper) return { process, paper: null, remark: 'process.not-covering' }
  return { process: { ...process, covers: 'query' }, paper, remark: null }
}

/** It names who may use it. What that agency re-shares by standing is not the court's business; whoever is added by hand must be named. */
function isFor({ instrument }: ProcessView, parties: Parties): boolean {
  const { agencies = [], case: oneCase } = instrument?.usableBy ?? {}
  const named = (id: string) => agencies.some(agency => id === agency || id.startsWith(`${agency}-`))
  if (oneCase !== undefined && parties.caseNumber?.trim().toLowerCase() !== oneCase.trim().toLowerCase()) return false
  return parties.recipients.every(({ id, via }) => via === 'reshare' || named(id))
}

/**
 * What one scope opens of a query; null where the query goes beyond it. Fields beyond it that are merely shown are left out; any other use
 * of them is an answer about something the court did not name.
 */
function paperFor(id: string, scope: InstrumentScope, facts: QueryFacts, subjects: string | null): Paper | null {
  const collections = scope.collections ?? (subjects === null ? [] : [subjects])
  // Keys name persons in one collection alone: visit 11 is not a visit of person 11. Other collections come embedded in the person's record.
  if (scope.source !== facts.source || facts.writes || facts.collection !== (subjects ?? collections[0])) return null
  if (!facts.dataSubjects.every(key => scope.persons.includes(key))) return null
  const isNamed = (use: FieldUse) => collections.includes(use.collection) && (use.field === '*' || names(scope, use))
  const beyond = facts.uses.filter(use => !isNamed(use))
  if (beyond.some(({ kind }) => !LEFT_OUT.has(kind) && kind !== 'identify')) return null
  // A count or a statistic names nobody: unless the record API is asked for the named alone, it is about everybody.
  const shows = facts.shape.node === 'records' || facts.shape.node === 'record' || facts.shape.node === 'envelope'
  const asksThem = facts.dataSubjects.length > 0 || (facts.confine?.(scope.persons) ?? null) !== null
  if (!asksThem && (!shows || facts.uses.some(({ kind }) => kind === 'count'))) return null
  const named = facts.uses.filter(isNamed).map(({ collection, field }) => `${collection}.${field}`)
  return named.length === 0 ? null : { id, scope, named: new Set(named) }
}

/** Open fields of a named person's record are nobody's secret; they show which record is which. */
function names({ fields, classes }: InstrumentScope, use: FieldUse): boolean {
  if (use.classes.every(dataClass => dataClass === 'open')) return true
  return (fields?.includes(use.field) ?? true) && (classes === undefined || use.classes.every(dataClass => classes.includes(dataClass)))
}
