import type { RedactedAnswer, UpstreamAnswer } from './terms/answer.ts'
import type { Call } from './terms/call.ts'
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
  /** May it be shared, on what terms? */
  readonly decide: (inquiry: Inquiry, facts: QueryFacts) => Decision
  /** What waits for counsel gets a ticket before the decision is recorded, so that the entry names it. */
  readonly openHold: (order: HoldOrder, parties: Parties, facts: QueryFacts) => HoldTicket
  /** Is the decision durable? Nothing is asked of the record API, and nothing released, without the receipt. */
  readonly recordDecision: <D extends Decision>(judgement: Judgement<D>) => Promise<Receipt<D>>
  /** What does the record API say? */
  readonly forward: (receipt: Receipt<Permit>) => Promise<UpstreamAnswer>
  /** What may leave? */
  readonly redact: (answer: UpstreamAnswer, receipt: Receipt<Permit>) => Promise<RedactedAnswer>
  /** The gate's own answers, `/.haven/...`: null when there is nothing of the caller's there. */
  readonly answerOwn: (call: Call, parties: Parties) => { readonly body: unknown; readonly permit: Permit } | null
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
  const receipt = await stages.recordDecision(judged.judgement)
  if (!isPermitted(receipt)) return { kind: 'refused', judgement: judged.judgement, fault: null }
  return judged.own ? releaseOwn(stages, receipt, judged.own.body) : release(stages, around, receipt)
}

interface Judged {
  readonly judgement: Judgement
  readonly own: { readonly body: unknown } | null
}

function judge(stages: Stages, around: Surroundings, call: Call, claims: Claims, broken: Opaque | null): Judged {
  const unjudged = { call, query: null, inquiry: null, hold: null, fault: null, rulebook: around.rulebook }
  const refused = (parties: Judgement['parties'], query: Judgement['query'], decision: Deny, detail: string): Judged => ({
    judgement: { ...unjudged, parties, query, decision, detail },
    own: null,
  })
  try {
    const parties = stages.identify(call, claims)
    if ('kind' in parties) return refused(parties, null, denyFor(parties.reply, parties.reason.code), parties.detail)
    if (call.source === '.haven' && !broken) {
      const own = stages.answerOwn(call, parties)
      if (!own) return refused(parties, null, denyFor('not-permitted', 'hold.none'), REASONS['hold.none'])
      return { judgement: { ...unjudged, parties, decision: own.permit, detail: '' }, own }
    }
    const query = broken ?? stages.inspect(call)
    if (query.kind === 'opaque') return refused(parties, query, denyFor(query.reply, query.code), query.detail)
    const inquiry = toInquiry(parties, query, around)
    const decision = stages.decide(inquiry, query)
    const hold = decision.hold && stages.openHold(decision.hold, parties, query)
    const detail = explainToCaller(decision, parties, query)
    return { judgement: { ...unjudged, parties, query, inquiry, decision, hold, detail }, own: null }
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
  const settle = (outcome: Outcome) => stages.recordOutcome(receipt, outcome)
  try {
    const answer = await stages.redact(await stages.forward(receipt), receipt)
    return { kind: 'released', receipt, answer, settle }
  } catch (error) {
    around.report(error)
    const fault = error instanceof Fault ? error : new Fault('fault.stage-failed', 'unavailable', 'a stage failed', { cause: error })
    const failure = { code: fault.code, atByte: 0 }
    await settle({ ...NOTHING_LEFT, state: 'withheld', upstreamStatus: fault.upstreamStatus, failure })
    return { kind: 'refused', judgement: receipt.judgement, fault }
  }
}

const NOTHING_LEFT = { status: 0, bytesIn: 0, bytesOut: 0, records: 0, cut: new Map<string, number>() }

const isPermitted = (receipt: Receipt): receipt is Receipt<Permit> => receipt.judgement.decision.kind === 'permit'

const reasonOf = (code: ReasonCode) => ({ code, rule: null, cite: [], text: REASONS[code] })

/** A refusal before, or instead of, a decision by law. */
function denyFor(reply: Deny['reply'], code: ReasonCode): Deny {
  return { kind: 'deny', reply, blame: [], verdicts: [], withheld: [], held: [], hold: null, obligations: [], reasons: [reasonOf(code)] }
}

function toInquiry(parties: Parties, facts: QueryFacts, around: Surroundings): Inquiry {
  const source = around.sourceOf(facts.source)
  if (!source) throw new Fault('source.unknown', 'malformed', `facts about a source that is not configured: ${facts.source}`)
  const own = parties.subjectOf.get(facts.source)
  return {
    requester: parties.requester,
    recipients: parties.recipients,
    purpose: parties.purpose.code,
    process: parties.process,
    source: { keeper: source.keeper, records: source.records },
    uses: facts.uses.flatMap(({ classes, kind }) => classes.map(dataClass => ({ class: dataClass, kind }))),
    bulk: false,
    routed: parties.routed,
    retry: false,
    attested: false,
    // One's own key names oneself in one collection only: `id=eq.11` of the inspections is about somebody else's home.
    self:
      own !== undefined &&
      facts.collection === source.subjects &&
      facts.dataSubjects.length > 0 &&
      facts.dataSubjects.every(k => k === own),
    at: around.now(),
  }
}

/** One sentence for the caller: what is missing, or which use of which field, spelt as the caller spelt it. */
function explainToCaller(decision: Decision, parties: Parties, facts: QueryFacts): string {
  if (decision.kind !== 'deny') return decision.reasons[0]?.text ?? ''
  if (decision.reply === 'query') {
    const blamed = facts.uses.find(use => decision.blame.some(({ class: c, kind }) => use.kind === kind && use.classes.includes(c)))
    if (blamed) return `${blamed.where}: "${blamed.spelling}" cannot be used here`
  }
  return [decision.reasons[0]?.text, parties.purpose.missing].filter(Boolean).join(' ')
}
