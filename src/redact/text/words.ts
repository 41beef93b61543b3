/** The words of a folded text: runs of a-z and 0-9, by number. Words are cut out on demand, so a long text needs two numbers a word. */
export interface Words {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** Linear: one pass of a single character class. */
export function cutWords(text: string): Words {
  const starts: number[] = []
  const ends: number[] = []
  for (const { index, 0: word } of text.matchAll(/[a-z0-9]+/g)) {
    starts.push(index)
    ends.push(index + word.length)
  }
  return { text, starts, ends }
}

export function wordAt(words: Words, at: number): string {
  return words.text.slice(words.starts[at], words.ends[at])
}

/** Does a sentence (or, with `clause`, a part of one) end before this word? Single letters and `no.` end none: `U. S.`, `part no. A12`. */
export function endsBefore(words: Words, at: number, clause: boolean): boolean {
  const from = words.ends[at - 1]!
  if (words.starts[at]! - from < 2 || from - words.starts[at - 1]! === 1 || wordAt(words, at - 1) === 'no') return false
  const gap = words.text.slice(from, Math.min(words.starts[at]!, from + LONGEST_GAP))
  return clause ? /[.!?;,](?:\s|$)/.test(gap) : /[.!?;](?:\s|$)/.test(gap)
}

/** The number of the first word that ends after this place in the text. */
export function wordNear(words: Words, place: number): number {
  let low = 0
  let high = words.ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (words.ends[middle]! > place) high = middle
    else low = middle + 1
  }
  return low
}

/** What is looked at between two words; whatever stands further on is neither read nor needed. */
const LONGEST_GAP = 16
