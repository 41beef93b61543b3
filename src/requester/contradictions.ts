import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { Lexicon } from '../terms/lexicon.ts'
import type { Purpose } from '../terms/purpose.ts'
import type { RecordClass } from '../terms/source.ts'
import { foldText } from './fold-text.ts'
import { indexBare, matchesAt, type PhraseIndex } from './phrase.ts'
import { type KnownWords, tokenize } from './tokenize.ts'

interface Contradiction {
  readonly purposes: ReadonlySet<Purpose>
  readonly records: ReadonlySet<RecordClass>
  readonly phrases: PhraseIndex<null>
  readonly unless: PhraseIndex<null>
  readonly say: string
}

/** What of a call its declared purpose can contradict. Null is not known, and contradicts nothing. */
export interface CallMatter {
  readonly records: RecordClass | null
  readonly caseNumber: string | null
}

/** One sentence for the caller on what contradicts the purpose, or null. */
export type FindContradiction = (purpose: Purpose, matter: CallMatter) => string | null

/** Compiles the contradictions of the lexicon; the first that is met speaks. */
export function compileContradictions(written: Lexicon['contradicts'], known: KnownWords): FindContradiction {
  const all = written.map(
    (one): Contradiction => ({
      purposes: new Set(one.purpose),
      records: new Set(one.records),
      phrases: indexBare(one.case ?? []),
      unless: indexBare(one.unless),
      say: one.say,
    }),
  )
  return (purpose, { records, caseNumber }) => {
    const meant = all.filter(({ purposes }) => purposes.has(purpose))
    if (meant.length === 0) return null
    const words = caseNumber === null ? [] : tokenize(foldText(caseNumber), known).words
    const holds = (phrases: PhraseIndex<null>) => words.some((_, at) => matchesAt(phrases, words, at).length > 0)
    const met = meant.find(one => (records !== null && one.records.has(records)) || (holds(one.phrases) && !holds(one.unless)))
    return met?.say ?? null
  }
}

/** A pair that is written twice would let the order of the file decide which sentence the caller reads. */
export function checkContradictions(file: FromFile<Lexicon>): FileProblem[] {
  const seen = new Set<string>()
  return file.value.contradicts.flatMap((one, i) =>
    one.purpose.flatMap(purpose =>
      (['records', 'case'] as const).flatMap(kind =>
        (one[kind] ?? []).flatMap((written, j) => {
          const key = JSON.stringify([purpose, kind, written])
          if (!seen.has(key)) {
            seen.add(key)
            return []
          }
          return [file.problem(['contradicts', i, kind, j], `${purpose} with '${written}' is written twice; keep one`)]
        }),
      ),
    ),
  )
}
