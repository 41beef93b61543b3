import t from 'tap'
import { readYaml } from '../../src/config/read-yaml.ts'
import { compileRulebook } from '../../src/policy/compile.ts'
import { type FileProblem, FilesRefused } from '../../src/terms/faults.ts'
import type { FromFile } from '../../src/terms/file.ts'
import { GrantsFile, LawFile } from '../../src/terms/law.ts'

const LAW = `law: little
title: A little law
jurisdiction: us-ca
source: Test Code
effective: { from: 2020-01-01 }
rules:
`
const GRANTS = `grants: us-ca
title: Little grants
source: Test practice
rules:
`

const bytes = (text: string) => () => new TextEncoder().encode(text)

function problemsOf(text: string): readonly FileProblem[] {
  try {
    if (text.startsWith('grants')) compileRulebook([], read(readYaml('little.yaml', GrantsFile, bytes(text))))
    else compileRulebook([read(readYaml('little.yaml', LawFile, bytes(text)))], null)
    return []
  } catch (error) {
    if (error instanceof FilesRefused) return error.problems
    throw error
  }
}

function read<T>(reading: { readonly read: FromFile<T> } | { readonly problems: readonly FileProblem[] }): FromFile<T> {
  if ('read' in reading) return reading.read
  throw new FilesRefused(reading.problems)
}

const rule = (when: string, then: string) =>
  `  - id: a\n    text: A rule for a test.\n    cite: [{ ref: Test Code § 1, certainty: primary }]\n    when: ${when}\n${then}`
const exception = (when: string, then = 'permit', owes = '') => `      - when: ${when}\n        then: ${then}\n${owes}`
const law = (...exceptions: string[]) => LAW + rule('{ purpose: [audit, court] }', `    then: deny\n    unless:\n${exceptions.join('')}`)
const grant = (when: string, owes = '') =>
  `${GRANTS}  - id: a\n    text: A grant for a test.\n    when: ${when}\n    uses: [select]\n    of: [personal]\n${owes}`

const ONLY = '        obligations: [{ only: named-in-process }]\n'
const CONSENT = 'process: { kind: [subject-consent], state: [active], covers: query }'
const UNCONFINED = /write 'obligations: \[\{ only: named-in-process \}\]'/
const UNCOVERED = /write 'state: \[active\], covers: query'/
const SILENCED = /process would make this rule say nothing.* under 'unless'/

/** What is wrong, the file, how the line of each problem ends, what each says; and the nearest file that is right. */
const WRONG: readonly [what: string, text: string, at: string, messages: readonly RegExp[], right: string][] = [
  [
    'consent that lifts a law for everybody',
    law(exception(`{ ${CONSENT} }`)),
    `when: { ${CONSENT} }`,
    [UNCONFINED],
    law(exception(`{ ${CONSENT} }`, 'permit', ONLY)),
  ],
  [
    'one that owes something else',
    law(exception(`{ ${CONSENT} }`, 'permit', '        obligations: [{ only: self }, { notify: somebody }]\n')),
    `when: { ${CONSENT} }`,
    [UNCONFINED],
    law(exception(`{ ${CONSENT} }`, 'permit', '        obligations: [{ only: named-in-process }, { notify: somebody }]\n')),
  ],
  [
    'consent as one way of several',
    law(exception(`{ any: [{ bulk: false, purpose: [audit] }, { ${CONSENT} }] }`)),
    `{ ${CONSENT} }] }`,
    [UNCONFINED],
    law(exception('{ bulk: false, purpose: [audit] }'), exception(`{ ${CONSENT} }`, 'permit', ONLY)),
  ],
  [
    'consent said the long way round',
    law(exception('{ not: { any: [{ process: { state: { not: [active] } } }, { process: { covers: none } }] } }')),
    'covers: none } }] } }',
    [UNCONFINED],
    law(exception('{ not: { any: [{ process: { state: { not: [active] } } }, { process: { covers: none } }] } }', 'permit', ONLY)),
  ],
  [
    'paper that does not cover the query',
    law(exception('{ process: { kind: [court-order], state: [active] } }', 'permit', ONLY)),
    'state: [active] } }',
    [UNCOVERED],
    law(exception('{ process: { kind: [court-order], state: [active], covers: query } }', 'permit', ONLY)),
  ],
  [
    'paper that nobody verified',
    law(exception('{ process: { kind: [court-order], state: [verified, active], covers: query } }', 'permit', ONLY)),
    'covers: query } }',
    [UNCOVERED],
    law(
      exception('{ process: { kind: [court-order], state: [active], covers: query } }', 'permit', ONLY),
      exception('{ process: { kind: [court-order], state: [verified], covers: query } }', 'hold'),
    ),
  ],
  [
    'paper of which nothing is asked but its kind',
    law(exception('{ process: { kind: [court-order] } }')),
    'kind: [court-order] } }',
    [UNCONFINED, UNCOVERED],
    law(exception('{ process: { kind: [court-order] } }', 'hold')),
  ],
  [
    'an exception that only process reaches',
    law(exception('{ process: { state: [none] } }', 'hold'), exception('{ purpose: [audit] }')),
    'when: { purpose: [audit] }',
    [UNCONFINED, UNCOVERED],
    law(exception('{ process: { state: [none] } }', 'hold'), exception('{ purpose: [audit] }', 'withhold')),
  ],
  [
    'a rule that paper silences',
    LAW + rule('{ purpose: [audit], process: { kind: { not: [subject-consent] } } }', '    then: deny\n'),
    'not: [subject-consent] } } }',
    [SILENCED],
    LAW + rule('{ purpose: [audit] }', `    then: deny\n    unless:\n${exception(`{ ${CONSENT} }`, 'permit', ONLY)}`),
  ],
  [
    // A court that nobody knows protects, and where there is no paper nobody knows one.
    'a rule that the paper of any other court silences',
    LAW + rule('{ purpose: [audit], process: { court: [superior-court] } }', '    then: deny\n'),
    'court: [superior-court] } }',
    [SILENCED],
    LAW + rule('{ purpose: [audit], process: { kind: [court-order], court: [superior-court] } }', '    then: deny\n'),
  ],
  [
    'a grant to everybody by the consent of one',
    grant(`{ purpose: [court], ${CONSENT} }`),
    `${CONSENT} }`,
    [UNCONFINED],
    grant(`{ purpose: [court], ${CONSENT} }`, '    obligations: [{ only: named-in-process }]\n'),
  ],
  [
    'a grant by paper about something else',
    grant('{ purpose: [court], any: [{ process: { state: [active] } }] }', '    obligations: [{ only: named-in-process }]\n'),
    'state: [active] } }] }',
    [UNCOVERED],
    grant(
      '{ purpose: [court], any: [{ process: { state: [active], covers: query } }] }',
      '    obligations: [{ only: named-in-process }]\n',
    ),
  ],
]

t.test('process that would open more than whom it names is an error where it stands, and its correction loads', async t => {
  for (const [what, text, at, messages, right] of WRONG) {
    const problems = problemsOf(text)
    t.equal(problems.length, messages.length, what)
    for (const [i, { file, line, column, message }] of problems.entries()) {
      t.match(message, messages[i], what)
      t.equal(file, 'little.yaml')
      const found = text.split('\n')[line - 1] ?? ''
      t.ok(found.endsWith(at), `${what}: "${found}" ends with ${at}`)
      t.ok(column > 1 && column <= found.length, `${what}: column ${column}`)
    }
    t.same(problemsOf(right), [], `${what}: its correction`)
  }
})

t.test('an exception that several rules share is wrong in each', async t => {
  const shared = (owes: string) =>
    law(exception(`{ ${CONSENT} }`, 'permit', owes))
      .replace('      - when', '      - &consent\n        when')
      .concat(`${rule('{ purpose: [research] }', '    then: hold\n    unless: [*consent]\n')}`.replace('id: a', 'id: b'))
  t.same(
    problemsOf(shared('')).map(({ line }) => line),
    [14, 21],
  )
  t.same(problemsOf(shared(ONLY)), [])
})

t.test('a clause that process does not decide needs no process to confine it', async t => {
  const free = [
    law(exception('{ purpose: [audit], bulk: false }')),
    // Holds without any paper as well, and paper makes it narrower.
    law(exception('{ purpose: [audit], process: { kind: { not: [i-200, i-205] } } }')),
    law(exception('{ purpose: [audit], process: { state: [none] } }')),
    // The rule speaks of paper alone, and the exception of what has no need of it.
    LAW + rule('{ process: { kind: [foreign-subpoena] } }', `    then: deny\n    unless:\n${exception('{ purpose: [treatment] }')}`),
    LAW + rule('{ purpose: [audit], process: { kind: [i-247] } }', '    then: withhold\n'),
    grant('{ purpose: [court] }'),
    grant('{ purpose: [court], process: { sealed: false } }'),
  ]
  for (const text of free) t.same(problemsOf(text), [], text)
})
