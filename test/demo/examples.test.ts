import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CAST } from '../../demo/cast.ts'
import { importAgencies } from '../../src/config/import-agencies.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')

t.test('the table of the example goes into the directory as it stands', async t => {
  const { added, extended, refused } = importAgencies(read('policies/agencies.yaml'), read('docs/examples/agencies.csv'))
  t.same(refused, [])
  t.same([added, extended], [['us-ca-example-police', 'us-ca-example-water'], ['us-ca-los-angeles-lapd']])
})

t.test('the README pastes tokens that the demo writes', async t => {
  const named = [...read('README.md').matchAll(/demo\/\.city\/tokens\/([\w-]+)\.jwt/g)].map(([, file]) => file ?? '')
  const files: readonly string[] = Object.values(CAST).map(({ file }) => file)
  t.equal(named.length, 3)
  t.same(
    named.filter(file => !files.includes(file)),
    [],
  )
  t.equal(new Set(files).size, files.length)
})
