import { z } from 'zod'
import type { Agency } from '../terms/agency.ts'
import type { Directory } from './directory.ts'
import { domainOf, placeWritten } from './party.ts'
import { malformed, type Refused } from './refusal.ts'

const DEEPEST = 8

const Actor = z.object({
  sub: z.string().min(1),
  agency: z.string().min(1).optional(),
  ori: z.string().min(1).optional(),
  email: z.string().min(1).optional(),
  email_verified: z.boolean().optional(),
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

// Signals here only add recipients, so each one counts; one that cannot be placed or trusted leaves an unknown recipient behind.
function placeActor(actor: Actor, directory: Directory): (Agency | null)[] {
  const signals = [
    ...(actor.agency === undefined ? [] : [directory.byId(actor.agency)]),
    ...(actor.ori === undefined ? [] : [directory.byOri(actor.ori)]),
    ...(actor.email === undefined ? [] : [directory.byDomain(domainOf(actor.email))]),
    ...(actor.email !== undefined && actor.email_verified !== true && actor.agency === undefined && actor.ori === undefined ? [null] : []),
  ]
  return signals.length > 0 ? signals : [placeWritten(actor.sub, directory)]
}
