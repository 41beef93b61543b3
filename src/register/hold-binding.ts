import type { HoldTicket } from '../terms/judgement.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { BookParts } from './book.ts'

type Token = BookParts['token']

/** Whose hold it is: one login of one issuer. */
export const ownerOf = (token: Token, { issuer, subject }: Parties['login']): string => token('owner', issuer, subject)

/**
 * Keyed digest of who asks, for whom, why, on what paper, and exactly what: a release is good for this and nothing else. The facts are those
 * before any confinement. The classes that were held are not in it: what is released in part must be found by the same call.
 */
export function bindingOf(token: Token, waitsFor: HoldTicket['for'], parties: Parties, facts: QueryFacts): string {
  const { login, requester, purpose, reason } = parties
  const { method, target, headers, body } = facts.upstream
  const who = [login.issuer, login.subject, requester.id, recipientsOf(parties)]
  const call = [method, target, sorted([...headers].map(pair => JSON.stringify(pair))), body && Buffer.from(body).toString('base64')]
  // The reason as counsel read it: a release for one reason must not serve a call that states another.
  const why = [purpose.code, paperOf(parties), caseOf(parties), reason?.trim() || null]
  return token('binding', JSON.stringify([waitsFor, who, why, facts.source, call]))
}

/**
 * For which calls counsel can attest the stated purpose: one agency, purpose, case number and source, the same recipients as counsel saw,
 * and named persons. Null where there is no such case.
 */
export function caseTokenOf(token: Token, parties: Parties, facts: QueryFacts): string | null {
  const number = caseOf(parties)
  if (number === null || !namesPersons(facts)) return null
  return token('case', parties.requester.id, parties.purpose.code, number, facts.source, JSON.stringify(recipientsOf(parties)))
}

/** Counsel who attests why one person is asked about has not said that the whole collection may leave. */
export const namesPersons = ({ dataSubjects, whole }: QueryFacts): boolean => dataSubjects.length > 0 && !whole

/** An agency that gained a flag, or one more recipient, is somebody counsel did not see. How it came to be a recipient does not matter. */
function recipientsOf({ recipients }: Parties): readonly string[] {
  const placed = recipients.map(({ id, category, jurisdiction, flags }) => JSON.stringify([id, category, jurisdiction, sorted(flags)]))
  return sorted([...new Set(placed)])
}

function paperOf({ presented, process }: Parties): readonly unknown[] {
  if (presented.process !== null) return ['id', presented.process]
  return process === null ? [] : ['kind', process.kind, process.issuer?.court ?? null, process.issuer?.signer ?? null, process.sealed]
}

/** Spaces are no case: an attestation for none would be one for all. */
const caseOf = ({ caseNumber }: Parties): string | null => caseNumber?.trim().toLowerCase() || null

// By code unit: the order must not depend on a locale.
const sorted = (texts: readonly string[]): readonly string[] => texts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
