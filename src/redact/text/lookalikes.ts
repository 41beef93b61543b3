/** Letters of other scripts that a reader takes for Latin ones (after UTS 39), and that compatibility normalisation leaves alone. */
const SAME_LOOK: readonly (readonly [string, string])[] = [
  ['абвгеёіїјкмнорстухѕѵԁԛԝһѐ', 'abbreeiijkmhopctyxsvdqwhe'],
  ['αβεηικμνορτυχγζω', 'abehikmvoptuxyzw'],
  ['ıłøđðħŧŋɡɑɩʟɴʀʏɪᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱꜰʙɢʜ', 'iloddhtngailnryiacdejkmoptuvwzsfbgh'],
  ['оօսցհոզ', 'oougnnq'],
]
/** The zeros of the decimal digits people type besides 0-9: Arabic-Indic, Persian, Devanagari. */
const ZEROS = [0x660, 0x6f0, 0x966]
/** Letters in a box, in a disc or as a flag: 26 code points from each start. */
const ALPHABETS = [0x1f150, 0x1f170, 0x1f1e6]
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz'

/** Capitals that look like another letter than their small form does. */
const CAPITALS = ['РСВНУХΡΥΧΝΗΒΖ', 'pcbhyxpyxnhbz'] as const

function bothCases([from, to]: readonly [string, string]): (readonly [string, string])[] {
  const looks = [...to]
  return [...from].flatMap((letter, i) => [[letter, looks[i]!] as const, [letter.toUpperCase(), looks[i]!] as const])
}

function inRow(start: number, to: string): (readonly [string, string])[] {
  return [...to].map((letter, i) => [String.fromCodePoint(start + i), letter] as const)
}

/** One character -> the Latin letter or digit that it is read as. */
export const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  ...SAME_LOOK.flatMap(bothCases),
  ...ZEROS.flatMap(zero => inRow(zero, '0123456789')),
  ...ALPHABETS.flatMap(start => inRow(start, ALPHABET)),
  ...[...CAPITALS[0]].map((letter, i) => [letter, CAPITALS[1][i]!] as const),
])
