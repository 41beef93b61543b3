import type { Parties, Party } from '../terms/parties.ts'
import type { Address } from '../terms/query-facts.ts'
import type { CompiledLexicon } from './compile-lexicon.ts'
import type { Directory } from './directory.ts'
import { domainOf, partyOf, unknownParty } from './party.ts'
import { readReason } from './read-reason.ts'

/** What an address in the call adds. */
interface Added {
  readonly parties: readonly Party[]
  readonly suspected: boolean
}

const SUSPECTED = 'The call subscribes to, or delivers to, something that serves immigration enforcement; ask counsel.'

/**
 * Adds everybody to whom the call itself would send the answer or a copy: hosts of callback URLs, e-mail domains, and the bodies behind a
 * topic (an alert on the Immigration Violator File is an alert for ICE: only ICE enters it). An address that nobody can place leaves an
 * unknown recipient behind, and nothing permits that. Nobody is ever replaced. `at`: milliseconds since 1970.
 */
export function addAddressees(
  parties: Parties,
  addresses: readonly Address[],
  directory: Directory,
  lexicon: CompiledLexicon,
  at: number,
): Parties {
  if (addresses.length === 0) return parties
  const added = addresses.map(address => place(address, directory, lexicon, at))
  const recipients = [...parties.recipients]
  for (const party of added.flatMap(one => one.parties))
    if (party.id === 'unknown' || !recipients.some(({ id }) => id === party.id)) recipients.push(party)
  const isWorse = added.some(({ suspected }) => suspected) && parties.purpose.code !== 'immigration-enforcement'
  const { code } = parties.purpose
  const purpose = isWorse
    ? ({ code: 'suspected', from: 'reason', declared: parties.purpose.declared ?? code, missing: SUSPECTED } as const)
    : parties.purpose
  return { ...parties, recipients, purpose }
}

function place({ kind, written }: Address, directory: Directory, lexicon: CompiledLexicon, at: number): Added {
  if (kind === 'topic' && !looksLikeHost(written)) {
    const { recipients, suspected } = readReason(written, lexicon)
    const bodies = recipients.map(id => directory.byId(id)).filter(agency => agency !== null)
    return { parties: bodies.map(agency => partyOf(agency, 'call', at)), suspected }
  }
  const host = kind === 'email' ? domainOf(written.trim()) : hostOf(kind === 'topic' ? `https://${written.trim()}` : written)
  const agency = host === null ? null : directory.byDomain(host)
  return { parties: [agency === null ? unknownParty('call') : partyOf(agency, 'call', at)], suspected: false }
}

/**
 * As the record API's own client would resolve it: `https://good.example@evil.example/` goes to evil.example. What two clients resolve
 * differently (a backslash, white space inside), and a `mailto:` with further recipients, is nobody's.
 */
function hostOf(written: string): string | null {
  const text = written.trim().replace(/^\/\//, 'https://')
  if (/[\\\s]/.test(text)) return null
  if (/^mailto:/i.test(text)) return /[,;?]/.test(text) ? null : domainOf(text)
  return URL.canParse(text) ? new URL(text).hostname.replace(/\.$/, '') : null
}

/** `evil.example/hook` under a member that delivers is an address without its scheme, not a topic. */
const looksLikeHost = (written: string): boolean => /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/\S*)?$/i.test(written.trim())
