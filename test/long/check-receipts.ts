import { readJournal } from '../../src/audit/read.ts'

/** What a client holds: bytes of an answer came, or a refusal, under this decision id. */
export type Received = 'released' | 'refused'

/** What the journal says of what clients hold. Every list must be empty. */
export interface ReceiptCheck {
  readonly decisions: number
  /** Ids without a decision entry: something left, and the journal does not know. */
  readonly missing: readonly string[]
  /** Ids with more than one. */
  readonly doubled: readonly string[]
  /** Ids whose entry says something else than what the client got. */
  readonly contradicted: readonly string[]
}

/** Looks up every id in the journal's decision entries. @throws Fault `fault.journal` when the journal cannot be read */
export async function checkReceipts(journal: string, received: ReadonlyMap<string, Received>): Promise<ReceiptCheck> {
  const kinds = new Map<string, string>()
  const doubled: string[] = []
  for await (const { entry } of readJournal(journal, { kind: 'decision' })) {
    const { id, decision } = entry
    if (kinds.has(id)) doubled.push(id)
    const kind = typeof decision === 'object' && decision !== null && 'kind' in decision ? String(decision['kind']) : 'none'
    kinds.set(id, kind)
  }
  const missing = [...received.keys()].filter(id => !kinds.has(id))
  const contradicted = [...received].filter(([id, got]) => kinds.has(id) && (kinds.get(id) === 'permit') !== (got === 'released'))
  return { decisions: kinds.size, missing, doubled, contradicted: contradicted.map(([id]) => id) }
}
