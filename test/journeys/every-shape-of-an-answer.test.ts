import t from 'tap'
import { haven, wire } from '../support/haven.ts'
import { upstream } from '../support/upstream.ts'

const ROW = { id: 'R-1', service: 'rent', citizenship: 'canary-asylee' }
const CLEAN = { id: 'R-1', service: 'rent' }
const PATH = '/residents/residents?id=eq.R-1'

let [type, body, status] = ['application/json', JSON.stringify([ROW]), 200]
const records = await upstream(
  t,
  (_asked, reply) => void reply.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body),
)
const gate = await haven(t, { upstream: records.url, source: { writes: true } })
let headId: string | null = null
const says = (newType: string, newBody: unknown, newStatus = 200) => {
  type = newType
  body = typeof newBody === 'string' ? newBody : JSON.stringify(newBody)
  status = newStatus
}

t.test('HEAD: the status of GET, no body and no length, and an entry in the journal', async t => {
  says('application/json', [ROW])
  const head = async (path: string, claims?: object) => {
    const token = await gate.token(claims as never)
    return wire(gate.gate, `HEAD ${path} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`)
  }
  const answer = await head(PATH)
  t.match(answer, /^HTTP\/1\.1 200 /)
  t.ok(answer.endsWith('\r\n\r\n'), 'no body')
  t.notMatch(answer, /content-length|transfer-encoding/i)
  t.match(answer, /haven-withheld: .*citizenship/i)
  t.equal(records.asked.at(-1)?.method, 'HEAD')
  headId = /haven-decision: ([0-9a-f-]{36})/i.exec(answer)?.[1] ?? null
  const cases: [string, object | undefined, number][] = [
    ['/residents/residents?citizenship=eq.x', undefined, 403],
    [PATH, { agency: 'us-dhs-ice-ero' }, 451],
    ['/residents/nowhere', undefined, 403],
  ]
  for (const [path, claims, want] of cases) {
    const refused = await head(path, claims)
    t.match(refused, new RegExp(`^HTTP/1\\.1 ${want} `))
    t.ok(refused.endsWith('\r\n\r\n'), 'no body')
    t.equal((await gate.get(path, claims as never)).status, want, 'the same status as GET')
  }
  says('application/json', '', 404)
  t.match(await head(PATH), /^HTTP\/1\.1 404 /)
})

t.test('a list, one record, none, and null', async t => {
  for (const [sent, want] of [
    [
      [ROW, ROW],
      [CLEAN, CLEAN],
    ],
    [ROW, CLEAN],
    [[], []],
    [null, null],
  ] as const) {
    says('application/json; charset=utf-8', sent)
    const answer = await gate.get(PATH)
    t.equal(answer.status, 200)
    t.same(answer.json(), want)
  }
})

t.test('one record by Accept, as PostgREST sends it', async t => {
  says('application/vnd.pgrst.object+json; charset=utf-8', ROW)
  const answer = await gate.get(PATH, undefined, { accept: 'application/vnd.pgrst.object+json' })
  t.same(answer.json(), CLEAN)
  t.equal(records.asked.at(-1)?.headers.accept, 'application/vnd.pgrst.object+json')
  t.equal(answer.headers.get('content-type'), 'application/vnd.pgrst.object+json; charset=utf-8')
})

t.test('NDJSON: a record a line', async t => {
  says('application/x-ndjson', `${JSON.stringify(ROW)}\n${JSON.stringify(ROW)}\n`)
  const answer = await gate.get(PATH)
  t.equal(answer.status, 200)
  t.same(
    answer.text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
    [CLEAN, CLEAN],
  )
  says('application/x-ndjson', `${JSON.stringify(ROW)}\n<p>canary</p>\n`)
  const mixed = await gate.get(PATH)
  t.equal(mixed.status, 502)
  t.notMatch(mixed.text, 'canary')
})

t.test('answers of another shape than the question leave nothing', async t => {
  for (const sent of [
    [[ROW]],
    { data: [ROW] },
    'canary',
    7,
    true,
    [ROW, 'canary'],
    [{ id: { deep: 'canary' } }],
    { rows: [{ id: 'canary-inner' }] },
  ]) {
    says('application/json', JSON.stringify(sent))
    const answer = await gate.get(PATH)
    t.notMatch(answer.text, 'canary', JSON.stringify(sent))
  }
})

t.test('a write answers with nothing, or with redacted rows; twin of both: a source without writes refuses', async t => {
  const token = await gate.token()
  const post = (prefer: string) =>
    fetch(`${gate.gate}/residents/residents`, {
      method: 'POST',
      body: '[{"id":"R-7"}]',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer },
    })
  says('application/json', [ROW], 201)
  const shown = await post('return=representation')
  t.equal(shown.status, 201)
  t.same(await shown.json(), [CLEAN])
  says('application/json', '', 201)
  const silent = await post('return=minimal')
  t.equal(silent.status, 201)
  t.equal(await silent.text(), '')
  const before = records.asked.length
  const closed = await haven(t, { upstream: records.url })
  const refused = await fetch(`${closed.gate}/residents/residents`, {
    method: 'POST',
    body: '[{"id":"R-7"}]',
    headers: { authorization: `Bearer ${await closed.token()}`, 'content-type': 'application/json' },
  })
  t.equal(refused.status, 405)
  t.equal(records.asked.length, before)
})

t.test('the HEAD stands in the journal: its decision, and an outcome of no bytes', async t => {
  await gate.close()
  const entries = await gate.entries()
  t.match(
    entries.find(({ id }) => id === headId),
    { kind: 'decision', req: { method: 'HEAD' }, decision: { kind: 'permit' } },
  )
  t.match(
    entries.find(entry => entry['decision_id'] === headId),
    { kind: 'outcome', state: 'released', status: 200, bytes_out: 0 },
  )
})
