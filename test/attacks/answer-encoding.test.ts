import t from 'tap'
import { field, PEOPLE, records } from '../redact/support/build.ts'
import { run, runOrFault } from '../redact/support/run.ts'

const REFUSED = 'upstream.uninspectable'
const BODY = '[{"id":"é€😀","ssn":"canary"}]'

/** A body with raw bytes as the value of a member. */
function withBytes(member: string, bytes: readonly number[]): Uint8Array {
  return Buffer.concat([Buffer.from(`[{"${member}":"a`), Buffer.from(bytes), Buffer.from('b"}]')])
}

t.test('UTF-16 and UTF-32 are not read as something else', async t => {
  const utf16 = Buffer.from(BODY, 'utf16le')
  t.equal(runOrFault(PEOPLE, utf16), REFUSED)
  t.equal(runOrFault(PEOPLE, Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])), REFUSED)
  t.equal(runOrFault(PEOPLE, Buffer.from(utf16).swap16()), REFUSED)
  t.equal(runOrFault(PEOPLE, Buffer.concat([Buffer.from([0, 0, 0xfe, 0xff]), utf16])), REFUSED)
  t.equal(runOrFault(PEOPLE, Buffer.from(BODY, 'latin1')), REFUSED)
  t.equal(run(PEOPLE, BODY).out, '[{"id":"é€😀"}]')
})

t.test('a byte order mark is dropped once, at the start, and nowhere else', async t => {
  for (const sizes of [[], [1], [2], [3]]) {
    t.equal(run(PEOPLE, `\ufeff${BODY}`, {}, { sizes }).out, '[{"id":"é€😀"}]')
    t.equal(runOrFault(PEOPLE, `\ufeff\ufeff${BODY}`, {}, { sizes }), REFUSED)
    t.equal(runOrFault(PEOPLE, ` \ufeff${BODY}`, {}, { sizes }), REFUSED)
    t.equal(runOrFault(PEOPLE, `${BODY}\ufeff`, {}, { sizes }), REFUSED)
    t.equal(runOrFault(PEOPLE, Buffer.from([0xef, 0xbb]), {}, { sizes }), REFUSED)
  }
  t.equal(run(PEOPLE, '[{"id":"\ufeff"}]').out, '[{"id":"\ufeff"}]')
})

t.test('bytes that decoders read in different ways, in kept and in cut values', async t => {
  const pairs: readonly (readonly [bad: readonly number[], good: readonly number[]])[] = [
    [
      [0xc0, 0xa2],
      [0xc2, 0xa2],
    ],
    [
      [0xc1, 0xbf],
      [0xdf, 0xbf],
    ],
    [
      [0xe0, 0x80, 0xa2],
      [0xe0, 0xa0, 0xa2],
    ],
    [
      [0xed, 0xa0, 0x80],
      [0xed, 0x9f, 0xbf],
    ],
    [
      [0xf0, 0x8f, 0xbf, 0xbf],
      [0xf0, 0x90, 0x80, 0x80],
    ],
    [
      [0xf4, 0x90, 0x80, 0x80],
      [0xf4, 0x8f, 0xbf, 0xbf],
    ],
    [
      [0xf5, 0x80, 0x80, 0x80],
      [0xf3, 0x80, 0x80, 0x80],
    ],
    [[0x80], [0x7f]],
    [[0xff], []],
    [
      [0xe2, 0x82],
      [0xe2, 0x82, 0xac],
    ],
    [
      [0xf0, 0x9f, 0x98],
      [0xf0, 0x9f, 0x98, 0x80],
    ],
    [
      [0xc3, 0x22],
      [0xc3, 0xa9],
    ],
  ]
  for (const [bad, good] of pairs) {
    for (const member of ['id', 'ssn', 'foreign']) {
      for (const sizes of [[], [1]]) {
        t.equal(runOrFault(PEOPLE, withBytes(member, bad), {}, { sizes }), REFUSED, `${member} ${bad}`)
        t.type(runOrFault(PEOPLE, withBytes(member, good), {}, { sizes }), 'object', `${member} ${good}`)
      }
    }
    t.equal(runOrFault(PEOPLE, Buffer.concat([Buffer.from('[{"x'), Buffer.from(bad), Buffer.from('":1}]')])), REFUSED, 'in a name')
  }
})

t.test('JSON in a string stays a string: what it holds was catalogued with the field', async t => {
  const inner = JSON.stringify('{"ssn":"1"},"ssn":"2"}]')
  t.equal(run(PEOPLE, `[{"id":${inner},"ssn":${inner}}]`).out, `[{"id":${inner}}]`)
  t.equal(runOrFault(PEOPLE, JSON.stringify(BODY)), REFUSED, 'the whole answer as one string')
})

t.test('two answers in one, and what hides behind the end', async t => {
  for (const tail of ['[]', ' {"ssn":"canary"}', ',', ']', 'x', '\u0000', '//', '\n[{"ssn":"canary"}]'])
    t.equal(runOrFault(PEOPLE, `${BODY}${tail}`), REFUSED, tail)
  t.equal(run(PEOPLE, `${BODY}\n`).out, '[{"id":"é€😀"}]\n')
})

t.test('depth and size are no way through', async t => {
  const deep = (open: string, close: string, depth: number) => `[{"foreign":${open.repeat(depth)}1${close.repeat(depth)},"id":1}]`
  t.equal(runOrFault(PEOPLE, deep('[', ']', 100_000)), REFUSED)
  t.equal(runOrFault(PEOPLE, deep('{"a":', '}', 100_000)), REFUSED)
  t.equal(run(PEOPLE, deep('{"a":', '}', 200)).out, '[{"id":1}]')
  t.equal(runOrFault(PEOPLE, `[{"ssn":${'1'.repeat(5000)}}]`), REFUSED)
  t.equal(run(PEOPLE, '[{"id":12345678901234567890.1234567890e-300}]').out, '[{"id":12345678901234567890.1234567890e-300}]')
})

t.test('NDJSON: one record a line and nothing else', async t => {
  const lines = (body: string) => runOrFault(PEOPLE, body, {}, { lines: true })
  const good = [
    ['{"id":1,"ssn":"canary"}\n{"ssn":"canary","name":"n"}\n', '{"id":1}\n{"name":"n"}\n'],
    ['{"id":1}\r\n{"id":2}', '{"id":1}\r\n{"id":2}'],
    ['{"id":1}\n\n', '{"id":1}\n\n'],
    ['\ufeff {"id":1} \n', ' {"id":1} \n'],
  ] as const
  for (const [body, out] of good) {
    t.equal(run(PEOPLE, body, {}, { lines: true }).out, out)
    t.same(run(PEOPLE, body, {}, { lines: true, sizes: [1] }), run(PEOPLE, body, {}, { lines: true }))
  }
  for (const line of [
    '[{"ssn":"canary"}]',
    '"canary"',
    '1',
    'null',
    '',
    '{"id":1}{"id":2}',
    '{"id":1},',
    '{"id":\n1}',
    '{"id":1',
    'x',
    '{"id":1}\u001e',
  ]) {
    t.equal(lines(`{"id":1}\n${line}\n{"id":2}\n`), REFUSED, line)
  }
  for (const body of ['', '\n', '{"id":1}\n\n\n', '\n{"id":1}', '[]\n']) t.equal(lines(body), REFUSED, body)
  t.equal(runOrFault(PEOPLE, '{"id":1}\n{"id":2}\n'), REFUSED, 'lines under a JSON type')
  t.equal(runOrFault(field('n'), '1\n', {}, { lines: true }), REFUSED)
  t.equal(run(records({}), '{"a":\n1}').out, '{}', 'a newline inside a record is white space where lines mean nothing')
})
