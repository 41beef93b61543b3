import t from 'tap'
import { compileRulebook } from '../../src/policy/compile.ts'
import { describeClasses, describeCondition, describeEffect, describeObligation } from '../../src/policy/describe-condition.ts'
import { type Condition, Condition as ConditionSchema, LawFile } from '../../src/terms/law.ts'

const SAID: readonly (readonly [Condition, string])[] = [
  [{}, 'always'],
  [{ purpose: ['immigration-enforcement'] }, 'the purpose is immigration enforcement'],
  [{ purpose: { not: ['emergency', 'treatment'] } }, 'the purpose is anything but emergency or treatment'],
  [
    { recipient: { category: ['federal', 'data-broker'], jurisdiction: ['us'], flags: ['287g'] } },
    'the recipient is a federal body or a data broker, and the recipient is of us (federal), and the recipient has a 287(g) agreement',
  ],
  [{ requester: { agency: ['us-fbi'], jurisdiction: { not: ['us-ca'] } } }, 'the requester is us-fbi, and the requester is not of us-ca'],
  [{ recipient: { flags: { not: ['287g', 'certified'] } } }, 'the recipient neither has a 287(g) agreement nor is certified'],
  [
    { process: { kind: ['judicial-warrant', 'court-order'], state: ['active'], covers: 'query' } },
    'there is a judicial warrant or a court order, and the process is active, and the process covers the query',
  ],
  [{ process: { kind: { not: ['i-200'] } } }, 'there is no process, or one other than a Form I-200'],
  [
    { process: { covers: 'none', court: ['superior-court'], signer: { not: ['clerk'] }, sealed: true } },
    'the process does not cover the query, and the court that issued it is superior court, and its signer is anything but clerk, and the process is sealed',
  ],
  [{ process: { sealed: false } }, 'the process is not sealed'],
  [
    { source: { keeper: ['school-police'], records: { not: ['alpr'] } } },
    'the keeper of the records is school police, and the record class is anything but alpr',
  ],
  [{ uses: { not: ['select'] } }, 'the data is anything but selected by name'],
  [{ bulk: true, routed: false }, 'the request is in bulk, and the request came directly'],
  [
    { attested: false, self: true, retry: true },
    'it was refused before and is asked again, and counsel has not attested the purpose for this case, and it is the own file of the person who asks',
  ],
  [{ granted: true }, 'a grant of the city covers it'],
  [{ granted: false }, 'no grant of the city covers it'],
  [{ date: { from: '2027-01-01' } }, 'the day is 2027-01-01 or later'],
  [{ date: { until: '2027-01-01' } }, 'the day is not after 2027-01-01'],
  [{ date: { from: '2027-01-01', until: '2027-06-30' } }, 'the day is from 2027-01-01 to 2027-06-30'],
  [{ all: [{ bulk: true }, { granted: true }] }, 'the request is in bulk, and a grant of the city covers it'],
  [
    { attested: false, any: [{ recipient: { category: ['federal'] } }, { routed: true, bulk: true }] },
    'counsel has not attested the purpose for this case, and (either the recipient is a federal body or (the request is in bulk, and the request came through another body))',
  ],
  [{ any: [{ bulk: true }] }, 'the request is in bulk'],
  [{ not: { purpose: ['audit'] } }, 'it is not so that the purpose is audit'],
  [{ not: { bulk: true, granted: true } }, 'it is not so that (the request is in bulk, and a grant of the city covers it)'],
  [
    { not: { any: [{ bulk: true }, { retry: true }] } },
    'it is not so that (either the request is in bulk or it was refused before and is asked again)',
  ],
]

t.test('every key of a condition is said', async t => {
  for (const [condition, words] of SAID) {
    ConditionSchema.parse(condition)
    t.equal(describeCondition(condition), words)
  }
})

t.test('different conditions read differently, the order of keys does not matter', async t => {
  t.equal(new Set(SAID.map(([condition]) => describeCondition(condition))).size, SAID.length)
  t.equal(describeCondition({ bulk: true, purpose: ['audit'] }), describeCondition({ purpose: ['audit'], bulk: true }))
  t.not(
    describeCondition({ all: [{ any: [{ bulk: true }, { retry: true }] }, { granted: true }] }),
    describeCondition({ any: [{ bulk: true }, { all: [{ retry: true }, { granted: true }] }] }),
    'what belongs to "or" stays with it',
  )
})

t.test('effects, classes and duties have words too', async t => {
  t.equal(describeEffect({ then: 'hold', deadline: '24h' }), 'goes to counsel, who answers within 24h')
  t.equal(describeEffect({ then: 'hold' }), 'goes to counsel, who answers within 72h')
  const cite = [{ ref: 'Test Code § 1', certainty: 'primary' }]
  const rules = [{ id: 'r', text: 'A rule for a test.', cite, when: {}, then: 'hold' }]
  const law = LawFile.parse({ law: 'l', title: 'Law', jurisdiction: 'us', source: 'Test', effective: { from: '2020-01-01' }, rules })
  const { rules: compiled } = compileRulebook(
    [{ file: 'l.yaml', value: law, problem: () => ({ file: '', line: 1, column: 1, message: '' }) }],
    null,
  )
  t.same(compiled[0]?.bite.hold, { deadlineHours: 72, people: 1 }, 'which is the deadline that is carried out')
  t.equal(describeEffect({ then: 'hold', people: 2 }), 'goes to counsel, who answers within 72h, and two people must release it')
  t.equal(describeEffect({ then: 'deny' }), 'is denied')
  t.equal(describeClasses(undefined), 'all data')
  t.equal(describeClasses(['locating', 'health']), 'data that locates a person and health data')
  t.equal(describeObligation({ only: 'named-in-process' }), 'only what the process names')
  t.equal(describeObligation({ minimumCount: 11 }), 'no count below 11')
  t.equal(describeObligation({ treat: 'mask', of: ['locating'] }), 'mask: data that locates a person')
  t.equal(
    describeObligation({ notify: 'data-subject', before: '3 business days' }),
    'notice to the person the record describes, at least 3 business days before',
  )
  t.equal(describeObligation({ review: 'emergency access', within: '1 month' }), 'review: emergency access, within 1 month')
})
