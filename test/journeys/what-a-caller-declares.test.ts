import t from 'tap'
import { haven, wire } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?select=id,address&id=eq.R-1'
const records = await upstream(t, json([{ id: 'R-1', address: '1 Main St' }]))
const gate = await haven(t, { upstream: records.url })
const housing = { agency: 'us-ca-los-angeles-housing' }
const fire = { agency: 'us-ca-los-angeles-lafd' }

t.test('a purpose in a header counts only for agencies the directory lets declare', async t => {
  t.equal((await gate.get(PATH, housing, { 'haven-purpose': 'service-delivery' })).status, 200)
  const dmv = { agency: 'us-ca-dmv' }
  const refused = await gate.get(PATH, dmv, { 'haven-purpose': 'service-delivery' })
  t.equal(refused.status, 403)
  t.match(refused.json(), { type: /not-permitted$/, detail: /purpose must be in its token/ })
  t.equal((await gate.get(PATH, { ...dmv, purpose: 'service-delivery' })).status, 200, 'twin: the same purpose in the token')
  const ice = await gate.get(PATH, { agency: 'us-dhs-ice-ero' }, { 'haven-purpose': 'criminal-investigation' })
  t.equal(ice.json().type, '/.haven/problems/law', 'an unstated purpose of an immigration authority is enforcement')
})

t.test('a purpose that is missing, unlisted or none at all', async t => {
  const before = records.asked.length
  for (const purpose of ['treatment', 'vague', 'anything', 'criminal-investigation'])
    t.equal((await gate.get(PATH, { ...housing, purpose })).status, 403, purpose)
  const none = await gate.get(PATH, housing)
  t.equal(none.status, 403)
  t.match(none.json().detail, /State a purpose of use/)
  t.equal(records.asked.length, before)
})

t.test('claim against header is malformed; the same in both is not', async t => {
  const purpose = 'service-delivery'
  const pairs: [object, Record<string, string>][] = [
    [{ purpose }, { 'haven-purpose': 'payment' }],
    [{ purpose, reason: 'a' }, { 'haven-reason': 'b' }],
    [{ purpose, case: '1-2' }, { 'haven-case': '1-3' }],
    [{ purpose, process: 'i-205' }, { 'haven-process': 'judicial-warrant' }],
  ]
  for (const [claims, headers] of pairs) {
    const answer = await gate.get(PATH, { ...housing, ...claims }, headers)
    t.equal(answer.status, 400, JSON.stringify(headers))
    t.match(answer.json(), { type: /malformed$/, reasons: [{ code: 'party.declarations-disagree' }] })
  }
  t.equal((await gate.get(PATH, { ...housing, purpose }, { 'haven-purpose': 'service-delivery' })).status, 200)
})

t.test('declarations are percent-encoded UTF-8; raw bytes are malformed', async t => {
  const token = await gate.token({ ...housing, purpose: 'service-delivery' })
  const send = async (line: string) =>
    Number(
      /^HTTP\/1\.1 (\d+)/.exec(
        await wire(
          gate.gate,
          Buffer.from(`GET ${PATH} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer ${token}\r\n${line}\r\nConnection: close\r\n\r\n`),
        ),
      )?.[1],
    )
  for (const line of [
    'Haven-Reason: renovación',
    'Haven-Reason: %',
    'Haven-Reason: %c3',
    'Haven-Reason: a%00b',
    'Haven-Reason: a%0d%0ab',
    'Haven-Recipient: ',
    'Haven-Recipient: a,,b',
  ])
    t.equal(await send(line), 400, line)
  for (const line of ['Haven-Reason: renovaci%C3%B3n', 'Haven-Reason: 100%25', 'Haven-Case: HD-2026-1'])
    t.equal(await send(line), 200, `twin: ${line}`)
})

t.test('everybody who acts, and everybody named, receives the data', async t => {
  const purpose = 'service-delivery'
  const act = (agency: string, inner?: object) => ({ sub: agency, agency, ...(inner ? { act: inner } : {}) })
  const chains: [object, Record<string, string>, number][] = [
    [{ act: act('us-ca-los-angeles-dwp') }, {}, 200],
    [{ act: act('us-dhs-ice-ero') }, {}, 451],
    [{ act: act('us-ca-los-angeles-dwp', act('us-ca-la-county-dpss', act('us-dhs-ice'))) }, {}, 451],
    [{ act: act('nobody-we-know') }, {}, 403],
    [{ act: { sub: 'x', email: 'agent@ice.dhs.gov', email_verified: true } }, {}, 451],
    [{ act: { sub: 'x', email: 'agent@ice.dhs.gov' } }, {}, 403],
    [{ act: 'us-dhs-ice' }, {}, 400],
    [{ recipient: 'us-ca-la-county-dpss' }, {}, 200],
    [{ recipient: ['us-ca-la-county-dpss', 'us-dhs-ice'] }, {}, 451],
    [{}, { 'haven-recipient': 'us-ca-la-county-dpss' }, 200],
    [{}, { 'haven-recipient': 'us-ca-la-county-dpss, VTICE0900' }, 451],
    [{}, { 'haven-recipient': 'agent%40ice.dhs.gov' }, 451],
    [{}, { 'haven-recipient': 'broker-lexisnexis' }, 451],
    [{ recipient: 'us-ca-la-county-dpss' }, { 'haven-recipient': 'us-dhs-ice' }, 451],
    [{}, { 'haven-reason': 'for%20ICE%20ERO' }, 451],
  ]
  for (const [claims, headers, status] of chains) {
    const before = records.asked.length
    t.equal(
      (await gate.get(PATH, { ...housing, purpose, sub: `worker-${JSON.stringify(claims)}${JSON.stringify(headers)}`, ...claims }, headers))
        .status,
      status,
      JSON.stringify([claims, headers]),
    )
    t.equal(records.asked.length - before, status === 200 ? 1 : 0, 'the record API is asked only for what passes')
  }
})

t.test('signals about who asks that disagree', async t => {
  const purpose = 'emergency'
  t.equal((await gate.get(PATH, { ...fire, purpose, ori: 'VTICE0900' })).status, 403)
  t.equal((await gate.get(PATH, { ...fire, purpose, email: 'a@ice.dhs.gov', email_verified: true })).status, 403)
  t.equal(
    (await gate.get(PATH, { ...fire, purpose, email: 'a@lacity.gov', email_verified: true })).status,
    200,
    'twin: a part of the body the domain belongs to',
  )
  t.equal((await gate.get(PATH, { agency: 'us-nowhere', purpose })).status, 403)
})
