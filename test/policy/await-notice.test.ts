import t from 'tap'
import { awaitNotice } from '../../src/policy/await-notice.ts'
import { compileRulebook } from '../../src/policy/compile.ts'
import { decide } from '../../src/policy/decide.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import { GrantsFile, LawFile } from '../../src/terms/law.ts'
import type { Party } from '../../src/terms/parties.ts'
import { AT, rulebook as everyPack, parties } from './support/inquiries.ts'

const fromFile = <T>(value: T) => ({ file: 'test.yaml', value, problem: () => ({ file: 'test.yaml', line: 1, column: 1, message: '' }) })
const party: Party = { id: 'a', name: 'A', category: 'city', jurisdiction: 'us-ca-x', flags: [], via: 'requester' }
const inquiry: Inquiry = {
  requester: party,
  recipients: [party],
  purpose: 'audit',
  process: null,
  source: { keeper: 'general', records: 'general' },
  uses: [{ class: 'open', kind: 'select' }],
  ...{ bulk: false, routed: false, retry: false, attested: false, self: false, at: AT },
}
/** A city that grants `open` and `personal` for audits on these terms, and a law that holds status. */
function bookOf(obligations: readonly object[], owedByHold: readonly object[] = []) {
  const cite = [{ ref: 'Test Code § 1', certainty: 'primary' }]
  const said = { text: 'A rule for a test.', cite }
  const grant = { ...said, id: 'g', when: { purpose: ['audit'] }, uses: ['select'], of: ['open', 'personal'], obligations }
  const rule = { ...said, id: 'r', when: {}, then: 'hold', of: ['status'], obligations: owedByHold }
  const law = { law: 'l', title: 'Law', jurisdiction: 'us-ca', source: 'Test', effective: { from: '2020-01-01' }, rules: [rule] }
  const grants = { grants: 'us-ca', title: 'Grants', source: 'Test', rules: [grant] }
  return compileRulebook([fromFile(LawFile.parse(law))], fromFile(GrantsFile.parse(grants)))
}
const before = (term: string) => ({ notify: 'data-subject', before: term })

t.test('a term of a notice is counted in hours, and of several the longest counts', async t => {
  const hours = (...terms: string[]) => awaitNotice(decide(bookOf(terms.map(before)), inquiry), false).hold?.deadlineHours
  t.equal(hours('1 hour'), 1)
  t.equal(hours('36 hours'), 36)
  t.equal(hours('1 day'), 24)
  t.equal(hours('3 business days'), 72)
  t.equal(hours('2 months'), 1440)
  t.equal(hours('3 days', '1 month', '48 hours'), 720)
})

t.test('what must be told before waits; what may be told after does not', async t => {
  const decision = decide(bookOf([before('3 business days')]), inquiry)
  t.equal(decision.kind, 'permit')
  const waiting = awaitNotice(decision, false)
  t.match(waiting, { kind: 'hold', held: ['open'], withheld: [], obligations: [before('3 business days')] })
  t.match(waiting.hold, { for: 'notice', people: 1, classes: ['open'], rules: ['us-ca-grants/g'] })
  t.match(waiting.reasons[0], { code: 'notice.before', rule: 'us-ca-grants/g', cite: ['Test Code § 1'] })
  t.ok(waiting.verdicts.every(({ effect }) => effect === 'hold'))
  t.equal(awaitNotice(decision, true), decision, 'the permit stays as it is once the notice was given')
  const after = decide(bookOf([{ notify: 'data-subject', within: '3 days' }]), inquiry)
  t.equal(awaitNotice(after, false), after)
})

t.test('of the terms of a permit only what is owed to somebody is owed while it waits', async t => {
  const terms = [before('1 day'), { review: 'the file' }, { minimumCount: 11 }, { treat: 'mask', of: ['personal'] }]
  const waiting = awaitNotice(decide(bookOf(terms), inquiry), false)
  t.same(waiting.obligations, [before('1 day'), { review: 'the file' }])
})

t.test('a part that waits for counsel stays held beside the part that waits for the notice, and keeps its own hold for later', async t => {
  const asked: Inquiry = { ...inquiry, uses: [...inquiry.uses, { class: 'status', kind: 'select' }, { class: 'health', kind: 'select' }] }
  const decision = decide(bookOf([before('1 day')]), asked)
  t.match(decision, { kind: 'permit', released: ['open'], held: ['status'], withheld: ['health'] })
  const waiting = awaitNotice(decision, false)
  t.match(waiting, { kind: 'hold', held: ['open', 'status'], withheld: ['health'], hold: { for: 'notice', classes: ['open'] } })
  t.match(awaitNotice(decision, true).hold, { for: 'counsel', classes: ['status'], rules: ['l/r'] })
})

t.test('a notice that only a held part owes makes the whole wait, with a reason although no rule of the permit speaks', async t => {
  const asked: Inquiry = { ...inquiry, uses: [...inquiry.uses, { class: 'status', kind: 'select' }] }
  const waiting = awaitNotice(decide(bookOf([], [before('1 day')]), asked), false)
  t.match(waiting, { kind: 'hold', hold: { for: 'notice', rules: [] }, reasons: [{ code: 'notice.before', rule: null, cite: [] }] })
})

t.test('a hold and a denial are what they are', async t => {
  const book = bookOf([before('1 day')], [before('1 day')])
  const held = decide(book, { ...inquiry, uses: [{ class: 'status', kind: 'select' }] })
  const denied = decide(book, { ...inquiry, uses: [{ class: 'health', kind: 'select' }] })
  t.same([held.kind, denied.kind], ['hold', 'deny'])
  t.equal(awaitNotice(held, false), held)
  t.equal(awaitNotice(denied, false), denied)
})

t.test("a court's order for a driver's record of Massachusetts waits three business days, unless it is sealed", async t => {
  const fbi = parties.find(({ party }) => party.id === 'us-doj-fbi')?.party
  if (!fbi) throw new Error('the directory lacks the agency')
  const asked = (sealed: boolean): Inquiry => ({
    ...inquiry,
    requester: fbi,
    recipients: [fbi],
    purpose: 'immigration-enforcement',
    process: { kind: 'court-order', state: 'active', covers: 'query', sealed },
    source: { keeper: 'motor-vehicles', records: 'driver' },
    uses: [{ class: 'locating', kind: 'select' }],
  })
  const massachusetts = { ...everyPack, rules: everyPack.rules.filter(({ id }) => id.startsWith('us-ma')) }
  const open = decide(massachusetts, asked(false))
  t.match(open, { kind: 'permit', obligations: [{ only: 'named-in-process' }, before('3 business days')] })
  const waiting = awaitNotice(open, false)
  t.match(waiting, { kind: 'hold', hold: { for: 'notice', deadlineHours: 72 } })
  t.same([waiting.reasons[0]?.code, waiting.reasons[0]?.cite], ['notice.before', ['940 CMR 37.04']])
  t.ok(waiting.hold?.rules[0]?.startsWith('us-ma'))
  const sealed = decide(massachusetts, asked(true))
  t.equal(sealed.kind, 'permit')
  t.equal(awaitNotice(sealed, false), sealed)
})
