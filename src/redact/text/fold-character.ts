import { LOOKALIKES } from './lookalikes.ts'

const INVISIBLE = /[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/u
const BREAK = /[\t\n\v\f\r\u0085\u2028\u2029]/
const DASH = /[\p{Pd}\u2212\u2043]/u

/**
 * What one character is read as: compatibility forms, accents, look-alike letters and case undone, every dash a hyphen, every line break
 * a newline. Invisible characters fold to nothing, because one inside a word would otherwise split it.
 */
export function foldCharacter(character: string): string {
  if (BREAK.test(character)) return character === '\t' ? ' ' : '\n'
  let folded = ''
  for (const part of character.normalize('NFKD')) {
    if (INVISIBLE.test(part) || /\p{Cc}/u.test(part)) continue
    folded += DASH.test(part) ? '-' : (LOOKALIKES.get(part) ?? part)
  }
  return folded.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')
}
