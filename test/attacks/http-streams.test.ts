import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Haven, haven } from '../support/haven.ts'
import { rawUpstream } from '../support/upstream.ts'

const PATH = '/residents/residents'
const CANARY = 'canary-asylee'
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
const ROWS = Array.from({ length: 1_000 }, (_, i) => `{"id":"R-${i}","service":"rent","citizenship":"${CANARY}","zip":"90012"},`).join('')
const LAST = `{"id":"R-last","citizenship":"${CANARY}"}]`
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

interface Client {
  readonly socket: Socket
  readonly text: () => string
  readonly closed: Promise<void>
}

/** Asks over a socket of its own, and reads as slowly as the test wants. */
async function ask(gate: Haven): Promise<Client> {
  const { hostname, port } = new URL(gate.gate)
  const token = await gate.token()
  const chunks: Buffer[] = []
  const socket = connect(
    Number(port),
    hostname,
    () => void socket.write(`GET ${PATH} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer ${token}\r\n\r\n`),
  )
  socket.on('data', (data: Buffer) => chunks.push(data))
  socket.on('error', () => undefined)
  const closed = new Promise<void>(done => socket.once('close', () => done()))
  return { socket, text: () => Buffer.concat(chunks).toString('latin1'), closed }
}

async function until(condition: () => boolean, ms = 5_000): Promise<void> {
  for (const end = performance.now() + ms; !condition() && performance.now() < end; ) await setTimeout(10)
}

const outcomeOf = async (gate: Haven) => {
  await gate.close()
  return (await gate.entries()).find(entry => entry['kind'] === 'outcome')
}

async function broken(t: Test, then: 'stay' | 'reset' | 'end', code: string): Promise<void> {
  const raw = await rawUpstream(t, socket => {
    socket.write(HEAD + chunk(`[${ROWS}`) + chunk(ROWS) + chunk(ROWS), () => {
      if (then === 'reset') socket.resetAndDestroy()
      if (then === 'end') socket.end()
    })
  })
  const gate = await haven(t, { upstream: raw.url, limits: { upstreamTimeoutMs: 500 } })
  const client = await ask(gate)
  await client.closed
  t.match(client.text(), /^HTTP\/1\.1 200 [\s\S]*"id":"R-1"/, 'some of it had left')
  t.notOk(client.text().endsWith('0\r\n\r\n'), 'and it does not look whole')
  t.notMatch(client.text(), CANARY)
  const outcome = await outcomeOf(gate)
  t.match(outcome, { state: 'withheld', failure: { code } })
  const at = (outcome?.['failure'] as { at_byte: number } | undefined)?.at_byte ?? 0
  t.ok(at > 64 * 1024 && at <= 3 * ROWS.length + 1, `the journal says at which byte: ${at}`)
}

t.test('the twin: a long answer passes whole, without what is protected', async t => {
  const raw = await rawUpstream(t, socket => socket.write(`${HEAD}${chunk(`[${ROWS}`)}${chunk(ROWS)}${chunk(LAST)}0\r\n\r\n`))
  const gate = await haven(t, { upstream: raw.url })
  const answer = await gate.get(PATH)
  t.equal(answer.status, 200)
  t.equal(answer.json().length, 2_001)
  t.notMatch(answer.text, CANARY)
  t.match(await outcomeOf(gate), { state: 'released', records: 2_001, failure: null })
})

t.test('a long answer that dies is never ended as if whole', t => broken(t, 'reset', 'upstream.failed'))
t.test('one that the record API closes early neither', t => broken(t, 'end', 'upstream.failed'))
t.test('one that falls silent is given up', t => broken(t, 'stay', 'upstream.timeout'))

t.test('a client that leaves in the middle: the record API is let go at once, and the journal says abandoned', async t => {
  const raw = await rawUpstream(t, socket => void socket.write(HEAD + chunk(`[${ROWS}`) + chunk(ROWS)))
  const gate = await haven(t, { upstream: raw.url, limits: { upstreamTimeoutMs: 20_000 } })
  const client = await ask(gate)
  await until(() => client.text().includes('R-500'))
  t.equal(raw.closed(), 0)
  client.socket.destroy()
  await until(() => raw.closed() === 1, 2_000)
  t.equal(raw.closed(), 1, 'long before the time-out')
  t.match(await outcomeOf(gate), { state: 'abandoned', failure: null })
})

t.test('a client that does not read holds the record API back, not the memory of the gate', async t => {
  let sent = 0
  const raw = await rawUpstream(t, socket => {
    socket.write(`${HEAD}${chunk('[')}`)
    const more = () => {
      while (!socket.destroyed && sent < 400_000_000) {
        sent += ROWS.length
        if (!socket.write(chunk(ROWS))) return
      }
    }
    socket.on('drain', more)
    more()
  })
  const gate = await haven(t, { upstream: raw.url })
  const client = await ask(gate)
  client.socket.pause()
  await setTimeout(1_500)
  const [stalled, memory] = [sent, process.memoryUsage().rss]
  await setTimeout(700)
  t.equal(sent, stalled, 'nothing more is taken from the record API')
  t.ok(sent < 40_000_000, `${sent} bytes were under way`)
  t.ok(process.memoryUsage().rss - memory < 50_000_000, 'memory stands still')
  client.socket.resume()
  await until(() => sent > stalled)
  t.ok(sent > stalled, 'twin: once it reads, the rest follows')
  client.socket.destroy()
  await until(() => raw.closed() === 1, 3_000)
  t.match(await outcomeOf(gate), { state: 'abandoned' })
})

t.test('an answer above the limit', async t => {
  const raw = await rawUpstream(
    t,
    socket => void socket.write(`${HEAD}${chunk(`[${ROWS}`)}${chunk(ROWS)}${chunk(ROWS)}${chunk(LAST)}0\r\n\r\n`),
  )
  const gate = await haven(t, { upstream: raw.url, limits: { answerBytes: '100KiB' } })
  const client = await ask(gate)
  await client.closed
  t.notOk(client.text().endsWith('0\r\n\r\n'))
  t.notMatch(client.text(), CANARY)
  t.match(await outcomeOf(gate), { state: 'withheld', failure: { code: 'upstream.uninspectable' } })
})
