import { createRemoteJWKSet, jwtVerify } from 'jose'
import t from 'tap'
import { CAST } from '../../demo/cast.ts'
import { ISSUERS, startIssuer } from '../../demo/issuer.ts'
import { listen, PortTaken } from '../../demo/listen.ts'

const issuer = await startIssuer(0)
t.teardown(() => issuer.close())

const keysOf = (path: string) => createRemoteJWKSet(new URL(issuer.url + path))

t.test('every token of the cast verifies with its issuer’s published keys', async t => {
  for (const actor of Object.values(CAST)) {
    const { issuer: iss, audience, path } = ISSUERS[actor.token.issuer]
    const { payload } = await jwtVerify(await issuer.mint(actor.token), keysOf(path), { issuer: iss, audience, algorithms: ['ES256'] })
    t.match(payload, actor.token.claims, actor.name)
    t.equal(payload.sub, actor.token.subject)
    t.equal(payload.exp! - payload.iat!, 8 * 3600)
  }
})

t.test('one issuer cannot sign for another', async t => {
  const token = await issuer.mint(CAST.resident.token)
  await t.resolves(jwtVerify(token, keysOf(ISSUERS.people.path)))
  await t.rejects(jwtVerify(token, keysOf(ISSUERS.agencies.path)), { code: 'ERR_JWKS_NO_MATCHING_KEY' })
})

t.test('only public keys are published', async t => {
  for (const { path } of Object.values(ISSUERS)) {
    const { keys }: { keys: [object] } = JSON.parse(await (await fetch(issuer.url + path)).text())
    t.same(
      Object.keys(keys[0]).toSorted((a, b) => a.localeCompare(b)),
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    )
  }
  t.equal((await fetch(`${issuer.url}/elsewhere`)).status, 404)
})

t.test('a port in use is said plainly', async t => {
  const port = Number(new URL(issuer.url).port)
  await t.rejects(
    listen('the token issuer', port, () => {}),
    new PortTaken(
      `port ${port} on 127.0.0.1 is in use, and the token issuer needs it. Stop what runs there (an earlier demo?) and start again.`,
    ),
  )
  const free = await listen('a probe', 0, () => {})
  await free.close()
})
