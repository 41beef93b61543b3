import t from 'tap'
import { hall } from '../admin/hall.ts'
import { commander } from './run-admin.ts'

t.test('a notice is listed with its day, shown, and done once', async t => {
  const at = await hall(t)
  const haven = commander(at)
  t.match(await haven('dot', 'auditor', 'notice', 'list'), { code: 0, out: 'none' })
  await at.owe('d1', [{ notify: 'data-subject', within: '72 hours' }])
  const listed = await haven('dot', 'auditor', 'notice', 'list')
  t.match(listed, { code: 0, out: /^id .*\nd1\.1 +open +data-subject +la-fire .* \d{4}-\d\d-\d\dT/ })
  t.match(await haven('dot', 'auditor', 'notice', 'show', 'd1.1'), { code: 0, out: /^what: data-subject$/m })
  t.match(await haven('dot', 'auditor', 'notice', 'done', 'd1.1', '--note', 'x'), { code: 1, err: /role/ })
  t.equal((await haven('clerk', 'operator', 'notice', 'done', 'd1.1')).code, 2, 'without a note')
  t.match(await haven('clerk', 'operator', 'notice', 'done', 'd1.1', '--note', 'letter'), { code: 0, out: 'the notice d1.1 is done' })
  t.match(await haven('clerk', 'operator', 'notice', 'done', 'd1.1', '--note', 'letter'), { code: 1, err: /done already/ })
})
