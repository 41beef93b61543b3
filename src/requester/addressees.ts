import type { Category } from '../terms/agency.ts'
import type { Parties, Party } from '../terms/parties.ts'
import type { Address } from '../terms/query-facts.ts'
import { reshared } from './collect-recipients.ts'
import type { CompiledLexicon } from './compile-lexicon.ts'
import type { Directory } from './directory.ts'
import { partyOf, unknownParty } from './party.ts'
import { type PlacedAddress, placeAddress } from './place-address.ts'

/** A mere mention of these is enough: what they can read, immigration enforcement can. */
const ENFORCING: readonly Category[] = ['immigration-authority', 'data-broker']

const SUSPECTED = 'The call subscribes to, or delivers to, something that serves immigration enforcement; ask counsel.'

/**
 * Adds everybody to whom the call itself would send the answer or a copy: hosts of callback URLs, e-mail domains, the bodies behind a
 * topic (an alert on the Immigration Violator File is an alert for ICE: only ICE enters it), and everyone any of them stands to re-share
 * with. An address that nobody can place leaves an unknown recipient behind, and nothing permits that; one that is not certain counts
 * only where it leads to immigration enforcement or a data broker. Nobody is ever replaced. `at`: milliseconds since 1970. `source`: whose records
 * they are.
 */
export function addAddressees(
  parties: Parties,
  addresses: readonly Address[],
  directory: Directory,
  lexicon: CompiledLexicon,
  at: number,
  source: string,
): Parties {
  if (addresses.length === 0) return parties
  const added = addresses.map(address => judge(address, placeAddress(address, directory, lexicon), source, directory))
  const recipients = [...parties.recipients]
  const add = (party: Party) => {
    if (party.id === 'unknown' || !recipients.some(({ id }) => id === party.id)) recipients.push(party)
  }
  for (const agency of added.flatMap(({ agencies }) => agencies)) add(agency === null ? unknownParty('call') : partyOf(agency, 'call', at))
  const placed = added.flatMap(({ agencies }) => agencies).filter(agency => agency !== null)
  for (const agency of reshared(placed, source, directory)) add(partyOf(agency, 'reshare', at))
  const isWorse = added.some(({ suspected }) => suspected) && parties.purpose.code !== 'immigration-enforcement'
  const { code } = parties.purpose
  const purpose = isWorse
    ? ({ code: 'suspected', from: 'reason', declared: parties.purpose.declared ?? code, missing: SUSPECTED } as const)
    : parties.purpose
  return { ...parties, recipients, purpose }
}

function judge({ certain }: Address, placed: PlacedAddress, source: string, directory: Directory): PlacedAddress {
  if (certain !== false) return placed
  const agencies = placed.agencies.filter(
    agency => agency !== null && [agency, ...reshared([agency], source, directory)].some(({ category }) => ENFORCING.includes(category)),
  )
  return { agencies, suspected: false }
}
