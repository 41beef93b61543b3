import { rm } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { loadHavenFile } from '../../src/config/load.ts'
import { makeReadOrigin } from '../../src/proxy/client-address.ts'
import { FilesRefused } from '../../src/terms/faults.ts'
import { makeAuthority, writeTls } from '../requester/certificates.ts'
import { client } from '../requester/mtls.ts'
import { city } from '../rulebook/city.ts'
import { type Folder, type Haven, type HavenOptions, wire, writeFolder } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const [HOUSING, ICE] = ['us-ca-los-angeles-housing', 'us-dhs-ice']
// Networks for documentation (RFC 5737, RFC 3849).
const [OURS, THEIRS, NOBODYS] = ['203.0.113.5', '198.51.100.5', '192.0.2.5']

/** A gate in whose directory the two agencies have networks; `loopback` gives the test's own address to one of them. */
async function start(t: Test, trustedProxies: readonly string[], loopback: string | null = null, config: object = {}): Promise<Haven> {
  const records = await upstream(t, json([{ id: 'R-1', service: 'rent' }]))
  const la = await city(t, records.url)
  await la.edit('policies/agencies.yaml', ({ agencies }) => {
    for (const [id, network] of [
      [HOUSING, '203.0.113.0/24'],
      [ICE, '198.51.100.0/24'],
    ]) {
      const networks = id === loopback ? [network, '127.0.0.0/8'] : [network]
      Object.assign(
        agencies.find((agency: { id: string }) => agency.id === id),
        { networks },
      )
    }
  })
  return la.start(t, { config: { trustedProxies, ...config } })
}

/** 200, or the code of the refusal, to a call with these header lines, as they are. */
async function ask(gate: Haven, ...lines: readonly string[]): Promise<number | string> {
  const token = await gate.token({ agency: HOUSING, purpose: 'service-delivery' })
  const answer = await wire(
    gate.gate,
    [`GET ${PATH} HTTP/1.1`, 'Host: gate', `Authorization: Bearer ${token}`, ...lines, 'Connection: close', '', ''].join('\r\n'),
  )
  return answer.startsWith('HTTP/1.1 200') ? 200 : (/"code":"([^"]+)"/.exec(answer)?.[1] ?? answer)
}

const DISAGREE = 'party.signals-disagree'

t.test('a stolen badge in the network of another agency, with a header that says it is at home', async t => {
  const forged = [
    `X-Forwarded-For: ${OURS}`,
    `Forwarded: for=${OURS}`,
    `X-Real-IP: ${OURS}`,
    `X-Client-IP: ${OURS}`,
    `True-Client-IP: ${OURS}`,
  ]
  const alone = await start(t, [], ICE)
  t.equal(await ask(alone), DISAGREE)
  for (const line of forged) t.equal(await ask(alone, line), DISAGREE, line)
  const elsewhere = await start(t, ['192.0.2.0/24', '2001:db8::/32'], ICE)
  for (const line of forged) t.equal(await ask(elsewhere, line), DISAGREE, `the proxy is another machine: ${line}`)
  const behind = await start(t, ['127.0.0.1/32'], ICE)
  t.equal(await ask(behind, `X-Forwarded-For: ${OURS}`), 200, 'twin: the proxy says so')
  t.equal(await ask(await start(t, [], HOUSING), `X-Forwarded-For: ${THEIRS}`), 200, 'twin: nor does a stranger accuse anybody')
})

t.test('what the caller wrote further left counts for nothing', async t => {
  const gate = await start(t, ['127.0.0.0/8', '10.0.0.0/8'])
  const spoofed = [
    `X-Forwarded-For: ${OURS}, ${THEIRS}`,
    `X-Forwarded-For: ${OURS}, ${THEIRS}, 10.0.0.1`,
    `X-Forwarded-For: 10.0.0.9, ${OURS},${THEIRS}:4711,\t10.0.0.1`,
    `X-Forwarded-For: junk;"", ${THEIRS}`,
    `X-Forwarded-For: ${OURS}, ::ffff:${THEIRS}`,
    `Forwarded: for=${OURS}, for=${THEIRS};proto=https`,
    `Forwarded: for="${OURS}, For="${THEIRS}:80";by=10.0.0.1`,
    `Forwarded: for=${OURS};host="a, for=${THEIRS}`,
    `Forwarded: for=${OURS}, for="[::ffff:${THEIRS}]:443", for=10.0.0.1`,
  ]
  for (const line of spoofed) t.equal(await ask(gate, line), DISAGREE, line)
  t.equal(await ask(gate, `X-Forwarded-For: ${OURS}`, `X-Forwarded-For: ${THEIRS}`), DISAGREE, 'in two lines')
  t.equal(
    await ask(gate, `Forwarded: for=${OURS}`, `X-Forwarded-For: ${OURS}`, `Forwarded: for=${THEIRS}`, `X-Forwarded-For: ${THEIRS}`),
    DISAGREE,
  )
  for (const line of spoofed)
    t.equal(await ask(gate, line.replaceAll(OURS, 'A').replaceAll(THEIRS, OURS).replaceAll('A', THEIRS)), 200, `twin: ${line}`)
})

t.test('a second header of forwarding switches nothing off: whom either of them names counts', async t => {
  const gate = await start(t, ['127.0.0.1/32'])
  const [real, bad] = [`X-Forwarded-For: ${THEIRS}`, `Forwarded: for=${THEIRS};proto=https`]
  for (const extra of [`for=${NOBODYS}`, `for=${OURS}`, 'for=unknown', 'x', '', `for=${NOBODYS}, for=${OURS}`])
    t.equal(await ask(gate, real, `Forwarded: ${extra}`), DISAGREE, extra)
  for (const extra of [NOBODYS, OURS, 'unknown', '', `${THEIRS}, ${OURS}`])
    t.equal(await ask(gate, bad, `X-Forwarded-For: ${extra}`), DISAGREE, extra)
  t.equal(await ask(gate, `X-Forwarded-For: ${OURS}`, `Forwarded: for=${THEIRS}`), DISAGREE, 'whoever adds a bad address harms himself')
  t.equal(await ask(gate, `X-Forwarded-For: ${OURS}`, `Forwarded: for=${NOBODYS}`), 200, 'twin: from here, and from nowhere')
  t.equal(await ask(gate, `X-Forwarded-For: ${OURS}`, 'Forwarded: for=unknown'), 200, "twin: a hospital's own proxy adds an odd one")
})

t.test('a proxy that writes nothing readable is found out at once, and the journal has it', async t => {
  const gate = await start(t, ['127.0.0.1/32'])
  const odd = [
    'X-Forwarded-For: unknown',
    `X-Forwarded-For: ${THEIRS},`,
    `X-Forwarded-For: ${THEIRS}%eth0`,
    'Forwarded: ',
    'Forwarded: for=_x',
  ]
  for (const line of odd) t.equal(await ask(gate, line), 'call.ambiguous', line)
  t.equal(await ask(gate, 'X-Forwarded-For: unknown', 'Forwarded: x'), 'call.ambiguous')
  const told = await gate.get(PATH, { agency: HOUSING, purpose: 'service-delivery' }, { 'x-forwarded-for': 'unknown' })
  t.equal(told.status, 400)
  t.match(told.json().detail, /x-forwarded-for/)
  t.equal(await ask(gate, `X-Forwarded-For: ${OURS}`), 200, 'twin')
  const stranger = await start(t, ['192.0.2.0/24'])
  for (const line of odd) t.equal(await ask(stranger, line), 200, `twin: nobody reads it from a stranger: ${line}`)
  await gate.close()
  t.equal(
    (await gate.entries()).filter(entry => entry['kind'] === 'decision' && JSON.stringify(entry).includes('call.ambiguous')).length,
    odd.length + 2,
  )
})

t.test('a proxy that adds no header lends its address to nobody', async t => {
  t.equal(await ask(await start(t, ['127.0.0.1/32'], ICE)), 200, "the proxy's network is not the caller's")
  t.equal(await ask(await start(t, [], ICE)), DISAGREE, 'twin: a caller without a proxy')
})

t.test('an address that cannot be told is none', async t => {
  const read = makeReadOrigin(['10.0.0.0/8', '2001:db8::/32'])
  const by = (headers: object) => {
    const { addresses, unreadable } = read('10.0.0.1', { ...headers })
    return unreadable === null ? addresses.join() : null
  }
  const none = [
    { 'x-forwarded-for': '' },
    { 'x-forwarded-for': `${OURS},` },
    { 'x-forwarded-for': `${OURS}, unknown` },
    { 'x-forwarded-for': `${OURS}, 10.0.0.2, _hidden, 10.0.0.3` },
    { 'x-forwarded-for': `${OURS}, 1.2.3` },
    { 'x-forwarded-for': `${OURS}, fe80::1%eth0` },
    { 'x-forwarded-for': `${OURS}, ${THEIRS}:port` },
    { forwarded: '' },
    { forwarded: `for=${OURS}, for=unknown` },
    { forwarded: `for=${OURS}, for="_gazonk"` },
    { forwarded: `for=${OURS}, proto=https` },
    { forwarded: `for=${OURS};for=${THEIRS}` },
    { forwarded: `for=${OURS};for="10.0.0.2"` },
    { forwarded: `host="x;for=${OURS};y"` },
    { forwarded: `for = ${OURS}` },
    { forwarded: `for=2001:db9::1` },
    { forwarded: `for="${OURS}` },
    { forwarded: `for=${OURS} proto=https` },
    { forwarded: 'for=unknown', 'x-forwarded-for': '' },
  ]
  for (const headers of none) t.equal(by(headers), null, JSON.stringify(headers))
  t.equal(by({ forwarded: `for=${OURS}`, 'x-forwarded-for': OURS }), OURS, 'twin: both say the same')
  t.equal(by({ forwarded: `for=${OURS}`, 'x-forwarded-for': THEIRS }), `${OURS},${THEIRS}`, 'both count')
  t.equal(by({ forwarded: 'for=unknown', 'x-forwarded-for': OURS }), OURS)
  t.equal(by({ forwarded: `for=${OURS}`, 'x-forwarded-for': '' }), OURS)
  t.equal(by({ 'x-forwarded-for': `unknown, ${OURS}, 10.0.0.2` }), OURS, 'twin: what it never comes to is not read')
  t.equal(by({ forwarded: 'for="[2001:DB9::1]:443";proto=https' }), '2001:db9::1')
  t.equal(by({ 'x-forwarded-for': '2001:db9:0::1, 2001:db8::7' }), '2001:db9::1')
  t.equal(by({ 'x-forwarded-for': '10.0.0.9, 10.0.0.2' }), '10.0.0.9', 'everybody is trusted: the first of them')
  t.same(read('10.0.0.1', {}), { addresses: [], forwarded: true, unreadable: null }, 'a proxy that says nothing of whom it passes on')
  t.same(read('::ffff:10.0.0.1', { 'x-forwarded-for': OURS }).addresses, [OURS], 'a socket of IPv6 that IPv4 came by')
  t.same(read('fe80::1%eth0', {}).addresses, ['fe80::1'])
  t.same(read(undefined, {}), { addresses: [], forwarded: false, unreadable: null }, 'a connection that is already gone')
})

t.test('a header made to be slow to read', async t => {
  const read = makeReadOrigin(['10.0.0.0/8'])
  const started = performance.now()
  for (const piece of ['"', ',"', '",', '10.0.0.1,', 'for=10.0.0.1,', ';', 'for="', '\\"', 'a=', ' ', 'for=";'])
    read('10.0.0.1', { forwarded: piece.repeat(16_000 / piece.length), 'x-forwarded-for': piece.repeat(16_000 / piece.length) })
  t.ok(performance.now() - started < 1_000, `${Math.round(performance.now() - started)} ms`)
})

t.test("a proxy's own certificate says nothing of those behind it, whatever it writes", async t => {
  const authority = makeAuthority()
  const proxy = authority.issue([{ dns: 'proxy.ice.dhs.gov' }])
  const tls = writeTls((await folder(t)).dir, authority)
  const gate = await start(t, ['127.0.0.1/32'], null, { tls })
  const asProxy = client(t, authority, proxy)
  const housing = { agency: HOUSING, purpose: 'service-delivery' }
  const reasons = (code: string) => ({ json: { reasons: [{ code }] } })
  for (const headers of [{}, { 'x-forwarded-for': NOBODYS }, { forwarded: `for=${NOBODYS}` }]) {
    t.equal((await asProxy(gate.gate + PATH, await gate.token(housing), headers)).status, 200)
    const nobody = await asProxy(gate.gate + PATH, await gate.token({ purpose: 'service-delivery' }), headers)
    t.match(nobody, reasons('party.unknown-agency'), 'nor does it lend its name to a token without one')
    const bound = (thumbprint: string) => gate.token({ ...housing, cnf: { 'x5t#S256': thumbprint } })
    t.equal((await asProxy(gate.gate + PATH, await bound(proxy.thumbprint), headers)).status, 200, 'a token bound to this connection')
    const stolen = await asProxy(gate.gate + PATH, await bound(authority.issue([{ dns: 'desk' }]).thumbprint), headers)
    t.equal(stolen.status, 401, 'and one bound to another')
  }
  const direct = await start(t, ['192.0.2.0/24'], null, { tls })
  const itself = await asProxy(direct.gate + PATH, await direct.token(housing))
  t.match(itself, reasons(DISAGREE), 'twin: who is no proxy asks for itself')
})

t.test('whom to trust is checked before the gate starts', async t => {
  const load = async (network: string) => {
    const { configFile } = await folder(t, { config: { trustedProxies: ['10.0.0.0/8', network] } })
    try {
      return loadHavenFile(configFile).trustedProxies
    } catch (error) {
      return error instanceof FilesRefused ? error.problems : error
    }
  }
  for (const network of ['10.0.0.1', '10.0.0.0/33', 'proxy.example', '', '::ffff:10.0.0.0/104', 'fe80::1%eth0/64', '0.0.0.0/0', '::/0'])
    t.match(await load(network), [{ file: /haven\.yaml$/, line: Number, message: /^'.*' is (no network|everybody)/ }], network)
  t.same(await load('2001:db8::/32'), ['10.0.0.0/8', '2001:db8::/32'], 'twin')
})

async function folder(t: Test, more: Partial<HavenOptions> = {}): Promise<Folder> {
  const written = await writeFolder({ upstream: 'http://127.0.0.1:1', ...more })
  t.teardown(() => rm(written.dir, { recursive: true, force: true }))
  return written
}
