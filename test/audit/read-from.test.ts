import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import { journalIn, permitted, record, temporary } from '../audit/given.ts'

const indexes = async (dir: string, from?: number): Promise<number[]> => {
  const found: number[] = []
  for await (const { index } of readJournal(dir, from === undefined ? {} : { from })) found.push(index)
  return found
}

t.test('entries from a place on, in the tree and beyond the checkpoint', async t => {
  const home = await temporary(t)
  const [dir, journal] = [join(home, 'journal'), await journalIn(t, home)]
  await record(journal, 600)
  await journal.publish()
  await record(journal, 5, 'later')
  const all = await indexes(dir)
  t.same(all, [...Array(605).keys()])
  for (const from of [0, 1, 255, 256, 300, 599, 600, 603, 604]) t.same(await indexes(dir, from), all.slice(from), `${from}`)
  for (const from of [605, 1_000, 100_000]) t.same(await indexes(dir, from), [], 'beyond the end')
})

t.test('what lies before the place is not read, what lies after it is compared', async t => {
  const home = await temporary(t)
  const [dir, journal] = [join(home, 'journal'), await journalIn(t, home)]
  await record(journal, 600)
  await journal.recordDecision(permitted('last'))
  await journal.close()
  await rm(join(dir, 'records', '000'))
  t.same(await indexes(dir, 256), [...Array(601).keys()].slice(256))
  await t.rejects(indexes(dir, 255), /records\/000 is missing or damaged/)
  await rm(join(dir, 'public', 'tile', 'entries', '001'))
  await t.rejects(indexes(dir, 300), /entries\/001 is missing or damaged/)
})
