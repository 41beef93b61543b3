import type { AnswerShape } from '../../../src/terms/query-facts.ts'

/** A JSON text as a tree, written out by `write`: members may repeat, keys may be spelt with escapes. */
export type Doc =
  | { readonly is: 'scalar'; readonly text: string }
  | { readonly is: 'array'; readonly items: readonly Doc[] }
  | { readonly is: 'object'; readonly members: readonly { readonly name: string; readonly spelt: string; readonly value: Doc }[] }

export type Outcome = 'keep' | 'cut' | 'null' | 'mask'
type FieldShape = Extract<AnswerShape, { node: 'field' }>

/** Writes a document; `space` gives the white space at each place where it may stand. */
export function write(doc: Doc, space: () => string = () => ''): string {
  if (doc.is === 'scalar') return doc.text
  if (doc.is === 'array') return `[${doc.items.map(item => space() + write(item, space) + space()).join(',') || space()}]`
  const members = doc.members.map(({ spelt, value }) => `${space()}${spelt}${space()}:${space()}${write(value, space)}${space()}`)
  return `{${members.join(',') || space()}}`
}

/** What the redactor must make of a document, worked out on the tree; undefined where the place itself is cut. */
export function model(shape: AnswerShape | undefined, doc: Doc, outcome: (field: FieldShape) => Outcome): Doc | undefined {
  if (shape === undefined) return undefined
  if (shape.node === 'field') return modelField(doc, outcome(shape))
  if (shape.node === 'records') {
    if (doc.is !== 'array') return model(shape.record, doc, outcome)
    return { is: 'array', items: doc.items.flatMap(item => model(shape.record, item, outcome) ?? []) }
  }
  if (doc.is === 'scalar' && doc.text === 'null' && shape.node === 'record') return doc
  if (doc.is !== 'object') return undefined
  const members = doc.members.flatMap(member => {
    const value = model(shape.members.get(member.name), member.value, outcome)
    return value === undefined ? [] : [{ ...member, value }]
  })
  return { is: 'object', members }
}

function modelField(doc: Doc, outcome: Outcome): Doc | undefined {
  if (outcome === 'cut') return undefined
  if (outcome === 'null') return { is: 'scalar', text: 'null' }
  if (outcome === 'mask') return { is: 'scalar', text: '"***"' }
  if (doc.is === 'object') return undefined
  if (doc.is === 'scalar') return doc
  return { is: 'array', items: doc.items.flatMap(item => modelField(item, 'keep') ?? []) }
}
