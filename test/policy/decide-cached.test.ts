import fc from 'fast-check'
import t from 'tap'
import { decide } from '../../src/policy/decide.ts'
import { rememberDecisions } from '../../src/policy/decide-cached.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import { AT, anyInquiry, parties, rulebook } from './support/inquiries.ts'

const [first] = parties
if (!first) throw new Error('the directory is empty')

t.test('a remembered decision is the decision, whatever was asked before it', async t => {
  const remember = rememberDecisions(rulebook, 50)
  fc.assert(
    fc.property(fc.array(anyInquiry, { minLength: 2, maxLength: 12 }), asked => {
      for (const one of [...asked, ...asked]) t.same(JSON.stringify(remember(one)), JSON.stringify(decide(rulebook, one)))
    }),
    { numRuns: 150 },
  )
})

t.test('every attribute of an inquiry tells two of them apart', async t => {
  const base: Inquiry = {
    requester: first.party,
    recipients: [first.party],
    purpose: 'public-records',
    process: null,
    source: { keeper: 'general', records: 'general' },
    uses: [{ class: 'open', kind: 'select' }],
    bulk: false,
    routed: false,
    retry: false,
    attested: false,
    self: false,
    at: AT,
  }
  const other = { ...first.party, flags: ['287g'] as const }
  const paper = { kind: 'court-order', state: 'active', covers: 'query', sealed: false, issuer: { court: 'a', signer: 'b' } } as const
  const changed: Partial<Inquiry>[] = [
    { requester: other },
    { recipients: [first.party, other] },
    { purpose: 'audit' },
    { process: paper },
    { process: { ...paper, sealed: true } },
    { process: { ...paper, issuer: { court: 'b', signer: 'a' } } },
    { source: { keeper: 'police', records: 'general' } },
    { source: { keeper: 'general', records: 'police' } },
    { uses: [{ class: 'open', kind: 'implied' }] },
    { uses: [...base.uses, { class: 'personal', kind: 'select' }] },
    { bulk: true },
    { routed: true },
    { retry: true },
    { attested: true },
    { self: true },
    { at: Date.parse('2027-01-02T00:00:00Z') },
  ]
  const remember = rememberDecisions(rulebook)
  const seen = new Set([remember(base)])
  t.equal(remember({ ...base, at: AT + 1 }), [...seen][0], 'the same inquiry a moment later is remembered')
  for (const change of changed) {
    const decision = remember({ ...base, ...change })
    t.notOk(seen.has(decision), `${JSON.stringify(change)} is another inquiry`)
    seen.add(decision)
  }
})

t.test('the memory does not grow beyond its bound', async t => {
  const remember = rememberDecisions(rulebook, 3)
  const asking = (kind: Inquiry['uses'][number]['kind']): Inquiry => ({
    requester: first.party,
    recipients: [first.party],
    purpose: 'public-records',
    process: null,
    source: { keeper: 'general', records: 'general' },
    uses: [{ class: 'open', kind }],
    bulk: false,
    routed: false,
    retry: false,
    attested: false,
    self: false,
    at: AT,
  })
  const decision = remember(asking('select'))
  t.equal(remember(asking('select')), decision)
  for (const kind of ['filter', 'sort', 'count'] as const) remember(asking(kind))
  t.not(remember(asking('select')), decision, 'the oldest was forgotten')
})

t.test('what counsel released is decided for that call alone, and never remembered', async t => {
  const fbi = parties.find(({ party }) => party.id === 'us-doj-fbi')?.party
  if (!fbi) throw new Error('the directory lacks the agency')
  const asked: Inquiry = {
    requester: fbi,
    recipients: [fbi],
    purpose: 'criminal-investigation',
    process: { kind: 'admin-subpoena', state: 'entered', covers: 'none', sealed: false },
    source: { keeper: 'health', records: 'health' },
    uses: [{ class: 'health', kind: 'select' }],
    bulk: false,
    routed: false,
    retry: false,
    attested: false,
    self: false,
    at: AT,
  }
  const remember = rememberDecisions(rulebook)
  const before = remember(asked)
  t.equal(before.kind, 'hold')
  const lift = { hold: 'h', rules: before.hold?.rules ?? [], classes: before.held }
  t.equal(remember(asked, lift).kind, 'permit')
  t.equal(remember(asked), before, 'the next call finds what was remembered before')
  t.equal(remember(asked, { ...lift, rules: [] }).kind, 'hold', 'and one release is not taken for another')
})
