import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import { verifyJournal } from '../../src/audit/verify.ts'
import { type Folder, type HavenOptions, writeFolder } from '../support/haven.ts'
import { json, rawUpstream, upstream } from '../support/upstream.ts'

const MAIN = resolve(import.meta.dirname, '../../src/main.ts')
const PATH = '/residents/residents?id=eq.R-1'

/** The kernel ends a process that writes beyond its file size limit, unless the signal is caught: then the write fails, as on a full disk. */
const LIMIT_AS_ERROR = `--import 'data:text/javascript,process.on("SIGXFSZ",()=>{})'`

interface Child {
  readonly process: ChildProcess
  readonly said: () => string
  readonly warned: () => string
  readonly exit: Promise<number | null>
}

/** `haven <command> --config FILE` as a process of its own; `before` is what the shell does first. */
function run(t: Test, command: string, configFile: string, env: Record<string, string> = {}, before = 'true', options = ''): Child {
  const line = `${before}; exec "${process.execPath}" ${options} "${MAIN}" ${command} --config "${configFile}"`
  const child = spawn('bash', ['-c', line], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', chunk => out.push(chunk))
  child.stderr.on('data', chunk => err.push(chunk))
  t.teardown(() => void child.kill('SIGKILL'))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  return { process: child, said: () => Buffer.concat(out).toString(), warned: () => Buffer.concat(err).toString(), exit }
}

async function ready(child: Child): Promise<string> {
  for (let i = 0; i < 1_000 && !child.said().includes('\n'); i++) {
    if (child.process.exitCode !== null) throw new Error(`it stopped: ${child.warned()}`)
    await setTimeout(10)
  }
  return JSON.parse(child.said()).gate
}

async function folder(t: Test, options: HavenOptions): Promise<Folder> {
  const made = await writeFolder(options)
  t.teardown(() => rm(made.dir, { recursive: true, force: true }))
  return made
}

const ask = async (gate: string, { token }: Folder) => fetch(gate + PATH, { headers: { authorization: `Bearer ${await token()}` } })
const verified = async ({ dir }: Folder) =>
  verifyJournal(join(dir, 'journal'), (await readFile(join(dir, 'journal/public/vkey'), 'utf8')).trim())
async function idsIn({ dir }: Folder): Promise<ReadonlySet<unknown>> {
  const ids = new Set<unknown>()
  for await (const { entry } of readJournal(join(dir, 'journal'))) ids.add(entry['id'])
  return ids
}
const rows = json([{ id: 'R-1', service: 'rent', citizenship: 'canary' }])

t.test('it prints one line when it is ready, and stops cleanly on SIGTERM', async t => {
  const made = await folder(t, { upstream: (await upstream(t, rows)).url })
  const child = run(t, 'serve', made.configFile)
  const gate = await ready(child)
  t.same(Object.keys(JSON.parse(child.said())), ['ready', 'gate', 'admin'])
  t.equal((await ask(gate, made)).status, 200)
  child.process.kill('SIGTERM')
  t.equal(await child.exit, 0)
  t.equal(child.said().trim().split('\n').length, 1, 'nothing else on standard output')
  t.match(await verified(made), { ok: true, problem: null, withoutOutcome: 0 })
})

t.test('SIGTERM while answering: the answer completes, and the journal verifies', async t => {
  const slow = await rawUpstream(t, async socket => {
    await setTimeout(600)
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n[{"id":"R-1"}]')
  })
  const made = await folder(t, { upstream: slow.url })
  const child = run(t, 'serve', made.configFile)
  const answer = ask(await ready(child), made)
  await setTimeout(250)
  child.process.kill('SIGTERM')
  t.same(await (await answer).json(), [{ id: 'R-1' }])
  t.equal(await child.exit, 0)
  t.match(await verified(made), { ok: true, problem: null, withoutOutcome: 0 })
})

t.test('kill -9 in the middle, then a start: the journal verifies and the gate answers', async t => {
  const made = await folder(t, { upstream: (await upstream(t, rows)).url })
  const child = run(t, 'serve', made.configFile)
  const gate = await ready(child)
  const receipt = () => ask(gate, made).then(({ headers }) => headers.get('haven-decision'))
  const received = await Promise.all(Array.from({ length: 20 }, receipt))
  const underWay = Array.from({ length: 20 }, () => receipt().catch(() => 'cut off'))
  await Promise.race(underWay)
  child.process.kill('SIGKILL')
  await child.exit
  received.push(...(await Promise.all(underWay)).filter(id => id !== 'cut off'))
  const again = run(t, 'serve', made.configFile)
  t.equal((await ask(await ready(again), made)).status, 200)
  again.process.kill('SIGTERM')
  t.equal(await again.exit, 0)
  t.match(await verified(made), { ok: true, problem: null })
  const kept = await idsIn(made)
  t.same(
    received.filter(id => !kept.has(id)),
    [],
    `all ${received.length} that were received stand in it`,
  )
})

t.test('what cannot start says why in words, and exits 1', async t => {
  const records = await upstream(t, rows)
  const made = await folder(t, { upstream: records.url })
  const first = run(t, 'serve', made.configFile)
  const gate = await ready(first)

  const second = run(t, 'serve', made.configFile)
  t.equal(await second.exit, 1)
  t.match(second.warned(), /in use by another gate/, 'two gates on one journal')
  t.equal((await ask(gate, made)).status, 200, 'the first is not disturbed')

  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => void taken.close())
  const address = taken.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const listen = { gate: { host: '127.0.0.1', port }, admin: { host: '127.0.0.1', port: 0 } }
  const busy = run(t, 'serve', (await folder(t, { upstream: records.url, config: { listen } })).configFile)
  t.equal(await busy.exit, 1)
  t.match(busy.warned(), new RegExp(`port ${port} is in use`))

  first.process.kill('SIGTERM')
  await first.exit
  const text = await readFile(made.configFile, 'utf8')
  await writeFile(made.configFile, text.replace('test.haven.example', 'other.haven.example'))
  const other = run(t, 'serve', made.configFile)
  t.equal(await other.exit, 1)
  t.match(other.warned(), /belongs to test\.haven\.example/, 'a journal of another origin')
  await writeFile(made.configFile, text)
  const insecure = run(t, 'serve', made.configFile, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })
  t.equal(await insecure.exit, 1)
  t.match(insecure.warned(), /NODE_TLS_REJECT_UNAUTHORIZED=0 is set; unset it/)
  for (const child of [second, busy, other, insecure]) {
    t.equal(child.said(), '', 'nothing on standard output')
    t.notMatch(child.warned(), /\n\s+at |\.ts:\d+:\d+\)/, 'and no stack')
  }
  const twin = run(t, 'serve', made.configFile)
  t.equal((await ask(await ready(twin), made)).status, 200, 'twin: mended, it starts')
})

t.test('a disk that is full: 503, and nothing leaves that is not in the journal', async t => {
  const records = await upstream(t, rows)
  const made = await folder(t, { upstream: records.url })
  const child = run(t, 'serve', made.configFile, {}, 'ulimit -f 256', LIMIT_AS_ERROR)
  const gate = await ready(child)
  const released: (string | null)[] = []
  let refused: Response | null = null
  for (let i = 0; i < 400 && refused === null; i++) {
    const answer = await ask(gate, made)
    if (answer.status === 200) released.push(answer.headers.get('haven-decision'))
    else refused = answer
    await (answer.status === 200 ? answer.text() : Promise.resolve())
  }
  t.ok(released.length > 5, `twin: ${released.length} answers before the disk was full`)
  t.equal(refused?.status, 503)
  t.match(refused?.headers.get('retry-after'), /^\d+$/)
  const body = await refused?.text()
  t.match(body, /problems\/unavailable"[\s\S]*fault\.journal/)
  t.notMatch(body, /canary|EFBIG|journal\/wal/)
  const before = records.asked.length
  t.equal((await ask(gate, made)).status, 503, 'and it stays so until a restart')
  const { admin } = JSON.parse(child.said())
  t.equal((await fetch(`${admin}/readyz`)).status, 503)
  t.equal(records.asked.length, before, 'the record API is not asked')
  child.process.kill('SIGTERM')
  await child.exit
  const again = run(t, 'serve', made.configFile)
  t.equal((await ask(await ready(again), made)).status, 200, 'twin: with room again, it answers')
  again.process.kill('SIGTERM')
  await again.exit
  t.match(await verified(made), { ok: true, problem: null })
  const kept = await idsIn(made)
  t.same(
    released.filter(id => !kept.has(id)),
    [],
    'every answer that left has its decision in the journal',
  )
})

t.test('check: every problem with its place, unknown keys among them, and no stack', async t => {
  const made = await folder(t, { upstream: 'http://127.0.0.1:9001' })
  const good = run(t, 'check', made.configFile)
  t.equal(await good.exit, 0, 'twin')
  t.match(good.said(), /^ok: /m)
  const text = await readFile(made.configFile, 'utf8')
  await writeFile(
    made.configFile,
    `${text.replace('us-ca-los-angeles\nlisten', 'US California\nlisten').replace('keeper: housing', 'keeper: nobody')}surprise: true\n`,
  )
  const bad = run(t, 'check', made.configFile)
  t.equal(await bad.exit, 1)
  const places = bad
    .warned()
    .split('\n')
    .filter(line => /haven\.yaml:\d+:\d+: \S/.test(line))
  t.ok(places.length >= 3, bad.warned())
  t.match(bad.warned(), /surprise/)
  t.notMatch(bad.warned(), /\n\s+at /)
})
