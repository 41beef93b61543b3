import t from 'tap'
import { haven, wire } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'

const records = await upstream(t, json([{ id: 'R-1', service: 'rent' }]))
const gate = await haven(t, { upstream: records.url })
const good = await gate.token()
const ice = await gate.token({ agency: 'us-dhs-ice-ero' })

const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
const call = (...lines: string[]) =>
  wire(gate.gate, [`GET ${PATH} HTTP/1.1`, 'Host: gate', ...lines, 'Connection: close', '', ''].join('\r\n'))

t.test('two Authorization headers, in either order, equal or not', async t => {
  for (const [a, b] of [
    [good, ice],
    [ice, good],
    [good, good],
    [good, 'x'],
  ])
    t.equal(status(await call(`Authorization: Bearer ${a}`, `authorization: Bearer ${b}`)), 401)
  t.equal(status(await call(`Authorization: Bearer ${good}, Bearer ${ice}`)), 401, 'folded into one')
  t.equal(status(await call(`Authorization: Bearer ${good} ${ice}`)), 401)
  t.equal(records.asked.length, 0)
  t.equal(status(await call(`Authorization: Bearer ${good}`)), 200, 'twin: one')
})

t.test('a token anywhere but in Authorization is no token', async t => {
  const before = records.asked.length
  const elsewhere = [
    `Cookie: token=${good}; access_token=${good}`,
    `X-Authorization: Bearer ${good}`,
    `Proxy-Authorization: Bearer ${good}`,
    `Haven-Token: ${good}`,
  ]
  for (const line of elsewhere) t.equal(status(await call(line)), 401, line.slice(0, 20))
  for (const name of ['access_token', 'token', 'jwt', 'authorization']) {
    const answer = await fetch(`${gate.gate}${PATH}&${name}=${good}`)
    t.equal(answer.status, 401, `in the query as ${name}`)
    t.notMatch(await answer.text(), good)
  }
  t.equal(records.asked.length, before)
})

t.test('a second token elsewhere changes nothing about who asks', async t => {
  const answer = await call(`Authorization: Bearer ${ice}`, `Cookie: token=${good}; access_token=${good}`)
  t.equal(status(answer), 451)
  t.equal(status(await call(`Authorization: Bearer ${good}`, `Cookie: token=${ice}`)), 200)
  t.notOk(records.asked.at(-1)?.headers.cookie, 'no cookie reaches the record API')
})

t.test('schemes and spellings', async t => {
  for (const line of [
    `Basic ${good}`,
    `DPoP ${good}`,
    `Token ${good}`,
    good,
    `Bearer  ${good}`,
    `Bearer\t${good}`,
    `Bearer ${good}=`,
    `Bearer ${good}.x`,
    `Bearer "${good}"`,
    'Bearer',
    '',
  ])
    t.equal(status(await call(`Authorization: ${line}`)), 401, line.slice(0, 9))
  for (const scheme of ['bearer', 'BEARER', 'Bearer'])
    t.equal(status(await call(`Authorization: ${scheme} ${good}`)), 200, `twin: ${scheme}`)
})

t.test('a signature that was cut, stretched or swapped', async t => {
  const [head = '', body = '', signature = ''] = good.split('.')
  const swapped = ice.split('.')
  for (const token of [
    `${head}.${body}.`,
    `${head}.${body}`,
    `${head}.${body}.${signature.slice(0, -4)}`,
    `${head}.${body}.${'A'.repeat(86)}`,
    `${head}.${swapped[1]}.${signature}`,
    `${head}.${body}.${swapped[2]}`,
  ])
    t.equal(status(await call(`Authorization: Bearer ${token}`)), 401)
})

t.test('a token that is very long is refused before it is read; one that is merely long is not', async t => {
  const long = await gate.token({ agency: 'us-ca-los-angeles-housing', purpose: 'service-delivery', padding: 'x'.repeat(10_000) })
  t.equal(status(await call(`Authorization: Bearer ${long}`)), 401)
  const fair = await gate.token({ agency: 'us-ca-los-angeles-housing', purpose: 'service-delivery', padding: 'x'.repeat(6_000) })
  t.equal(status(await call(`Authorization: Bearer ${fair}`)), 200)
})
