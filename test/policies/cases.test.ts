import { join } from 'node:path'
import t from 'tap'
import { toInquiry } from '../../src/cli/to-inquiry.ts'
import { checkCase } from '../../src/policy/check-case.ts'
import { loadTestablePolicies } from '../../src/prepare-cases.ts'

const policies = loadTestablePolicies(join(import.meta.dirname, '../../policies'), [])

t.test('every case beside the laws holds', async t => {
  for (const { file, folder, of } of policies.cases) {
    const home = of.grants ?? folder ?? 'us'
    const rulebook = policies.rulebookOf(of.laws ?? (folder ? [folder] : []), of.grants ?? folder)
    const { ok, unmet } = checkCase(rulebook, toInquiry(of.given, { ...policies, home }), of.expect)
    t.ok(ok, `${file.split('/').slice(-2).join('/')}: ${of.name} ${unmet.join('; ')}`)
  }
})

t.test('every rule and every grant is touched by a case', async t => {
  const touched = new Set(
    policies.cases.flatMap(({ folder, of }) => {
      const rulebook = policies.rulebookOf(of.laws ?? (folder ? [folder] : []), of.grants ?? folder)
      return checkCase(rulebook, toInquiry(of.given, { ...policies, home: of.grants ?? folder ?? 'us' }), of.expect).got.rules
    }),
  )
  t.same(
    policies.rules.map(({ id }) => id).filter(id => !touched.has(id)),
    [],
  )
})

t.test('a case that expects something else fails', async t => {
  const [one] = policies.cases
  if (!one) throw new Error('there is no case')
  const rulebook = policies.rulebookOf(one.of.laws ?? [], one.of.grants ?? null)
  const inquiry = toInquiry(one.of.given, { ...policies, home: 'us' })
  const { got } = checkCase(rulebook, inquiry, {})
  const other = got.decision === 'deny' ? 'permit' : 'deny'
  t.notOk(checkCase(rulebook, inquiry, { decision: other }).ok)
  t.notOk(checkCase(rulebook, inquiry, { cites: ['nobody wrote this'] }).ok)
  t.notOk(checkCase(rulebook, inquiry, { released: ['open', 'health'] }).ok)
})
