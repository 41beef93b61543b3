import type { Attempts } from '../terms/consulted.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { BookParts } from './book.ts'

/** An entry must stay small, however many persons a call names. */
const REMEMBERED_PERSONS_MAX = 50

/** Makes the keyed tokens under which refusals are remembered and recognised. */
export interface AttemptTokens {
  /** Under what a refusal of this call is remembered; `own` and `agency` name the same persons in the same order. */
  readonly of: (parties: Parties, facts: QueryFacts) => Attempts
  /** `own` of the persons beyond the bound of `of`: fifty strangers in front must not hide the one that was refused. */
  readonly further: (parties: Parties, facts: QueryFacts) => readonly string[]
}

export function makeAttemptTokens(token: BookParts['token']): AttemptTokens {
  const own = ({ login }: Parties, { source, collection }: QueryFacts, key: string) =>
    token('attempt', login.issuer, login.subject, source, collection, key)
  return {
    of: (parties, facts) => {
      const keys = keysOf(facts).slice(0, REMEMBERED_PERSONS_MAX)
      const { login, requester, reason } = parties
      return {
        own: keys.map(key => own(parties, facts, key)),
        agency: keys.map(key => token('attempt-agency', requester.id, facts.source, facts.collection, key)),
        // With the login: reasons are compared for one login alone, and a token that is the same everywhere would join strangers.
        reason: token('attempt', 'reason', login.issuer, login.subject, foldReason(reason ?? '')),
      }
    },
    further: (parties, facts) =>
      keysOf(facts)
        .slice(REMEMBERED_PERSONS_MAX)
        .map(key => own(parties, facts, key)),
  }
}

const keysOf = ({ dataSubjects, mentions = [] }: QueryFacts): readonly string[] => [...new Set([...dataSubjects, ...mentions].map(foldKey))]

/**
 * A record API reads `4711`, ` 04711`, `+4711` and `4711.0` as one number, and a UUID with and without hyphens as one: who writes the key
 * in another way asks about the same person. Folding too much only links too much.
 */
export function foldKey(key: string): string {
  const plain = key.normalize('NFKC').trim().toLowerCase()
  const uuid = plain.replace(/[{}-]/g, '')
  if (/^[0-9a-f]{32}$/.test(uuid)) return uuid
  return /^\+?0*(\d+)(?:\.0*)?$/.exec(plain)?.[1] ?? plain
}

/** Another blank, capital or invisible sign is not another reason. */
const foldReason = (reason: string): string =>
  reason
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase()
