import t from 'tap'
import { hall } from '../admin/hall.ts'
import { commander } from './run-admin.ts'

t.test("a review is counsel's, and lifts only what was a retry", async t => {
  const at = await hall(t)
  const haven = commander(at)
  await at.owe('d1', [{ review: 'emergency access', within: '72 hours' }])
  t.match(await haven('dot', 'auditor', 'review', 'list', '--json'), { code: 0, out: /"reviews":\[\{"id":"d1\.1"/ })
  t.match(await haven('clerk', 'operator', 'review', 'done', 'd1.1', '--note', 'x'), { code: 1, err: /role counsel/ })
  t.match(await haven('ana', 'counsel', 'review', 'done', 'd1.1', '--note', 'x', '--lift'), { code: 1, err: /only the review of a retry/ })
  t.match(await haven('ana', 'counsel', 'notice', 'done', 'd1.1', '--note', 'x'), { code: 1, err: /there is no notice/ })
  t.match(
    await haven('ana', 'counsel', 'review', 'done', 'd1.1', '--note', 'a real call'),
    { code: 0, out: 'the review d1.1 is done' },
    'twin',
  )
  t.match((await haven('ana', 'counsel', 'review', 'show', 'd1.1')).out, /by: ana$/m)
})
