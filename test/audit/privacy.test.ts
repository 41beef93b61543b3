import { join } from 'node:path'
import t from 'tap'
import type { Call } from '../../src/terms/call.ts'
import type { HoldTicket, Judgement, PartyRefusal } from '../../src/terms/judgement.ts'
import type { Opaque } from '../../src/terms/query-facts.ts'
import {
  allEntries,
  crashed,
  DENY,
  FACTS,
  filesBelow,
  journalIn,
  optionsIn,
  PARTIES,
  PARTY,
  permitted,
  RELEASED,
  temporary,
} from './given.ts'

const planted = new Set<string>()
/** A value that must not reach the disk. */
function canary(what: string): string {
  const value = `cAnArY${what}7XYZ123`
  planted.add(value)
  return value
}

const call = (id: string): Call => ({
  ...{ id, receivedAt: 0, method: canary('Method'), source: canary('Source') },
  path: `/${canary('Path')}`,
  query: `name=eq.${canary('Query')}`,
  headers: new Map([[canary('HeaderName'), [canary('HeaderValue')]]]),
  body: Buffer.from(canary('Body')),
})
const login = { issuer: canary('Issuer'), subject: canary('Subject') }
const parties = {
  ...{
    ...PARTIES,
    login,
    reason: canary('Reason'),
    caseNumber: canary('CaseNumber'),
    subjectOf: new Map([['residents', canary('SubjectOf')]]),
  },
  requester: { ...PARTY, name: canary('PartyName') },
  purpose: { ...PARTIES.purpose, missing: canary('Missing') },
  process: { kind: 'i-205', state: 'entered', covers: 'none', sealed: false, issuer: { court: canary('Court'), signer: canary('Signer') } },
} as const
const facts = {
  ...FACTS,
  uses: FACTS.uses.map(use => ({ ...use, spelling: canary('Spelling') })),
  dataSubjects: [canary('DataSubject'), canary('Plate')],
  upstream: {
    method: 'GET',
    target: `/${canary('Target')}`,
    headers: new Map([['prefer', canary('Prefer')]]),
    body: Buffer.from(canary('UpstreamBody')),
  },
} as const
const opaque: Opaque = {
  kind: 'opaque',
  reply: 'query',
  refused: null,
  code: 'query.unreadable',
  detail: canary('OpaqueDetail'),
  where: `filter ${canary('Where')}`,
}
const refusal: PartyRefusal = {
  ...{ kind: 'party-refusal', reply: 'not-permitted', requester: null, login, detail: canary('RefusalDetail') },
  reason: { code: 'party.unknown-agency', rule: null, cite: [], text: canary('ReasonText') },
}
const deny = {
  ...DENY,
  reasons: [{ code: 'source.unknown', rule: null, cite: ['Cal. Gov. Code § 7284.6'], text: canary('DenyText') }],
} as const
const ticket: HoldTicket = {
  ...{ id: 'hold-1', for: 'counsel', state: 'open', openedAt: 1, dueAt: 2, expiresAt: 3, scope: 'residents.residents: address' },
  ...{
    owner: 'token',
    binding: 'token',
    caseToken: 'token',
    agency: 'la-fire',
    classes: ['locating'],
    rules: ['law/rule'],
    people: 1,
    attestable: false,
  },
  opened: true,
}

function judgements(): Judgement[] {
  const more = { detail: canary('Detail'), hold: ticket, fault: `stage ${canary('Fault')}` }
  return [
    { ...permitted('a'), ...more, call: call('a'), parties, query: facts },
    { ...permitted('b'), ...more, call: call('b'), parties, query: opaque, decision: deny },
    { ...permitted('c'), ...more, call: call('c'), parties: refusal, query: null, decision: deny },
  ]
}

t.test('no value that a caller or a record brought is on disk, in any spelling', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  for (const judgement of judgements()) {
    const receipt = await journal.recordDecision(judgement)
    await journal.recordOutcome(receipt, { ...RELEASED, failure: { code: canary('FailureCode'), atByte: 1 } })
  }
  const live = await crashed(t, home)
  await journal.close()
  t.equal((await allEntries(join(home, 'journal'))).length, 6)
  for (const place of [live, home]) {
    for (const { path, bytes } of await filesBelow(place)) {
      for (const value of planted) for (const text of spellings(value)) if (bytes.includes(text)) t.fail(`${path} holds ${value}`)
    }
  }
  t.ok(planted.size > 25)
})

function spellings(value: string): (string | Buffer)[] {
  const bytes = Buffer.from(value)
  return [
    value,
    value.toLowerCase(),
    encodeURIComponent(value),
    bytes.toString('hex'),
    bytes.toString('base64').slice(2, -4),
    Buffer.from(value, 'utf16le'),
  ]
}

t.test('what is meant to be read is there in clear', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  for (const judgement of judgements()) await journal.recordDecision(judgement)
  const [a, b, c] = (await allEntries(join(home, 'journal'))).map(placed => placed.entry)
  t.match(a, {
    source: 'residents',
    uses: [{ collection: 'residents', field: 'address' }, {}],
    process: { kind: 'i-205', state: 'entered' },
    fault: 'unlisted',
  })
  t.match(a, { hold: { id: 'hold-1', dueAt: 2 }, req: { method: 'other' } })
  t.match(a, { case: /^[\w-]{22}$/, reason: /^[\w-]{22}$/ })
  t.not(a?.['case'], a?.['reason'], 'each kind of text has tokens of its own')
  t.match(b, {
    source: null,
    opaque: { code: 'query.unreadable', where: 'unlisted' },
    decision: { reasons: [{ code: 'source.unknown', cite: ['Cal. Gov. Code § 7284.6'] }] },
  })
  t.match(c, {
    source: null,
    refused: 'party.unknown-agency',
    requester: { agency: 'unknown', person: /^[\w-]{22}$/ },
    purpose: null,
    case: null,
  })
})

t.test('a source of this gate is named even where the query could not be read; any other name is the caller’s own text', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  await journal.recordDecision({ ...permitted('known', { query: { ...opaque, where: 'filter' } }), decision: DENY })
  const { call: known } = permitted('unknown')
  await journal.recordDecision({ ...permitted('unknown', { query: null, call: { ...known, source: 'jane-doe' } }), decision: DENY })
  const entries = (await allEntries(optionsIn(home).dir)).map(placed => placed.entry)
  t.match(entries, [{ source: 'residents', opaque: { where: 'filter' } }, { source: null }])
})
