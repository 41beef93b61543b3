import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readJson } from '../../src/query/json/read-json.ts'
import { writeJson } from '../../src/query/json/write-json.ts'
import { Unreadable } from '../../src/query/unreadable.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const again = (text: string) => writeJson(readJson(bytes(text)))

t.test('whatever JSON.stringify writes is read and written back to the same value', async () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), value => {
      const text = JSON.stringify(value)
      if (text.includes('__proto__') || !/^(?:(?!\\ud[89a-f]).)*$/is.test(text)) return
      assert.deepEqual(JSON.parse(again(text)), JSON.parse(text))
    }),
  )
})

t.test('numbers keep their digits', async t => {
  for (const number of ['9007199254740993', '1.10', '1E+400', '-0', '0.1e-7']) t.equal(again(`{"a":${number}}`), `{"a":${number}}`)
})

t.test('what two parsers may read differently is refused', async t => {
  const bad = [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a":{"b":1,"b":1}}',
    '\uFEFF{}',
    '{} {}',
    '{"a":01}',
    "{'a':1}",
    '{"a":1,}',
    '[1,]',
    '{"a":NaN}',
    '{"a":"\\ud800"}',
    '{"a":"\t"}',
    '// c\n{}',
    '',
    '['.repeat(40) + ']'.repeat(40),
  ]
  for (const text of bad) t.throws(() => readJson(bytes(text)), Unreadable, text)
  t.throws(() => readJson(new Uint8Array([0x22, 0xc0, 0xaf, 0x22])), Unreadable, 'overlong UTF-8')
  t.throws(() => readJson(new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0])), Unreadable, 'UTF-16')
  for (const text of ['{"a":1,"b":2}', ' [ 1 , {} ] ', '"\\u00e9"', '{"a":"\\ud83d\\ude00"}', '['.repeat(30) + ']'.repeat(30)])
    t.ok(again(text), text)
})

t.test('a long string is read without running out of stack', async t => {
  t.equal(again(`"${'é\\n'.repeat(300_000)}"`).length, 2 + 3 * 300_000)
})
