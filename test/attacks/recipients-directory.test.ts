import { join } from 'node:path'
import t from 'tap'
import { prepare } from '../../src/prepare.ts'
import { FilesRefused } from '../../src/terms/faults.ts'
import { city } from '../rulebook/city.ts'
import { writeFolder } from '../support/haven.ts'

t.test('a body that shares a source nobody has is a misspelling, and says where', async t => {
  const la = await city(t, 'http://127.0.0.1:9')
  const { configFile } = await writeFolder({
    upstream: 'http://127.0.0.1:9',
    dir: la.dir,
    config: { policies: { dir: 'policies', laws: ['us-ca'] } },
  })
  const share = (sources: readonly string[]) =>
    la.edit('policies/agencies.yaml', ({ agencies }) => {
      agencies[0].reshares = [{ to: 'us-dhs-ice', sources }]
    })
  await share(['residents', 'residnts'])
  const refused = (() => {
    try {
      prepare(configFile)
      return []
    } catch (error) {
      if (!(error instanceof FilesRefused)) throw error
      return error.problems
    }
  })()
  t.match(refused, [{ file: join(la.dir, 'policies/agencies.yaml'), message: /no source 'residnts'/ }])
  t.ok((refused[0]?.line ?? 0) > 1)
  await share(['residents'])
  t.ok(prepare(configFile).directory.byId('us-dhs'), 'twin')
})
