import { join } from 'node:path'
import t from 'tap'
import { noteNotInForce } from '../../src/cli/note-not-in-force.ts'
import { isSame, summaryOf } from '../../src/rulebook/shadow.ts'
import type { Hold, Verdict } from '../../src/terms/decision.ts'
import { city } from '../rulebook/city.ts'
import { json, upstream } from '../support/upstream.ts'

const verdict = (kind: Verdict['use']['kind'], effect: Verdict['effect']): Verdict => ({
  use: { class: 'locating', kind },
  effect,
  reasons: [],
})
const HELD: Hold = {
  kind: 'hold',
  verdicts: [verdict('select', 'hold'), verdict('count', 'permit')],
  withheld: [],
  held: ['locating'],
  hold: { for: 'counsel', deadlineHours: 24, people: 1, classes: ['locating'], rules: [], reasons: [] },
  obligations: [{ notify: 'the city clerk', within: '24 hours' }],
  reasons: [],
}
const same = (over: Partial<Hold>) => isSame(summaryOf(HELD), summaryOf({ ...HELD, ...over }))

t.test('two decisions are the same on the same terms alone', async t => {
  t.ok(same({}))
  t.ok(same({ obligations: [{ within: '24 hours', notify: 'the city clerk' }] }), 'in another order of words')
  t.notOk(same({ obligations: [] }), 'nothing is owed any more')
  t.notOk(same({ obligations: [{ notify: 'the city clerk', within: '72 hours' }] }))
  t.notOk(
    same({ hold: { for: 'counsel', deadlineHours: 72, people: 1, classes: ['locating'], rules: [], reasons: [] } }),
    'counsel has longer',
  )
  t.notOk(same({ verdicts: [verdict('select', 'permit'), verdict('count', 'hold')] }), 'another kind of use is held')
  t.ok(same({ verdicts: [verdict('count', 'permit'), verdict('select', 'hold')] }), 'twin: the same uses in another order')
})

t.test('a rulebook that is not the one in force is noted where signers are set', async t => {
  const la = await city(t, (await upstream(t, json([]))).url)
  const gate = await la.start(t)
  const [event] = (await gate.entries()).filter(({ kind }) => kind === 'rulebook') as { body: { digest: string } }[]
  const journalDir = join(la.dir, 'journal')
  const offered = { digest: 'f'.repeat(64), journalDir, signers: ['ana'] }
  t.match(await noteNotInForce(offered), ['this rulebook is not the one in force; a change needs signatures: haven policy sign'])
  t.same(await noteNotInForce({ ...offered, digest: event?.body.digest ?? '' }), [], 'twin: the one in force')
  t.same(await noteNotInForce({ ...offered, signers: [] }), [], 'without signers nothing is signed')
  t.same(await noteNotInForce({ ...offered, journalDir: '/nowhere' }), [], 'no journal is no failure')
})
