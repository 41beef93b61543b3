import type { Agency } from '../terms/agency.ts'
import type { Call } from '../terms/call.ts'
import type { PartyRefusal } from '../terms/judgement.ts'
import type { Claims, Parties, Party } from '../terms/parties.ts'
import type { RecordClass } from '../terms/source.ts'
import { collectRecipients } from './collect-recipients.ts'
import type { CompiledLexicon } from './compile-lexicon.ts'
import type { Directory } from './directory.ts'
import { partyOf, placeEach, speaksFor } from './party.ts'
import { type IssuerScope, placeRequester } from './place-requester.ts'
import { readActChain } from './read-act-chain.ts'
import { readDeclarations } from './read-declarations.ts'
import { isRefused, partyRefusal } from './refusal.ts'
import { rememberConclusions } from './remember-conclusions.ts'

export type { IssuerScope } from './place-requester.ts'

export interface IdentifyParts {
  readonly directory: Directory
  readonly lexicon: CompiledLexicon
  readonly issuers: readonly IssuerScope[]
  readonly ownerJurisdiction: string
  /** The record class of a source, which a purpose can contradict; null for a source that nobody configured. */
  readonly recordsOf?: (source: string) => RecordClass | null
}

/**
 * Makes the first stage: who asks, for whom, why and on what authority. The claims must come from a verified token. The result
 * depends on the call and the claims alone (flags are judged at `call.receivedAt`). A verified token may be remembered, and what a text
 * says; whom the connection names is looked up in this directory each time.
 * @throws Error when two issuers share a name: which rules bind a token would be a matter of order.
 */
export function makeIdentify(parts: IdentifyParts): (call: Call, claims: Claims) => Parties | PartyRefusal {
  const issuers = new Map(parts.issuers.map(scope => [scope.issuer, scope]))
  if (issuers.size !== parts.issuers.length) throw new Error('two identity issuers have the same name')
  const chains = new WeakMap<Claims, ReturnType<typeof readActChain>>()
  const ready = {
    ...parts,
    conclude: rememberConclusions(parts.lexicon),
    actorsOf: (claims: Claims) => {
      // The same claims in the same directory name the same actors: another directory makes another of this function.
      const known = chains.get(claims) ?? readActChain(claims.act, parts.directory)
      chains.set(claims, known)
      return known
    },
  }
  return (call, claims) => identify(call, claims, issuers.get(claims.iss) ?? null, ready)
}

interface Ready extends IdentifyParts {
  readonly conclude: ReturnType<typeof rememberConclusions>
  readonly actorsOf: (claims: Claims) => ReturnType<typeof readActChain>
}

function identify(call: Call, claims: Claims, scope: IssuerScope | null, parts: Ready): Parties | PartyRefusal {
  const { directory, conclude, ownerJurisdiction } = parts
  const login = { issuer: claims.iss, subject: claims.sub }
  if (scope === null) {
    const detail = "The token's issuer is not configured at this gate."
    return partyRefusal({ refused: 'token.invalid', reply: 'unauthenticated', detail }, null, login)
  }
  const placed = placeRequester(claims, scope, directory, call.peer)
  if (isRefused(placed)) return partyRefusal(placed, null, login)
  const { agency, beside } = placed
  const requester = agency === null ? personOf(ownerJurisdiction) : partyOf(agency, 'requester', call.receivedAt)
  const chain = parts.actorsOf(claims)
  if (isRefused(chain)) return partyRefusal(chain, requester, login)
  const declarations = readDeclarations(call, claims)
  if (isRefused(declarations)) return partyRefusal(declarations, requester, login)
  const { purpose, reading } = conclude(declarations, agency, parts.recordsOf?.(call.source) ?? null)
  const declared = [...declarations.recipients, ...mailedTo(claims, agency, directory), ...beside.map(({ id }) => id)]
  const found = { requester, agency, actors: chain.actors, declared, named: reading?.recipients ?? [] }
  return {
    requester,
    recipients: collectRecipients(found, call.source, directory, call.receivedAt),
    purpose,
    process: declarations.process,
    presented: declarations.presented,
    routed: chain.actors.some(actor => actor === null || actor.id !== requester.id),
    login,
    subjectOf: new Map(agency === null ? Object.entries(claims.subject_of ?? {}) : []),
    lexiconHits: reading?.hits ?? [],
    reason: declarations.reason,
    caseNumber: declarations.case,
  }
}

// An e-mail nobody verified places no requester, but a badge whose mail goes to another agency may well read it there.
function mailedTo(claims: Claims, agency: Agency | null, directory: Directory): readonly string[] {
  if (agency === null || claims.email === undefined || claims.email_verified === true) return []
  return placeEach(claims.email, directory).flatMap(reader => (reader === null || speaksFor(agency, reader) ? [] : [reader.id]))
}

const personOf = (jurisdiction: string): Party => ({
  id: 'person',
  name: 'a person',
  category: 'person',
  jurisdiction,
  flags: [],
  via: 'requester',
})
