import type { Vocabulary } from '../../terms/catalogue.ts'
import { DataClass } from '../../terms/data-class.ts'
import { foldName, wordsOf } from './fold-name.ts'

/** The classes the vocabulary knows a field name by; empty for an unknown name. */
export function matchVocabulary(vocabulary: Vocabulary, name: string): readonly DataClass[] {
  return DataClass.options.filter(dataClass => (vocabulary.names[dataClass] ?? []).some(entry => matches(entry, name)))
}

/**
 * `deport*` is any name that begins so. `ead_*` ends at a word: `ead_expiry` and `eadExpiry` match, and so does a name without
 * any boundary, `eadexpiry`, because where its words end cannot be told; `saved_at` is not of `save_*`.
 */
function matches(entry: string, name: string): boolean {
  if (!entry.endsWith('*')) return foldName(entry) === foldName(name)
  const prefix = entry.slice(0, -1)
  const stem = foldName(prefix)
  const words = wordsOf(name)
  if (!words.join('').startsWith(stem)) return false
  if (!/[_.\s-]$/.test(prefix)) return true
  if (words.length === 1) return words[0] !== stem
  return words.slice(0, -1).some((_, index) => words.slice(0, index + 1).join('') === stem)
}
