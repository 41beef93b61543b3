import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { PLACES_MAX, takePrint } from '../../src/rulebook/print-files.ts'

async function folder(t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'haven-print-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  await mkdir(join(dir, 'us'))
  await writeFile(join(dir, 'us/law.yaml'), 'a: b\n')
  return dir
}

t.test('a folder is entered once, whatever links lead back to it', async t => {
  const dir = await folder(t)
  for (const name of ['one', 'two', 'three']) await symlink(dir, join(dir, 'us', name))
  const { print, folders } = await takePrint([dir])
  t.equal(folders.size, 5)
  t.equal(print.split('\n').length, 6)
  await appendFile(join(dir, 'us/law.yaml'), 'c: d\n')
  t.not((await takePrint([dir])).print, print, 'twin: a change is seen')
})

t.test('names that begin with a dot do not count, and a dangling link does not throw', async t => {
  const dir = await folder(t)
  const { print } = await takePrint([dir])
  await mkdir(join(dir, '.git'))
  await writeFile(join(dir, '.git/HEAD'), 'x')
  await symlink('ana@host.example:1', join(dir, 'us/.#law.yaml'))
  t.equal((await takePrint([dir])).print, print)
  await symlink('nowhere', join(dir, 'us/other.yaml'))
  t.match((await takePrint([dir])).print, /other\.yaml absent/, 'twin')
})

t.test('there is an end to what is looked at, and it is told', async t => {
  const dir = await folder(t)
  const many = Array.from({ length: PLACES_MAX + 10 }, () => join(dir, 'us/law.yaml'))
  const cut = await takePrint(many)
  t.equal(cut.isCut, true)
  t.equal(cut.print.split('\n').length, PLACES_MAX)
  t.equal((await takePrint(many.slice(10))).isCut, false, 'twin')
})
