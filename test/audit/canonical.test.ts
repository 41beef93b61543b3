import fc from 'fast-check'
import t from 'tap'
import { canonical, type JsonValue } from '../../src/audit/canonical.ts'

const scalar = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null))
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value')), fc.dictionary(fc.string({ unit: 'binary' }), tie('value'))),
})).value

/** RFC 8785 by its words: members sorted by UTF-16 code units, everything else as ECMAScript writes it. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return members.map(([name, member]) => [name, sorted(member)])
}
t.test('canonical text reads back as the same value, members in order', async t => {
  fc.assert(
    fc.property(json, value => {
      const readable = isWellFormed(value)
      if (!readable) return throws(value)
      const text = canonical(value)
      const back: JsonValue = JSON.parse(text)
      // Integer-like names are reordered by JSON.parse, so order is compared on the sorted form.
      return canonical(back) === text && JSON.stringify(sorted(back)) === JSON.stringify(sorted(value))
    }),
    { numRuns: 500 },
  )
  t.equal(canonical({ b: 1, a: [true, null, 'é\u0001"'] }), '{"a":[true,null,"é\\u0001\\""],"b":1}')
})

function isWellFormed(value: JsonValue): boolean {
  return JSON.stringify(value).match(/\\ud[89a-f]/i) === null
}
function throws(value: JsonValue): boolean {
  try {
    canonical(value)
    return false
  } catch {
    return true
  }
}

t.test('the order of members does not change the text', async t => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), value => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed())
      return canonical(value) === canonical(reversed)
    }),
  )
  t.equal(
    canonical({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 }),
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
  )
})

t.test('what has no single spelling is refused, and its neighbour is not', async t => {
  for (const bad of [0.5, -0, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '\ud800'])
    t.throws(() => canonical({ bad }), TypeError, String(bad))
  for (const good of [0, -1, 2 ** 53 - 1, '\ud83d\ude00']) t.equal(canonical({ good }), JSON.stringify({ good }))
})
