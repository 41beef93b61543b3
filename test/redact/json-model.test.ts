import fc from 'fast-check'
import t from 'tap'
import type { DataClass } from '../../src/terms/data-class.ts'
import type { AnswerShape } from '../../src/terms/query-facts.ts'
import type { Terms } from './support/build.ts'
import { anyShape, anySizes, anySpace, docFor } from './support/generate.ts'
import { holds } from './support/holds.ts'
import { type Doc, model, type Outcome, write } from './support/model.ts'
import { run } from './support/run.ts'

const ALL: readonly DataClass[] = ['open', 'personal', 'status', 'locating', 'health']
const EVERYTHING: Terms = { permitted: ALL.map(name => [name, 'select'] as const) }
/** open and personal as they are, locating masked, health nulled, status not at all. */
const SOME: Terms = {
  permitted: (['open', 'personal', 'locating', 'health'] as const).map(name => [name, 'select'] as const),
  treatments: [
    ['locating', 'mask'],
    ['health', 'null'],
  ],
}

function outcome(field: Extract<AnswerShape, { node: 'field' }>): Outcome {
  if (field.classes.includes('status')) return 'cut'
  if (field.classes.includes('health')) return 'null'
  return field.classes.includes('locating') ? 'mask' : 'keep'
}

const shapeAndDoc = anyShape.chain(shape => fc.record({ shape: fc.constant(shape), doc: docFor(shape) }))

function inTurn(spaces: readonly string[]): () => string {
  let turn = 0
  return () => spaces[turn++ % spaces.length]!
}

t.test('the output is what the model makes of the document, byte for byte', async t => {
  holds(
    t,
    fc.property(shapeAndDoc, ({ shape, doc }) => {
      const expected = model(shape, doc, outcome)
      return expected !== undefined && run(shape, write(doc), SOME).out === write(expected)
    }),
    1500,
  )
})

t.test('white space changes nothing but white space', async t => {
  holds(
    t,
    fc.property(shapeAndDoc, anySpace, ({ shape, doc }, spaces) => {
      const { out } = run(shape, write(doc, inTurn(spaces)), SOME)
      const expected = write(model(shape, doc, outcome)!)
      return JSON.stringify(JSON.parse(out)) === JSON.stringify(JSON.parse(expected))
    }),
    800,
  )
})

t.test('where nothing is cut, the output is the input', async t => {
  let same = 0
  holds(
    t,
    fc.property(shapeAndDoc, anySpace, ({ shape, doc }, spaces) => {
      const kept = model(shape, doc, () => 'keep')!
      const body = write(kept, inTurn(spaces))
      if (body.length > 20) same++
      const result = run(shape, body, EVERYTHING)
      return result.out === body && Object.keys(result.cut).length === 0
    }),
    800,
  )
  t.ok(same > 200, `${same} documents were worth the name`)
})

t.test('where the chunks are cut makes no difference to output and report', async t => {
  holds(
    t,
    fc.property(shapeAndDoc, anySpace, anySizes, ({ shape, doc }, spaces, sizes) => {
      const body = write(doc, inTurn(spaces))
      return JSON.stringify(run(shape, body, SOME)) === JSON.stringify(run(shape, body, SOME, { sizes }))
    }),
    1500,
  )
})

t.test('no withheld value appears in the output, and every released one does', async t => {
  let withheld = 0
  holds(
    t,
    fc.property(shapeAndDoc, anySizes, ({ shape, doc }, sizes) => {
      const marked = mark(doc, { next: 0 })
      const kept = canaries(write(model(shape, marked, outcome)!))
      const { out } = run(shape, write(marked), SOME, { sizes })
      withheld += canaries(write(marked)).size - kept.size
      const left = canaries(out)
      return left.size === kept.size && [...left].every(one => kept.has(one))
    }),
    800,
  )
  t.ok(withheld > 500, `${withheld} values were withheld`)
})

/** Every string value made unique. */
function mark(doc: Doc, counter: { next: number }): Doc {
  if (doc.is === 'array') return { is: 'array', items: doc.items.map(item => mark(item, counter)) }
  if (doc.is === 'object') return { is: 'object', members: doc.members.map(one => ({ ...one, value: mark(one.value, counter) })) }
  return doc.text.startsWith('"') ? { is: 'scalar', text: `"canary-${counter.next++}-"` } : doc
}

function canaries(text: string): Set<string> {
  return new Set(text.match(/canary-\d+-/g) ?? [])
}
