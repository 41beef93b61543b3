import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { describeFailure } from '../../src/cli/describe-failure.ts'

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

t.test('a refusal of the operating system names the path and what to do', async t => {
  const dir = t.testdir({ 'is-there': 'x' })
  const missing = join(dir, 'nowhere/file')
  t.match(describeFailure(thrownBy(() => readFileSync(missing))), [`${missing}: there is no such file or folder; check the name`])
  t.match(describeFailure(thrownBy(() => writeFileSync(missing, ''))), [/nowhere\/file: .*make the folder it stands in \(ENOENT\)$/])
  t.match(describeFailure(thrownBy(() => writeFileSync(dir, ''))), [/: it is a folder, and a file is needed.*\(EISDIR\)$/])
  t.match(describeFailure(thrownBy(() => mkdirSync(join(dir, 'is-there')))), [/is-there: it is there already.*\(EEXIST\)$/])
})

t.test('no right to a path is no word about a port', async t => {
  const file = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', path: '/srv/haven/journal' })
  t.match(describeFailure(file), [/^\/srv\/haven\/journal: this user may not open it.*\(EACCES\)$/])
  const port = Object.assign(new Error('listen EACCES'), { code: 'EACCES', port: 80 })
  t.same(describeFailure(port), ['port 80 may not be opened by this user; use a port above 1023'], 'twin')
  const neither = Object.assign(new Error('EACCES: something'), { code: 'EACCES' })
  t.same(describeFailure(neither), ['EACCES: something'])
})
