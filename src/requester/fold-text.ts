import { CONFUSABLES } from './confusables.ts'

/**
 * Folds what a person can disguise without changing what another person reads: compatibility forms, accents, invisible
 * characters, look-alike letters, case. Promises: time linear in the text; the same result for every disguise of one text.
 */
export function foldText(text: string): string {
  const bare = text
    .normalize('NFKD')
    // Invisible characters and marks inside a word would split it: I\u200bCE, I\u0336CE, I\u00adCE.
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/(?![\t\n\v\f\r])\p{Cc}/gu, '')
  let latin = ''
  for (const character of bare) latin += CONFUSABLES.get(character) ?? character
  return latin
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(?<![\p{L}\p{N}])[!|](?=[a-z])/gu, 'i')
    .replace(/(?<=[a-z])\$(?=[a-z])/gu, 's')
}

/** Does the folded text hold letters the lexicon cannot read? */
export const hasForeignLetters = (folded: string): boolean => /[^\P{L}a-z]/u.test(folded)

/**
 * The text without the words that are not written in Latin letters. Some letters of another script look like Latin ones, so that a
 * sentence in it would leave words nobody wrote.
 */
export const withoutForeignWords = (text: string): string =>
  text
    .split(/\s+/)
    .filter(word => !/(?!\p{Script=Latin})\p{L}/u.test(word) && !hasForeignLetters(foldText(word)))
    .join(' ')
