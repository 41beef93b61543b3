import type { CompiledLexicon } from '../requester/compile-lexicon.ts'
import type { Directory } from '../requester/directory.ts'
import { partyOf, unknownParty } from '../requester/party.ts'
import { readReason } from '../requester/read-reason.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import type { Party } from '../terms/parties.ts'
import type { Given, GivenParty } from '../terms/policy-case.ts'
import type { Purpose } from '../terms/purpose.ts'

export interface InquiryParts {
  readonly directory: Directory
  readonly lexicon: CompiledLexicon
  /** Where a party written out without a jurisdiction is at home. */
  readonly home: string
}

/** The inquiry that a case, or the file of `policy explain`, describes. @throws Error naming an agency that is not in the directory */
export function toInquiry(given: Given, parts: InquiryParts): Inquiry {
  const at = Date.parse(given.at)
  const place = (party: GivenParty, via: Party['via']) => placeGiven(party, via, at, parts)
  const requester = place(given.requester, 'requester')
  const reading = given.reason === undefined ? null : readReason(given.reason, parts.lexicon, given.purpose ?? null)
  const named = (reading?.recipients ?? []).map(id => place(id, 'reason'))
  const recipients = [requester, ...given.recipients.map(party => place(party, 'declared')), ...named]
  const { process, source, bulk, routed, retry, attested, self } = given
  return {
    requester,
    recipients: recipients.filter((party, i) => party.id === 'written' || recipients.findIndex(other => other.id === party.id) === i),
    purpose: concludePurpose(given.purpose ?? 'unstated', reading),
    process: process ?? null,
    source,
    uses: Object.entries(given.uses).flatMap(([kind, classes]) =>
      classes.map(c => ({ class: c, kind: kind as Inquiry['uses'][number]['kind'] })),
    ),
    bulk,
    routed,
    retry,
    attested,
    self,
    at,
  }
}

function placeGiven(given: GivenParty, via: Party['via'], at: number, { directory, home }: InquiryParts): Party {
  if (typeof given === 'string') {
    if (given === 'unknown') return unknownParty(via)
    const agency = directory.byId(given)
    if (!agency)
      throw new Error(
        `there is no agency '${given}' in the directory; write its id, or the party out: { category: ..., jurisdiction: ... }`,
      )
    return partyOf(agency, via, at)
  }
  const { category, flags } = given
  if (category === 'unknown') return unknownParty(via)
  const federal = category === 'federal' || category === 'immigration-authority'
  return { id: 'written', name: category, category, jurisdiction: given.jurisdiction ?? (federal ? 'us' : home), flags, via }
}

/** The same order as at the gate: enforcement, suspected, vague, the code; free text never grants. */
function concludePurpose(declared: Purpose, reading: ReturnType<typeof readReason> | null): Purpose {
  if (declared === 'immigration-enforcement' || !reading) return declared
  if (reading.suspected && !(declared === 'emergency' && reading.recipients.length === 0)) return 'suspected'
  return declared
}
