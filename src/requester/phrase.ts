/** One word of a phrase; a stem matches every word that begins with it. */
interface PhraseWord {
  readonly text: string
  readonly stem: boolean
}
export type Phrase = readonly PhraseWord[]

export const compilePhrase = (written: string): Phrase =>
  written.split(' ').map(word => (word.endsWith('*') ? { text: word.slice(0, -1), stem: true } : { text: word, stem: false }))

const fits = (word: PhraseWord, token: string | undefined): boolean =>
  token !== undefined && (word.stem ? token.startsWith(word.text) : token === word.text)

export const startsAt = (phrase: Phrase, tokens: readonly string[], at: number): boolean =>
  at >= 0 && phrase.every((word, i) => fits(word, tokens[at + i]))

/** Stems are indexed by their first letters, so they need as many. */
export const STEM_MINIMUM = 3

/** Phrases by their first word: what may start at a token is found without trying every phrase. */
export interface PhraseIndex<T> {
  readonly exact: ReadonlyMap<string, readonly { readonly phrase: Phrase; readonly of: T }[]>
  readonly stems: ReadonlyMap<string, readonly { readonly phrase: Phrase; readonly of: T }[]>
}

export function indexPhrases<T>(items: readonly { readonly phrase: Phrase; readonly of: T }[]): PhraseIndex<T> {
  return {
    exact: Map.groupBy(
      items.filter(item => !item.phrase[0]!.stem),
      item => item.phrase[0]!.text,
    ),
    stems: Map.groupBy(
      items.filter(item => item.phrase[0]!.stem),
      item => item.phrase[0]!.text.slice(0, STEM_MINIMUM),
    ),
  }
}

/** Every phrase of the index that starts at this token, with the position after its last word. */
export function* phrasesAt<T>(index: PhraseIndex<T>, tokens: readonly string[], at: number): Generator<{ of: T; end: number }> {
  const first = tokens[at] ?? ''
  for (const list of [index.exact.get(first), index.stems.get(first.slice(0, STEM_MINIMUM))])
    for (const { phrase, of } of list ?? []) if (startsAt(phrase, tokens, at)) yield { of, end: at + phrase.length }
}

/** Words near a hit, as the lexicon writes them. */
export interface Context {
  readonly before: readonly Phrase[]
  readonly after: readonly Phrase[]
  readonly within: number
}

/** Does a phrase of the context stand within reach of the words from `start` up to `end`? */
export function inContext(context: Context, tokens: readonly string[], start: number, end: number): boolean {
  const reaches = (phrase: Phrase, from: number, to: number) => {
    for (let at = from; at + phrase.length <= to; at++) if (startsAt(phrase, tokens, at)) return true
    return false
  }
  return (
    context.before.some(phrase => reaches(phrase, Math.max(0, start - Math.max(context.within, phrase.length)), start)) ||
    context.after.some(phrase => reaches(phrase, end, Math.min(tokens.length, end + Math.max(context.within, phrase.length))))
  )
}
