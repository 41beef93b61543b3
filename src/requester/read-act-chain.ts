import { z } from 'zod'
import type { Agency } from '../terms/agency.ts'
import type { Directory } from './directory.ts'
import { domainOf, placeEach, speaksFor } from './party.ts'
import { malformed, type Refused } from './refusal.ts'

const DEEPEST = 8

const Actor = z.object({
  sub: z.string().min(1),
  iss: z.string().optional(),
  agency: z.string().min(1).optional(),
  ori: z.string().min(1).optional(),
  email: z.string().min(1).optional(),
  email_verified: z
    .unknown()
    .transform(verified => verified === true)
    .optional(),
  act: z.unknown().optional(),
})
type Actor = z.infer<typeof Actor>

/**
 * Everybody in the `act` claim of a token (RFC 8693, section 4.1), outermost first; null stands for an actor nobody could place.
 * All of them receive the data: the subject is the one acted for, `act` the one who acts.
 */
export function readActChain(act: unknown, directory: Directory): { readonly actors: readonly (Agency | null)[] } | Refused {
  const actors: (Agency | null)[] = []
  for (let level = act, depth = 1; level !== undefined; depth++) {
    // Nesting costs the caller nothing and the decider a party each.
    if (depth > DEEPEST) return malformed(`The 'act' chain of the token is deeper than ${DEEPEST} actors.`)
    const actor = Actor.safeParse(level)
    if (!actor.success) return malformed("Each level of the token's 'act' claim is an object with a 'sub' (RFC 8693).")
    actors.push(...placeActor(actor.data, directory))
    level = actor.data.act
  }
  return { actors }
}

// Signals here only add recipients, so each one counts; an actor that no signal vouches for leaves an unknown recipient behind.
function placeActor({ sub, iss, agency, ori, email, email_verified: isVerified }: Actor, directory: Directory): (Agency | null)[] {
  const vouched = [...(agency === undefined ? [] : [directory.byId(agency)]), ...(ori === undefined ? [] : [directory.byOri(ori)])]
  const isPlaced = vouched.some(found => found !== null)
  // A mailbox inside an agency's own walls (svc@apps.internal) says nothing beside that agency; a list of mailboxes hides somebody.
  const isQuiet = isPlaced && email !== undefined && domainOf(email) !== null
  const mailed = email === undefined ? [] : placeEach(email, directory).filter(found => found !== null || !isQuiet)
  const unverified = email !== undefined && isVerified !== true && vouched.length === 0 ? [null] : []
  const signals = [...vouched, ...mailed, ...unverified]
  const names = placeEach(sub, directory).filter(found => found !== null)
  const issuer = iss !== undefined && URL.canParse(iss) ? directory.byDomain(new URL(iss).hostname) : null
  const said = [...names, ...(issuer === null ? [] : [issuer])].filter(found => !signals.some(one => one !== null && speaksFor(one, found)))
  return [...signals, ...said, ...(signals.length === 0 && names.length === 0 ? [null] : [])]
}
