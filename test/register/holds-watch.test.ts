import t from 'tap'
import { createPast } from '../../src/register/past.ts'
import { type Waiting, watchRegister } from '../../src/replay-register.ts'
import { DENY } from '../audit/given.ts'
import { ana, ask, books, clerk, DAY, type Given, HUD, held, judge, ok } from './given.ts'

/** One look, as at a start. */
async function look({ holds, tasks, rows, parts }: Given): Promise<{ readonly lines: readonly string[]; readonly waiting: Waiting }> {
  const lines: string[] = []
  const past = createPast(
    rows.past((...texts) => parts.token('past', ...texts)),
    rows.read,
  )
  let watching: ReturnType<typeof watchRegister> | null = null
  const waiting = await new Promise<Waiting>((waiting, failed) => {
    watching = watchRegister({ holds, tasks, past, damaged: rows.damaged }, { waiting, failed, warn: line => lines.push(line) })
  }).finally(() => watching?.close())
  return { lines, waiting }
}

t.test('the log names each hold that is overdue, and only counts notices and reviews', async t => {
  const given = await books(t)
  const ids = [await held(given, ask()), await held(given, ask({ caseNumber: '2' }))]
  for (const subject of ['a', 'b', 'c']) {
    const obligations = [
      { notify: 'data-subject', within: '1 day' },
      { review: 'look', within: '1 day' },
    ]
    const asked = ask({ login: { ...HUD.login, subject } })
    await judge(given, asked, { hold: null, decision: { ...DENY, obligations } }).recorded
  }
  t.same((await look(given)).lines, [], 'nothing is overdue')
  given.clock.now += 4 * DAY
  const { lines, waiting } = await look(given)
  t.same(lines, [
    ...ids.map(id => `the hold ${id} is overdue and escalated to a second counsel: haven hold show ${id}`),
    'notices that are overdue (haven notice list): 3',
    'reviews that are overdue (haven review list): 3',
  ])
  t.same(waiting, { holdsOpen: 2, holdsOverdue: 2, noticesOverdue: 3, reviewsOverdue: 3 })
  for (const id of ids) ok(await given.holds.refuse(id, 'no', ana))
  for (const { id } of given.tasks.list('notice')) ok(await given.tasks.done(id, { note: 'told' }, clerk))
  t.same((await look(given)).lines, ['reviews that are overdue (haven review list): 3'])
})
