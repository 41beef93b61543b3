import { spawn } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { verifyJournal } from '../../src/audit/verify.ts'
import { allEntries, journalIn, temporary } from './given.ts'

/** Runs a writer and kills it after `ms` of writing; resolves with what it had acknowledged. */
async function runAndKill(home: string, round: number, ms: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-writer.ts'), home, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), ms)
    said += chunk
  })
  await new Promise(resolve => child.once('close', resolve))
  const lines = said.split('\n').slice(0, -1) // the last may be half a line
  return new Map(lines.map(line => [line.split(' ')[1]!, Number(line.split(' ')[0])]))
}

t.test('a writer killed at any moment has kept every decision it acknowledged, in its place', async t => {
  const home = await temporary(t)
  const dir = join(home, 'journal')
  const acknowledged = new Map<string, number>()
  for (let round = 0; round < 5; round++) {
    const said = await runAndKill(home, round, 40 + round * 37)
    t.ok(said.size > 10, `round ${round}: ${said.size} decisions acknowledged`)
    for (const [id, index] of said) acknowledged.set(id, index)
    if (round % 2 === 0) continue // the next writer finds what the killed one left
    const journal = await journalIn(t, home)
    t.match(await verifyJournal(dir, journal.vkey), { ok: true, problem: null })
    await journal.close()
  }
  const journal = await journalIn(t, home)
  t.match(await verifyJournal(dir, journal.vkey), { ok: true, pending: 0, problem: null })
  const kept = new Map((await allEntries(dir)).map(placed => [placed.entry.id, placed.index]))
  const lost = [...acknowledged].filter(([id, index]) => kept.get(id) !== index)
  t.same(lost, [])
})

t.test('the verifier reads beside a writer without ever crying wolf', async t => {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  const { vkey } = journal
  await journal.close()
  const writer = runAndKill(home, 0, 1200)
  let runs = 0
  const until = performance.now() + 1100
  while (performance.now() < until) {
    const report = await verifyJournal(join(home, 'journal'), vkey)
    if (!report.ok) t.fail(String(report.problem))
    runs++
  }
  t.ok(runs > 2, `${runs} runs`)
  await writer
})
