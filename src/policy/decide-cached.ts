import type { Lift } from '../terms/consulted.ts'
import type { Decision } from '../terms/decision.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import type { LegalProcess } from '../terms/legal-process.ts'
import type { Party } from '../terms/parties.ts'
import { decide } from './decide.ts'
import { momentsOf, type Rulebook } from './rulebook.ts'

/** Distinct inquiries to remember; at a few kilobytes each this stays under about 50 MB. */
const ENTRIES_MAX = 10_000

/**
 * `decide`, remembering its answers: the same inquiry, under the same rulebook, between the same two moments at which a law begins or
 * ends, is decided once. An inquiry holds no value of a record, so neither does the memory. Make a new one for each rulebook.
 * What counsel released is good for one call: it is decided afresh, and nothing of it is remembered.
 */
export function rememberDecisions(
  rulebook: Rulebook,
  entriesMax: number = ENTRIES_MAX,
): (inquiry: Inquiry, lift?: Lift | null) => Decision {
  const moments = momentsOf(rulebook)
  const known = new Map<string, Decision>()
  return (inquiry, lift = null) => {
    if (lift !== null) return decide(rulebook, inquiry, lift)
    const key = keyOf(inquiry, epochAt(moments, inquiry.at))
    const found = known.get(key)
    if (found) return found
    const decision = decide(rulebook, inquiry)
    // The oldest goes first: whoever floods the gate with odd inquiries only costs others a fresh decision.
    const [oldest] = known.size >= entriesMax ? known.keys() : []
    if (oldest !== undefined) known.delete(oldest)
    known.set(key, decision)
    return decision
  }
}

function epochAt(moments: readonly number[], at: number): number {
  let epoch = 0
  while (epoch < moments.length && (moments[epoch] ?? 0) <= at) epoch++
  return epoch
}

// Every attribute a condition can speak of, and every word the decision repeats: two inquiries with one key are decided alike.
function keyOf(inquiry: Inquiry, epoch: number): string {
  const { requester, recipients, purpose, process, source, uses, bulk, routed, retry, attested, self } = inquiry
  let key = `${epoch}\n${purpose}\n${source.keeper}\n${source.records}\n${bulk}${routed}${retry}${attested}${self}\n${paper(process)}\n${who(requester)}`
  for (const recipient of recipients) key += `\n${who(recipient)}`
  for (const use of uses) key += `\n.${use.class}/${use.kind}`
  return key
}

const who = ({ id, category, jurisdiction, flags }: Party): string => `${id},${category},${jurisdiction},${flags.join('+')}`

// Court and signer are free text: quoted, so that no text can look like another key.
const paper = (process: LegalProcess | null): string =>
  process === null ? '' : `${process.kind},${process.state},${process.covers},${process.sealed},${JSON.stringify(process.issuer ?? null)}`
