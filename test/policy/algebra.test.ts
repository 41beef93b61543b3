import t from 'tap'
import { compileRulebook } from '../../src/policy/compile.ts'
import { decide } from '../../src/policy/decide.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import { GrantsFile, LawFile } from '../../src/terms/law.ts'
import type { Party } from '../../src/terms/parties.ts'

const cite = [{ ref: 'Test Code § 1', certainty: 'primary' }]
const fromFile = <T>(value: T) => ({
  file: 'test.yaml',
  value,
  problem: (path: readonly PropertyKey[], message: string) => ({
    file: 'test.yaml',
    line: 1,
    column: 1,
    message: `${path.map(String).join('.')}: ${message}`,
  }),
})
const law = (rules: object[], over: object = {}) =>
  fromFile(
    LawFile.parse({
      law: 'l',
      title: 'Law',
      jurisdiction: 'us-ca',
      source: 'Test Code',
      effective: { from: '2020-01-01' },
      rules,
      ...over,
    }),
  )
const rule = (over: object) => ({ id: 'r', text: 'A rule for a test.', cite, when: { purpose: ['audit'] }, then: 'deny', ...over })
const grants = (over: object = {}) =>
  fromFile(
    GrantsFile.parse({
      grants: 'us-ca',
      title: 'Grants',
      source: 'Test',
      rules: [
        {
          id: 'g',
          text: 'A grant for a test.',
          when: { purpose: ['audit', 'court'], recipient: { category: ['city'] } },
          uses: ['select', 'filter'],
          of: ['open', 'personal'],
          ...over,
        },
      ],
    }),
  )
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
  source: { keeper: 'general', records: 'general' },
  uses: [{ class: 'personal', kind: 'select' }],
  bulk: false,
  routed: false,
  retry: false,
  attested: false,
  self: false,
  at: Date.parse('2026-12-01T12:00:00Z'),
  ...over,
})

t.test('without a grant nothing is permitted; with one it is', async t => {
  t.equal(decide(compileRulebook([], null), inquiry()).kind, 'deny')
  t.equal(decide(compileRulebook([], grants()), inquiry()).kind, 'permit')
})

t.test('a grant must cover every recipient', async t => {
  const book = compileRulebook([], grants())
  t.equal(decide(book, inquiry({ recipients: [party(), party({ id: 'b', category: 'vendor' })] })).kind, 'deny')
  t.equal(decide(book, inquiry({ recipients: [party(), party({ id: 'b' })] })).kind, 'permit')
})

t.test('a law bites if it matches for any recipient', async t => {
  const book = compileRulebook([law([rule({ when: { recipient: { jurisdiction: ['us'] } } })])], grants())
  t.equal(decide(book, inquiry({ recipients: [party(), party({ id: 'b', jurisdiction: 'us' })] })).kind, 'deny')
  t.equal(decide(book, inquiry()).kind, 'permit')
})

t.test('us contains nothing but itself, us-ca contains its cities', async t => {
  const book = (jurisdiction: string) => compileRulebook([law([rule({ when: { recipient: { jurisdiction: [jurisdiction] } } })])], grants())
  t.equal(decide(book('us'), inquiry()).kind, 'permit')
  t.equal(decide(book('us-ca'), inquiry()).kind, 'deny')
  t.equal(decide(book('us-ca-y'), inquiry()).kind, 'permit')
})

t.test('an exception lifts only its own rule, and the first that matches applies', async t => {
  const lifted = rule({
    unless: [
      { when: { routed: false, bulk: false }, then: 'permit' },
      { when: { routed: false }, then: 'hold' },
    ],
  })
  t.equal(decide(compileRulebook([law([lifted])], grants()), inquiry()).kind, 'permit')
  t.equal(
    decide(
      compileRulebook([law([lifted, rule({ id: 'other', cite: [{ ref: 'Test Code § 2', certainty: 'primary' }] })])], grants()),
      inquiry(),
    ).kind,
    'deny',
  )
})

t.test('an exception can hold what the rule denies', async t => {
  const book = compileRulebook(
    [law([rule({ unless: [{ when: { bulk: false }, then: 'hold', for: 'counsel', deadline: '24h' }] })])],
    grants(),
  )
  const decision = decide(book, inquiry())
  t.equal(decision.kind, 'hold')
  t.equal(decision.hold?.deadlineHours, 24)
})

t.test('a missing attribute protects in a rule, and never satisfies an exception or a grant', async t => {
  const unplaced = inquiry({ recipients: [party({ jurisdiction: 'unknown' })] })
  const protecting = compileRulebook([law([rule({ when: { recipient: { jurisdiction: ['us'] } } })])], grants())
  t.equal(decide(protecting, unplaced).kind, 'deny')
  const negated = compileRulebook([law([rule({ when: { not: { recipient: { jurisdiction: ['us-ca'] } } } })])], grants())
  t.equal(decide(negated, unplaced).kind, 'deny', 'also under not')
  t.equal(decide(negated, inquiry()).kind, 'permit')
  const excepted = compileRulebook(
    [law([rule({ unless: [{ when: { recipient: { jurisdiction: ['us-ca'] } }, then: 'permit' }] })])],
    grants(),
  )
  t.equal(decide(excepted, unplaced).kind, 'deny')
  t.equal(decide(excepted, inquiry()).kind, 'permit')
})

t.test('a law not yet, or no longer, in force sleeps', async t => {
  const from = (effective: object) => decide(compileRulebook([law([rule({})], { effective })], grants()), inquiry()).kind
  t.equal(from({ from: '2026-12-01' }), 'deny', 'from the first day')
  t.equal(from({ from: '2026-12-02' }), 'permit')
  t.equal(from({ from: '2020-01-01', until: '2026-12-01' }), 'deny', 'the last day counts')
  t.equal(from({ from: '2020-01-01', until: '2026-11-30' }), 'permit')
})

t.test('a law binds only the records it governs', async t => {
  const book = compileRulebook([law([rule({})], { binds: { keeper: ['police'] } })], grants())
  t.equal(decide(book, inquiry()).kind, 'permit')
  t.equal(decide(book, inquiry({ source: { keeper: 'police', records: 'police' } })).kind, 'deny')
})

t.test('a rule that fails to evaluate protects, and a grant that fails gives nothing', async t => {
  const bites = compileRulebook([law([rule({ when: { purpose: ['court'] } })])], grants())
  const broken = () => {
    throw new Error('broken')
  }
  t.equal(decide(bites, inquiry()).kind, 'permit')
  t.equal(decide({ ...bites, rules: bites.rules.map(one => ({ ...one, test: broken })) }, inquiry()).kind, 'deny')
  t.equal(decide({ ...bites, grants: bites.grants.map(one => ({ ...one, test: broken })) }, inquiry()).kind, 'deny')
})

t.test('court process opens only when active and covering, whatever the city grants', async t => {
  const book = compileRulebook([], null)
  const with_ = (over: object) =>
    decide(book, inquiry({ process: { kind: 'judicial-warrant', state: 'active', covers: 'query', sealed: false, ...over } })).kind
  t.equal(with_({}), 'permit')
  for (const state of ['none', 'entered', 'verified', 'expired', 'exhausted', 'revoked', 'quashed'])
    t.equal(with_({ state }), 'deny', state)
  t.equal(with_({ covers: 'none' }), 'deny')
  for (const kind of ['i-200', 'i-205', 'i-247', 'admin-subpoena', 'immigration-court-subpoena', '1373-letter', 'foreign-subpoena'])
    t.equal(with_({ kind }), 'deny', kind)
})

t.test('court process opens records to be read, never to be changed', async t => {
  const process = { kind: 'judicial-warrant', state: 'active', covers: 'query', sealed: false } as const
  const asked = (kind: 'select' | 'write') =>
    decide(compileRulebook([], null), inquiry({ process, uses: [{ class: 'personal', kind }] })).kind
  t.equal(asked('write'), 'deny')
  t.equal(asked('select'), 'permit')
})

t.test('files that cannot be right are refused, all problems at once', async t => {
  const open = { id: 'g', text: 'A grant for a test.', uses: ['select'], of: ['open'] }
  const bad = GrantsFile.parse({
    grants: 'us-ca',
    title: 'Grants',
    source: 'Test',
    rules: [
      { ...open, when: {} },
      { ...open, when: { purpose: ['immigration-enforcement'] } },
      { ...open, id: 'h', when: { purpose: ['audit'], granted: true } },
    ],
  })
  const rules = [rule({ unless: [{ when: {}, then: 'permit' }] }), rule({})]
  try {
    compileRulebook([law(rules), law([rule({})])], fromFile(bad))
    t.fail('it compiled')
  } catch (error) {
    t.equal((error as { problems: unknown[] }).problems.length, 7)
  }
})
