import t from 'tap'
import { envelope, field, PEOPLE, records } from '../redact/support/build.ts'
import { escaped } from '../redact/support/generate.ts'
import { run, runOrFault } from '../redact/support/run.ts'

const REFUSED = 'upstream.uninspectable'

t.test('a protected name spelt with escapes is the same name', async t => {
  for (const key of [escaped('ssn'), '"\\u0073sn"', '"ss\\u006e"', '"\\u0053SN"', '"ssn\\u0000"']) {
    const { out } = run(PEOPLE, `[{${key}:"canary","id":1}]`)
    t.equal(out, '[{"id":1}]', key)
  }
  t.equal(run(PEOPLE, `[{"\\u0069\\u0064":1,"name":"n"}]`).out, `[{"\\u0069\\u0064":1,"name":"n"}]`)
})

t.test('the same name twice: no reader may find an unjudged value', async t => {
  // Readers that take the first and readers that take the last would disagree about a name that leaves.
  for (const body of [
    '[{"id":1,"id":2}]',
    '[{"id":1,"\\u0069d":2}]',
    '[{"id":1,"id":{"x":1}}]',
    '[{"name":"n","id":1,"ssn":2,"name":"n"}]',
  ]) {
    t.equal(runOrFault(PEOPLE, body), REFUSED, body)
    t.equal(runOrFault(PEOPLE, body, {}, { sizes: [1] }), REFUSED, body)
  }
  t.equal(run(PEOPLE, '[{"ssn":"canary","id":1,"ssn":"canary","\\u0073sn":"canary"}]').out, '[{"id":1}]')
  t.equal(run(PEOPLE, '[{"x":{"id":2,"id":3},"id":1},{"id":1}]').out, '[{"id":1},{"id":1}]', 'the same name in other objects')
  const nested = records({ id: field('id'), visits: records({ id: field('id') }) })
  t.equal(run(nested, '[{"visits":[{"id":2},{"id":3}],"id":1}]').out, '[{"visits":[{"id":2},{"id":3}],"id":1}]')
  t.equal(runOrFault(nested, '[{"visits":[{"id":2}],"visits":[]}]'), REFUSED)
  t.equal(runOrFault(envelope({ value: PEOPLE }), '{"value":[],"value":[]}'), REFUSED)
})

t.test('names that objects inherit are names like any other', async t => {
  const { out, cut } = run(PEOPLE, '[{"__proto__":{"ssn":"canary"},"constructor":"canary","toString":"canary","hasOwnProperty":1,"id":1}]')
  t.equal(out, '[{"id":1}]')
  t.same(cut, { 'people.*': 4 })
  const named = records({ ['__proto__']: field('proto'), constructor: field('constructor', 'status') })
  t.equal(run(named, '[{"constructor":"canary","toString":"canary"}]').out, '[{}]')
})

t.test('a known name at another place is not known there', async t => {
  const body = '{"ssn":"canary","meta":{"id":"canary"},"value":[{"id":1,"next":{"id":"canary","name":"canary"},"name":"n"}],"id":"canary"}'
  t.equal(run(envelope({ value: PEOPLE }), body).out, '{"value":[{"id":1,"name":"n"}]}')
})

t.test('names that are nearly a released one', async t => {
  const near = ['ID', 'Id', 'id ', ' id', 'i d', 'ｉｄ', 'іd', 'id\u200b', 'id\\u0000', 'id\\n', 'i', 'idd', '']
  for (const name of near) t.equal(run(PEOPLE, `[{"${name}":"canary","id":1}]`).out, '[{"id":1}]', name)
})

t.test('an alias carries the field it stands for', async t => {
  const aliased = records({ zip: field('citizenship', 'status'), id: field('id') })
  const { out, cut } = run(aliased, '[{"zip":"canary","id":1}]')
  t.equal(out, '[{"id":1}]')
  t.same(cut, { 'people.citizenship': 1 })
  t.equal(run(aliased, '[{"zip":"canary","id":1}]', { permitted: [['status', 'select']] }).out, '[{"zip":"canary"}]')
})

t.test('a whole row where a value was asked for', async t => {
  for (const row of ['{"ssn":"canary"}', '[{"ssn":"canary"}]', '[[[{"ssn":"canary"}]]]', '[1,{"ssn":"canary"}]']) {
    const { out } = run(PEOPLE, `[{"id":${row},"name":"n"}]`)
    t.notMatch(out, /canary/, row)
    t.ok(JSON.parse(out))
  }
  t.equal(run(PEOPLE, '[{"id":[1,[2]],"name":"n"}]').out, '[{"id":[1,[2]],"name":"n"}]')
})

t.test('a canary straddling chunks, cut anywhere', async t => {
  const body = `[{"id":1,"ssn":"canary","x":["canary"],"name":"né","citizenship":{"a":"canary"}},{"ssn":"canary"}]`
  const whole = run(PEOPLE, body)
  t.equal(whole.out, '[{"id":1,"name":"né"},{}]')
  for (let at = 1; at < Buffer.byteLength(body); at++) t.same(run(PEOPLE, body, {}, { sizes: [at, 1_000] }), whole)
})
