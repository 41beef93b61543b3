import type { Consulted, Paper } from '../../../src/terms/consulted.ts'
import type { Permit } from '../../../src/terms/decision.ts'
import type { InstrumentScope } from '../../../src/terms/instrument.ts'
import type { AnswerShape } from '../../../src/terms/query-facts.ts'
import type { Receipt } from '../../../src/terms/receipt.ts'
import { record } from './build.ts'
import { relation } from './relation.ts'

/** Process that names these persons of `city` and these fields of them. */
export function paperFor(persons: readonly string[], named: readonly string[], more: Partial<InstrumentScope> = {}): Paper {
  return { id: 'p1', scope: { source: 'city', persons: [...persons], ...more }, named: new Set(named) }
}

/** What the register says where it knows of nothing but this. */
export function known(more: Partial<Consulted>): Consulted {
  const nothing = { process: null, paper: null, attested: false, bulk: false, retry: null, lift: null, noticed: null }
  return { ...nothing, remarks: [], alarms: [], ...more }
}

/** The receipt of the same call, with what the register knew of it. */
export function consulting(receipt: Receipt<Permit>, more: Partial<Consulted>): Receipt<Permit> {
  return { ...receipt, judgement: { ...receipt.judgement, consulted: known(more) } }
}

/** Records of another collection, or of other people, that a relation of `from` brings along. */
export function related(field: string, to: string, members: Record<string, AnswerShape>, key: string | null, from = 'people'): AnswerShape {
  return { node: 'records', record: record(members, key, to), relation: { ...relation(field, to), collection: from } }
}
