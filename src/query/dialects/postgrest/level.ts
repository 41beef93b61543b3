import type { Catalogue } from '../../../terms/catalogue.ts'
import type { FieldUse } from '../../../terms/query-facts.ts'
import { useField } from '../../fields/use-field.ts'
import { unknownField } from '../../unreadable.ts'
import { type At, type FoundColumn, findColumn } from './find-column.ts'
import type { ColumnName } from './question.ts'

/** One collection of the query: the one in the path, or an embedded one. */
export interface Level extends At {
  readonly catalogue: Catalogue
  /** What is embedded here; each answers to its name and, if it has one, its alias. */
  readonly embeds: readonly { readonly words: readonly string[]; readonly level: Level }[]
}

/** The embedded level a word names. Two of that name are one too many: PostgREST would take the first. */
export function findEmbed(level: Level, word: string, where: string): Level {
  const found = level.embeds.filter(embed => embed.words.includes(word))
  if (found.length !== 1) throw unknownField(where, word)
  return found[0]!.level
}

export function findLevel(top: Level, words: readonly string[], where: string): Level {
  return words.reduce((level, word) => findEmbed(level, word, where), top)
}

export function columnAt(level: Level, column: ColumnName, where: string): FoundColumn {
  return findColumn(level, column, where)
}

/** Whether related records exist is a question about them: `relation!inner`, `relation=is.null`. */
export function useExistence(level: Level, spelling: string, where: string): readonly FieldUse[] {
  const { key, name } = level.collection
  return useField(
    { collection: name, name: key, field: level.collection.fields.get(key)!, around: level.around, nested: !level.isTop },
    'filter',
    spelling,
    where,
  )
}
