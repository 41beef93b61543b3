import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { makeAuthority, writeTls } from '../requester/certificates.ts'
import { client } from '../requester/mtls.ts'
import { caseworker, haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const authority = makeAuthority()
const dir = await mkdtemp(join(tmpdir(), 'haven-mtls-'))
t.teardown(() => rm(dir, { recursive: true, force: true }))
const tls = writeTls(dir, authority)
const records = await upstream(t, json([{ id: 'R-1', full_name: 'Ana', citizenship: 'asylee' }]))
const start = () => haven(t, { upstream: records.url, config: { tls } })

t.test('with a certificate of the configured authority a caseworker reads a record', async t => {
  const gate = await start()
  const desk = authority.issue([{ dns: 'desk-7.internal' }])
  const ask = client(t, authority, desk)
  const answer = await ask(gate.gate + PATH, await gate.token())
  t.equal(answer.status, 200)
  t.same(answer.json, [{ id: 'R-1', full_name: 'Ana' }])
  const bound = await gate.token({ ...caseworker, cnf: { 'x5t#S256': desk.thumbprint } })
  t.equal((await ask(gate.gate + PATH, bound)).status, 200, 'and with a token that is bound to it')
  const nobody = await ask(gate.gate + PATH, 'a.b.c')
  t.equal(nobody.status, 401, 'a certificate is no token')
})

t.test('without one nobody gets as far as a call, and the gate counts them', async t => {
  const gate = await start()
  const good = authority.issue([{ dns: 'desk-7.internal' }])
  const stranger = makeAuthority()
  const wrong = [null, stranger.issue([{ dns: 'desk-7.internal' }]), makeAuthority('test authority').issue([{ dns: 'desk-7.internal' }])]
  const token = await gate.token()
  const asked = records.asked.length
  for (const certificate of wrong) await t.rejects(client(t, authority, certificate)(gate.gate + PATH, token))
  const expired = authority.issue([{ dns: 'desk-7.internal' }], { from: Date.now() - 60_000, to: Date.now() - 1_000 })
  await t.rejects(client(t, authority, expired)(gate.gate + PATH, token), 'one that has ended')
  t.equal(records.asked.length, asked)
  t.equal((await client(t, authority, good)(gate.gate + PATH, token)).status, 200, 'twin')
  await gate.close()
  const entries = await gate.entries()
  t.equal(entries.filter(({ kind }) => kind === 'decision').length, 1)
  const counted = entries.filter(({ kind }) => kind === 'unauthenticated')
  t.ok(counted.length <= 2, 'entries do not grow with the crowd')
  const counts = counted.flatMap(({ counts }) => Object.entries(counts as Record<string, number>))
  t.same([...new Set(counts.map(([code]) => code))], ['token.missing'])
  t.equal(
    counts.reduce((sum, [, count]) => sum + count, 0),
    4,
  )
})

t.test('bytes that are no handshake, and hundreds of callers that leave at once', async t => {
  const gate = await start()
  const { port } = new URL(gate.gate)
  const send = (bytes: string | Buffer) =>
    new Promise<string>(done => {
      const socket = connect(Number(port), '127.0.0.1', () => void socket.end(bytes))
      let got = ''
      socket.on('data', chunk => {
        got += chunk.toString('latin1')
      })
      socket.on('error', () => undefined).on('close', () => done(got))
    })
  t.notMatch(await send(`GET ${PATH} HTTP/1.1\r\nHost: gate\r\n\r\n`), /HTTP/, 'no word of HTTP in clear')
  await Promise.all(Array.from({ length: 200 }, (_, i) => send(i % 2 ? '' : Buffer.alloc(64, i))))
  const ask = client(t, authority, authority.issue([]))
  t.equal((await ask(gate.gate + PATH, await gate.token())).status, 200, 'twin: and it still answers')
  await gate.close()
  const counted = (await gate.entries()).filter(({ kind }) => kind === 'unauthenticated')
  t.ok(counted.length <= 2, 'a stranger does not fill the journal')
})

t.test('a known machine that garbles its call is told so', async t => {
  const gate = await start()
  const { key, cert } = authority.issue([])
  const socket = connectTls({ port: Number(new URL(gate.gate).port), host: '127.0.0.1', ca: authority.cert, key, cert })
  socket.write('GET\r\n\r\n')
  let got = ''
  for await (const chunk of socket) got += chunk
  t.match(got, /^HTTP\/1\.1 400 /)
})

t.test('nobody changes certificates within a connection', async t => {
  const gate = await start()
  const { port } = new URL(gate.gate)
  const { key, cert } = authority.issue([{ dns: 'desk-7.internal' }])
  const socket = connectTls({ port: Number(port), host: '127.0.0.1', ca: authority.cert, key, cert, maxVersion: 'TLSv1.2' })
  await new Promise(secure => socket.once('secureConnect', secure))
  t.equal(socket.getProtocol(), 'TLSv1.2', 'the version that knows renegotiation')
  const outcome = await new Promise<string>(done => {
    socket.on('error', () => done('refused')).on('close', () => done('refused'))
    if (socket.renegotiate({}, error => done(error ? 'refused' : 'renegotiated')) === false) done('refused')
  })
  socket.destroy()
  t.equal(outcome, 'refused')
})

t.test('a client CA that is none stops the gate before it listens', async t => {
  for (const content of ['', 'nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']) {
    const clientCa = join(dir, 'broken.pem')
    await writeFile(clientCa, content)
    const starting = haven(t, { upstream: records.url, dir: await mkdtemp(join(dir, 'gate-')), config: { tls: { ...tls, clientCa } } })
    await t.rejects(starting, /clientCa holds no certificate/, JSON.stringify(content))
  }
})

t.test('two authorities in one file, while one takes over from the other', async t => {
  const next = makeAuthority('next authority')
  const own = await mkdtemp(join(dir, 'gate-'))
  await writeFile(join(own, 'both.pem'), authority.cert + next.cert)
  // Written as in a configuration: relative to it.
  const gate = await haven(t, { upstream: records.url, dir: own, config: { tls: { ...tls, clientCa: 'both.pem' } } })
  const token = await gate.token()
  for (const certificate of [authority.issue([]), next.issue([])])
    t.equal((await client(t, authority, certificate)(gate.gate + PATH, token)).status, 200)
  await t.rejects(client(t, authority, makeAuthority('third').issue([]))(gate.gate + PATH, token), 'twin')
})
