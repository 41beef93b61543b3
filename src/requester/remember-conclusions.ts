import { hash } from 'node:crypto'
import type { Agency } from '../terms/agency.ts'
import type { RecordClass } from '../terms/source.ts'
import type { CompiledLexicon } from './compile-lexicon.ts'
import { type ConcludedPurpose, concludePurpose } from './conclude-purpose.ts'
import type { Declarations } from './read-declarations.ts'

const MOST = 2_048

type Conclude = (declarations: Declarations, agency: Agency | null, records?: RecordClass | null) => ConcludedPurpose

/**
 * `concludePurpose` under one lexicon and one directory, with the last conclusions remembered: a service sends the same words with every
 * call. It goes with the directory, so an agency is its id. The texts themselves are not kept, only their digest.
 */
export function rememberConclusions(lexicon: CompiledLexicon): Conclude {
  const known = new Map<string, ConcludedPurpose>()
  return (declarations, agency, records = null) => {
    const { purpose, reason, case: caseNumber } = declarations
    const all = JSON.stringify([purpose?.code, purpose?.from, reason, caseNumber, agency?.id, records])
    const key = hash('sha256', all, 'base64')
    const found = known.get(key)
    if (found !== undefined) return found
    const concluded = concludePurpose(declarations, agency, lexicon, records)
    const oldest = known.keys().next().value
    if (known.size >= MOST && oldest !== undefined) known.delete(oldest)
    known.set(key, concluded)
    return concluded
  }
}
