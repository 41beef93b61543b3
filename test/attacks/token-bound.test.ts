import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { makeAuthority, writeTls } from '../requester/certificates.ts'
import { client } from '../requester/mtls.ts'
import { caseworker, haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const authority = makeAuthority()
const [desk, thief] = [authority.issue([{ dns: 'desk-7' }]), authority.issue([{ dns: 'desk-7' }])]
const dir = await mkdtemp(join(tmpdir(), 'haven-bound-'))
t.teardown(() => rm(dir, { recursive: true, force: true }))
const tls = writeTls(dir, authority)
const records = await upstream(t, json([{ id: 'R-1', service: 'rent' }]))
const gate = await haven(t, { upstream: records.url, config: { tls } })
const url = gate.gate + PATH
const bound = (cnf: unknown) => gate.token({ ...caseworker, cnf })
const token = await bound({ 'x5t#S256': desk.thumbprint })
const [asDesk, asThief] = [client(t, authority, desk), client(t, authority, thief)]

t.test('a stolen token on another certificate, however well known the token is by then', async t => {
  t.equal((await asThief(url, token)).status, 401, 'never seen before')
  t.equal((await asDesk(url, token)).status, 200, 'twin')
  t.equal((await asDesk(url, token)).status, 200, 'twin, on the connection it kept')
  t.equal((await asThief(url, token)).status, 401, 'verified a moment ago for its owner')
  const { json } = await asThief(url, token)
  t.match(json, { type: '/.haven/problems/unauthenticated' })
  t.notMatch(JSON.stringify(json), desk.thumbprint, 'the thief is not told what to forge')
})

t.test('one connection after the other, with the certificate changed in between', async t => {
  t.equal((await client(t, authority, desk)(url, token)).status, 200)
  t.equal((await client(t, authority, thief)(url, token)).status, 401)
  t.equal((await client(t, authority, desk)(url, token)).status, 200)
})

t.test('sent where no client certificate is asked for: TLS alone, and no TLS at all', async t => {
  const jwks = join(gate.dir, 'jwks.json')
  const open = await haven(t, { upstream: records.url, issuer: { jwks }, config: { tls: { key: tls.key, cert: tls.cert } } })
  t.equal((await asDesk(open.gate + PATH, token)).status, 401, 'the certificate is offered, and nobody asked for it')
  const clear = await haven(t, { upstream: records.url, issuer: { jwks } })
  const sent = (value: string, headers = {}) => fetch(clear.gate + PATH, { headers: { authorization: `Bearer ${value}`, ...headers } })
  t.equal((await sent(token)).status, 401)
  // RFC 9440 and its elder cousins: a header that says which certificate the caller has is the caller's own word.
  const claimed = {
    'client-cert': `:${desk.cert}:`.replace(/\n|-----[A-Z ]+-----/g, ''),
    'x-ssl-client-cert': encodeURIComponent(desk.cert),
  }
  t.equal((await sent(token, claimed)).status, 401)
  t.equal((await sent(await gate.token())).status, 200, 'twin: a token that is not bound')
})

t.test('bound in any other way', async t => {
  const others = [
    { jkt: desk.thumbprint },
    { jwk: gate.keys.jwk },
    { kid: 'desk' },
    { 'x5t#S256': desk.thumbprint, jkt: 'x' },
    { 'x5t#S256': [desk.thumbprint] },
    { 'x5t#S256': '' },
    { 'x5t#S256': `${desk.thumbprint}=` },
    { 'x5t#S256': desk.thumbprint.toLowerCase() },
    { 'X5T#S256': desk.thumbprint },
    { x5t: desk.thumbprint },
    [desk.thumbprint],
    desk.thumbprint,
    {},
    null,
    true,
  ]
  for (const cnf of others) t.equal((await asDesk(url, await bound(cnf))).status, 401, JSON.stringify(cnf))
  t.equal((await asDesk(url, await bound({ 'x5t#S256': desk.thumbprint }))).status, 200, 'twin')
  t.equal((await asThief(url, await gate.token())).status, 200, 'twin: what is not bound is a bearer token on any certificate')
})

t.test('a certificate that ends while its connection lives', async t => {
  const to = Math.ceil(Date.now() / 1000) * 1000 + 2_000
  const short = authority.issue([{ dns: 'desk-8' }], { from: to - 60_000, to })
  const ask = client(t, authority, short)
  const own = await bound({ 'x5t#S256': short.thumbprint })
  t.equal((await ask(url, own)).status, 200)
  await new Promise(later => setTimeout(later, to - Date.now() + 100))
  t.equal((await ask(url, own)).status, 401)
  t.equal((await ask(url, await gate.token())).status, 401, 'nor with a token that is not bound: nobody is let in without a certificate')
  t.equal((await asDesk(url, token)).status, 200, 'twin')
})
