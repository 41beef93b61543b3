import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeLawDocs } from '../../scripts/law-docs.ts'
import { ROOT } from '../architecture/source.ts'

const POLICIES = join(ROOT, 'policies')

t.test('the pages in docs/laws are those of the policy files', async t => {
  const pages = makeLawDocs(POLICIES)
  const folder = join(ROOT, 'docs/laws')
  t.same(new Set(readdirSync(folder)), new Set(pages.keys()))
  for (const [name, text] of pages) t.equal(readFileSync(join(folder, name), 'utf8'), text, `${name}: run \`npm run law-docs\``)
})

const LAW = `
law: us-ca-test
title: Test Act
jurisdiction: us-ca
source: Test Code
effective: { from: 2026-01-01, until: 2027-12-31 }
bound: Every agency of the State.
binds: { keeper: [police, jail] }
reports:
  - { to: the State Auditor, what: How often it was asked., every: year, due: 06-01, cite: [{ ref: Test Code § 9, certainty: secondary }] }
verify: [Whether section 3 is still in force.]
rules:
  - id: addresses
    text: Addresses are not given for immigration enforcement.
    cite: [{ ref: Test Code § 1, certainty: primary }]
    names-federal: Test Code § 1
    effective: { from: 2026-07-01 }
    when: { purpose: [immigration-enforcement] }
    then: deny
    of: [locating]
    obligations: [{ notify: data-subject, within: 3 days }]
    unless:
      - when: { process: { kind: [judicial-warrant], state: [active], covers: query } }
        text: A warrant compels.
        cite: [{ ref: Test Code § 2, certainty: unverified }]
        then: permit
        obligations: [{ only: named-in-process }]
  - id: counts
    text: Small counts are left to counsel.
    cite: [{ ref: Test Code § 3, certainty: primary }]
    when: { uses: [count] }
    then: hold
    deadline: 24h
`
const STUB = `
law: us-ca-unread
title: Unread Act
jurisdiction: us-ca
source: Unread Code
effective: { from: 2026-01-01 }
missing: [The text was not found.]
rules: []
`

t.test('a page says everything that stands in a law file, and a stub what is missing', async t => {
  const dir = t.testdir({})
  mkdirSync(join(dir, 'us-ca'))
  for (const file of ['agencies.yaml', 'purposes.yaml']) cpSync(join(POLICIES, file), join(dir, file))
  writeFileSync(join(dir, 'us-ca/test.yaml'), LAW)
  writeFileSync(join(dir, 'us-ca/unread.yaml'), STUB)
  const pages = makeLawDocs(dir)
  t.same([...pages.keys()], ['us-ca.md'])
  const page = pages.get('us-ca.md') ?? ''
  const said = [
    '# Law of us-ca',
    '## Test Act',
    '- File: `us-ca-test`',
    '- Source: Test Code',
    '- Who is bound: Every agency of the State.',
    '- Which records: where the keeper of the records is police or jail',
    '- In force: from 2026-01-01 until 2027-12-31',
    '### addresses',
    '> Addresses are not given for immigration enforcement.',
    '- Protects: data that locates a person',
    '- When: the purpose is immigration enforcement',
    '- Then: it is denied; owed: notice to the person the record describes, within 3 days',
    '- In force: from 2026-07-01',
    '- Names federal recipients because its statute does: Test Code § 1',
    '- Cited: Test Code § 1 (primary)',
    '  1. When there is a judicial warrant, and the process is active, and the process covers the query: it may be released; owed: only what the process names. A warrant compels. Cited: Test Code § 2 (unverified)',
    '- Protects: all data',
    '- Then: it goes to counsel, who answers within 24h',
    '- Unless: nothing opens it',
    '### What must be reported',
    '- How often it was asked. To: the State Auditor. When: every year, by 06-01. Cited: Test Code § 9 (secondary)',
    '### What counsel must verify',
    '- Whether section 3 is still in force.',
    '## Unread Act (stub: not in force)',
    '### What is missing',
    '- The text was not found.',
  ]
  const lines = page.split('\n')
  for (const line of said) t.ok(lines.includes(line), line)
  t.equal(makeLawDocs(dir).get('us-ca.md'), page)
})
