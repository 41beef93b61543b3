import type { CatalogueFile, Field, FieldEntry, Vocabulary } from '../../terms/catalogue.ts'
import { DataClass } from '../../terms/data-class.ts'
import type { FileProblem } from '../../terms/faults.ts'
import type { FromFile } from '../../terms/file.ts'
import { PATH_WORDS } from '../dialects/postgrest/path-words.ts'
import { mergeClasses } from '../fields/classes-of.ts'
import { matchVocabulary } from './match-vocabulary.ts'

/** What compiling gathers on its way: every problem at once, and every protection that an operator took off. */
export interface Compilation {
  readonly file: FromFile<CatalogueFile>
  readonly vocabulary: Vocabulary
  readonly dialect: string
  readonly problems: FileProblem[]
  readonly weakenings: string[]
}

type Detailed = Exclude<FieldEntry, string | readonly string[]>

const isDetailed = (entry: FieldEntry): entry is Detailed => typeof entry === 'object' && !Array.isArray(entry)

/** The fields of a collection or of an object field, each with the classes the vocabulary adds. `label` names the place in weakenings. */
export function compileFields(
  compilation: Compilation,
  entries: Readonly<Record<string, FieldEntry>>,
  path: readonly PropertyKey[],
  label: string,
  inText = false,
): ReadonlyMap<string, Field> {
  return new Map(
    Object.entries(entries).map(([name, entry]) => {
      const field = compileField(compilation, name, entry, [...path, name], `${label}.${name}`, inText)
      return [name, field]
    }),
  )
}

function compileField(
  compilation: Compilation,
  name: string,
  entry: FieldEntry,
  path: readonly PropertyKey[],
  label: string,
  inText: boolean,
): Field {
  const complain = (message: string, at: readonly PropertyKey[] = path) => compilation.problems.push(compilation.file.problem(at, message))
  // A control character in a name could never be sent, or would end a header.
  if (/\p{Cc}/u.test(name) || name.trim() !== name)
    complain(`the field name ${JSON.stringify(name)} has blanks around it or control characters`)
  const detailed: Detailed = isDetailed(entry) ? entry : { class: entry }
  const { collection = null, fields } = detailed
  const text = inText || (detailed.text ?? false)
  // A relation tells whose record it is, as the foreign key does under its own name.
  const unsaid: readonly DataClass[] = collection === null ? [] : ['personal']
  const stated = detailed.class === undefined ? unsaid : [detailed.class].flat()
  if (stated.length === 0 && collection === null && fields === undefined) complain('give the field a class, such as open or personal')
  if (collection !== null && fields !== undefined) complain('a field has `collection` or `fields`, not both')
  if (collection !== null && !Object.hasOwn(compilation.file.value.collections, collection)) {
    complain(`there is no collection ${JSON.stringify(collection)} in this catalogue`, [...path, 'collection'])
  }
  if (collection !== null && compilation.dialect === 'postgrest' && PATH_WORDS.has(name))
    complain(`a relation cannot be called ${name}, which is a word of the grammar; PostgREST would read it so`)
  return {
    name,
    classes: mergeClasses([...stated, ...addedByVocabulary(compilation, name, stated, detailed, path, label)]),
    text,
    collection,
    fields: fields === undefined ? null : compileFields(compilation, fields, [...path, 'fields'], label, text),
  }
}

/**
 * What the vocabulary knows a name by and the catalogue does not say, wherever one written class is less strict (the order of `DataClass`),
 * unless the operator says why the name is harmless. A class more never takes one away: `[open, status]` is not weaker than `open`.
 */
function addedByVocabulary(
  compilation: Compilation,
  name: string,
  stated: readonly DataClass[],
  detailed: Detailed,
  path: readonly PropertyKey[],
  label: string,
): readonly DataClass[] {
  const known = matchVocabulary(compilation.vocabulary, name)
  const override = detailed.vocabularyOverride
  if (override === undefined) {
    return known.filter(added => stated.some(dataClass => rank(added) < rank(dataClass)))
  }
  if (known.length === 0) {
    const message = `the vocabulary does not know ${JSON.stringify(name)}, so there is nothing to override; remove vocabularyOverride`
    compilation.problems.push(compilation.file.problem([...path, 'vocabularyOverride'], message))
    return []
  }
  compilation.weakenings.push(`${label}: not ${known.join(', ')}: ${override}`)
  return []
}

const rank = (dataClass: DataClass): number => DataClass.options.indexOf(dataClass)
