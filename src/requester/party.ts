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

// No separator and no route in the local part: `ice.dhs.gov!a@`, `a%ice.dhs.gov@`, `@ice.dhs.gov:a@` and `"a@ice.dhs.gov"@` go on elsewhere.
const MAILBOX = /^(?:"(?:[^"\\@]|\\[^@])*"|[^\s\p{C}"@,;:|&<>()[\]\\%!/=]+)@([^\s\p{C}@]+)$/u

/** The domain of exactly one mailbox, with or without a name before it (`Name <a@b.gov>`). Null for none and for several. */
export function domainOf(address: string): string | null {
  const text = address.normalize('NFKC').trim()
  const mailbox = /^[^<>@]*<([^<>]*)>$/.exec(text)?.[1] ?? text
  return MAILBOX.exec(mailbox.trim())?.[1] ?? null
}

/** Places what a caller wrote for one body: directory id, ORI, e-mail or domain, or its name. */
export function placeWritten(written: string, directory: Directory): Agency | null {
  const text = written.normalize('NFKC').trim()
  const domain = text.includes('@') ? domainOf(text) : text
  return (
    directory.byId(text.toLowerCase()) ??
    directory.byOri(text) ??
    (domain === null ? null : directory.byDomain(domain)) ??
    directory.byName(text)
  )
}

/**
 * Places everybody in a text that may hold several mailboxes, whatever stands between them: which one a mailer takes is not ours to
 * guess. Null stands for each that nobody could place.
 */
export function placeEach(written: string, directory: Directory): readonly (Agency | null)[] {
  const text = written.normalize('NFKC')
  const one = placeWritten(text, directory)
  if (one !== null || domainOf(text) !== null || !text.includes('@')) return [one]
  const mailboxes = text.split('@').slice(1)
  const behind = mailboxes.map(rest => directory.byDomain(/^\s*([\w.-]+)/.exec(rest)?.[1] ?? ''))
  // A route names its hosts before the last `@` too: `a%ice.dhs.gov@lacity.gov`.
  const routed = (text.match(/[\w.-]+/g) ?? []).map(host => directory.byDomain(host)).filter(found => found !== null)
  return [...behind, ...routed]
}

/**
 * Does an agency speak for another signal of the same sender? For itself, and for the whole it is a part of, whose mail and networks it
 * shares. Not where the whole enforces immigration law and the part does not: a login of FEMA with mail at dhs.gov is read there too.
 */
export const speaksFor = (agency: Agency, other: Agency): boolean =>
  agency.id === other.id ||
  (agency.id.startsWith(`${other.id}-`) && (other.category !== 'immigration-authority' || agency.category === 'immigration-authority'))
