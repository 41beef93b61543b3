import Fastify, { type FastifyError } from 'fastify'
import t, { type Test } from 'tap'
import { registerAuthentication } from '../../src/proxy/authenticate.ts'
import { openKeyStore } from '../../src/proxy/keys.ts'
import { readClaims } from '../../src/requester/claims.ts'
import { Fault } from '../../src/terms/faults.ts'
import { hall, makeKeys, type Page, STAFF, warrant } from './hall.ts'

function refused(t: Test, page: Page, status: number, type: string, what: string): void {
  t.equal(page.status, status, what)
  t.equal(page.headers.get('content-type'), 'application/problem+json', what)
  t.equal(page.headers.get('cache-control'), 'no-store', what)
  t.match(page.json(), { type: `/.haven/problems/${type}`, title: String, status, detail: String }, what)
  t.notMatch(page.text, /\n\s+at |\.ts:\d|node_modules/, `${what}: no stack`)
}

const PAGES = [
  '/process',
  '/process/x',
  '/holds',
  '/holds/x',
  '/notices',
  '/notices/x',
  '/reviews',
  '/reviews/x',
  '/certificates',
  '/certificates/x',
]
const STEPS = [
  '/process',
  '/process/x/verify',
  '/process/x/revoke',
  '/process/x/quash',
  '/holds/x/release',
  '/holds/x/refuse',
  '/notices/x/done',
  '/reviews/x/done',
  '/certificates',
  '/certificates/x/verify',
  '/certificates/x/revoke',
]

t.test('nothing of the register without a token, whatever the page; health, metrics and the journal are open', async t => {
  const at = await hall(t)
  for (const path of PAGES) {
    const page = await at.ask('GET', path, null)
    refused(t, page, 401, 'unauthenticated', path)
    t.equal(page.headers.get('www-authenticate'), 'Bearer')
  }
  for (const path of STEPS) refused(t, await at.ask('POST', path, null, {}), 401, 'unauthenticated', `POST ${path}`)
  t.equal(at.unauthenticated.length, PAGES.length + STEPS.length, 'and each of them was counted')
  for (const path of ['/healthz', '/readyz', '/metrics', '/journal/checkpoint'])
    t.equal((await at.ask('GET', path, null)).status, 200, path)
  for (const path of ['/process', '/holds', '/notices', '/reviews', '/certificates'])
    for (const role of ['counsel', 'auditor', 'operator'])
      t.equal((await at.as('ana', [role], 'GET', path)).status, 200, `twin: ${role} ${path}`)
})

t.test('a role counts only with a person, and a person only with a role', async t => {
  const at = await hall(t)
  const get = async (sub: string, roles: unknown, over = {}) => at.ask('GET', '/process', await at.token(sub, roles, over))
  refused(t, await get('stranger', ['counsel']), 403, 'not-permitted', 'a role, and nobody in identity.admin.people')
  for (const sub of ['', 'ANA', 'ana ', '__proto__', 'constructor']) t.not((await get(sub, ['counsel'])).status, 200, `sub '${sub}'`)
  for (const roles of [undefined, [], '', 'judge', ['judge'], 'counsel auditor', 'Counsel', [['counsel']], { counsel: true }, 7, null])
    refused(t, await get('ana', roles), 403, 'not-permitted', `roles ${JSON.stringify(roles)}`)
  for (const roles of ['counsel', ['counsel'], ['judge', 'auditor'], ['operator', 'operator', 7]])
    t.equal((await get('ana', roles)).status, 200, `twin: ${JSON.stringify(roles)}`)
  for (const name of ['role', 'groups', 'scope'])
    refused(t, await get('ana', undefined, { more: { [name]: ['counsel'] } }), 403, 'not-permitted', name)
})

t.test('a login of two people is nobody', async t => {
  const login = { iss: STAFF, sub: 'shared' }
  const people = [
    { id: 'ana', logins: [login, { iss: STAFF, sub: 'ana' }] },
    { id: 'ben', logins: [login] },
  ]
  const at = await hall(t, { people })
  refused(t, await at.as('shared', ['counsel'], 'GET', '/process'), 403, 'not-permitted', 'shared')
  t.equal((await at.as('ana', ['counsel'], 'GET', '/process')).status, 200, 'twin')
})

t.test("tokens that are not the admin issuer's, not for the admin address, or over", async t => {
  const at = await hall(t)
  const [stranger, now] = [await makeKeys('k1'), Math.floor(Date.now() / 1000)]
  const roles = ['counsel']
  for (const [what, over] of [
    ["the gate's audience", { audience: 'haven' }],
    ['a part of our audience', { audience: 'haven-admi' }],
    ['an issuer of the gate, with a role', { issuer: 'https://id.city.example' }],
    ['an issuer of the gate, for the admin address', { issuer: 'https://id.city.example', audience: 'haven-admin' }],
    ["another key under the issuer's kid", { key: stranger.privateKey }],
    ['expired', { expires: now - 60 }],
    ['bound to its sender', { more: { cnf: { jkt: 'x' } } }],
  ] as const)
    refused(t, await at.ask('GET', '/process', await at.token('ana', roles, over)), 401, 'unauthenticated', what)
  for (const text of ['', 'a.b.c', 'x']) refused(t, await at.ask('GET', '/process', text), 401, 'unauthenticated', `'${text}'`)
  t.equal((await at.ask('GET', '/process', await at.token('ana', roles, { audience: ['other', 'haven-admin'] }))).status, 200, 'twin')
  const down = await hall(t, { keysFail: true })
  const unavailable = await down.as('ana', roles, 'GET', '/process')
  refused(t, unavailable, 503, 'unavailable', 'the keys cannot be had')
  t.ok(unavailable.headers.get('retry-after'))
})

t.test('a token for the admin address opens nothing at the gate, and the other way round', async t => {
  const at = await hall(t)
  const keys = await makeKeys('k1')
  const gate = await verifierOfGate(t, keys)
  const ask = async (audience: string) => {
    const token = await at.token('ana', ['counsel'], { audience, key: keys.privateKey })
    return (await fetch(gate, { headers: { authorization: `Bearer ${token}` } })).status
  }
  t.equal(await ask('haven-admin'), 401)
  t.equal(await ask('haven'), 200, 'twin')
})

/** The verifier that stands before the gate, configured for the same issuer. */
async function verifierOfGate(t: Test, keys: Awaited<ReturnType<typeof makeKeys>>): Promise<string> {
  const gate = Fastify()
  const find = async () => ({ keys: [keys.jwk] })
  const issuers = [{ issuer: STAFF, audience: 'haven', algorithms: ['ES256'], keys: openKeyStore(find, Date.now) }]
  const { authenticate } = await registerAuthentication(gate, { issuers, readClaims, now: Date.now })
  gate.setErrorHandler((error: FastifyError, _request, reply) => reply.code(error instanceof Fault ? 401 : 500).send())
  gate.get('/', async request => authenticate(request, null))
  t.teardown(() => gate.close())
  return gate.listen({ host: '127.0.0.1', port: 0 })
}

t.test('a role is that of the token of this request, not of an earlier one', async t => {
  const at = await hall(t)
  const { id } = (await at.as('clerk', 'operator', 'POST', '/process', warrant())).json()
  const verify = async (roles: unknown) => at.as('ana', roles, 'POST', `/process/${id}/verify`)
  t.equal((await at.as('ana', 'counsel', 'GET', '/process')).status, 200)
  refused(t, await verify('auditor'), 403, 'not-permitted', 'counsel a moment ago, auditor now')
  refused(t, await verify('operator'), 403, 'not-permitted', 'operator')
  t.equal((await at.register.processes.find(id))?.verified.length, 0)
  t.equal((await verify('counsel')).status, 200, 'twin')
})

t.test('metrics away from loopback need a role', async t => {
  const at = await hall(t, { host: '0.0.0.0' })
  refused(t, await at.ask('GET', '/metrics', null), 401, 'unauthenticated', 'nobody')
  const page = await at.as('dot', 'auditor', 'GET', '/metrics')
  t.equal(page.status, 200, 'twin')
  t.match(page.text, /^haven_holds_open 0$/m)
})

t.test('a gate without a register says which setting is missing, to people with a role', async t => {
  const at = await hall(t, { register: null })
  for (const path of PAGES) {
    refused(t, await at.ask('GET', path, null), 401, 'unauthenticated', path)
    const page = await at.as('ana', 'counsel', 'GET', path)
    refused(t, page, 503, 'unavailable', path)
    t.match(page.json().detail, /haven\.yaml.*register/)
  }
  t.equal((await at.as('ana', 'counsel', 'POST', '/process/x/verify')).status, 503)
  t.equal((await at.ask('GET', '/healthz', null)).status, 200, 'twin')
})
