import { z } from 'zod'
import { DataClass, UseKind } from './data-class.ts'

const Classes = z.union([DataClass, z.array(DataClass).min(1)])

const DetailedField = z.strictObject({
  class: Classes.optional(),
  /** Free text: values may say anything about anybody, so filtering, sorting or searching it counts as a use of `status` too. */
  text: z.boolean().default(false),
  /** Why a name the vocabulary protects is harmless here. Counted as a weakening of the rulebook. */
  vocabularyOverride: z.string().min(8, 'say in a few words why the name is harmless here').optional(),
  /** The value is a record, or a list of records, of another collection. Without a class such a relation is `personal`: it tells whose they are. */
  collection: z.string().optional(),
  /** The value is an object (or a list of objects) with these members. */
  get fields() {
    return z.record(z.string().min(1), FieldEntry).optional()
  },
})
const FieldEntry: z.ZodType<FieldEntry> = z.lazy(() => z.union([Classes, DetailedField]))
export type FieldEntry = z.infer<typeof Classes> | DetailedFieldEntry
interface DetailedFieldEntry {
  class?: z.infer<typeof Classes> | undefined
  text?: boolean | undefined
  vocabularyOverride?: string | undefined
  collection?: string | undefined
  fields?: Record<string, FieldEntry> | undefined
}

/** A query or path parameter of the `rest` dialect, bound to a field (or fields) and a kind of use. */
export const Parameter = z.strictObject({
  /** `page`: which part of the answer. `deliver`: who else gets it, a callback or webhook URL, an e-mail address, a topic or hot list. */
  use: z.union([UseKind, z.enum(['page', 'deliver'])]),
  field: z.string().optional(),
  fields: z.array(z.string()).optional(),
})
export type Parameter = z.infer<typeof Parameter>

const CollectionEntry = z.strictObject({
  key: z.string(),
  /** Its records are the data subjects: a person's own record stands here. At most one of a source. */
  subjects: z.boolean().optional(),
  fields: z.record(z.string().min(1), FieldEntry),
  parameters: z.record(z.string().min(1), Parameter).optional(),
  paths: z.record(z.string().startsWith('/'), z.record(z.string(), Parameter)).optional(),
  /** `rest` only: the answer is an object and this member of it holds the records. */
  envelope: z.strictObject({ records: z.string(), open: z.array(z.string()).default([]) }).optional(),
})
export type CollectionEntry = z.infer<typeof CollectionEntry>

/** A catalogue file: what a source's fields reveal. It is closed: what it does not list cannot be named and does not leave. */
export const CatalogueFile = z.strictObject({
  source: z.string(),
  collections: z.record(z.string().min(1), CollectionEntry),
})
export type CatalogueFile = z.infer<typeof CatalogueFile>

/** One catalogued field after the vocabulary had its say. */
export interface Field {
  readonly name: string
  readonly classes: readonly DataClass[]
  readonly text: boolean
  readonly collection: string | null
  readonly fields: ReadonlyMap<string, Field> | null
}

export interface Collection {
  readonly name: string
  readonly key: string
  readonly fields: ReadonlyMap<string, Field>
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly paths: ReadonlyMap<string, ReadonlyMap<string, Parameter>>
  readonly envelope: { readonly records: string; readonly open: readonly string[] } | null
}

export interface Catalogue {
  readonly source: string
  /** The collection whose records are the data subjects; null where nobody says which it is, and then no record is anybody's own. */
  readonly subjects: string | null
  readonly collections: ReadonlyMap<string, Collection>
}

/** Folded words, one blank between them; a word that ends in `*` stands for every word that begins so. */
const Phrase = z
  .string()
  .regex(
    /^(?:[a-z0-9]+|[a-z0-9]{3,}\*)(?: (?:[a-z0-9]+|[a-z0-9]{3,}\*))*$/,
    'write lower case words without accents; * ends a word of three or more',
  )
const PhraseContext = z.strictObject({
  near: z.array(Phrase).min(1).optional(),
  before: z.array(Phrase).min(1).optional(),
  after: z.array(Phrase).min(1).optional(),
  /** Words away; 3 if unsaid. */
  within: z.int().min(1).max(12).optional(),
})
const PhraseEntry = z.union([
  Phrase,
  z.strictObject({
    say: z.array(Phrase).min(1),
    /** Only beside one of these. */
    needs: PhraseContext.optional(),
    /** Something else beside one of these. */
    unless: PhraseContext.optional(),
  }),
])
export type PhraseEntry = z.infer<typeof PhraseEntry>

/** policies/vocabulary.yaml: field names and phrases known to reveal a class, whatever a catalogue says of the field. */
export const Vocabulary = z.strictObject({
  names: z.partialRecord(DataClass, z.array(z.string().min(2))),
  /** What the values of `text: true` fields are searched for. */
  phrases: z.strictObject({
    status: z.array(PhraseEntry).min(1),
    'status-identifier': z.array(PhraseEntry).optional(),
    'status-proxy': z.array(PhraseEntry).optional(),
  }),
})
export type Vocabulary = z.infer<typeof Vocabulary>
