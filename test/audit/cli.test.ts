import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import t from 'tap'
import type { CliIo } from '../../src/cli/io.ts'
import { addJournalKey } from '../../src/cli/journal-key.ts'
import { addJournalShow } from '../../src/cli/journal-show.ts'
import { addJournalVerify } from '../../src/cli/journal-verify.ts'
import { FilesRefused } from '../../src/terms/faults.ts'
import { DENY, journalIn, permitted, RELEASED, temporary } from './given.ts'

interface Said {
  readonly out: string[]
  readonly err: string[]
  code: number | null
}

/** Runs `haven journal <words>`. */
async function journal(words: readonly string[], loadKey = async (_: string): Promise<string> => 'the-vkey'): Promise<Said> {
  const said: Said = { out: [], err: [], code: null }
  const io: CliIo = {
    print: line => said.out.push(line),
    warn: line => said.err.push(line),
    exit: code => {
      said.code = code
    },
  }
  const command = new Command('journal').exitOverride().configureOutput({ writeErr: text => said.err.push(text) })
  addJournalVerify(command, io)
  addJournalShow(command, io)
  addJournalKey(command, io, loadKey)
  for (const sub of command.commands) sub.exitOverride().configureOutput({ writeErr: text => said.err.push(text) })
  await command.parseAsync(words, { from: 'user' }).catch((error: { code?: string }) => said.err.push(String(error.code)))
  return said
}

async function given(t: Parameters<typeof temporary>[0]): Promise<{ home: string; dir: string; vkey: string }> {
  const home = await temporary(t)
  let time = Date.parse('2026-12-01T12:00:00Z')
  const open = await journalIn(t, home, { now: () => time })
  const receipt = await open.recordDecision(permitted('finished'))
  await open.recordOutcome(receipt, RELEASED)
  time += 3_600_000
  await open.recordDecision(permitted('unfinished'))
  await open.publish()
  await open.recordDecision({ ...permitted('refused'), decision: DENY })
  return { home, dir: join(home, 'journal'), vkey: open.vkey }
}

t.test('verify says ok, and with --json the report', async t => {
  const { dir, vkey } = await given(t)
  const plain = await journal(['verify', dir, '--key', vkey])
  t.match(plain, { code: 0, err: [] })
  t.match(plain.out, [
    /^ok: 4 entries, 3 of them in the checkpoint, 1 durable/,
    /^checkpoint: haven.test\/journal 3 /,
    /count as released: 1/,
  ])
  const json = await journal(['verify', dir, '--key', join(dir, 'public/vkey'), '--json'])
  t.match(JSON.parse(json.out.join('')), { ok: true, entries: 4, size: 3, pending: 1, problem: null })
})

t.test('verify names the first lie and exits 1', async t => {
  const { dir, vkey } = await given(t)
  const file = join(dir, 'records/000.p/3')
  const bytes = await readFile(file)
  bytes[100]! ^= 1
  await writeFile(file, bytes)
  const plain = await journal(['verify', dir, '--key', vkey])
  t.match(plain, { code: 1, out: [/^FALSE: records\/000\.p\/3: entry 0/] })
  t.match(JSON.parse((await journal(['verify', dir, '--key', vkey, '--json'])).out.join('')), { ok: false, problem: /^records/ })
  t.match(await journal(['show', dir]), { code: 1, err: [/records\/000\.p\/3: entry 0/] })
})

t.test('usage: a key that is none, a directory that is none, a missing option', async t => {
  const { home, dir, vkey } = await given(t)
  t.match(await journal(['verify', dir, '--key', 'nonsense']), { code: 2, out: [], err: [/neither a verifier key/] })
  t.match(await journal(['verify', join(home, 'nowhere'), '--key', vkey]), { code: 2, err: [/there is no directory/] })
  t.match(await journal(['verify', join(home, 'journal.key'), '--key', vkey]), { code: 2, err: [/is not a directory/] })
  t.match(await journal(['verify', home, '--key', vkey]), { code: 2, err: [/holds no journal/] })
  t.match((await journal(['verify', dir])).err.join(''), /--key/)
  t.match(await journal(['show', join(home, 'nowhere')]), { code: 2, err: [/there is no directory/] })
  t.match(await journal(['show', dir, '--kind', 'gossip']), { code: 2, err: [/decision, outcome/] })
  t.match(await journal(['show', dir, '--effect', 'allow']), { code: 2, err: [/permit, hold or deny/] })
  for (const bad of ['12/01/2026', '2026-12-01T12:00', '2026-13-01', 'yesterday'])
    for (const option of ['--since', '--until']) t.match(await journal(['show', dir, option, bad]), { code: 2, err: [/write a time/] }, bad)
})

t.test('show finds entries, and says which permits count as released', async t => {
  const { dir } = await given(t)
  const ids = async (...words: string[]): Promise<unknown[]> => {
    const said = await journal(['show', dir, '--json', ...words])
    t.equal(said.code, 0)
    return said.out.map(text => JSON.parse(text)).map(entry => entry.decision_id ?? entry.id)
  }
  t.same(await ids(), ['finished', 'finished', 'unfinished', 'refused'])
  t.same(await ids('--decision', 'finished'), ['finished', 'finished'])
  t.same(await ids('--decision', 'nobody'), [])
  t.same(await ids('--kind', 'outcome'), ['finished'])
  t.same(await ids('--since', '2026-12-01T12:30:00Z'), ['unfinished', 'refused'])
  t.same(await ids('--until', '2026-12-01T13:30:00+01:00'), ['finished', 'finished'])
  t.same(await ids('--agency', 'la-fire', '--effect', 'permit'), ['finished', 'unfinished'])
  t.same(await ids('--agency', 'us-dhs-ice-ero'), [])
  const json = (await journal(['show', dir, '--json', '--kind', 'decision'])).out.map(text => JSON.parse(text))
  t.match(json, [{ index: 0, kind: 'decision' }, { index: 2, outcome: /counts as released/ }, { index: 3 }])
  t.notOk('outcome' in json[0])
  t.notOk('outcome' in json[2])
  const lines = (await journal(['show', dir])).out
  t.match(lines, [
    /^#0 2026-12-01T12:00:00.000Z decision finished permit agency=la-fire/,
    /^#1 .* outcome finished released/,
    /counts as released/,
    /deny.*not in a checkpoint yet/,
  ])
})

t.test('key prints what it was handed, and explains what does not load', async t => {
  t.match(await journal(['key', '--config', 'haven.yaml']), { code: 0, out: ['the-vkey'] })
  const broken = async (): Promise<string> => {
    throw new FilesRefused([{ file: 'haven.yaml', line: 3, column: 5, message: 'write an origin' }])
  }
  t.match(await journal(['key', '--config', 'haven.yaml'], broken), { code: 1, out: [], err: ['haven.yaml:3:5: write an origin'] })
})
