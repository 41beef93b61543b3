import t from 'tap'
import { createMetrics } from '../../src/admin/metrics.ts'
import type { Stages } from '../../src/gatekeeper.ts'
import type { Consulted } from '../../src/terms/consulted.ts'
import { DENY, journalIn, permitted, temporary } from '../audit/given.ts'
import { hall, warrant } from './hall.ts'

const KNOWN: Consulted = {
  ...{ process: null, paper: null, attested: false, bulk: false, retry: null, lift: null, noticed: null, remarks: [], alarms: [] },
}

t.test('what waits, and what was asked again or too often, in numbers without names', async t => {
  const metrics = createMetrics()
  const journal = await journalIn(t, await temporary(t))
  const { recordDecision } = metrics.counted({ recordDecision: judgement => journal.recordDecision(judgement) } as Stages)
  await recordDecision(permitted('plain', { consulted: KNOWN }))
  t.match(
    await metrics.text(),
    /^haven_bulk_calls_total 0$[\s\S]*^haven_rate_limited_total 0$/m,
    'twin: a plain call counts as none of them',
  )
  t.notMatch(await metrics.text(), /haven_retries_total\{/)
  const retry = { of: 'secret-decision', purpose: 'immigration-enforcement', judged: true } as const
  await recordDecision(permitted('again', { consulted: { ...KNOWN, retry, bulk: true } }))
  await recordDecision(permitted('linked', { consulted: { ...KNOWN, retry: { ...retry, judged: false } } }))
  const often = { code: 'rate.exceeded', rule: null, cite: [], text: '' } as const
  await recordDecision({ ...permitted('often'), decision: { ...DENY, reply: 'unavailable', reasons: [often] } })
  metrics.register.waiting({ holdsOpen: 4, holdsOverdue: 3, noticesOverdue: 2, reviewsOverdue: 1 })
  const text = await metrics.text()
  for (const line of [
    'haven_retries_total{judged="true"} 1',
    'haven_retries_total{judged="false"} 1',
    'haven_bulk_calls_total 1',
    'haven_rate_limited_total 1',
    'haven_holds_open 4',
    'haven_holds_overdue 3',
    'haven_notices_overdue 2',
    'haven_reviews_overdue 1',
  ])
    t.ok(text.includes(`\n${line}\n`), line)
  t.notMatch(text, /la-fire|officer-1|secret-decision|4711/)
})

t.test('steps in the register are counted by kind', async t => {
  const at = await hall(t)
  const { id } = (await at.as('clerk', 'operator', 'POST', '/process', warrant())).json()
  await at.as('ana', 'counsel', 'POST', `/process/${id}/verify`)
  await at.as('ana', 'counsel', 'POST', `/process/${id}/verify`)
  const { text } = await at.ask('GET', '/metrics', null)
  t.match(text, /^haven_register_steps_total\{kind="process"\} 2$/m, 'the refused one is none')
  t.notMatch(text, /clerk|ana"/)
})
