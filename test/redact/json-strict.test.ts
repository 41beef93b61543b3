import fc from 'fast-check'
import t from 'tap'
import { envelope, field, PEOPLE, record, records } from './support/build.ts'
import { anyShape, anySizes, docFor, escaped } from './support/generate.ts'
import { holds } from './support/holds.ts'
import { write } from './support/model.ts'
import { run, runOrFault } from './support/run.ts'

const CUT = 'upstream.uninspectable'

/** Refused wherever it stands, and the twin that is read. */
const VALUES: readonly (readonly [bad: string, good: string])[] = [
  ['01', '10'],
  ['-01', '-0.1'],
  ['+1', '1'],
  ['.5', '0.5'],
  ['1.', '1.0'],
  ['1e', '1e1'],
  ['1e+', '1E+1'],
  ['-', '-0'],
  ['0x10', '0'],
  ['NaN', 'null'],
  ['Infinity', '1e308'],
  ['-Infinity', '-1e308'],
  ['tru', 'true'],
  ['truee', 'true'],
  ['True', 'false'],
  ["'a'", '"a"'],
  ['"a\\x"', '"a\\n"'],
  ['"\\u12g4"', '"\\u12a4"'],
  ['"\\u"', '"\\ud800"'],
  ['"a\tb"', '"a\\tb"'],
  ['"a\nb"', '"a b"'],
  ['"a\u0000b"', '"a\u007fb"'],
  ['1/*x*/', '"1/*x*/"'],
  ['1//x\n', '"//"'],
  ['[1,]', '[1]'],
  ['[,1]', '[1]'],
  ['[1 2]', '[1, 2]'],
  ['[1]]', '[[1]]'],
  ['[1}', '[1]'],
  ['', '""'],
]

t.test('bad grammar is refused in a kept value, a cut value and inside a cut object, and its good twin is read', async t => {
  for (const [bad, good] of VALUES) {
    for (const put of [
      (value: string) => `[{"id":${value},"name":"n"}]`,
      (value: string) => `[{"name":"n","ssn":${value}}]`,
      (value: string) => `[{"foreign":{"x":[${value === '' ? '{"y":}' : value}]}}]`,
    ]) {
      t.equal(runOrFault(PEOPLE, put(bad)), CUT, put(bad))
      t.equal(runOrFault(PEOPLE, put(bad), {}, { sizes: [1] }), CUT, `${put(bad)} byte by byte`)
      t.type(runOrFault(PEOPLE, put(good)), 'object', put(good))
    }
  }
})

t.test('structure: members, ends and what follows', async t => {
  const pairs = [
    ['[{"id" 1}]', '[{"id" : 1}]'],
    ['[{"id":1,}]', '[{"id":1}]'],
    ['[{,"id":1}]', '[{}]'],
    ['[{id:1}]', '[{"x":1}]'],
    ['[{"id":1 "name":"n"}]', '[{"id":1 ,"name":"n"}]'],
    ['[{"x":1,"y":2,}]', '[{"x":1,"y":2}]'],
    ['[{"id":1}', '[{"id":1}]'],
    ['[{"id":1}]x', '[{"id":1}] \r\n\t'],
    ['[{"id":1}][]', '[{"id":1}, null]'],
    ['[{"id":1}]\u0000', '[]'],
    ['', '{}'],
    [' ', 'null'],
    ['"[]"', '[ ]'],
    ['7', '[{"id":7}]'],
    ['true', '[{"id":true}]'],
  ] as const
  for (const [bad, good] of pairs) {
    t.equal(runOrFault(PEOPLE, bad), CUT, bad)
    t.type(runOrFault(PEOPLE, good), 'object', good)
  }
  t.equal(runOrFault(envelope({ value: PEOPLE }), '[]'), CUT)
  t.equal(runOrFault(envelope({ value: PEOPLE }), 'null'), CUT)
  t.same(run(envelope({ value: PEOPLE }), '{"value":[]}').out, '{"value":[]}')
  t.equal(runOrFault(record({ id: field('id') }), '[{"id":1}]'), CUT)
  t.same(run(record({ id: field('id') }), '{"id":1}').out, '{"id":1}')
})

t.test('a value alone: kept, withheld, and cut short at the end', async t => {
  t.equal(run(field('n'), '12').out, '12')
  t.equal(run(field('n'), '[1,{"a":2}]').out, '[1]')
  t.equal(run(field('n', 'status'), '12').out, 'null')
  t.equal(runOrFault(field('n', 'status'), '{"a":1}'), CUT)
  for (const bad of ['-', '1.', '1e', '1e+', 'tru', '"', '"\\u00']) t.equal(runOrFault(field('n'), bad), CUT, bad)
})

t.test('limits: depth 256, keys of 16 KiB, numbers of 1 KiB, space before a decision', async t => {
  const nested = (depth: number) => `[{"id":${'['.repeat(depth - 2)}${']'.repeat(depth - 2)}}]`
  t.equal(runOrFault(PEOPLE, nested(257)), CUT)
  t.equal(run(PEOPLE, nested(256)).out, nested(256))
  const key = (length: number) => `[{"${'k'.repeat(length)}":1}]`
  const number = (length: number) => `[{"id":${'9'.repeat(length)}}]`
  const space = (length: number) => `[{"id":1,${' '.repeat(length)}"name":"n"}]`
  for (const sizes of [[], [1000], [7]]) {
    t.equal(runOrFault(PEOPLE, key(16385), {}, { sizes }), CUT)
    t.equal(run(PEOPLE, key(16384), {}, { sizes }).out, '[{}]')
    t.equal(runOrFault(PEOPLE, number(1025), {}, { sizes }), CUT)
    t.equal(run(PEOPLE, number(1024), {}, { sizes }).out, number(1024))
    t.equal(runOrFault(PEOPLE, space(40_000), {}, { sizes }), CUT)
    t.equal(run(PEOPLE, space(20_000), {}, { sizes }).out, space(20_000))
  }
})

t.test('what JSON.parse or a strict UTF-8 decoder refuses is refused, and what is released is JSON', async t => {
  let read = 0
  const mutated = anyShape.chain(shape =>
    fc.tuple(fc.constant(shape), docFor(shape), fc.nat(), fc.uint8Array({ maxLength: 3 }), fc.nat(3), anySizes),
  )
  holds(
    t,
    fc.property(mutated, ([shape, doc, place, insert, remove, sizes]) => {
      const bytes = Buffer.from(write(doc))
      const at = place % (bytes.length + 1)
      const body = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)])
      const result = runOrFault(shape, body, {}, { sizes })
      if (typeof result === 'string') return result === CUT
      read++
      JSON.parse(result.out)
      return isJson(body)
    }),
    3000,
  )
  t.ok(read > 50, `${read} mutants were still JSON`)
})

t.test('arbitrary bytes', async t => {
  const alphabet = fc.constantFrom(...Buffer.from('{}[]:,"\\u0019-+.eEtrufalsn id\n\u00e9'), 0, 0xff, 0xc0, 0xed, 0xa0, 0x80, 0xf4, 0x90)
  holds(
    t,
    fc.property(fc.array(alphabet, { maxLength: 24 }), bytes => {
      const body = Buffer.from(bytes)
      const result = runOrFault(records({ id: field('id') }), body)
      return typeof result === 'string' ? result === CUT : isJson(body)
    }),
    5000,
  )
})

t.test('an escape in a name is read before the name is matched', async t => {
  t.equal(run(PEOPLE, `[{${escaped('id')}:1,${escaped('ssn')}:"2"}]`).out, `[{${escaped('id')}:1}]`)
})

function isJson(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return true
  } catch {
    return false
  }
}
