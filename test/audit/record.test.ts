import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { verifyJournal } from '../../src/audit/verify.ts'
import { allEntries as all, DENY, journalIn, optionsIn, permitted, RELEASED, record, temporary } from './given.ts'

t.test('sixty-four writers at once: every receipt names the place its entry has', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  const indexes = new Map<string, number>()
  const write = async (writer: number) => {
    for (let i = 0; i < 20; i++) {
      const receipt = await journal.recordDecision(permitted(`w${writer}-${i}`))
      indexes.set(receipt.judgement.call.id, receipt.index)
      if (i % 7 === 0) await journal.recordOutcome(receipt, RELEASED)
    }
  }
  await Promise.all([...Array.from({ length: 64 }, (_, i) => write(i)), journal.publish(), journal.publish()])
  const entries = await all(optionsIn(home).dir)
  t.same(
    entries.map(placed => placed.index),
    entries.map((_, i) => i),
  )
  for (const { entry, index } of entries) if (entry.kind === 'decision') t.equal(indexes.get(entry.id), index)
  t.equal(indexes.size, 1280)
  t.match(await verifyJournal(optionsIn(home).dir, journal.vkey), { ok: true, entries: 1280 + 64 * 3, problem: null })
})

t.test('a receipt is for one outcome, and for one of ours', async t => {
  const journal = await journalIn(t, await temporary(t))
  const judgement = permitted('once')
  const receipt = await journal.recordDecision(judgement)
  await journal.recordOutcome(receipt, RELEASED)
  await t.rejects(journal.recordOutcome(receipt, RELEASED), { code: 'fault.journal', message: /takes no outcome/ })
  await t.rejects(journal.recordOutcome({ ...receipt }, RELEASED), { code: 'fault.journal' })
  await t.rejects(journal.recordDecision(judgement), { code: 'fault.journal', message: /recorded before/ })
  await t.resolves(journal.recordDecision(permitted('twice')))
})

t.test('decisions and outcomes hold what the design lists', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  const receipt = await journal.recordDecision(permitted('d1'))
  await journal.recordOutcome(receipt, { ...RELEASED, state: 'withheld', failure: { code: 'upstream.failed', atByte: 17 } })
  await journal.recordDecision({ ...permitted('d2'), decision: DENY })
  const [decision, outcome, denial] = (await all(optionsIn(home).dir)).map(placed => placed.entry)
  t.match(decision, {
    ...{
      v: 1,
      kind: 'decision',
      id: 'd1',
      seq: 0,
      t_wall: 1_800_000_000_000,
      rulebook: 'rulebook-1',
      source: 'residents',
      collection: 'residents',
    },
    requester: { agency: 'la-fire', category: 'fire-ems', jurisdiction: 'us-ca-los-angeles', person: /^[\w-]{22}$/ },
    recipients: [{ agency: 'la-fire', via: 'requester' }],
    purpose: { code: 'emergency', from: 'claim', declared: null },
    req: { method: 'GET', digest: /^[\w-]{22}$/ },
    uses: [
      { field: 'address', classes: ['locating'], kind: 'select', where: 'select' },
      { field: 'id', kind: 'identify' },
    ],
    subjects: [/^[\w-]{22}$/],
    decision: { kind: 'permit', released: ['locating'], reply: null },
  })
  t.match(outcome, {
    kind: 'outcome',
    decision_id: 'd1',
    state: 'withheld',
    cut: { 'residents.ssn': 1 },
    failure: { code: 'upstream.failed', at_byte: 17 },
    seq: 1,
  })
  t.match(denial, { decision: { kind: 'deny', reply: 'not-permitted' }, seq: 2 })
})

t.test('tokens of one purpose do not join with those of another', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  const { parties } = permitted('x')
  await journal.recordDecision(permitted('a'))
  await journal.recordDecision(permitted('b'))
  if (!('purpose' in parties)) throw new Error('these parties are placed')
  await journal.recordDecision(permitted('c', { parties: { ...parties, purpose: { ...parties.purpose, code: 'audit' } } }))
  const [a, b, c] = (await all(optionsIn(home).dir)).map(placed => JSON.stringify([placed.entry.subjects, placed.entry.requester]))
  t.equal(a, b)
  t.not(a, c)
})

t.test('events are kept, and the newest rulebook and time are known again after a restart', async t => {
  const home = await temporary(t)
  let time = 1_800_000_000_000
  const first = await journalIn(t, home, { now: () => time })
  t.equal(first.lastRulebook, null)
  await first.recordDecision(permitted('d', { rulebook: 'one' }))
  t.equal(first.lastRulebook, 'one')
  time += 5000
  await first.recordEvent('rulebook', { digest: 'two', why: 'start' })
  await first.recordEvent('config', { digest: 'not-a-rulebook' })
  await first.close()
  time -= 3_600_000
  const second = await journalIn(t, home, { now: () => time })
  t.equal(second.lastRulebook, 'two')
  t.equal(second.lastTime, 1_800_000_005_000)
  await second.recordDecision(permitted('e'))
  t.equal(second.lastTime, 1_800_000_005_000)
  const kinds = (await all(optionsIn(home).dir)).map(placed => placed.entry.kind)
  t.same(kinds, ['decision', 'rulebook', 'config', 'clock', 'decision'])
  await t.rejects(second.recordEvent('config', { ratio: 0.5 }), { code: 'fault.journal' })
  await t.resolves(second.recordEvent('config', { ratio: 50 }))
  t.match(await verifyJournal(optionsIn(home).dir, second.vkey), { ok: true })
})

t.test('strangers are summed: one entry a minute, and one on close', async t => {
  const home = await temporary(t)
  let time = 1_800_000_000_000
  const journal = await journalIn(t, home, { now: () => time })
  for (let i = 0; i < 1000; i++) journal.countUnauthenticated('token.missing')
  t.equal((await all(optionsIn(home).dir)).length, 0)
  time += 60_000
  journal.countUnauthenticated('token.invalid')
  for (let i = 0; i < 1000; i++) journal.countUnauthenticated('token.missing')
  await journal.close()
  const counts = (await all(optionsIn(home).dir)).map(placed => placed.entry.counts)
  t.same(counts, [{ 'token.invalid': 1, 'token.missing': 1000 }, { 'token.missing': 1000 }])
})

t.test('checkpoints come at their rate, off the request path', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home, { checkpointEveryMs: 20 })
  await record(journal, 300)
  const size = async () => Number((await readFile(join(optionsIn(home).dir, 'public/checkpoint'), 'utf8')).split('\n')[1])
  for (let i = 0; i < 200 && (await size()) < 300; i++) await new Promise(resolve => setTimeout(resolve, 20))
  t.equal(await size(), 300)
})

t.test('after close nothing is recorded, and closing twice is once', async t => {
  const journal = await journalIn(t, await temporary(t))
  await record(journal, 3)
  await Promise.all([journal.close(), journal.close()])
  await t.rejects(journal.recordDecision(permitted('late')), { code: 'fault.journal', reply: 'unavailable', message: /closed/ })
})
