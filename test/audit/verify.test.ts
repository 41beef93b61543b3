import { appendFile, cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import t from 'tap'
import { packEntries } from '../../src/audit/bundle.ts'
import { signCheckpoint } from '../../src/audit/checkpoint.ts'
import { createIntegrator } from '../../src/audit/integrate.ts'
import { loadKeyFile } from '../../src/audit/key-file.ts'
import { leafEntry, packItem } from '../../src/audit/leaf.ts'
import { openJournal } from '../../src/audit/open.ts'
import { emptyTree, hashLeaf } from '../../src/audit/tree.ts'
import { verifyJournal } from '../../src/audit/verify.ts'
import { filesBelow, journalIn, ORIGIN, optionsIn, record, temporary } from './given.ts'

type T = Parameters<typeof temporary>[0]

async function closed(t: T): Promise<{ home: string; dir: string; vkey: string }> {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  await record(journal, 200, 'a')
  await journal.publish()
  await record(journal, 320, 'b')
  await journal.close()
  return { home, dir: join(home, 'journal'), vkey: journal.vkey }
}

t.test('one flipped byte in any file is found, and the file named', async t => {
  const { home, dir, vkey } = await closed(t)
  const files = (await filesBelow(dir)).filter(file => file.bytes.length > 0)
  t.same(files.map(file => relative(dir, file.path)).filter(name => /entries/.test(name)).length, 4)
  for (const { path, bytes } of files) {
    const name = relative(dir, path)
    const damaged = Buffer.from(bytes)
    const at = name === 'public/vkey' ? 3 : Math.floor(bytes.length / 2)
    damaged[at]! ^= 1
    await writeFile(path, damaged)
    const report = await verifyJournal(dir, vkey)
    t.match(report, { ok: false, problem: new RegExp(`^${name}\\b`) }, `${name}: ${report.problem}`)
    await writeFile(path, bytes)
  }
  t.match(await verifyJournal(dir, vkey), { ok: true, entries: 520, problem: null })
  t.ok(home)
})

t.test('a missing file is found, and so are bytes behind its end', async t => {
  const { dir, vkey } = await closed(t)
  for (const name of [
    'records/000',
    'records/002.p/8',
    'public/tile/0/001',
    'public/tile/entries/000',
    'public/tile/1/000.p/2',
    'public/checkpoint',
    'public/vkey',
  ]) {
    const path = join(dir, name)
    const bytes = await readFile(path)
    await rename(path, `${path}.gone`)
    t.match(await verifyJournal(dir, vkey), { ok: false, problem: new RegExp(`^${name.split('.')[0]}`) }, name)
    await rename(`${path}.gone`, path)
    await appendFile(path, 'x')
    t.match(await verifyJournal(dir, vkey), { ok: false, problem: new RegExp(`^${name}`) }, name)
    await writeFile(path, bytes)
  }
  await rename(join(dir, 'wal'), join(dir, 'gone'))
  t.match(await verifyJournal(dir, vkey), { ok: false, problem: /wal is missing/ })
  await rename(join(dir, 'gone'), join(dir, 'wal'))
  t.match(await verifyJournal(dir, vkey), { ok: true })
})

t.test('another key than the log’s own is not believed', async t => {
  const { dir, vkey } = await closed(t)
  const other = await closed(t)
  t.match(await verifyJournal(dir, other.vkey), { ok: false, problem: /^public\/vkey/ })
  await cp(join(other.dir, 'public/checkpoint'), join(dir, 'public/checkpoint'))
  t.match(await verifyJournal(dir, vkey), { ok: false, problem: /^public\/checkpoint: it does not carry the log's own signature/ })
  await t.rejects(verifyJournal(dir, 'nonsense'), TypeError)
})

t.test('an entry forged together with its leaf and its tile is found by the root', async t => {
  const { dir, vkey } = await closed(t)
  const items = await readFile(join(dir, 'records/000'))
  const first = items.readUInt32BE(32) + 36
  const record = items.toString('utf8', 36, first)
  const forged = packItem(items.subarray(0, 32), record.replace('"permit"', '"hold"'))
  await writeFile(join(dir, 'records/000'), Buffer.concat([forged, items.subarray(first)]))
  const bundle = await readFile(join(dir, 'public/tile/entries/000'))
  await writeFile(join(dir, 'public/tile/entries/000'), Buffer.concat([packEntries([leafEntry(forged)]), bundle.subarray(42)]))
  const tile = await readFile(join(dir, 'public/tile/0/000'))
  await writeFile(join(dir, 'public/tile/0/000'), Buffer.concat([hashLeaf(leafEntry(forged)), tile.subarray(32)]))
  for (const width of ['200'])
    for (const kind of ['0', 'entries']) await rm(join(dir, `public/tile/${kind}/000.p/${width}`), { force: true })
  t.match(await verifyJournal(dir, vkey), { ok: false, problem: /^public\/tile\/1\/000\.p\/2: hash 0 is false/ })
})

/** A log of any records, with true tiles and a true signature: what a gate that lies about its own structure would write. */
async function signed(t: T, records: readonly string[]): Promise<{ dir: string; vkey: string }> {
  const home = await temporary(t)
  await (await openJournal(optionsIn(home))).close()
  const dir = join(home, 'journal')
  const key = await loadKeyFile(join(home, 'journal.key'), ORIGIN)
  const integrator = createIntegrator(dir, { tree: emptyTree(), entries: [], items: [] })
  await integrator.add(records.map((text, i) => packItem(Buffer.alloc(32, i), text)))
  const root = await integrator.settle()
  await writeFile(join(dir, 'public/checkpoint'), signCheckpoint({ origin: ORIGIN, size: records.length, root }, key.privateKey, key.vkey))
  return { dir, vkey: key.vkey.text }
}

const line = (seq: number, kind: string, more = '', boot = 'b1'): string =>
  `{"boot":"${boot}",${more.startsWith('"decision_id"') ? `${more},` : ''}"id":"${more.startsWith('"decision_id"') || more === '' ? `x${boot}${seq}` : more}","kind":"${kind}","seq":${seq},"t_wall":1,"v":1}`

t.test('entries that contradict each other are found though the tree is true', async t => {
  const outcome = '"decision_id":"d1"'
  const good = [line(0, 'decision', 'd1'), line(1, 'outcome', outcome), line(2, 'config'), line(0, 'config', '', 'b2')]
  const right = await signed(t, good)
  t.match(await verifyJournal(right.dir, right.vkey), { ok: true, entries: 4 })
  const wrong: [string[], RegExp][] = [
    [[line(0, 'outcome', outcome), line(1, 'decision', 'd1')], /entry 0 is the outcome of d1, which no earlier entry decides/],
    [[line(0, 'decision', 'd1'), line(1, 'outcome', outcome), line(2, 'outcome', outcome)], /entry 2 is a second outcome/],
    [[line(0, 'decision', 'd1'), line(1, 'decision', 'd1')], /entry 1 decides d1 a second time/],
    [[line(0, 'config'), line(2, 'config')], /entry 1 has seq 2 where 1 was due/],
    [[line(0, 'config'), line(1, 'config', '', 'b2')], /entry 1 has seq 1 where 0 was due/],
    [[line(0, 'config'), line(0, 'config', '', 'b2'), line(1, 'config')], /entry 2 goes back to the run b1/],
    [[line(0, 'config').replace('"v":1', '"v":2')], /entry 0 is not an entry/],
    [[line(0, 'gossip')], /entry 0 is not an entry/],
    [[line(0, 'config').replace(':1,', ': 1,')], /entry 0 is not an entry in canonical form/],
  ]
  for (const [records, problem] of wrong) {
    const log = await signed(t, records)
    t.match(await verifyJournal(log.dir, log.vkey), { ok: false, problem })
  }
})

t.test('progress is told', async t => {
  const { dir, vkey } = await closed(t)
  const steps: number[] = []
  await verifyJournal(dir, vkey, done => steps.push(done))
  t.same(steps, [256, 512, 520])
})
