/** One word of a phrase; a stem matches every word that begins with it, a gap any word at all. */
interface PhraseWord {
  readonly text: string
  readonly kind: 'word' | 'stem' | 'gap'
}
export type Phrase = readonly PhraseWord[]

export const compilePhrase = (written: string): Phrase =>
  written.split(' ').map(word => {
    if (word === '_') return { text: '', kind: 'gap' }
    return word.endsWith('*') ? { text: word.slice(0, -1), kind: 'stem' } : { text: word, kind: 'word' }
  })

const fits = ({ text, kind }: PhraseWord, token: string | undefined): boolean =>
  token !== undefined && (kind === 'word' ? token === text : kind === 'gap' || token.startsWith(text))

const startsAt = (phrase: Phrase, tokens: readonly string[], at: number): boolean => {
  for (let i = 0; i < phrase.length; i++) if (!fits(phrase[i]!, tokens[at + i])) return false
  return true
}

/** Stems are indexed by their first letters, so they need as many. */
export const STEM_MINIMUM = 3

interface Indexed<T> {
  readonly phrase: Phrase
  readonly of: T
}

/** Phrases by their first word: what may start at a token is found without trying every phrase. */
export interface PhraseIndex<T> {
  readonly exact: ReadonlyMap<string, readonly Indexed<T>[]>
  readonly stems: ReadonlyMap<string, readonly Indexed<T>[]>
  /** Words of the longest phrase. */
  readonly longest: number
}

export function indexPhrases<T>(items: readonly Indexed<T>[]): PhraseIndex<T> {
  const firstIs = (kind: PhraseWord['kind']) => items.filter(item => item.phrase[0]!.kind === kind)
  return {
    exact: Map.groupBy(firstIs('word'), item => item.phrase[0]!.text),
    stems: Map.groupBy(firstIs('stem'), item => item.phrase[0]!.text.slice(0, STEM_MINIMUM)),
    longest: Math.max(0, ...items.map(item => item.phrase.length)),
  }
}

/** An index of phrases that stand for nothing but themselves. */
export const indexBare = (written: readonly string[]): PhraseIndex<null> =>
  indexPhrases(written.map(phrase => ({ phrase: compilePhrase(phrase), of: null })))

/** A phrase found in a text, with the position after its last word. */
export interface Match<T> {
  readonly of: T
  readonly end: number
}
const NONE: readonly never[] = []

/** Every phrase of the index that starts at this token. */
export function matchesAt<T>(index: PhraseIndex<T>, tokens: readonly string[], at: number): readonly Match<T>[] {
  const first = tokens[at]
  if (first === undefined) return NONE
  const exact = index.exact.get(first)
  const stems = index.stems.size === 0 ? undefined : index.stems.get(first.slice(0, STEM_MINIMUM))
  if (exact === undefined && stems === undefined) return NONE
  const found: Match<T>[] = []
  for (const list of [exact, stems])
    for (const { phrase, of } of list ?? NONE) if (startsAt(phrase, tokens, at)) found.push({ of, end: at + phrase.length })
  return found
}

/** Does a phrase of the index end right before this position? */
export function endsAt(index: PhraseIndex<unknown>, tokens: readonly string[], end: number): boolean {
  for (let at = Math.max(0, end - index.longest); at < end; at++)
    if (matchesAt(index, tokens, at).some(match => match.end === end)) return true
  return false
}
