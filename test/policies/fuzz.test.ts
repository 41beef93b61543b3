import t from 'tap'
import { fuzz, POLICIES } from './fuzz.ts'

t.test('a broken law file is an error with a place, or a law whose every loosening is seen', async t => {
  const found = fuzz(POLICIES, [...Array(300).keys()])
  t.same(found.wrong, [])
  t.ok(found.refused > 100, `${found.refused} did not load`)
  t.ok(found.loaded > 30, `${found.loaded} loaded, ${found.weaker} of them weaker`)
})
