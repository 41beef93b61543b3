import type { Catalogue, CatalogueFile, Collection, CollectionEntry, Vocabulary } from '../terms/catalogue.ts'
import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import { checkOverlap, checkParameters } from './catalogue/check-parameters.ts'
import { type Compilation, compileFields } from './catalogue/compile-fields.ts'

/**
 * A catalogue file after the vocabulary had its say: a known name gets its class whatever the file calls it, unless the file
 * says why it is harmless there; each such exception is a weakening, written `collection.field: not class: reason`.
 * Where the file is wrong, every problem at once, each with its place.
 */
export function compileCatalogue(
  file: FromFile<CatalogueFile>,
  vocabulary: Vocabulary,
  dialect: string,
): { catalogue: Catalogue; weakenings: readonly string[] } | { problems: readonly FileProblem[] } {
  const compilation: Compilation = { file, vocabulary, dialect, problems: [], weakenings: [] }
  const entries = Object.entries(file.value.collections)
  if (entries.length === 0) compilation.problems.push(file.problem(['collections'], 'the catalogue lists no collection'))
  const collections = new Map(entries.map(([name, entry]) => [name, compileCollection(compilation, name, entry)]))
  checkOverlap(compilation)
  const subjects = findSubjects(compilation)
  if (compilation.problems.length > 0) return { problems: compilation.problems }
  return { catalogue: { source: file.value.source, subjects, collections }, weakenings: compilation.weakenings }
}

/** Whose records are the data subjects. A name that merely might be it is not enough: another's file would pass as one's own. */
function findSubjects({ file, problems }: Compilation): string | null {
  const entries = Object.entries(file.value.collections)
  const marked = entries.flatMap(([name, entry]) => (entry.subjects === true ? [name] : []))
  for (const name of marked.slice(1)) {
    problems.push(
      file.problem(['collections', name, 'subjects'], `only one collection holds the data subjects; ${marked[0]} says so already`),
    )
  }
  const only = entries.length === 1 ? entries[0]! : entries.find(([name]) => name === file.value.source)
  return marked[0] ?? (only !== undefined && only[1].subjects !== false ? only[0] : null)
}

function compileCollection(compilation: Compilation, name: string, entry: CollectionEntry): Collection {
  const path = ['collections', name]
  const complain = (at: string, message: string) => compilation.problems.push(compilation.file.problem([...path, at], message))
  // The name is a path segment, and what `readPath` refuses could never be called.
  if (/[/\\;?#%{}\p{Cc}]/u.test(name) || name === '.' || name === '..')
    complain('fields', 'a collection name is one path segment, without / \\ ; ? # % { }')
  const fields = compileFields(compilation, entry.fields, [...path, 'fields'], name)
  const key = fields.get(entry.key)
  if (key === undefined) complain('key', `the key ${JSON.stringify(entry.key)} is not among the fields`)
  else if (key.collection !== null || key.fields !== null) complain('key', 'the key must be a plain value, not an object or a relation')
  checkParameters(compilation, entry, path)
  return {
    name,
    key: entry.key,
    fields,
    parameters: new Map(Object.entries(entry.parameters ?? {})),
    paths: new Map(Object.entries(entry.paths ?? {}).map(([template, bindings]) => [template, new Map(Object.entries(bindings))])),
    envelope: entry.envelope ?? null,
  }
}
