import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { batchFrame, entryFrame, readFrame, segmentFrame } from '../../src/audit/frame.ts'
import { packItem, recordText } from '../../src/audit/leaf.ts'
import { openJournal } from '../../src/audit/open.ts'
import { verifyJournal } from '../../src/audit/verify.ts'
import { pendingOf, scanWal } from '../../src/audit/wal-scan.ts'
import { allEntries, crashed, journalIn, optionsIn, permitted, record, temporary } from './given.ts'

type T = Parameters<typeof temporary>[0]

/** What a crash leaves: 5 entries in the checkpoint, 12 more in the write-ahead log. */
async function leftBehind(t: T): Promise<{ home: string; segment: string; vkey: string; bytes: Buffer }> {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  await record(journal, 5, 'a')
  await journal.publish()
  for (let i = 0; i < 12; i++) await journal.recordDecision(permitted(`b-${i}`))
  const copy = await crashed(t, home)
  const wal = join(copy, 'journal/wal')
  const [name = ''] = await readdir(wal)
  return { home: copy, segment: join(wal, name), vkey: journal.vkey, bytes: await readFile(join(wal, name)) }
}

/** Offsets at which frames begin, and the end. */
function frameStarts(bytes: Buffer): number[] {
  const starts = [0]
  for (let frame = readFrame(bytes, 0); frame !== null; frame = readFrame(bytes, frame.end)) starts.push(frame.end)
  return starts
}

t.test('after a crash every acknowledged entry is there, in the same order', async t => {
  const { home, vkey } = await leftBehind(t)
  const before = (await allEntries(join(home, 'journal'))).map(placed => placed.entry.id)
  t.equal(before.length, 17)
  const journal = await journalIn(t, home)
  t.match(await verifyJournal(join(home, 'journal'), vkey), { ok: true, size: 17, pending: 0 })
  t.same(
    (await allEntries(join(home, 'journal'))).map(placed => placed.entry.id),
    before,
  )
  await record(journal, 1, 'c')
  t.match(await verifyJournal(join(home, 'journal'), vkey), { ok: true, entries: 18 })
})

t.test('a tail torn at any byte of the last frames is cut there and nowhere else', async t => {
  const { bytes } = await leftBehind(t)
  const starts = frameStarts(bytes)
  t.equal(starts.at(-1), bytes.length)
  const scratch = await temporary(t)
  let wrong = 0
  for (let length = starts.at(-6)!; length < bytes.length; length++) {
    await writeFile(join(scratch, '000000000001.wal'), bytes.subarray(0, length))
    const scan = await scanWal(scratch)
    const kept = Math.max(...starts.filter(start => start <= length))
    const isRight =
      scan.problem === null && (kept === length ? scan.torn === null : scan.torn?.offset === kept && scan.torn.bytes === length - kept)
    if (!isRight) wrong++
  }
  t.equal(wrong, 0)
})

t.test('a cut is named in the journal, and the journal goes on', async t => {
  const template = await leftBehind(t)
  const starts = frameStarts(template.bytes)
  // In the mark, in the last entry, in its batch header, at its boundaries;
  const lengths = [-1, -24, -26, -400, -1].map(back => template.bytes.length + back).concat(starts.at(-4)! + 3, starts.at(-3)!)
  for (const length of lengths) {
    const home = await crashed(t, template.home)
    const dir = join(home, 'journal')
    await writeFile(join(dir, 'wal', '000000000001.wal'), template.bytes.subarray(0, length))
    const warnings: string[] = []
    const kept = Math.max(...starts.filter(start => start <= length))
    const journal = await journalIn(t, home, { warn: message => warnings.push(message) })
    await record(journal, 3, 'after')
    await journal.publish()
    t.match(await verifyJournal(dir, template.vkey), { ok: true, problem: null }, `cut at ${length}`)
    const gaps = (await allEntries(dir)).filter(placed => placed.entry.kind === 'gap').map(placed => placed.entry['body'])
    t.match(gaps, kept === length ? [] : [{ file: 'wal/000000000001.wal', offset: kept, bytes: length - kept, sha256: /^[0-9a-f]{64}$/ }])
    t.equal(warnings.length, gaps.length)
    await journal.close()
  }
})

t.test('a log cut below the checkpoint had been synced: that is no torn tail', async t => {
  const { home, segment, bytes } = await leftBehind(t)
  const starts = frameStarts(bytes)
  await writeFile(segment, bytes.subarray(0, starts[3]! + 5))
  await t.rejects(openJournal(optionsIn(home)), { code: 'fault.journal', message: /that the checkpoint covers/ })
})

t.test('a segment that a crash left empty or half a header long is made good', async t => {
  const { home, vkey } = await leftBehind(t)
  for (const bytes of [Buffer.alloc(0), segmentFrame(17).subarray(0, 10)]) {
    const copy = await crashed(t, home)
    await writeFile(join(copy, 'journal/wal/000000000002.wal'), bytes)
    const journal = await journalIn(t, copy)
    t.match(await verifyJournal(join(copy, 'journal'), vkey), { ok: true, size: 17 + Math.sign(bytes.length) })
    await journal.close()
  }
})

t.test('a flipped byte that is no torn tail is refused, and the file is kept', async t => {
  const { home, segment, bytes } = await leftBehind(t)
  const last = frameStarts(bytes).at(-2)!
  for (const at of [3, 40, 70, Math.floor(bytes.length / 2), last - 1, last - 30]) {
    const damaged = Buffer.from(bytes)
    damaged[at]! ^= 0x10
    await writeFile(segment, damaged)
    await t.rejects(
      openJournal(optionsIn(home)),
      { code: 'fault.journal', message: /wal\/.*(damaged at byte|does not belong)/ },
      `byte ${at}`,
    )
    t.match((await verifyJournal(join(home, 'journal'), await vkeyOf(home))).problem, /^wal\//)
    t.ok((await readFile(segment)).equals(damaged))
  }
  await writeFile(segment, bytes)
  await (await openJournal(optionsIn(home))).close()
})

const vkeyOf = async (home: string): Promise<string> => (await readFile(join(home, 'journal/public/vkey'), 'utf8')).trim()

t.test('any flipped byte before the last mark is found', async t => {
  const { bytes, segment } = await leftBehind(t)
  const last = frameStarts(bytes).at(-2)!
  const dir = join(segment, '..')
  let missed = 0
  for (let at = 0; at < last; at += 13) {
    const damaged = Buffer.from(bytes)
    damaged[at]! ^= 1
    await writeFile(segment, damaged)
    if ((await scanWal(dir)).problem === null) missed++
  }
  t.equal(missed, 0)
})

const item = (i: number) => packItem(Buffer.alloc(32, i), `{"i":${i}}`)
const segment = (first: number, count: number): Buffer => {
  const frames = Array.from({ length: count }, (_, i) => entryFrame(item(first + i)))
  return Buffer.concat([segmentFrame(first), batchFrame(first, 25), ...frames])
}

t.test('segments follow each other; a broken one before the last, a misplaced one, and a hole are refused', async t => {
  const dir = await temporary(t)
  const put = async (...segments: Buffer[]) => {
    for (const name of await readdir(dir)) await rm(join(dir, name))
    for (const [i, bytes] of segments.entries()) await writeFile(join(dir, `00000000000${i + 1}.wal`), bytes)
    return scanWal(dir)
  }
  const good = await put(segment(0, 3), segment(3, 2))
  t.same(
    good.entries.map(entry => [entry.index, recordText(entry.item)]),
    [0, 1, 2, 3, 4].map(i => [i, `{"i":${i}}`]),
  )
  t.match((await put(segment(0, 3).subarray(0, -1), segment(3, 2))).problem, /not the last segment/)
  t.match((await put(segment(0, 3), segment(2, 2))).problem, /does not belong/)
  t.match((await put(Buffer.concat([segment(0, 3), batchFrame(4, 0)]))).problem, /does not belong/)
  t.match((await put(Buffer.concat([segment(0, 3), batchFrame(3, 9999)]))).problem, /does not belong/)
  const hole = await put(segment(0, 3), segment(5, 2))
  t.match(pendingOf(hole, 3), /entries 3 to 4 are neither/)
  t.equal(pendingOf(hole, 5).length, 2)
  t.equal(pendingOf(hole, 9).length, 0)
})
