import type { Vocabulary } from '../terms/catalogue.ts'
import { findIdentifiers } from './text/identifiers.ts'
import { compilePhrases, findPhrases } from './text/phrases.ts'
import { foldText, locateSpans, type Span } from './text/read-text.ts'
import { cutWords } from './text/words.ts'

/** Finds what free text says about status. */
export interface TextSearch {
  /**
   * The bytes of a JSON string (what stands between its quotes, already checked) that must not leave, in order and apart. With `proxies`
   * also what only hints at status, such as a social security number. Time is linear in the text.
   */
  readonly find: (inside: Buffer, proxies: boolean) => readonly Span[]
}

/** Compiles the phrases of the vocabulary once, for every answer. */
export function compileSearch(phrases: Vocabulary['phrases']): TextSearch {
  const status = [...phrases.status, ...(phrases['status-identifier'] ?? [])]
  const always = compilePhrases(status)
  const all = compilePhrases([...status, ...(phrases['status-proxy'] ?? [])])
  return {
    find: (inside, proxies) => {
      const words = cutWords(foldText(inside))
      const found = [...findPhrases(proxies ? all : always, words), ...findIdentifiers(words, proxies)]
      return found.length === 0 ? [] : locateSpans(inside, join(found, words.text))
    },
  }
}

/** In order and apart; neighbours with only punctuation between them become one, so that the form of the text says less. */
function join(found: readonly Span[], text: string): Span[] {
  const joined: { start: number; end: number }[] = []
  for (const { start, end } of found.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    const touches = last !== undefined && (start <= last.end || (start - last.end <= 3 && !/[a-z0-9]/.test(text.slice(last.end, start))))
    if (touches) last.end = Math.max(last.end, end)
    else joined.push({ start, end })
  }
  return joined
}
