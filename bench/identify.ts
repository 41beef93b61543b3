// What it costs to know who asks: from the token string of a call to its parties, with everything a token and a connection can say, in a
// directory of 20,000 bodies: `node bench/identify.ts [--rounds N] [--json]`.
import { parseArgs } from 'node:util'
import Fastify, { type FastifyRequest } from 'fastify'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { Agent, request } from 'undici'
import { loadPolicies } from '../src/config/load.ts'
import { registerCallers } from '../src/proxy/caller.ts'
import { readCall } from '../src/proxy/inbound.ts'
import { openKeyStore } from '../src/proxy/keys.ts'
import { createListener } from '../src/proxy/listener.ts'
import { readClaims } from '../src/requester/claims.ts'
import { compileLexicon } from '../src/requester/compile-lexicon.ts'
import { compileDirectory } from '../src/requester/directory.ts'
import { makeIdentify } from '../src/requester/identify.ts'
import { makeAuthority } from '../test/requester/certificates.ts'
import { makeBodies, REQUESTER, tokenClaims } from './identify-directory.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } } })
const ROUNDS = Number(values.rounds)
if (!Number.isInteger(ROUNDS) || ROUNDS < 1) {
  process.stderr.write('usage: node bench/identify.ts [--rounds N] [--json]\n')
  process.exit(2)
}
const BODIES = 20_000
const CALLS = 20_000
const ISSUER = 'https://id.city.example'
const NAMES = ['known token, known reason', 'known token, new reason', 'new token'] as const
const now = () => Date.now()

const policies = loadPolicies(new URL('../policies', import.meta.url).pathname)
const agencies = [...policies.agencies.value.agencies, ...makeBodies(BODIES - policies.agencies.value.agencies.length)]
const started = performance.now()
const directory = compiled(compileDirectory({ ...policies.agencies, value: { agencies } }), 'directory')
const compileMs = performance.now() - started
const lexicon = compiled(compileLexicon(policies.lexicon, directory), 'lexicon')
const identify = makeIdentify({
  ...{ directory, lexicon, ownerJurisdiction: 'us-ca-los-angeles' },
  issuers: [{ issuer: ISSUER, kind: 'agencies', agencies: 'any' }],
})

function compiled<K extends string, T>(result: Record<K, T> | { readonly problems: readonly { message: string }[] }, key: K): T {
  if (key in result) return (result as Record<K, T>)[key]
  throw new Error((result as { problems: readonly { message: string }[] }).problems[0]?.message)
}

/** A real gate's listener, a real client certificate, and one real call, which is then identified again and again. */
async function measure(): Promise<Record<Name, Figures>> {
  const authority = makeAuthority()
  const server = authority.issue([{ ip: '127.0.0.1' }])
  const tls = { key: Buffer.from(server.key), cert: Buffer.from(server.cert), clientCa: Buffer.from(authority.cert) }
  const app = Fastify({ serverFactory: handler => createListener(handler, tls) })
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  const keys = openKeyStore(async () => ({ keys: [jwk] }), now)
  const issuers = [{ issuer: ISSUER, audience: 'haven', algorithms: ['ES256'], keys }]
  const { readCaller, forget } = await registerCallers(app, { issuers, readClaims, now, trustedProxies: [] })

  const found = async (call: FastifyRequest, reason: string | null = null) => {
    const { claims, peer } = await readCaller(call)
    const said = reason === null ? claims : { ...claims, reason: `${claims.reason} ${reason}` }
    return identify(readCall(call, 'bench', now(), peer).call, said)
  }
  let figures: Record<Name, Figures> | null = null
  app.get('/*', async call => {
    const parties = await found(call)
    if ('kind' in parties) throw new Error(parties.detail)
    if (parties.requester.id !== REQUESTER || parties.recipients.length !== 5) throw new Error('somebody else was identified')
    const fresh = async () => {
      forget()
      return found(call)
    }
    let seen = 0
    figures = {
      'known token, known reason': await time(() => found(call), CALLS),
      'known token, new reason': await time(() => found(call, `Report ${seen++}`), CALLS / 10),
      'new token': await time(fresh, CALLS / 10),
    }
    return parties.recipients.map(({ id }) => id)
  })
  app.setErrorHandler((error, _call, reply) => reply.code(500).send(String(error)))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const desk = authority.issue([{ dns: 'desk-7.internal' }, { dns: `cad.${REQUESTER}.example` }])
  const token = await new SignJWT(tokenClaims(desk.thumbprint))
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setIssuer(ISSUER)
    .setAudience('haven')
    .setExpirationTime('1h')
    .sign(privateKey)
  const dispatcher = new Agent({ connect: { ca: authority.cert, key: desk.key, cert: desk.cert } })
  const address = app.server.address()
  const headers = { authorization: `Bearer ${token}` }
  const answer = await request(`https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/residents/x`, { dispatcher, headers })
  const body = await answer.body.text()
  await Promise.all([dispatcher.destroy(), app.close()])
  if (answer.statusCode !== 200 || figures === null) throw new Error(body)
  return figures
}

type Name = (typeof NAMES)[number]

/** Microseconds. */
interface Figures {
  readonly median: number
  readonly p99: number
}

/** One call after the other, each with the clock read before and after it, as often again before to warm up. */
async function time(work: () => Promise<unknown>, calls: number): Promise<Figures> {
  for (let i = 0; i < calls; i++) await work()
  const each = new Float64Array(calls)
  for (let i = 0; i < calls; i++) {
    const start = process.hrtime.bigint()
    await work()
    each[i] = Number(process.hrtime.bigint() - start) / 1000
  }
  each.sort()
  return { median: each[calls >> 1] ?? Number.NaN, p99: each[Math.floor(calls * 0.99)] ?? Number.NaN }
}

const middle = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

const rounds: Record<Name, Figures>[] = []
for (let i = 0; i < ROUNDS; i++) rounds.push(await measure())
const result = NAMES.map(name => ({
  name,
  median: middle(rounds.map(round => round[name].median)),
  p99: middle(rounds.map(round => round[name].p99)),
}))
if (values.json) process.stdout.write(`${JSON.stringify({ bodies: BODIES, rounds: ROUNDS, compileMs, microseconds: result })}\n`)
else {
  const head = `${agencies.length} bodies, compiled in ${Math.round(compileMs)} ms; ${CALLS} calls a round, medians of ${ROUNDS} rounds`
  const lines = result.map(
    ({ name, median, p99 }) => `${median.toFixed(1).padStart(10)} us median ${p99.toFixed(1).padStart(8)} us p99   ${name}`,
  )
  process.stdout.write(`${[head, ...lines].join('\n')}\n`)
}
