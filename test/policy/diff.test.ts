import { join } from 'node:path'
import t from 'tap'
import { toInquiry } from '../../src/cli/to-inquiry.ts'
import { compileRulebook } from '../../src/policy/compile.ts'
import { decide } from '../../src/policy/decide.ts'
import { type DiffGroup, diffRulebooks } from '../../src/policy/diff.ts'
import { loadTestablePolicies } from '../../src/prepare-cases.ts'
import { loadProvablePolicies } from '../../src/prepare-proof.ts'
import { GrantsFile, LawFile } from '../../src/terms/law.ts'
import { Given } from '../../src/terms/policy-case.ts'

const AT = Date.parse('2026-12-01T12:00:00Z')
const cite = [{ ref: 'Test Code § 1', certainty: 'primary' }]
const fromFile = <T>(value: T) => ({
  file: 'test.yaml',
  value,
  problem: (_: readonly PropertyKey[], message: string) => ({ file: 'test.yaml', line: 1, column: 1, message }),
})
const rule = (over: object) => ({
  id: 'r',
  text: 'A rule for a test.',
  cite,
  when: { purpose: ['audit'] },
  then: 'deny',
  of: ['locating'],
  ...over,
})
const grant = (over: object) => ({
  id: 'g',
  text: 'A grant for a test.',
  when: { purpose: ['audit'], recipient: { category: ['county'] } },
  uses: ['select'],
  of: ['open', 'locating'],
  ...over,
})
const book = (rules: object[], grants: object[] = [grant({})]) =>
  compileRulebook(
    rules.length > 0
      ? [
          fromFile(
            LawFile.parse({ law: 'l', title: 'Law', jurisdiction: 'us-ca', source: 'Test', effective: { from: '2020-01-01' }, rules }),
          ),
        ]
      : [],
    fromFile(GrantsFile.parse({ grants: 'us-ca', title: 'Grants', source: 'Test', rules: grants })),
  )
const only = (groups: readonly DiffGroup[]): DiffGroup => {
  t.equal(groups.length, 1, groups.map(({ sentence }) => sentence).join('\n'))
  const [group] = groups
  if (!group) throw new Error('nothing changed')
  return group
}

t.test('the same law, however it is written, changes nothing', async t => {
  const purposes = { purpose: ['audit'] }
  const same = diffRulebooks(
    book([rule({})]),
    book([rule({ id: 'other', text: 'The same rule in other words.', when: { all: [purposes] } })]),
    AT,
  )
  t.equal(same.changed, 0n)
  t.equal(same.weaker, false)
  t.same(same.groups, [])
})

t.test('a law that is dropped is weaker, and the sentence says who gets what, for what, by which grant', async t => {
  const diff = diffRulebooks(book([rule({})]), book([]), AT)
  t.equal(diff.weaker, true)
  const newly = diff.groups.filter(({ rules }) => rules.includes('us-ca-grants/g'))
  t.ok(
    diff.groups.some(({ rules }) => rules.includes('court-process')),
    'so does court process, which opens what the law denied',
  )
  const group = only(newly)
  t.match(
    group.sentence,
    /^newly permitted, denied before: to county; .*for audit; .*locating fields; used as select.* by us-ca-grants\/g, before by l\/r \[Test Code § 1\]$/,
  )
  t.same(group.where.recipient, ['county'])
  t.equal(diffRulebooks(book([]), book([rule({})]), AT).weaker, false, 'and the other way it is not')
})

t.test('each way of loosening is weaker; its opposite is not', async t => {
  const plain = rule({})
  const exception = {
    when: { process: { kind: ['court-order'], state: ['active'], covers: 'query' } },
    then: 'permit',
    obligations: [{ only: 'named-in-process' }],
  }
  const loosened: [string, object[], object[], object[]?, object[]?][] = [
    ['deny to hold', [plain], [rule({ then: 'hold' })]],
    ['hold to withhold', [rule({ then: 'hold' })], [rule({ then: 'withhold' })]],
    ['an exception', [plain], [rule({ unless: [exception] })]],
    ['a condition more', [plain], [rule({ when: { purpose: ['audit'], bulk: true } })]],
    ['a class less', [rule({ of: ['locating', 'open'] })], [plain]],
    ['a later deadline', [rule({ then: 'hold', deadline: '24h' })], [rule({ then: 'hold', deadline: '48h' })]],
    ['one person fewer', [rule({ then: 'hold', people: 2 })], [rule({ then: 'hold' })]],
    ['a duty less', [rule({ obligations: [{ notify: 'somebody' }] })], [plain]],
    ['an end', [plain], [rule({ effective: { from: '2020-01-01', until: '2030-12-31' } })]],
    ['a wider grant', [], [], [grant({})], [grant({ of: ['open', 'locating', 'personal'] })]],
    ['an obligation less', [], [], [grant({ obligations: [{ review: 'later' }] })], [grant({})]],
  ]
  for (const [what, before, after, granted, granting] of loosened) {
    t.equal(diffRulebooks(book(before, granted), book(after, granting ?? granted), AT).weaker, true, what)
    t.equal(diffRulebooks(book(after, granting ?? granted), book(before, granted), AT).weaker, false, `not ${what}`)
  }
})

t.test('a hold that fewer people release is told as such', async t => {
  const diff = diffRulebooks(book([rule({ then: 'hold', people: 2 })]), book([rule({ then: 'hold' })]), AT)
  t.ok(diff.groups.every(({ weaker, before, after }) => weaker && before === 'hold' && after === 'hold'))
  t.match(diff.summary[0], /^still held for counsel, released by 1, by 2 before: /)
  const back = diffRulebooks(book([rule({ then: 'hold' })]), book([rule({ then: 'hold', people: 2 })]), AT)
  t.match(back.summary[0], /^still held for counsel, released by 2, by 1 before: /)
})

t.test(
  'between California alone and California with Los Angeles nothing is weaker, and every example is decided as the group says',
  async t => {
    const dir = join(import.meta.dirname, '../../policies')
    const load = (laws: string[]) => loadProvablePolicies(dir, { laws, grants: null, at: AT })
    const [state, city] = [load(['us-ca']), load(['us-ca', 'us-ca-los-angeles'])]
    const diff = diffRulebooks(
      state.rulebook,
      city.rulebook,
      AT,
      city.parties.map(({ party }) => party),
    )
    t.equal(diff.weaker, false)
    t.ok(diff.groups.length > 10)
    const parts = { ...loadTestablePolicies(dir, []), home: 'us-ca-los-angeles' }
    for (const { example, before, after, sentence } of diff.groups) {
      const inquiry = toInquiry(Given.parse(example), parts)
      const said = (rulebook: typeof state.rulebook) => {
        const [verdict] = decide(rulebook, inquiry).verdicts.filter(({ use }) => use.kind !== 'identify')
        if (!verdict) return null
        return verdict.reasons[0]?.code === 'party.unknown-recipient' ? 'unplaced' : verdict.effect
      }
      // What is asked alone by an equality has no verdict of its own to compare.
      if (said(state.rulebook) === null) continue
      t.same([said(state.rulebook), said(city.rulebook)], [before, after], sentence)
    }
  },
)
