import { Readable } from 'node:stream'
import t from 'tap'
import { redact } from '../../src/redact/redact.ts'
import { Fault } from '../../src/terms/faults.ts'
import { answer, LIMITS, PEOPLE, receipt } from './support/build.ts'
import { bodyOf } from './support/run.ts'

const RECORD = '{"id":1,"ssn":"canary","name":"n"}'
const SMALL = { ...LIMITS, wholeBytes: 100, answerBytes: 1 << 20 }
const go = (upstream: ReturnType<typeof answer>, limits = SMALL) => redact(upstream, receipt(PEOPLE), limits, 'GET')

function* list(count: number, end: string): Generator<string> {
  yield '['
  for (let i = 0; i < count; i++) yield `${i === 0 ? '' : ','}${RECORD}`
  yield end
}

t.test('up to wholeBytes the answer is judged completely: bytes, and clean faults', async t => {
  const good = answer(list(2, ']'))
  const released = await go(good)
  t.ok(released.body instanceof Uint8Array)
  t.equal(await bodyOf(released), '[{"id":1,"name":"n"},{"id":1,"name":"n"}]')
  t.same(released.report(), { bytesIn: 71, bytesOut: 41, records: 2, cut: new Map([['people.ssn', 2]]) })
  t.equal(good.destroyed(), 0)
  const bad = answer(list(2, '}'))
  await t.rejects(go(bad), { code: 'upstream.uninspectable' })
  t.ok(bad.destroyed() > 0)
})

t.test('above it the rest streams, and the report follows it', async t => {
  const released = await go(answer(list(200, ']')))
  t.notOk(released.body instanceof Uint8Array)
  const early = released.report()
  const body = JSON.parse(await bodyOf(released)) as unknown[]
  t.equal(body.length, 200)
  const late = released.report()
  t.ok(early.records < late.records)
  t.equal(late.records, 200)
  t.equal(late.cut.get('people.ssn'), 200)
  t.equal(late.bytesOut, JSON.stringify(body).length)
})

t.test('a fault in the rest is thrown, again and again, after what was judged before it', async t => {
  const upstream = answer(list(200, '}'))
  const { body } = await go(upstream)
  if (body instanceof Uint8Array) throw new TypeError('not a stream')
  const reader = body[Symbol.asyncIterator]()
  const seen: Uint8Array[] = []
  const drain = async () => {
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) seen.push(next.value)
  }
  await t.rejects(drain(), { code: 'upstream.uninspectable', upstreamStatus: 200 })
  await t.rejects(drain(), Fault)
  t.notMatch(Buffer.concat(seen).toString(), /canary/)
  t.ok(upstream.destroyed() > 0)
})

t.test('an answer that broke off behind a whole value never looks finished', async t => {
  function* broken() {
    yield* list(200, ']')
    throw new Error('reset')
  }
  const { body } = await go(answer(broken()))
  if (body instanceof Uint8Array) throw new TypeError('not a stream')
  const reader = body[Symbol.asyncIterator]()
  const drain = async () => {
    for (let next = await reader.next(); next.done !== true; ) next = await reader.next()
  }
  for (let again = 0; again < 2; again++) await t.rejects(drain(), { code: 'upstream.failed' })
})

t.test('a fault in the first wholeBytes is clean although more would follow', async t => {
  await t.rejects(go(answer(['[x', ...list(200, ']')])), { code: 'upstream.uninspectable' })
  t.ok(await go(answer(list(200, ']'))))
})

t.test('an answer above answerBytes is not released as if it were whole', async t => {
  const limits = { ...SMALL, answerBytes: 7000 }
  await t.rejects(
    go(answer(list(220, ']')), limits).then(released => bodyOf(released)),
    { code: 'upstream.uninspectable' },
  )
  t.ok(await bodyOf(await go(answer(list(190, ']')), limits)))
})

t.test('giving up destroys the upstream, also before the first pull', async t => {
  for (const pulls of [0, 1, 3]) {
    const upstream = answer(list(200, ']'))
    const { body } = await go(upstream)
    if (body instanceof Uint8Array) throw new TypeError('not a stream')
    const reader = body[Symbol.asyncIterator]()
    for (let i = 0; i < pulls; i++) await reader.next()
    t.equal(upstream.destroyed(), 0)
    await reader.return?.()
    t.ok(upstream.destroyed() > 0)
    t.same(await reader.next(), { done: true, value: undefined })
  }
})

t.test('the upstream is pulled only as far as the client reads', async t => {
  let made = 0
  function* counted() {
    for (const chunk of list(2000, ']')) {
      made++
      yield chunk
    }
  }
  const { body } = await go(answer(counted()))
  if (body instanceof Uint8Array) throw new TypeError('not a stream')
  t.ok(made < 20, `${made} chunks were pulled`)
  t.equal(JSON.parse(await bodyOf({ status: 200, contentType: null, body, report: () => t.fail() as never })).length, 2000)
  t.equal(made, 2002)
})

t.test('a fault of the forwarder passes as it is; a broken connection is a failed answer', async t => {
  const timeout = new Fault('upstream.timeout', 'upstream', 'late', { timedOut: true })
  for (const [thrown, code] of [
    [timeout, 'upstream.timeout'],
    [new Error('reset'), 'upstream.failed'],
  ] as const) {
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('[')
        throw thrown
      })(),
    )
    await t.rejects(go(answer(broken)), { code, reply: 'upstream' })
  }
})

t.test('64 MiB pass in bounded memory', async t => {
  const part = Buffer.from(`${RECORD},`.repeat(2000))
  async function* many() {
    yield Buffer.from('[')
    for (let sent = 0; sent < 64 << 20; sent += part.length) yield part
    yield Buffer.from(`${RECORD}]`)
  }
  const { body, report } = await go(answer(many()), LIMITS)
  if (body instanceof Uint8Array) throw new TypeError('not a stream')
  let largest = 0
  for await (const chunk of body) largest = Math.max(largest, chunk.byteLength)
  t.ok(largest <= part.length, 'no output is larger than the input it came from')
  t.equal(report().records, report().cut.get('people.ssn'))
  t.ok(report().bytesIn > 64 << 20)
})
