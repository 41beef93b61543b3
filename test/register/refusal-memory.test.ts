import t from 'tap'
import { createAttempts } from '../../src/register/attempts.ts'
import type { JournalEntry } from '../../src/register/journal-entry.ts'
import { createRefusalMemory } from '../../src/register/refusal-memory.ts'
import { bookParts, factsOf, partiesOf, START } from './desk.ts'

t.test('the oldest goes first, and what is repeated is young again', async t => {
  const memory = createRefusalMemory<{ of: string; at: number; by: string }>(3, 100)
  for (const token of ['a', 'b', 'c', 'a', 'd']) memory.remember(token, { of: 'd1', at: 0, by: 'x' })
  t.same(
    ['a', 'b', 'c', 'd'].map(token => memory.find(token, 0) !== null),
    [true, false, true, true],
  )
  t.equal(memory.size(), 3)
})

t.test('whoever holds most loses first: one login cannot wash out another', async t => {
  const memory = createRefusalMemory<{ of: string; at: number; by: string }>(100, 100)
  memory.remember('mine', { of: 'd1', at: 0, by: 'me' })
  for (let i = 0; i < 5_000; i++) memory.remember(`flood-${i}`, { of: 'd2', at: 0, by: 'flood' })
  t.ok(memory.find('mine', 0))
  t.ok(memory.find('flood-4999', 0), 'the twin: the newest of the flood')
  t.equal(memory.find('flood-0', 0), null)
})

t.test('found within the window and not after it', async t => {
  const memory = createRefusalMemory<{ of: string; at: number; by: string }>(3, 100)
  memory.remember('a', { of: 'd1', at: 1000, by: 'x' })
  t.ok(memory.find('a', 1099))
  t.equal(memory.find('a', 1100), null)
})

t.test('forgets all that stands on one decision and nothing else', async t => {
  const memory = createRefusalMemory<{ of: string; at: number; by: string }>(9, 100)
  for (const [token, of] of Object.entries({ a: 'd1', b: 'd2', c: 'd1' })) memory.remember(token, { of, at: 0, by: 'x' })
  memory.forget('d1')
  t.same(
    ['a', 'b', 'c'].map(token => memory.find(token, 0)?.of ?? null),
    [null, 'd2', null],
  )
})

t.test('three hundred thousand refusals leave at most fifty thousand persons in memory: the newest', { timeout: 60_000 }, async t => {
  const token = (kind: string, ...parts: readonly string[]) => [kind, ...parts].join('/')
  const attempts = createAttempts(bookParts({ token }, () => START))
  const refusal = (i: number): JournalEntry => {
    const asked = { persons: [`p${i}`], purpose: 'suspected' } as const
    return {
      ...{
        kind: 'decision',
        id: `d${i}`,
        t_wall: START,
        asked: { bulk: false },
        decision: { kind: 'deny' },
        source: 'residents',
        uses: [],
      },
      ...{ purpose: { code: 'suspected' }, requester: { agency: `agency-${i % 9000}`, category: 'local-police' }, known: null },
      attempts: { ...attempts.of(partiesOf(asked), factsOf(asked)) },
    }
  }
  const MANY = 300_000
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < MANY; i++) attempts.observe(refusal(i))
  const isKnown = (i: number) => {
    const asked = { persons: [`p${i}`] }
    return attempts.recognise(partiesOf(asked), factsOf(asked), false).retry !== null
  }
  for (const i of [MANY - 46_000, MANY - 25_000, MANY - 1]) t.ok(isKnown(i), `${i} is known`)
  for (const i of [0, 1, 200_000, MANY - 50_001]) t.notOk(isKnown(i), `${i} is forgotten`)
  // A million of them would take some 500 MB.
  t.ok(process.memoryUsage().heapUsed - before < 300 * 1024 * 1024)
})
