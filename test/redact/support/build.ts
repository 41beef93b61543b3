import type { UpstreamAnswer } from '../../../src/terms/answer.ts'
import type { DataClass, Treatment, UseKind } from '../../../src/terms/data-class.ts'
import type { Effect, Permit } from '../../../src/terms/decision.ts'
import type { Judgement } from '../../../src/terms/judgement.ts'
import type { Obligation } from '../../../src/terms/law.ts'
import type { Parties, Party } from '../../../src/terms/parties.ts'
import type { AnswerShape, QueryFacts, RecordShape } from '../../../src/terms/query-facts.ts'
import type { Receipt } from '../../../src/terms/receipt.ts'
import { SEARCH } from './search.ts'

export const LIMITS = { answerBytes: 1 << 30, valueBytes: 1 << 20, wholeBytes: 65536, search: SEARCH }

export function field(
  name: string,
  classes: DataClass | readonly DataClass[] = 'open',
  kind: UseKind = 'select',
  collection = 'people',
): AnswerShape {
  return {
    node: 'field',
    collection,
    field: name,
    classes: typeof classes === 'string' ? [classes] : classes,
    kind,
    text: false,
    relation: null,
  }
}

/** Free text. */
export function text(name: string, classes: DataClass | readonly DataClass[] = 'personal', kind: UseKind = 'select'): AnswerShape {
  return {
    node: 'field',
    collection: 'people',
    field: name,
    classes: typeof classes === 'string' ? [classes] : classes,
    kind,
    text: true,
    relation: null,
  }
}

export function record(members: Record<string, AnswerShape>, key: string | null = null, collection = 'people'): RecordShape {
  return { node: 'record', collection, key, members: new Map(Object.entries(members)) }
}

export function records(members: Record<string, AnswerShape>, key: string | null = null, collection = 'people'): AnswerShape {
  return { node: 'records', record: record(members, key, collection), relation: null }
}

export function envelope(members: Record<string, AnswerShape>): AnswerShape {
  return { node: 'envelope', members: new Map(Object.entries(members)) }
}

/** id and name leave; ssn and status are known and do not. */
export const PEOPLE = records({
  id: field('id'),
  name: field('name', 'personal'),
  ssn: field('ssn', 'status-proxy'),
  citizenship: field('citizenship', 'status'),
})

export interface Terms {
  readonly permitted?: readonly (readonly [DataClass, UseKind])[]
  readonly others?: readonly (readonly [DataClass, UseKind, Effect])[]
  readonly treatments?: readonly (readonly [DataClass, Treatment])[]
  readonly obligations?: readonly Obligation[]
}

/** A permit for `open` and `personal`, unless told otherwise. */
export function permit(terms: Terms = {}): Permit {
  const permitted: Terms['permitted'] = terms.permitted ?? [
    ['open', 'select'],
    ['personal', 'select'],
  ]
  const verdicts = [
    ...permitted.map(([of, kind]) => ({ use: { class: of, kind }, effect: 'permit' as const, reasons: [] })),
    ...(terms.others ?? []).map(([of, kind, effect]) => ({ use: { class: of, kind }, effect, reasons: [] })),
  ]
  const folded = { verdicts, withheld: [], held: [], hold: null, reasons: [] }
  const made = {
    kind: 'permit',
    ...folded,
    released: [],
    obligations: terms.obligations ?? [],
    treatments: new Map(terms.treatments ?? []),
  }
  return made as Partial<Permit> as Permit
}

export function facts(shape: AnswerShape): QueryFacts {
  const upstream = { method: 'GET', target: '/people', headers: new Map(), body: null } as const
  return {
    kind: 'facts',
    source: 'city',
    collection: 'people',
    uses: [],
    dataSubjects: [],
    writes: false,
    whole: false,
    addresses: [],
    confine: null,
    shape,
    upstream,
  }
}

const CLERK: Party = { id: 'person', name: 'Ana', category: 'person', jurisdiction: 'us-ca', flags: [], via: 'requester' }

export function receipt(shape: AnswerShape, terms: Terms = {}, own: Readonly<Record<string, string>> = {}): Receipt<Permit> {
  const parties: Parties = {
    requester: CLERK,
    recipients: [CLERK],
    purpose: { code: 'subject-access', from: 'claim', declared: null, missing: null },
    process: null,
    presented: { process: null, hold: null },
    routed: false,
    login: { issuer: 'https://id.city.example', subject: 'ana' },
    subjectOf: new Map(Object.entries(own)),
    lexiconHits: [],
    reason: null,
    caseNumber: null,
  }
  const call = { id: 'c', receivedAt: 0, method: 'GET', source: 'city', path: '/people', query: '', headers: new Map(), body: null }
  const judgement: Judgement<Permit> = {
    call,
    parties,
    query: facts(shape),
    decision: permit(terms),
    hold: null,
    detail: '',
    fault: null,
    inquiry: null,
    consulted: null,
    attempts: null,
    rulebook: 'r',
  }
  return { judgement, index: 1 } as Partial<Receipt<Permit>> as Receipt<Permit>
}

export interface FakeAnswer extends UpstreamAnswer {
  readonly destroyed: () => number
}

/** An answer without a network: the chunks as they are given. */
export function answer(
  body: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
  headers: Readonly<Record<string, string | readonly string[]>> = { 'content-type': 'application/json' },
  status = 200,
): FakeAnswer {
  let destroyed = 0
  async function* chunks() {
    for await (const chunk of body) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  }
  const map = new Map(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? [value] : value] as const))
  return { status, headers: map, body: chunks(), destroy: () => void destroyed++, destroyed: () => destroyed }
}
