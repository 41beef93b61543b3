/** Signs that are read as one another: `lCE`, `1mmigration`, `irnrnigration`. Digits beside a letter alone: `Department 1, J. Doe` is no IJ. */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/(?<=[a-z])[1|!]|[1|!](?=[a-z])|l/g, 'i'],
  [/(?<=[a-z])0|0(?=[a-z])/g, 'o'],
  [/(?<=[a-z])[5$]|[5$](?=[a-z])/g, 's'],
  [/(?<=[a-z])3|3(?=[a-z])/g, 'e'],
  [/(?<=[a-z])[4@]|[4@](?=[a-z])/g, 'a'],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
]

/**
 * Text as another person reads it: no marks, nothing invisible, lower case. Not the fold of what callers write: a zone imports no other, and
 * this text is a few words that counsel can ask to have written again, so what it cannot read is refused instead of guessed.
 */
export function bare(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase()
}

/** Does it hold signs that may stand for letters of another alphabet? A Greek capital iota looks like ours. */
export const isForeign = (text: string): boolean => /[^\p{P}\s -~]/u.test(bare(text))

/** The words of a text, one blank before, between and after them; what is spelt letter by letter (`I.C.E.`) is one word. */
export function foldWords(text: string): string {
  const alike = ALIKE.reduce((folded, [sign, letter]) => folded.replace(sign, letter), bare(text))
  const words = alike.replace(/[^a-z]+/g, ' ').trim()
  const joined = words.replace(/(?<=\b[a-z]) (?=[a-z]\b)/g, '')
  return ` ${joined.replace(/([a-z])\1+/g, '$1')} `
}
