import { chmod, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { openJournal } from '../../src/audit/open.ts'
import { verifyJournal } from '../../src/audit/verify.ts'
import { filesBelow, journalIn, ORIGIN, optionsIn, permitted, record, temporary } from './given.ts'

/** A journal that was used and closed. */
async function used(t: Parameters<typeof temporary>[0], count = 300): Promise<{ home: string; vkey: string }> {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  await record(journal, count)
  await journal.close()
  return { home, vkey: journal.vkey }
}

t.test('a journal is made when all three parts are absent, with its key for the owner alone', async t => {
  const home = await temporary(t)
  await mkdir(join(home, 'journal')) // an empty mount point is no journal
  const journal = await journalIn(t, home)
  t.equal((await stat(join(home, 'journal.key'))).mode & 0o777, 0o600)
  for (const name of ['records', 'wal']) t.equal((await stat(join(home, 'journal', name))).mode & 0o777, 0o700)
  t.match(await verifyJournal(join(home, 'journal'), journal.vkey), { ok: true, size: 0 })
  await record(journal, 5)
  await journal.publish()
  for (const { path } of await filesBelow(join(home, 'journal/records'))) t.equal((await stat(path)).mode & 0o777, 0o600)
})

t.test('with any part missing it refuses, names what is there, and makes nothing', async t => {
  const parts = ['journal.key', 'journal', 'checkpoints.db']
  for (const gone of [[0], [1], [2], [0, 1], [0, 2], [1, 2]]) {
    const { home } = await used(t, 3)
    for (const i of gone) await rm(join(home, parts[i]!), { recursive: true })
    const before = (await filesBelow(home)).map(file => file.path)
    const present = parts.filter((_, i) => !gone.includes(i))
    for (const name of present)
      await t.rejects(openJournal(optionsIn(home)), { code: 'fault.journal', message: new RegExp(`${name}.*present.*absent`) }, `${gone}`)
    t.same(new Set((await filesBelow(home)).map(file => file.path)), new Set(before))
  }
  const { home } = await used(t, 3)
  await (await openJournal(optionsIn(home))).close()
})

t.test('a second owner is refused, by directory and by checkpoint store', async t => {
  const { home } = await used(t)
  const copy = await temporary(t)
  await cp(home, copy, { recursive: true })
  const first = await journalIn(t, home)
  await t.rejects(openJournal(optionsIn(home)), { code: 'fault.journal', message: /in use by another gate/ })
  await t.rejects(openJournal({ ...optionsIn(copy), dir: join(home, 'journal') }), { message: /journal.* in use by another gate/ })
  await t.rejects(openJournal({ ...optionsIn(copy), checkpoints: join(home, 'checkpoints.db') }), {
    message: /store.* in use by another gate/,
  })
  await record(first, 1, 'still')
  await first.close()
  await (await openJournal(optionsIn(home))).close()
})

t.test('another origin, another pinned key, and a key open to others are refused', async t => {
  const { home, vkey } = await used(t)
  const other = await used(t)
  await t.rejects(openJournal(optionsIn(home, { origin: 'other.test/journal' })), { message: /belongs to/ })
  await t.rejects(openJournal(optionsIn(home, { vkey: other.vkey })), { message: /pins/ })
  await t.rejects(openJournal(optionsIn(home, { keyFile: join(other.home, 'journal.key') })), { message: /belongs to/ })
  await t.rejects(openJournal(optionsIn(home, { origin: 'https://haven.test' })), { message: /no scheme/ })
  await t.rejects(openJournal(optionsIn(await temporary(t), { vkey })), { message: /no journal yet/ })
  await (await openJournal(optionsIn(home, { vkey, origin: ORIGIN }))).close()
  const key = join(home, 'journal.key')
  await chmod(key, 0o644)
  await t.rejects(openJournal(optionsIn(home)), { message: /chmod 600/ })
  await chmod(key, 0o600)
  await writeFile(key, 'not a key')
  await t.rejects(openJournal(optionsIn(home)), { message: /not an Ed25519 private key/ })
})

t.test('yesterday’s disk under today’s store is refused, and so is the reverse', async t => {
  const { home } = await used(t, 300)
  const yesterday = await temporary(t)
  await cp(home, yesterday, { recursive: true })
  const journal = await journalIn(t, home)
  await record(journal, 20, 'today')
  await journal.close()
  const [old, today] = [optionsIn(yesterday), optionsIn(home)]
  await t.rejects(openJournal({ ...today, dir: old.dir }), { code: 'fault.journal', message: /missing or damaged/ })
  await t.rejects(openJournal({ ...today, checkpoints: old.checkpoints }), { message: /ahead of the checkpoint store.*rolled back/ })
  await (await openJournal(today)).close()
})

t.test('two directories on one store: the one that was not signed is refused', async t => {
  const { home } = await used(t, 300)
  const fork = await temporary(t)
  await cp(home, fork, { recursive: true })
  for (const [at, name] of [
    [home, 'left'],
    [fork, 'right'],
  ] as const) {
    const journal = await journalIn(t, at)
    await record(journal, 1, name)
    await journal.close()
  }
  const { checkpoints } = optionsIn(home)
  await t.rejects(openJournal(optionsIn(fork, { checkpoints })), { message: /different roots at 301/ })
  await (await openJournal(optionsIn(home))).close()
})

t.test('a published checkpoint that lags behind or is missing is published again', async t => {
  const { home, vkey } = await used(t, 10)
  const file = join(home, 'journal/public/checkpoint')
  const older = await readFile(file)
  const journal = await journalIn(t, home)
  await record(journal, 10, 'more')
  await journal.close()
  const newest = await readFile(file, 'utf8')
  for (const damage of [() => writeFile(file, older), () => rename(file, join(home, 'gone'))]) {
    await damage()
    const warnings: string[] = []
    await (await openJournal(optionsIn(home, { warn: message => warnings.push(message) }))).close()
    t.equal(await readFile(file, 'utf8'), newest)
    t.match(warnings, [/published again/])
    t.match(await verifyJournal(join(home, 'journal'), vkey), { ok: true, size: 20 })
  }
})

t.test('a tile left by a crash must be the same tile', async t => {
  const { home } = await used(t, 10)
  const tile = join(home, 'journal/public/tile/0/000.p/11')
  await writeFile(tile, Buffer.alloc(11 * 32))
  let fatal = 0
  const journal = await journalIn(t, home, { fatal: () => fatal++ })
  await record(journal, 1, 'next')
  await t.rejects(journal.publish(), { code: 'fault.journal', message: /second history/ })
  await t.rejects(journal.recordDecision(permitted('after')), { code: 'fault.journal' })
  t.equal(fatal, 1)
  await journal.close()
  await rm(tile)
  const mended = await journalIn(t, home)
  t.match(await verifyJournal(join(home, 'journal'), mended.vkey), { ok: true, size: 11 })
})
