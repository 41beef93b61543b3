import type { Outcome } from '../terms/receipt.ts'
import { type EntryBody, plainWord } from './entry.ts'

/** What left in the end, as the journal keeps it: counts and catalogued names. */
export function outcomeEntry(decisionId: string, outcome: Outcome): EntryBody {
  return {
    bytes_in: outcome.bytesIn,
    bytes_out: outcome.bytesOut,
    cut: Object.fromEntries(outcome.cut),
    decision_id: decisionId,
    failure: outcome.failure === null ? null : { at_byte: outcome.failure.atByte, code: plainWord(outcome.failure.code) },
    kind: 'outcome',
    records: outcome.records,
    state: outcome.state,
    status: outcome.status,
    upstream_status: outcome.upstreamStatus,
  }
}
