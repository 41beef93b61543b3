import type { RedactedAnswer, UpstreamAnswer } from './terms/answer.ts'
import type { Call } from './terms/call.ts'
import type { Attempts, Consulted } from './terms/consulted.ts'
import type { Decision, Deny, HoldOrder, Permit } from './terms/decision.ts'
import { Fault } from './terms/faults.ts'
import type { Inquiry } from './terms/inquiry.ts'
import type { HoldTicket, Judgement, PartyRefusal } from './terms/judgement.ts'
import type { Claims, Parties } from './terms/parties.ts'
import type { Opaque, QueryFacts } from './terms/query-facts.ts'
import { REASONS, type ReasonCode } from './terms/reason.ts'
import type { Outcome, Receipt } from './terms/receipt.ts'
import type { Keeper, RecordClass } from './terms/source.ts'

/** The stages of one request, in order. Whoever reads these lines knows the machine. */
export interface Stages {
  /** Who asks, for whom, why, on what authority? */
  readonly identify: (call: Call, claims: Claims) => Parties | PartyRefusal
  /** What would this query touch, and how? */
  readonly inspect: (call: Call) => QueryFacts | Opaque
  /** Who else gets it: addresses in the call that would receive the answer or a copy. Recipients are only ever added. */
  readonly addressees: (parties: Parties, facts: QueryFacts) => Parties
  /** What the register knows of this call: process, attestations, releases, earlier refusals, volume. */
  readonly consult: (call: Call, parties: Parties, facts: QueryFacts) => Consulted | Overload
  /** May it be shared, on what terms? */
  readonly decide: (inquiry: Inquiry, facts: QueryFacts, consulted: Consulted) => Decision
  /** What waits for counsel gets a ticket before the decision is recorded, so that the entry names it. */
  readonly openHold: (order: HoldOrder, parties: Parties, facts: QueryFacts, inquiry: Inquiry) => HoldTicket
  /** Under what a refusal is remembered: the same question in other words must be recognised. */
  readonly attemptsOf: (parties: Parties, facts: QueryFacts) => Attempts | null
  /** Is the decision durable? Nothing is asked of the record API, and nothing released, without the receipt. */
  readonly recordDecision: <D extends Decision>(judgement: Judgement<D>) => Promise<Receipt<D>>
  /** What counsel must be able to see later of a call that waits, or of which somebody must be told, sealed to counsel's key. */
  readonly keep: (receipt: Receipt) => Promise<void>
  /** What does the record API say? */
  readonly forward: (receipt: Receipt<Permit>) => Promise<UpstreamAnswer>
  /** What may leave? */
  readonly redact: (answer: UpstreamAnswer, receipt: Receipt<Permit>) => Promise<RedactedAnswer>
  /** The gate's own answers, `/.haven/...`: null when there is nothing of the caller's there. */
  readonly answerOwn: (call: Call, parties: Parties) => { readonly body: unknown; readonly permit: Permit } | Overload | null
  /** What left? */
  readonly recordOutcome: (receipt: Receipt<Permit>, outcome: Outcome) => Promise<void>
}

/** What the stages need to know besides. */
export interface Surroundings {
  /** Milliseconds since 1970: the later of the clock and the journal's newest entry. */
  readonly now: () => number
  readonly sourceOf: (name: string) => SourceTerms | null
  readonly rulebook: string
  /** The operator's log. */
  readonly report: (error: unknown) => void
}

export interface SourceTerms {
  readonly keeper: Keeper
  readonly records: RecordClass
  /** The collection whose key names the data subject; null when none does. */
  readonly subjects: string | null
}

/** The agency asks more often, or more at once, than it is served for this kind of purpose. */
export interface Overload {
  readonly overload: true
  /** For the caller: how many, and when again. */
  readonly detail: string
}

export type Handled =
  | { readonly kind: 'refused'; readonly judgement: Judgement; readonly fault: Fault | null }
  | {
      readonly kind: 'released'
      readonly receipt: Receipt<Permit>
      readonly answer: RedactedAnswer
      /** To be called once, when the last byte left or none will. */
      readonly settle: (outcome: Outcome) => Promise<void>
    }

/**
 * Handles one authenticated call. `broken` is a call the server could not even frame (too large, bad media type): it is recorded and
 * refused like any other.
 */
export async function handle(stages: Stages, around: Surroundings, call: Call, claims: Claims, broken: Opaque | null): Promise<Handled> {
  const judged = judge(stages, around, call, claims, broken)
  // Nothing is awaited between judging and recording: a release that is good once must not be judged twice before it is used up.
  const receipt = await stages.recordDecision(judged.judgement)
  try {
    await stages.keep(receipt)
  } catch (error) {
    if (!isPermitted(receipt)) throw error
    if (owesNotice(receipt) || isJournal(error)) return withhold(stages, around, receipt, error)
    // What waits beside it is kept when the caller asks again; an ambulance does not wait for counsel's file.
    around.report(error)
  }
  if (!isPermitted(receipt)) return { kind: 'refused', judgement: judged.judgement, fault: null }
  return judged.own ? releaseOwn(stages, receipt, judged.own.body) : release(stages, around, receipt)
}

interface Judged {
  readonly judgement: Judgement
  readonly own: { readonly body: unknown } | null
}

function judge(stages: Stages, around: Surroundings, call: Call, claims: Claims, broken: Opaque | null): Judged {
  const unjudged = { call, query: null, inquiry: null, hold: null, fault: null, consulted: null, attempts: null, rulebook: around.rulebook }
  const refused = (parties: Judgement['parties'], query: Judgement['query'], decision: Deny, detail: string): Judged => ({
    judgement: { ...unjudged, parties, query, decision, detail },
    own: null,
  })
  try {
    const parties = stages.identify(call, claims)
    if ('kind' in parties) return refused(parties, null, denyFor(parties.reply, parties.reason.code), parties.detail)
    if (call.source === '.haven' && !broken) {
      const own = stages.answerOwn(call, parties)
      if (own && 'overload' in own) return refused(parties, null, denyFor('unavailable', 'rate.exceeded'), own.detail)
      if (!own) return refused(parties, null, denyFor('not-permitted', 'hold.none'), REASONS['hold.none'])
      return { judgement: { ...unjudged, parties, decision: own.permit, detail: '' }, own }
    }
    const query = broken ?? stages.inspect(call)
    if (query.kind === 'opaque') return refused(parties, query, denyFor(query.reply, query.code), query.detail)
    const all = stages.addressees(parties, query)
    const consulted = stages.consult(call, all, query)
    if ('overload' in consulted) return refused(all, query, denyFor('unavailable', 'rate.exceeded'), consulted.detail)
    const stated = toInquiry(all, query, consulted, around)
    const { inquiry, decision } = decideStrictly(stages, stated, query, consulted)
    const hold = ticketFor(decision, order => stages.openHold(order, all, query, inquiry), around.report)
    const attempts = decision.kind === 'permit' ? null : stages.attemptsOf(all, query)
    const detail = explainToCaller(decision, all, query, consulted)
    const found = { inquiry, decision, hold, consulted, attempts, detail }
    return { judgement: { ...unjudged, parties: all, query: confined(query, decision, consulted), ...found }, own: null }
  } catch (error) {
    around.report(error)
    const code = error instanceof Fault ? error.code : 'fault.stage-failed'
    const unplaced = { requester: null, login: { issuer: claims.iss, subject: claims.sub }, reason: reasonOf(code), detail: '' }
    const parties: PartyRefusal = { kind: 'party-refusal', reply: 'malformed', ...unplaced }
    const decision = denyFor('unavailable', code)
    return { judgement: { ...unjudged, parties, decision, fault: code, detail: REASONS[code] }, own: null }
  }
}

function releaseOwn(stages: Stages, receipt: Receipt<Permit>, own: unknown): Handled {
  const body = new TextEncoder().encode(JSON.stringify(own))
  const report = () => ({ bytesIn: 0, bytesOut: body.length, records: 0, cut: new Map<string, number>() })
  const answer = { status: 200, contentType: 'application/json', body, report }
  return { kind: 'released', receipt, answer, settle: outcome => stages.recordOutcome(receipt, outcome) }
}

async function release(stages: Stages, around: Surroundings, receipt: Receipt<Permit>): Promise<Handled> {
  try {
    const answer = await stages.redact(await stages.forward(receipt), receipt)
    return { kind: 'released', receipt, answer, settle: outcome => stages.recordOutcome(receipt, outcome) }
  } catch (error) {
    return withhold(stages, around, receipt, error)
  }
}

/** A permit under which nothing leaves after all. Said in the journal: a permit without an outcome counts as released. */
async function withhold(stages: Stages, around: Surroundings, receipt: Receipt<Permit>, error: unknown): Promise<Handled> {
  around.report(error)
  const fault = error instanceof Fault ? error : new Fault('fault.stage-failed', 'unavailable', 'a stage failed', { cause: error })
  const failure = { code: fault.code, atByte: 0 }
  await stages.recordOutcome(receipt, { ...NOTHING_LEFT, state: 'withheld', upstreamStatus: fault.upstreamStatus, failure })
  return { kind: 'refused', judgement: receipt.judgement, fault }
}

/** The ticket of what is held. Where no more can be opened, what is permitted beside it still leaves; what is held stays so, without one. */
function ticketFor({ kind, hold }: Decision, open: (order: HoldOrder) => HoldTicket, report: (error: unknown) => void): HoldTicket | null {
  try {
    return hold && open(hold)
  } catch (error) {
    if (kind !== 'permit' || !(error instanceof Fault) || error.code !== 'fault.overload') throw error
    report(error)
    return null
  }
}

/**
 * A question that was refused for one purpose is not answered because it names another (156,161 vague searches followed one block): it is
 * judged as both, and the stricter stands.
 */
function decideStrictly(stages: Stages, stated: Inquiry, facts: QueryFacts, known: Consulted): { inquiry: Inquiry; decision: Decision } {
  const asStated = { inquiry: stated, decision: stages.decide(stated, facts, known) }
  if (!known.retry?.judged || known.retry.purpose === stated.purpose) return asStated
  const earlier = { ...stated, purpose: known.retry.purpose }
  const asEarlier = { inquiry: earlier, decision: stages.decide(earlier, facts, known) }
  const opens = ({ decision }: typeof asStated) =>
    decision.kind === 'permit' ? 2 + decision.released.length : decision.kind === 'hold' ? 1 : 0
  return opens(asStated) < opens(asEarlier) ? asStated : asEarlier
}

const NOTHING_LEFT = { status: 0, bytesIn: 0, bytesOut: 0, records: 0, cut: new Map<string, number>() }

const isPermitted = (receipt: Receipt): receipt is Receipt<Permit> => receipt.judgement.decision.kind === 'permit'

const isJournal = (error: unknown): boolean => error instanceof Fault && error.code === 'fault.journal'

const owesNotice = ({ judgement }: Receipt): boolean => judgement.decision.obligations.some(duty => 'notify' in duty)

const reasonOf = (code: ReasonCode) => ({ code, rule: null, cite: [], text: REASONS[code] })

/** A refusal before, or instead of, a decision by law. */
function denyFor(reply: Deny['reply'], code: ReasonCode): Deny {
  return { kind: 'deny', reply, blame: [], verdicts: [], withheld: [], held: [], hold: null, obligations: [], reasons: [reasonOf(code)] }
}

/** What a court opened for named persons is asked for these persons alone, where the dialect can say so; the redactor checks it all the same. */
function confined(facts: QueryFacts, decision: Decision, { paper }: Consulted): QueryFacts {
  const named = decision.kind === 'permit' && decision.obligations.some(duty => 'only' in duty && duty.only === 'named-in-process')
  if (!named || paper === null || facts.dataSubjects.length > 0) return facts
  const upstream = facts.confine?.(paper.scope.persons) ?? null
  return upstream ? { ...facts, dataSubjects: paper.scope.persons, upstream } : facts
}

function toInquiry(parties: Parties, facts: QueryFacts, known: Consulted, around: Surroundings): Inquiry {
  const source = around.sourceOf(facts.source)
  if (!source) throw new Fault('source.unknown', 'malformed', `facts about a source that is not configured: ${facts.source}`)
  const own = parties.subjectOf.get(facts.source)
  return {
    requester: parties.requester,
    recipients: parties.recipients,
    purpose: parties.purpose.code,
    process: known.process,
    source: { keeper: source.keeper, records: source.records },
    uses: facts.uses.flatMap(({ classes, kind }) => classes.map(dataClass => ({ class: dataClass, kind }))),
    bulk: known.bulk,
    routed: parties.routed,
    retry: known.retry !== null,
    attested: known.attested,
    // One's own key names oneself in one collection only: `id=eq.11` of the inspections is about somebody else's home.
    self:
      own !== undefined &&
      facts.collection === source.subjects &&
      facts.dataSubjects.length > 0 &&
      facts.dataSubjects.every(k => k === own),
    at: around.now(),
  }
}

/** For the caller: what is missing, or which use of which field, spelt as the caller spelt it, and why what was presented opened nothing. */
function explainToCaller(decision: Decision, parties: Parties, facts: QueryFacts, known: Consulted): string {
  const retried = known.retry?.judged && known.retry.purpose !== parties.purpose.code ? [REASONS['purpose.retry']] : []
  const remarks = [...retried, ...known.remarks.map(code => REASONS[code])]
  if (decision.kind !== 'deny') return [decision.reasons[0]?.text, ...remarks].filter(Boolean).join(' ')
  if (decision.reply === 'query') {
    const blamed = facts.uses.find(use => decision.blame.some(({ class: c, kind }) => use.kind === kind && use.classes.includes(c)))
    if (blamed) return [`${blamed.where}: "${blamed.spelling}" cannot be used here.`, ...remarks].join(' ')
  }
  return [decision.reasons[0]?.text, parties.purpose.missing, ...remarks].filter(Boolean).join(' ')
}
