/** The words of a field name, folded: Unicode NFKC, lower case, cut at `_ - . blank` and at camelCase boundaries. */
export function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFKC')
    .replace(/(\p{Ll}|\p{Nd})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_.\p{Pd}\p{Cf}]+/u)
    .filter(word => word !== '')
}

/** A field name as the vocabulary compares it: `Immigration-Status`, `immigrationStatus` and `IMMIGRATION_STATUS` are one. */
export function foldName(name: string): string {
  return wordsOf(name).join('')
}
