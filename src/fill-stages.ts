import type { Metrics } from './admin/metrics.ts'
import type { Journal } from './audit/record.ts'
import type { HavenFile } from './config/schema.ts'
import type { Stages, Surroundings } from './gatekeeper.ts'
import { awaitNotice } from './policy/await-notice.ts'
import { decide } from './policy/decide.ts'
import { rememberDecisions } from './policy/decide-cached.ts'
import { foldFields } from './policy/fold-fields.ts'
import type { Prepared } from './prepare.ts'
import { forward, type UpstreamSource } from './proxy/forward.ts'
import { answerOwn } from './proxy/own-answers.ts'
import { makeInspect } from './query/inspect.ts'
import { listUses } from './query/list-uses.ts'
import { compileSearch } from './redact/compile-search.ts'
import { redact } from './redact/redact.ts'
import { checkScope, type ScopeProblem } from './register/check-scope.ts'
import type { Register } from './register/register.ts'
import { addAddressees } from './requester/addressees.ts'
import { makeIdentify } from './requester/identify.ts'
import { namedIssuers } from './rulebook/named-issuers.ts'
import { makeShadow } from './rulebook/shadow.ts'
import type { Category } from './terms/agency.ts'
import type { Decision } from './terms/decision.ts'
import type { Inquiry } from './terms/inquiry.ts'
import type { Instrument } from './terms/instrument.ts'
import type { Judgement } from './terms/judgement.ts'
import type { Parties, Party } from './terms/parties.ts'
import type { QueryFacts } from './terms/query-facts.ts'

const WHOLE_BYTES = 64 * 1024

/** A rulebook at work: everything a call needs that a reload replaces. Never changed, only replaced whole. */
export interface InForce {
  readonly stages: Stages
  readonly around: Surroundings
  readonly prepared: Prepared
  /** Courts and signers that a rule names: the journal may write these words. */
  readonly issuers: ReadonlySet<string>
  /** What an instrument names that is unknown here. */
  readonly checkScope: (instrument: Instrument) => readonly ScopeProblem[]
}

/** Bodies whose ordinary business is to save people. Police may declare an emergency too, and are then heard for that purpose alone. */
const RESCUE: readonly Category[] = ['fire-ems', 'health']

/** What stays while rulebooks come and go. */
export interface Standing {
  readonly journal: Journal
  readonly upstreams: ReadonlyMap<string, UpstreamSource>
  readonly register: Register
  readonly metrics: Metrics
  readonly now: () => number
  readonly report: (error: unknown) => void
}

/** Builds a complete set of stages for one rulebook, and changes nothing. */
export function fillStages(prepared: Prepared, standing: Standing): InForce {
  const around = surroundings(prepared, standing)
  const { journal, upstreams, register, metrics } = standing
  const { rulebook, directory, lexicon, sources, loaded } = prepared
  const { identity, owner, limits } = loaded.haven.value
  const search = compileSearch(loaded.vocabulary.value.phrases)
  const redactSettings = { answerBytes: limits.answerBytes, valueBytes: limits.valueBytes, wholeBytes: WHOLE_BYTES, search }
  const own = {
    findHold: register.holds.findOwn,
    listUses: (name: string) => sources.filter(source => source.name === name).map(listUses)[0] ?? null,
    decideUses: makeDecideUses(prepared, around),
  }
  const remember = rememberDecisions(rulebook)
  const shadowed = shadowOf(prepared, metrics)
  const subjects = new Map(sources.map(({ name, catalogue }) => [name, catalogue.subjects]))
  const callTerms = ({ requester }: Parties, { source }: QueryFacts) => ({
    subjects: subjects.get(source) ?? null,
    entitledToEmergency: RESCUE.includes(requester.category) && (directory.byId(requester.id)?.purposes.includes('emergency') ?? false),
  })
  const stages: Stages = {
    identify: makeIdentify({
      directory,
      lexicon,
      issuers: identity.issuers,
      ownerJurisdiction: owner.jurisdiction,
      recordsOf: name => around.sourceOf(name)?.records ?? null,
    }),
    inspect: makeInspect(sources),
    addressees: (parties, facts) =>
      certified(addAddressees(parties, facts.addresses, directory, lexicon, standing.now(), facts.source), register),
    consult: (_call, parties, facts) => {
      const known = register.consult(parties, facts, callTerms(parties, facts))
      return typeof known === 'string' ? { overload: true, detail: known } : known
    },
    decide: (inquiry, facts, { lift, noticed }) => awaitNotice(foldFields(remember(inquiry, lift), facts), noticed !== null),
    openHold: (order, parties, facts, inquiry) => register.holds.open(order, parties, facts, isAttestable(remember, inquiry)),
    attemptsOf: register.attemptsOf,
    keep: ({ judgement }) => register.keep(judgement),
    recordDecision: judgement => journal.recordDecision(shadowed(judgement)),
    forward: receipt => forward(upstreams, receipt),
    redact: (answer, receipt) => redact(answer, receipt, redactSettings, receipt.judgement.call.method),
    answerOwn: (call, parties) => {
      const detail = register.enterOwn(parties)
      return detail === null ? answerOwn(own, call, parties) : { overload: true, detail }
    },
    recordOutcome: (receipt, outcome) => journal.recordOutcome(receipt, outcome),
  }
  const issuers = namedIssuers(loaded.canonical.content)
  return { stages: metrics.counted(stages), around, prepared, issuers, checkScope: checksScopes(prepared) }
}

function checksScopes({ loaded, sources }: Prepared): InForce['checkScope'] {
  const catalogues = new Map(sources.map(({ name, catalogue }) => [name, catalogue]))
  const agencies = loaded.agencies.value.agencies.map(({ id }) => id)
  return instrument => checkScope(instrument, { catalogues, agencies })
}

/** Would counsel's word that the purpose is the real one be enough? */
function isAttestable(remember: ReturnType<typeof rememberDecisions>, inquiry: Inquiry): boolean {
  if (inquiry.attested) return false
  const without = remember(inquiry)
  const attested = remember({ ...inquiry, attested: true })
  return attested.kind === 'permit' ? without.kind !== 'permit' : attested.held.length < without.held.length
}

/** A certificate in the register makes its agency `certified`, as a flag of the directory does. */
function certified(parties: Parties, { certificates }: Register): Parties {
  const withFlag = (party: Party): Party =>
    party.flags.includes('certified') || !certificates.isCertified(party.id) ? party : { ...party, flags: [...party.flags, 'certified'] }
  return { ...parties, requester: withFlag(parties.requester), recipients: parties.recipients.map(withFlag) }
}

function shadowOf({ shadow }: Prepared, metrics: Metrics): <D extends Decision>(judgement: Judgement<D>) => Judgement<D> {
  return shadow ? makeShadow(shadow.digest, shadow.rulebook, metrics.shadow) : judgement => judgement
}

function makeDecideUses({ rulebook }: Prepared, around: Surroundings) {
  return (name: string, parties: Parties, uses: Parameters<typeof decide>[1]['uses']) => {
    const source = around.sourceOf(name) ?? { keeper: 'general', records: 'general' }
    const { requester, recipients, purpose, process, routed } = parties
    const stated = { requester, recipients, purpose: purpose.code, process, source, routed, at: around.now() }
    return decide(rulebook, { ...stated, uses, bulk: false, retry: false, attested: false, self: parties.subjectOf.has(name) })
  }
}

function surroundings({ loaded, sources: compiled }: Prepared, { now, report }: Standing): Surroundings {
  const subjects = new Map(compiled.map(({ name, catalogue }) => [name, catalogue.subjects]))
  const terms = ({ name, keeper, records }: HavenFile['sources'][number]) => ({ keeper, records, subjects: subjects.get(name) ?? null })
  const sources = new Map(loaded.haven.value.sources.map(source => [source.name, terms(source)]))
  return { now, sourceOf: name => sources.get(name) ?? null, rulebook: loaded.rulebookDigest, report }
}
