import type { Call } from '../terms/call.ts'
import type { Attempts } from '../terms/consulted.ts'
import type { Decision } from '../terms/decision.ts'
import type { Inquiry } from '../terms/inquiry.ts'
import type { HoldTicket, Judgement, PartyRefusal, ShadowDecision } from '../terms/judgement.ts'
import type { LegalProcess } from '../terms/legal-process.ts'
import type { Parties, Party } from '../terms/parties.ts'
import type { FieldUse, QueryFacts } from '../terms/query-facts.ts'
import type { JsonValue } from './canonical.ts'
import type { Tokenizer } from './tokens.ts'

/** The members of an entry besides those that say when and by whom it was written. */
export type EntryBody = Readonly<Record<string, JsonValue>> & { readonly kind: string; readonly id?: string }

/** What an entry may be written with. */
export interface EntryTerms {
  readonly tokens: (agency: string, purpose: string) => Tokenizer
  /** Names of the sources at this gate: only these are written in clear. */
  readonly sources: ReadonlySet<string>
  /** Courts and signers of process that a rule in force names: only these are written in clear. */
  readonly issuers: () => ReadonlySet<string>
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])

/**
 * A judgement as the journal keeps it: names, classes, codes, counts and keyed tokens. No text of the caller's
 * (query, path, body, reason, case number, `detail`, `spelling`, an issuer of process that no rule names) and no value of a record is
 * ever in it.
 */
export function decisionEntry(judgement: Judgement, terms: EntryTerms): EntryBody {
  const { call, parties, query, decision, hold } = judgement
  const facts = query?.kind === 'facts' ? query : null
  const opaque = query?.kind === 'opaque' ? { code: query.code, where: plainWord(query.where) } : null
  const token = terms.tokens(parties.requester?.id ?? 'unknown', isPlaced(parties) ? parties.purpose.code : 'unstated')
  return {
    asked: asked(judgement.inquiry),
    collection: facts?.collection ?? null,
    decision: decided(decision),
    fault: judgement.fault === null ? null : plainWord(judgement.fault),
    attempts: attempted(judgement.attempts),
    hold: hold === null ? null : heldMembers(hold),
    known: known(judgement),
    id: call.id,
    kind: 'decision',
    ...partyMembers(parties, judgement, token, terms.issuers()),
    opaque,
    req: { digest: requestDigest(call, token), method: METHODS.has(call.method) ? call.method : 'other' },
    rulebook: judgement.rulebook,
    ...(judgement.shadow ? { shadow: shadowed(judgement.shadow) } : {}),
    source: facts?.source ?? (terms.sources.has(call.source) ? call.source : null),
    subjects: facts === null ? [] : subjects(facts, token),
    uses: facts === null ? [] : uses(facts.uses),
  }
}

const isPlaced = (parties: Parties | PartyRefusal): parties is Parties => !('kind' in parties)

function partyMembers(
  parties: Parties | PartyRefusal,
  { inquiry }: Judgement,
  token: Tokenizer,
  issuers: ReadonlySet<string>,
): Record<string, JsonValue> {
  const person = parties.login === null ? null : token('person', parties.login.issuer, parties.login.subject)
  if (!isPlaced(parties)) {
    const nobody = { agency: 'unknown', category: 'unknown', flags: [], jurisdiction: 'unknown' }
    const requester = { ...(parties.requester === null ? nobody : placed(parties.requester)), person }
    const absent = { case: null, lexicon: [], process: null, purpose: null, reason: null, recipients: [], routed: false }
    return { ...absent, refused: parties.reason.code, requester }
  }
  const { purpose, requester, recipients } = parties
  const process = inquiry?.process ?? parties.process
  // Judged as another purpose than the one stated: then the stated one is what was declared.
  const retried = inquiry && inquiry.purpose !== purpose.code ? inquiry.purpose : null
  return {
    case: parties.caseNumber === null ? null : token('case', parties.caseNumber),
    lexicon: parties.lexiconHits,
    process: process === null ? null : processMembers(process, issuers),
    purpose: { code: retried ?? purpose.code, declared: retried ? purpose.code : purpose.declared, from: purpose.from },
    reason: parties.reason === null ? null : token('reason', parties.reason),
    recipients: recipients.map(party => ({ ...placed(party), via: party.via })),
    refused: null,
    requester: { ...placed(requester), person },
    routed: parties.routed,
  }
}

/** The ticket as it was opened: names, classes, rules and keyed tokens, so that a register that was lost or edited shows. */
function heldMembers(hold: HoldTicket): JsonValue {
  const { agency, attestable, binding, caseToken, classes, dueAt, expiresAt, id, openedAt, opened, owner, people, rules, scope } = hold
  if (!opened) return { dueAt, id, opened }
  const waits = { classes, dueAt, expiresAt, for: hold.for, id, opened, openedAt, people, rules, scope }
  return { ...waits, agency, attestable, binding, caseToken, owner }
}

/** What the register had to do with the decision. `paper` and `lift` are used up by a permit alone. */
function known({ consulted, decision }: Judgement): JsonValue {
  if (consulted === null) return null
  const { paper, lift, noticed, retry, remarks, alarms } = consulted
  const permitted = decision.kind === 'permit'
  const only = permitted && decision.obligations.some(duty => 'only' in duty && duty.only === 'named-in-process')
  return {
    alarms,
    lift: lift && permitted ? { hold: lift.hold, rules: lift.rules } : null,
    noticed: permitted ? noticed : null,
    paper: paper && only ? paper.id : null,
    remarks,
    retry: retry ? { judged: retry.judged, of: retry.of, purpose: retry.purpose } : null,
  }
}

const attempted = (attempts: Attempts | null): JsonValue =>
  attempts && { agency: attempts.agency, own: attempts.own, reason: attempts.reason }

/** With what the parties, the purpose, the process and the uses say, enough to decide the inquiry again (`inquiryOf`). */
function asked(inquiry: Inquiry | null): JsonValue {
  if (!inquiry) return null
  const { attested, bulk, retry, self, source } = inquiry
  return { attested, bulk, keeper: source.keeper, records: source.records, retry, self }
}

function processMembers({ covers, issuer, kind, sealed, state }: LegalProcess, issuers: ReadonlySet<string>): JsonValue {
  const known = (word: string) => (word === 'unknown' || issuers.has(word) ? word : 'other')
  return { covers, issuer: issuer ? { court: known(issuer.court), signer: known(issuer.signer) } : null, kind, sealed, state }
}

const shadowed = ({ rulebook, kind, released, held, withheld, rules }: ShadowDecision) => ({
  held,
  kind,
  released,
  rulebook,
  rules,
  withheld,
})

const placed = ({ id, category, flags, jurisdiction }: Party) => ({ agency: id, category, flags, jurisdiction })

function decided(decision: Decision): JsonValue {
  return {
    held: decision.held,
    kind: decision.kind,
    obligations: decision.obligations.map(obligation => Object.fromEntries<JsonValue>(Object.entries(obligation))),
    reasons: decision.reasons.map(({ code, rule, cite }) => ({ cite, code, rule })),
    released: decision.kind === 'permit' ? decision.released : [],
    reply: decision.kind === 'deny' ? decision.reply : null,
    withheld: decision.withheld,
  }
}

function uses(all: readonly FieldUse[]): JsonValue[] {
  const seen = new Set<string>()
  const distinct: JsonValue[] = []
  for (const { classes, collection, field, kind, where: place } of all) {
    const where = plainWord(place)
    const key = `${collection}\0${field}\0${kind}\0${where}`
    if (seen.has(key)) continue
    seen.add(key)
    distinct.push({ classes, collection, field, kind, where })
  }
  return distinct
}

function subjects(facts: QueryFacts, token: Tokenizer): string[] {
  const name = (key: string) => token('subject', facts.source, facts.collection, key.normalize('NFC'))
  return [...new Set(facts.dataSubjects)].map(name)
}

function requestDigest(call: Call, token: Tokenizer): string {
  return token('request', call.method, call.source, call.path, call.query, call.body ?? '')
}

/** A word of Haven's own. Digits, quotes or length mean that something of the call slipped in: better lost than kept for ever. */
export const plainWord = (word: string): string => (/^[$a-z][a-z $._:-]{0,47}$/i.test(word) ? word : 'unlisted')
