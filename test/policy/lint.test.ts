import t from 'tap'
import { readYaml } from '../../src/config/read-yaml.ts'
import { asleepAt } from '../../src/policy/asleep.ts'
import { checkNames } from '../../src/policy/check-names.ts'
import { compileRulebook } from '../../src/policy/compile.ts'
import { type FileProblem, FilesRefused } from '../../src/terms/faults.ts'
import { LawFile } from '../../src/terms/law.ts'

const HEAD = `law: little
title: A little law
jurisdiction: us-ca
source: Test Code
effective: { from: 2020-01-01 }
binds: { records: [police, custody] }
rules:
`
const CITE = '    cite: [{ ref: Test Code § 1, certainty: primary }]\n'
const rule = (id: string, body: string, cite = CITE) => `  - id: ${id}\n    text: A rule for a test.\n${cite}${body}`

function problemsOf(rules: string, head = HEAD): readonly FileProblem[] {
  const reading = readYaml('little.yaml', LawFile, () => new TextEncoder().encode(head + rules))
  if ('problems' in reading) return reading.problems
  try {
    compileRulebook([reading.read], null)
    return checkNames([reading.read], null, id => id === 'us-doj-fbi')
  } catch (error) {
    if (error instanceof FilesRefused) return error.problems
    throw error
  }
}

const ENFORCEMENT = '    when: { purpose: [immigration-enforcement] }\n    then: deny\n'
const COURT = `      - when: { process: { kind: [court-order], state: [active], covers: query } }
        then: permit
        obligations: [{ only: named-in-process }]
`

/** A law, the line its problem must name, a word of the message; and the nearest law that is right. */
const WRONG: readonly [what: string, rules: string, at: string, message: RegExp, right: string][] = [
  [
    'a mistyped key',
    rule('a', '    when: {}\n    then: hold\n    deadlin: 24h\n'),
    'deadlin',
    /did you mean 'deadline'/,
    rule('a', '    when: {}\n    then: hold\n    deadline: 24h\n'),
  ],
  [
    'an unknown class',
    rule('a', `${ENFORCEMENT}    of: [adress]\n`),
    'of: [adress]',
    /'adress' cannot stand here/,
    rule('a', `${ENFORCEMENT}    of: [locating]\n`),
  ],
  ['a citation missing', rule('a', ENFORCEMENT, ''), '- id: a', /'cite' is missing/, rule('a', ENFORCEMENT)],
  ['an empty citation', rule('a', ENFORCEMENT, '    cite: []\n'), 'cite: []', /every rule carries its citation/, rule('a', ENFORCEMENT)],
  [
    'a rule outside of what the law binds',
    rule('a', '    when: { source: { records: [library] } }\n    then: deny\n'),
    'when: { source',
    /can never match/,
    rule('a', '    when: { source: { records: [custody] } }\n    then: deny\n'),
  ],
  [
    'a rule that contradicts itself',
    rule('a', '    when: { bulk: true, not: { bulk: true } }\n    then: deny\n'),
    'when: { bulk',
    /can never match/,
    rule('a', '    when: { bulk: true, not: { routed: true } }\n    then: deny\n'),
  ],
  [
    'a date after the end of the law',
    rule('a', '    when: { date: { until: 2019-12-31 } }\n    then: deny\n'),
    'when: { date',
    /can never match/,
    rule('a', '    when: { date: { until: 2020-01-01 } }\n    then: deny\n'),
  ],
  [
    'a rule that another makes idle',
    rule('a', ENFORCEMENT) + rule('b', `${ENFORCEMENT}    of: [locating]\n`),
    '- id: b',
    /'little\/a' already says all that this rule says/,
    rule('a', ENFORCEMENT) + rule('b', `${ENFORCEMENT}    of: [locating]\n`, CITE.replace('§ 1', '§ 2')),
  ],
  [
    'the same rule twice',
    rule('a', ENFORCEMENT) + rule('b', ENFORCEMENT),
    '- id: b',
    /'little\/a' already says/,
    rule('a', ENFORCEMENT) + rule('b', `${ENFORCEMENT}    of: [locating]\n    obligations: [{ notify: the director }]\n`),
  ],
  [
    'an exception that is never reached',
    rule(
      'a',
      `${ENFORCEMENT}    unless:\n${COURT}      - when: { process: { kind: [court-order], state: [active], covers: query } }\n        then: hold\n`,
    ),
    '- when: { process: { kind: [court-order], state: [active], covers: query } }',
    /can never apply/,
    rule('a', `${ENFORCEMENT}    unless:\n${COURT}      - when: { process: { kind: [court-order], covers: query } }\n        then: hold\n`),
  ],
  [
    'an exception outside of its rule',
    rule('a', `${ENFORCEMENT}    unless:\n      - when: { purpose: [audit] }\n        then: permit\n`),
    '- when: { purpose: [audit] }',
    /can never apply/,
    rule(
      'a',
      `    when: { purpose: [audit, court] }\n    then: deny\n    unless:\n      - when: { purpose: [audit] }\n        then: permit\n`,
    ),
  ],
  [
    'an exception wider than its rule',
    rule('a', `${ENFORCEMENT}    unless:\n      - when: { purpose: { not: [audit] } }\n        then: permit\n`),
    'unless:',
    /wider than their rule/,
    rule(
      'a',
      `    when: { purpose: [immigration-enforcement, audit] }\n    then: deny\n    unless:\n      - when: { purpose: { not: [audit] } }\n        then: permit\n`,
    ),
  ],
  [
    'a denial that treats what it does not release',
    rule('a', `${ENFORCEMENT}    obligations: [{ treat: mask, of: [personal] }]\n`),
    'obligations:',
    /can only owe 'notify' or 'review'/,
    rule('a', `${ENFORCEMENT}    obligations: [{ review: later, within: 72 hours }]\n`),
  ],
  [
    'a deadline nobody waits for',
    rule('a', `${ENFORCEMENT}    deadline: 24h\n`),
    'deadline: 24h',
    /'deny' waits for nobody; remove 'deadline'/,
    rule('a', '    when: { purpose: [immigration-enforcement] }\n    then: hold\n    deadline: 24h\n'),
  ],
  [
    'people nobody waits for',
    rule('a', `${ENFORCEMENT}    people: 2\n`),
    'people: 2',
    /'deny' waits for nobody; remove 'people', or write 'then: hold'/,
    rule('a', '    when: { purpose: [immigration-enforcement] }\n    then: hold\n    people: 2\n'),
  ],
  [
    'people on an exception that permits',
    rule('a', `${ENFORCEMENT}    unless:\n${COURT}        people: 2\n`),
    'people: 2',
    /'permit' waits for nobody; remove 'people'/,
    rule('a', `${ENFORCEMENT}    unless:\n${COURT.replace('permit', 'hold').replace(/ +obligations.*\n/, '')}        people: 2\n`),
  ],
  [
    'a number of people that no gate counts',
    rule('a', '    when: {}\n    then: hold\n    people: 3\n'),
    'people: 3',
    /2/,
    rule('a', '    when: {}\n    then: hold\n    people: 2\n'),
  ],
  [
    'a condition that says nothing',
    rule('a', '    when: { recipient: {} }\n    then: deny\n'),
    'when: { recipient',
    /an empty condition means everybody/,
    rule('a', '    when: { recipient: { category: [vendor] } }\n    then: deny\n'),
  ],
  [
    'a blank citation',
    rule('a', ENFORCEMENT, CITE.replace('Test Code § 1', '"    "')),
    '"    "',
    /3|short|small|characters/,
    rule('a', ENFORCEMENT),
  ],
  ['a law without rules', '  []\n', 'rules:', /a law without rules decides nothing/, rule('a', ENFORCEMENT)],
  [
    'an agency nobody knows',
    rule('a', '    when: { recipient: { agency: [us-doj-fib] } }\n    then: deny\n'),
    'when: { recipient',
    /no agency 'us-doj-fib'/,
    rule('a', '    when: { recipient: { agency: [us-doj-fbi] } }\n    then: deny\n'),
  ],
  [
    'a place that is none',
    rule('a', '    when: { not: { recipient: { jurisdiction: [us-calif] } } }\n    then: deny\n'),
    'when: { not',
    /'us-calif' is no place/,
    rule('a', '    when: { not: { recipient: { jurisdiction: [us-ca-oakland] } } }\n    then: deny\n'),
  ],
]

t.test('each mistake is an error where it stands, and its correction loads', async t => {
  for (const [what, rules, at, message, right] of WRONG) {
    const [problem, ...others] = problemsOf(rules)
    t.same(others, [], what)
    t.match(problem?.message, message, what)
    t.equal(problem?.file, 'little.yaml')
    const line = (HEAD + rules).split('\n')[(problem?.line ?? 0) - 1]
    t.ok(line?.includes(at), `${what}: "${line}" has ${at}`)
    t.ok((problem?.column ?? 0) >= 1 && (problem?.column ?? 0) <= (line?.length ?? 0) + 1, `${what}: column ${problem?.column}`)
    t.same(problemsOf(right), [], `${what}: its correction`)
  }
})

t.test('a stub says what is missing, and does not take force', async t => {
  const stub = `${HEAD.replace('rules:\n', 'rules: []\n')}missing: [The text of the law was not found.]\n`
  t.match(problemsOf('', stub)[0]?.message, /is a stub and cannot be put in force; missing: The text/)
})

t.test('a law that is not in force yet, or no longer, is compiled and idle, and said so', async t => {
  const reading = readYaml('little.yaml', LawFile, () =>
    new TextEncoder().encode(`${HEAD.replace('2020-01-01', '2027-01-01, until: 2029-12-31')}${rule('a', ENFORCEMENT)}`),
  )
  if ('problems' in reading) throw new Error(reading.problems[0]?.message)
  const book = compileRulebook([reading.read], null)
  const at = (day: string) => asleepAt(book, Date.parse(`${day}T12:00:00Z`))
  t.same(at('2026-12-31'), ['little/a is not in force yet: from 2027-01-01'])
  t.same(at('2027-01-01'), [])
  t.same(at('2029-12-31'), [])
  t.same(at('2030-01-01'), ['little/a is no longer in force: since 2030-01-01'])
})
