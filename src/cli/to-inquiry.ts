import type { CompiledLexicon } from '../requester/compile-lexicon.ts'
import { concludePurpose } from '../requester/conclude-purpose.ts'
import type { Directory } from '../requester/directory.ts'
import { partyOf, unknownParty } from '../requester/party.ts'
import { Agency } from '../terms/agency.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import type { Party } from '../terms/parties.ts'
import type { Given, GivenParty } from '../terms/policy-case.ts'
import { Purpose } from '../terms/purpose.ts'

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
  const { purpose, reading } = concludeGiven(given, parts)
  const named = (reading?.recipients ?? []).map(id => place(id, 'reason'))
  const recipients = [requester, ...given.recipients.map(party => place(party, 'declared')), ...named]
  const { process, source, bulk, routed, retry, attested, self } = given
  return {
    requester,
    recipients: recipients.filter((party, i) => party.id === 'written' || recipients.findIndex(other => other.id === party.id) === i),
    purpose,
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

/** As at the gate, except that a case means what it says: whatever purpose it writes is one its requester may state. */
function concludeGiven(given: Given, { directory, lexicon }: InquiryParts) {
  // Cases of the law also write what Haven would conclude, which nobody can declare.
  const concluded = given.purpose === 'suspected' || given.purpose === 'vague' || given.purpose === 'unstated'
  const purpose = given.purpose === undefined || concluded ? null : { code: given.purpose, from: 'claim' as const }
  const presented = { process: null, hold: null }
  const declarations = { purpose, reason: given.reason ?? null, case: null, recipients: [], process: null, presented }
  const { purpose: stated, reading } = concludePurpose(declarations, agencyOf(given.requester, directory), lexicon)
  return { reading, purpose: stated.code === 'unstated' ? (given.purpose ?? 'unstated') : stated.code }
}

function agencyOf(given: GivenParty, directory: Directory): Agency {
  const found = typeof given === 'string' ? directory.byId(given) : null
  const category = typeof given === 'string' ? 'unknown' : given.category
  return Agency.parse({ id: 'written', name: category, category, jurisdiction: 'us', ...found, purposes: Purpose.options, declares: true })
}
