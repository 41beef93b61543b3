import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { openJournal } from '../../src/audit/open.ts'
import { verifyJournal } from '../../src/audit/verify.ts'
import { type OpenWalFile, openWalFile } from '../../src/audit/wal-file.ts'
import { allEntries, crashed, journalIn, optionsIn, permitted, RELEASED, record, temporary } from './given.ts'

type Failure = 'short write' | 'write' | 'sync'

/** The real disk, until it is told to fail: a short write really writes a part, as a full disk does. */
function failingDisk(): { openFile: OpenWalFile; fail: (how: Failure) => void; calls: () => number } {
  let failure: Failure | null = null
  let calls = 0
  const openFile: OpenWalFile = async path => {
    const file = await openWalFile(path)
    return {
      writev: async buffers => {
        if (failure !== null) calls++
        if (failure === 'write') throw new Error('EIO: i/o error, writev')
        if (failure !== 'short write') return file.writev(buffers)
        const whole = Buffer.concat(buffers)
        return file.writev([whole.subarray(0, whole.length - 7)])
      },
      datasync: async () => {
        if (failure === 'sync') throw new Error('EIO: i/o error, fdatasync')
        await file.datasync()
      },
      close: () => file.close(),
    }
  }
  return {
    openFile,
    fail: how => {
      failure = how
    },
    calls: () => calls,
  }
}

for (const how of ['short write', 'write', 'sync'] as const) {
  t.test(`after a failed ${how} nothing is acknowledged, nothing is tried again, and nothing acknowledged is lost`, async t => {
    const home = await temporary(t)
    const disk = failingDisk()
    const fatal: Error[] = []
    const journal = await journalIn(t, home, { fatal: error => fatal.push(error) }, disk.openFile)
    await record(journal, 40, 'good')
    const receipt = await journal.recordDecision(permitted('good-40'))
    await new Promise(resolve => setTimeout(resolve, 20)) // the mark behind the last entry
    disk.fail(how)
    const settled = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => journal.recordDecision(permitted(`bad-${i}`))))
    t.same(
      settled.map(result => result.status),
      Array.from({ length: 10 }, () => 'rejected'),
    )
    const calls = disk.calls()
    await t.rejects(journal.recordDecision(permitted('later')), { code: 'fault.journal', reply: 'unavailable' })
    await t.rejects(journal.recordOutcome(receipt, RELEASED), { code: 'fault.journal' })
    await t.rejects(journal.publish(), { code: 'fault.journal' })
    t.equal(disk.calls(), calls)
    t.equal(fatal.length, 1)
    await journal.close()

    const again = await openJournal(optionsIn(home))
    const ids = (await allEntries(join(home, 'journal'))).map(placed => placed.entry.id)
    for (let i = 0; i <= 40; i++) t.ok(ids.includes(`good-${i}`))
    await record(again, 2, 'again')
    await again.close()
    t.match(await verifyJournal(join(home, 'journal'), again.vkey), { ok: true })
  })
}

t.test('an entry too large for a frame is refused alone', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  await t.rejects(journal.recordEvent('config', { text: 'x'.repeat(65 * 1024 * 1024) }), { code: 'fault.journal', message: /larger/ })
  await record(journal, 2)
  t.match(await verifyJournal(join(home, 'journal'), journal.vkey), { ok: true, entries: 2 })
})

t.test('segments roll and go when a checkpoint covers them', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  const text = 'x'.repeat(6 * 1024 * 1024)
  for (let i = 0; i < 8; i++) await journal.recordEvent('config', { i, text })
  const wal = join(home, 'journal/wal')
  t.same(await readdir(wal), ['000000000001.wal', '000000000002.wal', '000000000003.wal'])
  const copy = await crashed(t, home)
  await journal.publish()
  t.same(await readdir(wal), ['000000000003.wal'])
  await journal.close()
  t.same(await readdir(wal), [])
  const recovered = await journalIn(t, copy)
  t.match(await verifyJournal(join(copy, 'journal'), recovered.vkey), { ok: true, size: 8 })
})

t.test('a tree that cannot be written ends the journal, and loses nothing', async t => {
  const home = await temporary(t)
  const fatal: Error[] = []
  const journal = await journalIn(t, home, { fatal: error => fatal.push(error) })
  const records = join(home, 'journal/records')
  await rename(records, `${records}.away`)
  await writeFile(records, 'a file where a directory should be')
  await record(journal, 4)
  await t.rejects(journal.publish(), { code: 'fault.journal', reply: 'unavailable' })
  await t.rejects(journal.recordDecision(permitted('after')), { code: 'fault.journal' })
  t.equal(fatal.length, 1)
  await journal.close()
  await rm(records)
  await rename(`${records}.away`, records)
  const again = await journalIn(t, home)
  t.match(await verifyJournal(join(home, 'journal'), again.vkey), { ok: true, size: 4 })
})
