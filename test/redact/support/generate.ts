import fc from 'fast-check'
import type { DataClass } from '../../../src/terms/data-class.ts'
import type { AnswerShape } from '../../../src/terms/query-facts.ts'
import { envelope, record } from './build.ts'
import type { Doc } from './model.ts'

/** Names that are alike, empty, inherited by every object, or long in UTF-8. */
const NAMES = [
  'a',
  'b',
  'id',
  'ssn',
  'SSN',
  'ssn ',
  '',
  '__proto__',
  'constructor',
  'é',
  'e\u0301',
  '😀',
  'a"b',
  'a\\b',
  'x\u0000y',
  '1',
  'toString',
]

const name = fc.constantFrom(...NAMES)
const classes = fc.subarray<DataClass>(['open', 'personal', 'status', 'locating', 'health'], { minLength: 1, maxLength: 2 })

const shapes = fc.letrec<{ leaf: AnswerShape; record: ReturnType<typeof record>; any: AnswerShape }>(tie => ({
  leaf: fc
    .tuple(name, classes)
    .map(([field, of]) => ({ node: 'field', collection: 'people', field, classes: of, kind: 'select', text: false, relation: null })),
  record: fc.dictionary(name, tie('any'), { maxKeys: 6 }).map(members => record(members)),
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 4, arbitrary: tie('leaf') },
    { weight: 1, arbitrary: tie('record') },
    { weight: 1, arbitrary: tie('record').map(inner => ({ node: 'records', record: inner, relation: null }) as const) },
  ),
}))

/** A shape as a dialect could make one: records, one record, or an envelope around them. */
export const anyShape: fc.Arbitrary<AnswerShape> = fc.oneof(
  { weight: 4, arbitrary: shapes.record.map(inner => ({ node: 'records', record: inner, relation: null }) as const) },
  { weight: 1, arbitrary: shapes.record },
  { weight: 1, arbitrary: fc.dictionary(name, shapes.any, { maxKeys: 4 }).map(members => envelope(members)) },
)

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('}', '{"a":1}', '\\', '"', '],['))
export const anyScalar: fc.Arbitrary<Doc> = fc
  .oneof(
    text.map(value => JSON.stringify(value)),
    text.map(escaped),
    fc.constantFrom('true', 'false', 'null', '0', '-0', '1.50e+10', '12345678901234567890', '-1E-7', '0.10'),
  )
  .map(written => ({ is: 'scalar', text: written }) as const)

const anyDoc = fc.letrec<{ doc: Doc }>(tie => ({
  doc: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    anyScalar,
    fc.array(tie('doc'), { maxLength: 3 }).map(items => ({ is: 'array', items }) as const),
    fc.dictionary(name, tie('doc'), { maxKeys: 3 }).map(members => objectOf(Object.entries(members), false)),
  ),
})).doc

/** A document that mostly fits the shape, with foreign members and wrong types among it. At the top it always fits. */
export function docFor(shape: AnswerShape, top = true): fc.Arbitrary<Doc> {
  const fitting = fittingDoc(shape)
  return top ? fitting : fc.oneof({ weight: 6, arbitrary: fitting }, { weight: 1, arbitrary: anyDoc })
}

function fittingDoc(shape: AnswerShape): fc.Arbitrary<Doc> {
  if (shape.node === 'field')
    return fc.oneof(
      anyScalar,
      fc.array(docFor0, { maxLength: 3 }).map(items => ({ is: 'array', items }) as const),
    )
  if (shape.node === 'records') {
    const one = docFor(shape.record, false)
    const list = fc.array(one, { maxLength: 4 }).map(items => ({ is: 'array', items }) as const)
    return fc.oneof({ weight: 4, arbitrary: list }, { weight: 1, arbitrary: fittingDoc(shape.record) })
  }
  const known = [...shape.members].map(([key, inner]) =>
    fc.option(
      docFor(inner, false).map(value => [key, value] as const),
      { nil: undefined },
    ),
  )
  const foreign = fc.dictionary(name, anyDoc, { maxKeys: 2 }).map(members => Object.entries(members))
  return fc.tuple(fc.tuple(...known), foreign, fc.boolean(), fc.nat(7)).map(([own, others, escapes, turn]) => {
    const members = [...own.filter(one => one !== undefined), ...others.filter(([key]) => !shape.members.has(key))]
    return objectOf([...members.slice(turn), ...members.slice(0, turn)], escapes)
  })
}

const docFor0: fc.Arbitrary<Doc> = fc.oneof({ weight: 5, arbitrary: anyScalar }, { weight: 1, arbitrary: anyDoc })

function objectOf(members: readonly (readonly [string, Doc])[], escapes: boolean): Doc {
  return {
    is: 'object',
    members: members.map(([key, value]) => ({ name: key, spelt: escapes ? escaped(key) : JSON.stringify(key), value })),
  }
}

/** The same string with every unit written as an escape. */
export function escaped(value: string): string {
  return `"${Array.from({ length: value.length }, (_, i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
}

export const anySpace = fc.array(fc.constantFrom('', '', '', ' ', '\n', '\t\r\n  '), { minLength: 1, maxLength: 20 })
export const anySizes = fc.oneof(fc.constant([1]), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }))
