import type { Agency } from '../terms/agency.ts'
import type { Party } from '../terms/parties.ts'
import { type Directory, flagsInForce } from './directory.ts'

/** An agency of the directory as a party of one call at a moment (milliseconds since 1970, UTC). */
export const partyOf = (agency: Agency, via: Party['via'], at: number): Party => ({
  id: agency.id,
  name: agency.name,
  category: agency.category,
  jurisdiction: agency.jurisdiction,
  flags: flagsInForce(agency, at),
  via,
})

/** Somebody nobody could place. Its name is ours: what the caller wrote may be anything, so it never becomes a party's name. */
export const unknownParty = (via: Party['via']): Party => ({
  id: 'unknown',
  name: 'not in the agency directory',
  category: 'unknown',
  jurisdiction: 'unknown',
  flags: [],
  via,
})

/** The domain of an e-mail address, or the whole text where there is no `@`. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** Places what a caller wrote for a body: directory id, ORI, e-mail or domain, or its name. */
export function placeWritten(written: string, directory: Directory): Agency | null {
  const text = written.trim()
  return directory.byId(text.toLowerCase()) ?? directory.byOri(text) ?? directory.byDomain(domainOf(text)) ?? directory.byName(text)
}
