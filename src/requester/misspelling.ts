/** Finds the word that is meant by one with a slip of the keyboard, or null. */
export type FindMeant = (word: string) => string | null

/** Compiles the words that are also read misspelt. They are few and long: every other text is compared with each of them. */
export function compileMisspelt(words: readonly string[]): FindMeant {
  const shortest = Math.min(...words.map(word => word.length)) - 1
  // One of them can be a slip away from another: deportacion from deportation.
  return word => (word.length < shortest || words.includes(word) ? null : (words.find(meant => isOneSlip(word, meant)) ?? null))
}

/** One letter lost, added or changed, or two neighbours swapped. */
function isOneSlip(word: string, meant: string): boolean {
  if (Math.abs(word.length - meant.length) > 1) return false
  const shorter = Math.min(word.length, meant.length)
  let start = 0
  while (start < shorter && word[start] === meant[start]) start++
  let end = 0
  while (end < shorter - start && word[word.length - 1 - end] === meant[meant.length - 1 - end]) end++
  if (Math.max(word.length, meant.length) - start - end > 2) return false
  const [left, right] = [word.slice(start, word.length - end), meant.slice(start, meant.length - end)]
  if (left.length <= 1 && right.length <= 1) return left !== right
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}
