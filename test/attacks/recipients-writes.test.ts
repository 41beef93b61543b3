import t from 'tap'
import { caseworker, haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const NAMES = ['handler', 'target', 'report_to', 'share_with', 'destination', 'dest', 'mailto', 'forward', 'push_url', 'deliver', 'sink']
const catalogue = (extra: object = {}) => ({
  source: 'residents',
  collections: {
    residents: {
      key: 'id',
      subjects: true,
      fields: {
        ...{ id: 'open', full_name: 'personal', callback: 'open', memo: 'open', website: 'open', email: 'personal', prefs: 'open' },
        ...Object.fromEntries(NAMES.map(name => [name, 'open'])),
      },
      ...extra,
    },
  },
})
const records = await upstream(t, json([{ id: '11', full_name: 'Ana Reyes' }]))
const gate = await haven(t, { upstream: records.url, catalogue: catalogue(), source: { writes: true } })
const token = await gate.token(caseworker)
async function post(body: unknown): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${gate.gate}/residents/residents`, { method: 'POST', headers, body: JSON.stringify(body) })
  await answer.text()
  return answer.status < 300
}

t.test('every name that says delivery, with a letter of another alphabet too', async t => {
  for (const name of NAMES) {
    t.notOk(await post({ [name]: 'evil.example/x' }), name)
    t.notOk(await post({ [name]: 'a@evil.example' }), name)
    t.ok(await post({ [name]: 'a@lacity.gov' }), `twin: ${name}`)
  }
  for (const name of ['callb\u0430ck', 'notif\u0443', 's\u0435ndTo', 'c\u00e1llback', 'phone_notify'])
    t.notOk(await post({ prefs: { [name]: 'evil.example/x' } }), name)
  for (const name of ['color', 'фон', '通知', 'языk', 'notified_at'])
    t.ok(await post({ prefs: { [name]: 'evil.example/x' } }), `twin: ${name}`)
})

t.test('a text that is JSON is read as JSON', async t => {
  t.notOk(await post({ prefs: '{"callback":"evil.example/x"}' }))
  t.notOk(await post({ prefs: ' [{"sendTo":"b@evil.example"}]' }))
  t.notOk(
    await post({ prefs: '{"callback":"x","callback":"https://ice.dhs.gov"}' }),
    'none that two readers read alike: what it mentions counts',
  )
  t.ok(await post({ prefs: '{"theme":"dark","site":"https://evil.example"}' }), 'twin')
  t.ok(await post({ prefs: '{ not JSON' }), 'twin')
})

t.test('an address of immigration enforcement counts under any name', async t => {
  for (const value of [
    ...['agent@ice.dhs.gov', 'send it to agent@ice.dhs.gov please', 'Agent <agent@ice.dhs.gov>;x@lacity.gov', 'mailto:agent@ice.dhs.gov'],
    ...[
      'https://ice.dhs.gov/in',
      'see (https://ice.dhs.gov/in)',
      'to=https://ice.dhs.gov',
      'agent＠ice.dhs.gov',
      'https:\\\\ice.dhs.gov\\in',
    ],
    ...['h\nttps://ice.dhs.gov', 'sales@lexisnexis.com', 'https://hooks.nlets.org/x', 'https://lacity.gov/?to=https://ice.dhs.gov'],
  ]) {
    t.notOk(await post({ memo: value }), value)
    t.notOk(await post({ prefs: { list: [value] } }), value)
  }
  for (const value of [
    'https://tacos-el-rey.example',
    '//evil.example',
    'see https://en.wikipedia.org/wiki/ICE',
    'ana@gmail.com',
    '@ice',
    'ice.',
  ])
    t.ok(await post({ memo: value, website: value, email: value }), `twin: ${value}`)
  t.ok(await post({ website: `https://tacos.example/${'a'.repeat(4000)}` }), 'twin: a long link')
  t.ok(await post(Array.from({ length: 100 }, (_, i) => ({ id: `${i}`, email: `r${i}@mail.example` }))), 'twin: a hundred residents')
})

t.test('a long value costs no more than its length', async t => {
  const started = performance.now()
  for (const piece of ['a', '@', '@a.', 'a.', '://', 'a:', '[', '%4'])
    await post({ memo: `${piece.repeat(200_000 / piece.length)}://x@y.example`, prefs: piece.repeat(200_000 / piece.length) })
  t.ok(performance.now() - started < 10_000)
})

t.test('a parameter that delivers', async t => {
  const rest = await haven(t, {
    upstream: records.url,
    dialect: 'rest',
    catalogue: catalogue({ parameters: { notify: { use: 'deliver' } }, paths: { '/residents': {} } }),
  })
  const ask = async (value: string) => (await rest.get(`/residents/residents?notify=${encodeURIComponent(value)}`)).status
  for (const value of ['us-nlets', 'https://hooks.nlets.org/x', 'agent@ice.dhs.gov|x@lacity.gov', 'evil.example?x', '+12025550100'])
    t.not(await ask(value), 200, value)
  for (const value of ['Stolen vehicles', 'clerk@lacity.gov', 'https://hooks.lacity.gov/x'])
    t.equal(await ask(value), 200, `twin: ${value}`)
})
