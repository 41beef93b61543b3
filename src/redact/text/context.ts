import { endsBefore, type Words, wordAt } from './words.ts'

/** Phrases that decide what a hit means, on a side of it. A `*` at the end of one stands for any ending. */
export interface Context {
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** How many words away. */
  readonly within: number
}

/**
 * Does a phrase of the context stand beside the words from `first` up to `end`? With `clause` only in the same part of the sentence, so that
 * what makes a word harmless must really speak of it. Looks at `within` words on each side, however long the text.
 */
export function standsBeside(context: Context, words: Words, first: number, end: number, clause: boolean): boolean {
  return (
    (context.before.length > 0 && contains(wordsBefore(words, first, context.within, clause), context.before)) ||
    (context.after.length > 0 && contains(wordsAfter(words, end, context.within, clause), context.after))
  )
}

function wordsBefore(words: Words, first: number, within: number, clause: boolean): string[] {
  const found: string[] = []
  for (let at = first; at > 0 && found.length < within && !(clause && at < words.starts.length && endsBefore(words, at, true)); at--)
    found.unshift(wordAt(words, at - 1))
  return found
}

function wordsAfter(words: Words, end: number, within: number, clause: boolean): string[] {
  const found: string[] = []
  for (let at = end; at < words.starts.length && found.length < within && !(clause && endsBefore(words, at, true)); at++)
    found.push(wordAt(words, at))
  return found
}

function contains(found: readonly string[], phrases: readonly string[]): boolean {
  // A word as long as a whole text must not be copied for every neighbour it has.
  const text = ` ${found.map(word => word.slice(0, LONGEST_WORD)).join(' ')} `
  return phrases.some(phrase => text.includes(phrase.endsWith('*') ? ` ${phrase.slice(0, -1)}` : ` ${phrase} `))
}

const LONGEST_WORD = 40
