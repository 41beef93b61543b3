import { randomUUID } from 'node:crypto'
import t from 'tap'
import { runSoak } from '../long/run-soak.ts'

// The short form of `npm run soak`. One id is invented: a checker that did not miss it would not miss a lost entry either.
t.test('whatever a client received before kill -9 has its decision in the journal', async t => {
  const invented = randomUUID()
  const report = await runSoak({ seconds: 3, connections: 16, kills: 2, invented, say: line => t.comment(line) })
  t.same(report.check.missing, [invented], 'only the invented id is missing')
  t.same(report.check.doubled, [])
  t.same(report.check.contradicted, [])
  t.same(report.problems, [`${invented} was answered and is not in the journal`], 'the journal verifies, and no answer was wrong')
  t.same(
    report.received.map(count => count > 0),
    [true, true, true],
    'the gate answered before, between and after the kills',
  )
  t.ok(report.counts.unanswered + report.counts.brokenOff > 0, 'the kills hit calls under way')
})
