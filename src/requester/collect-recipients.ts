import type { Agency } from '../terms/agency.ts'
import type { Party } from '../terms/parties.ts'
import type { Directory } from './directory.ts'
import { partyOf, placeEach, unknownParty } from './party.ts'

/** Who was found to receive the data of one call, and how. Null stands for somebody nobody could place. */
export interface Found {
  readonly requester: Party
  readonly agency: Agency | null
  readonly actors: readonly (Agency | null)[]
  /** As the caller wrote them. */
  readonly declared: readonly string[]
  /** Directory ids named in the free text. */
  readonly named: readonly string[]
}

/**
 * Everybody who gets the data: the requester first, the `act` chain, the declared and the named ones, and everyone any of them
 * stands to re-share this source with, over any number of steps. Nobody is ever replaced; each agency appears once, unplaced
 * parties each time.
 */
export function collectRecipients(found: Found, source: string, directory: Directory, at: number): readonly Party[] {
  const direct = [
    ...found.actors.map(agency => ({ agency, via: 'act' as const })),
    ...found.declared.flatMap(written => placeEach(written, directory)).map(agency => ({ agency, via: 'declared' as const })),
    ...found.named.map(id => ({ agency: directory.byId(id), via: 'reason' as const })),
  ]
  const parties = direct.map(({ agency, via }) => (agency === null ? unknownParty(via) : partyOf(agency, via, at)))
  const sharing = [found.agency, ...direct.map(({ agency }) => agency)].filter(agency => agency !== null)
  const onward = reshared(sharing, source, directory).map(agency => partyOf(agency, 'reshare', at))
  const all = [found.requester, ...parties, ...onward]
  const first = new Map(all.toReversed().map(party => [party.id, party]))
  return all.filter(party => party.id === 'unknown' || first.get(party.id) === party)
}

/** Everyone these stand to re-share a source with, over any number of steps. */
export function reshared(from: readonly Agency[], source: string, directory: Directory): readonly Agency[] {
  const seen = new Set<Agency>()
  const queue = [...from]
  for (let agency = queue.shift(); agency !== undefined; agency = queue.shift())
    for (const { to, sources } of agency.reshares) {
      const next = directory.byId(to)
      if (next === null || seen.has(next) || (sources !== 'all' && !sources.includes(source))) continue
      seen.add(next)
      queue.push(next)
    }
  return [...seen]
}
