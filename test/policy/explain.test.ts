import { join } from 'node:path'
import t from 'tap'
import { toInquiry } from '../../src/cli/to-inquiry.ts'
import { compileRulebook } from '../../src/policy/compile.ts'
import { decide } from '../../src/policy/decide.ts'
import { explain } from '../../src/policy/explain.ts'
import { explainWhy } from '../../src/policy/why.ts'
import { loadTestablePolicies } from '../../src/prepare-cases.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import { GrantsFile, LawFile } from '../../src/terms/law.ts'
import { LegalProcess } from '../../src/terms/legal-process.ts'
import type { Party } from '../../src/terms/parties.ts'

const cite = [{ ref: 'Test Code § 1', certainty: 'primary' }]
const fromFile = <T>(value: T) => ({ file: 'test.yaml', value, problem: () => ({ file: 'test.yaml', line: 1, column: 1, message: '' }) })
const GRANTS = {
  grants: 'us-ca',
  title: 'Grants',
  source: 'Test',
  rules: [
    {
      id: 'g',
      text: 'A grant for a test.',
      when: { purpose: ['audit', 'court'], recipient: { category: ['city'] } },
      uses: ['select'],
      of: ['open', 'locating'],
    },
    {
      id: 'asks-more',
      text: 'A grant for a test.',
      when: { purpose: ['audit'] },
      uses: ['select'],
      of: ['locating'],
      obligations: [{ minimumCount: 2 }],
    },
  ],
}
/** A rulebook with one rule `l/r`, and two grants. */
function rulebook(rule: object, law: object = {}) {
  const written = { id: 'r', text: 'A rule for a test.', cite, when: { purpose: ['audit'] }, then: 'deny', ...rule }
  const head = { law: 'l', title: 'Law', jurisdiction: 'us-ca', source: 'Test Code', effective: { from: '2020-01-01' } }
  return compileRulebook([fromFile(LawFile.parse({ ...head, rules: [written], ...law }))], fromFile(GrantsFile.parse(GRANTS)))
}
const party = (over: Partial<Party> = {}): Party => ({
  id: 'a',
  name: 'A',
  category: 'city',
  jurisdiction: 'us-ca-x',
  flags: [],
  via: 'requester',
  ...over,
})
const inquiry = (over: Partial<Inquiry> = {}): Inquiry => ({
  requester: party(),
  recipients: [party()],
  purpose: 'audit',
  process: null,
  source: { keeper: 'police', records: 'police' },
  uses: [{ class: 'locating', kind: 'select' }],
  bulk: false,
  routed: false,
  retry: false,
  attested: false,
  self: false,
  at: Date.parse('2026-12-01T12:00:00Z'),
  ...over,
})
const PROCESS = LegalProcess.parse({ kind: 'i-205', state: 'entered' })

/** Why `l/r` did not match; empty if it did. */
const whyNot = (rule: object, asked: Partial<Inquiry> = {}, law: object = {}) =>
  explainWhy(rulebook(rule, law), inquiry(asked))
    .notMatched.filter(({ rule: id }) => id === 'l/r')
    .flatMap(({ why }) => why.map(({ key, text }) => `${key}: ${text}`))

t.test('a rule that did not match says which key said no', async t => {
  const said: readonly (readonly [object, Partial<Inquiry>, string])[] = [
    [{ purpose: ['immigration-enforcement'] }, {}, 'purpose: purpose is audit, not immigration-enforcement'],
    [{ purpose: { not: ['audit'] } }, {}, 'purpose: purpose is audit, which is excepted'],
    [
      { purpose: ['vague'] },
      { purpose: 'vague', recipients: [party({ id: 'ice', category: 'immigration-authority' })] },
      'purpose: purpose is vague, which from ice counts as immigration-enforcement, not vague',
    ],
    [{ requester: { category: ['federal'] } }, {}, 'requester.category: requester a is city, not federal'],
    [{ recipient: { agency: ['b', 'c'] } }, {}, 'recipient.agency: recipient is a, not b or c'],
    [{ recipient: { jurisdiction: ['us-or'] } }, {}, 'recipient.jurisdiction: recipient a is of us-ca-x, not us-or'],
    [{ recipient: { flags: ['287g'] } }, {}, 'recipient.flags: recipient a has no flag, not 287g'],
    [{ process: { state: ['active'] } }, {}, 'process.state: there is no process'],
    [{ process: { state: ['active'] } }, { process: PROCESS }, 'process.state: process is entered, not active'],
    [{ process: { covers: 'query' } }, { process: PROCESS }, 'process.covers: process covers none, not query'],
    [{ process: { sealed: true } }, { process: PROCESS }, 'process.sealed: process is not sealed'],
    [
      { process: { kind: ['i-205'], court: ['superior-court'] } },
      { process: { ...PROCESS, issuer: { court: 'immigration-court', signer: 'unknown' } } },
      'process.court: the court that issued it is immigration-court, not superior-court',
    ],
    [
      { process: { kind: ['judicial-warrant', 'court-order', 'judicial-subpoena', 'nsl', 'i-200'] } },
      { process: PROCESS },
      'process.kind: process is i-205, not judicial-warrant, court-order, judicial-subpoena or 2 more',
    ],
    [{ source: { keeper: ['jail'] } }, {}, 'source.keeper: keeper is police, not jail'],
    [{ source: { records: ['alpr'] } }, {}, 'source.records: records are police, not alpr'],
    [{ uses: ['filter', 'sort'] }, {}, 'uses: use is select, not filter or sort'],
    [{ bulk: true }, {}, 'bulk: the request is not in bulk'],
    [{ attested: true }, {}, 'attested: counsel has not attested the purpose for this case'],
    [{ granted: false }, {}, 'granted: a grant of the city covers it'],
    [{ granted: true }, { purpose: 'payment' }, 'granted: no grant of the city covers it'],
    [{ date: { from: '2027-01-01' } }, {}, 'date: the day is 2026-12-01, not from 2027-01-01'],
    [
      { any: [{ bulk: true }, { purpose: ['court'] }] },
      {},
      'any: none of these holds: the request is not in bulk; purpose is audit, not court',
    ],
    [{ not: { purpose: ['audit'] } }, {}, 'not: excluded, because the purpose is audit'],
    [{ all: [{ purpose: ['audit'] }, { bulk: true }] }, {}, 'bulk: the request is not in bulk'],
  ]
  for (const [when, asked, text] of said) t.same(whyNot({ when }, asked), [text], text)
  t.same(whyNot({ when: { purpose: ['audit'], bulk: true, retry: true } }), [
    'bulk: the request is not in bulk',
    'retry: it is asked for the first time',
  ])
  t.same(whyNot({ when: { purpose: ['audit'] } }), [], 'one that matched is not among them')
})

t.test('a rule outside its dates, its classes or its records says so', async t => {
  t.same(whyNot({ effective: { from: '2027-01-01' } }), ['effective: not in force until 2027-01-01'])
  t.same(whyNot({ effective: { from: '2021-01-01', until: '2026-06-30' } }), ['effective: not in force since 2026-07-01'])
  t.same(whyNot({ of: ['health'] }), ['of: class locating is not in `of`'])
  t.same(whyNot({}, {}, { binds: { records: ['health', 'education'] } }), [
    'binds: the law binds records health, education, these are police',
  ])
  t.same(whyNot({}, {}, { binds: { keeper: ['jail'] } }), ['binds: the law binds keeper jail, these are police'])
  t.same(whyNot({}, {}, { binds: { keeper: ['police'] } }), [])
})

t.test('what is equal in several places is said once', async t => {
  const two = inquiry({
    recipients: [party(), party({ id: 'b', category: 'federal', jurisdiction: 'us' })],
    uses: [
      { class: 'locating', kind: 'select' },
      { class: 'open', kind: 'select' },
    ],
  })
  const silent = explainWhy(rulebook({ when: { purpose: ['court'] } }), two).notMatched.filter(({ rule }) => rule === 'l/r')
  t.equal(silent.length, 1)
  t.equal(silent[0]?.at.length, 4)
})

t.test('exceptions: the one taken, those tried before it and why not, and none after it', async t => {
  const when = { purpose: ['audit', 'court'] }
  const unless = [
    { when: { purpose: ['court'] }, then: 'permit' },
    { when: { recipient: { flags: ['certified'] } }, then: 'permit' },
    { when: { bulk: false }, then: 'withhold' },
    { when: { retry: false }, then: 'withhold' },
  ]
  const { exceptions } = explainWhy(rulebook({ when, unless }), inquiry({ recipients: [party({ category: 'unknown', id: 'unknown' })] }))
  t.same(
    exceptions.map(({ exception, taken, why }) => [exception, taken, why.map(({ text }) => text)]),
    [
      [1, false, ['purpose is audit, not court']],
      [2, false, ['recipient.flags of unknown is unknown']],
      [3, true, []],
    ],
  )
  t.same(
    explainWhy(rulebook({ when, unless }), inquiry({ purpose: 'payment' })).exceptions,
    [],
    'of a rule that did not match none is tried',
  )
})

t.test('a rule that matched because something is unknown says what', async t => {
  const stranger = inquiry({ recipients: [party({ category: 'unknown', id: 'unknown', jurisdiction: 'unknown' })] })
  const when = { any: [{ recipient: { category: ['data-broker'] } }, { recipient: { jurisdiction: ['us'] } }] }
  const { unknown, notMatched } = explainWhy(rulebook({ when }), stranger)
  t.match(unknown, [
    { rule: 'l/r', why: [{ text: 'recipient.category of unknown is unknown; recipient.jurisdiction of unknown is unknown' }] },
  ])
  t.notOk(notMatched.some(({ rule }) => rule === 'l/r'))
  t.same(explainWhy(rulebook({ when: {} }), stranger).unknown, [], 'a rule that is certain is not among them')
  const city = notMatched.find(({ rule }) => rule === 'us-ca-grants/g')
  t.match(city?.why, [{ text: 'recipient.category of unknown is unknown' }], 'a grant must be established')
})

t.test('grants say why they do not cover, and which one stands before them', async t => {
  const { notMatched, winners } = explainWhy(rulebook({ when: { bulk: true } }), inquiry({ process: PROCESS }))
  const said = Object.fromEntries(notMatched.map(({ rule, why }) => [rule, why.map(({ text }) => text)]))
  t.same(said['us-ca-grants/g'], undefined)
  t.same(said['us-ca-grants/asks-more'], ['it covers this too, and us-ca-grants/g comes first'])
  t.match(said['court-process']?.[0], /^process is i-205, not judicial-warrant/)
  t.match(winners, [{ class: 'locating', kind: 'select', effect: 'permit', rules: ['us-ca-grants/g'] }])
  const sorted = explainWhy(rulebook({ when: { bulk: true } }), inquiry({ uses: [{ class: 'health', kind: 'sort' }] }))
  t.match(sorted.winners, [{ effect: 'not-permitted', rules: [] }])
  t.same(
    sorted.notMatched.find(({ rule }) => rule === 'us-ca-grants/g')?.why.map(({ text }) => text),
    ['class health is not in `of`', 'use sort is not in `uses`'],
  )
})

t.test('of every shipped case: the same decision as decide, and every rule either matched or says why not', async t => {
  const policies = loadTestablePolicies(join(import.meta.dirname, '../../policies'), [])
  t.ok(policies.cases.length > 50)
  for (const { folder, of } of policies.cases) {
    const book = policies.rulebookOf(of.laws ?? (folder ? [folder] : []), of.grants ?? folder)
    const asked = toInquiry(of.given, { ...policies, home: of.grants ?? folder ?? 'us' })
    const { decision, rules } = explain(book, asked)
    const why = explainWhy(book, asked)
    const places = new Set(asked.recipients.flatMap(({ id }) => asked.uses.map(use => `${id} ${use.class} ${use.kind}`)))
    const wrong = [...book.rules, ...book.grants].flatMap(({ id }) =>
      [...places].filter(place => {
        const matched = rules.some(one => one.rule === id && `${one.recipient} ${one.class} ${one.kind}` === place)
        const silent = why.notMatched.some(one => one.rule === id && one.at.some(at => `${at.recipient} ${at.class} ${at.kind}` === place))
        // Two parties that are written out have the same id.
        return asked.recipients.filter(party => place.startsWith(`${party.id} `)).length > 1 ? !matched && !silent : matched === silent
      }),
    )
    t.same(wrong, [], of.name)
    const same =
      JSON.stringify(decision) === JSON.stringify(decide(book, asked)) &&
      why.winners.every(({ class: c, kind, effect, follows }) =>
        decision.verdicts.some(
          ({ use, effect: verdict }) => use.class === c && use.kind === kind && (follows || kind === 'identify' || verdict === effect),
        ),
      )
    t.ok(same, of.name)
  }
})
