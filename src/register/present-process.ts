import type { Paper } from '../terms/consulted.ts'
import type { LegalProcess } from '../terms/legal-process.ts'
import type { Parties, Party } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'
import { paperFor } from './paper-for.ts'
import type { Processes, ProcessView } from './processes.ts'

/** Process as the law sees it for one call, and what it opens. */
export interface Presented {
  readonly process: LegalProcess | null
  readonly paper: Paper | null
  /** Why it opens nothing. */
  readonly remark: ReasonCode | null
}

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
  const { kind, sealed, nonDisclosure, issuer } = found.instrument
  const signed = { court: issuer.court ?? 'unknown', signer: issuer.title }
  const process = { kind, sealed: sealed || nonDisclosure, issuer: signed, state: found.state, covers: 'none' as const }
  if (found.state !== 'active') return { process, paper: null, remark: 'process.not-active' }
  const paper = paperFor(id, found.instrument.scope, facts, subjects)
  if (typeof paper === 'string') return { process, paper: null, remark: paper }
  return { process: { ...process, covers: 'query' }, paper, remark: null }
}

/**
 * It names who may use it, by exact id: `us-doj` is not the immigration courts within it. What a named agency re-shares by standing is not
 * the court's business, unless it reaches removal or the market: a warrant for a police department would open records to both.
 */
function isFor({ instrument }: ProcessView, parties: Parties): boolean {
  const { agencies = [], case: oneCase } = instrument?.usableBy ?? {}
  if (oneCase !== undefined && parties.caseNumber?.trim().toLowerCase() !== oneCase.trim().toLowerCase()) return false
  return parties.recipients.every(party => agencies.includes(party.id) || (party.via === 'reshare' && !mustBeNamed(party)))
}

const mustBeNamed = ({ category, flags }: Party): boolean =>
  category === 'immigration-authority' || category === 'data-broker' || flags.includes('287g')
