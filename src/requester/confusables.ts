/**
 * Letters that look like, or stand for, a Latin letter and survive compatibility normalisation: Cyrillic, Greek, Armenian,
 * Cherokee, Lisu, small capitals, letters with strokes. Chosen from Unicode's confusables (UTS 39) and from what people type.
 */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аАαΑɑᴀꓮᎪ',
  b: 'вВβΒьЬʙᏴꓐƀ',
  c: '¢₵сСϲϹᴄꓚᏟƈ',
  d: 'ԁԀᴅꓓᎠđĐð',
  e: '€еЕεΕєЄэЭᴇꓰᎬɛ',
  f: 'ғҒꓝꜰƒϝ',
  g: 'ɡɢԌԍꓖᏀց',
  h: 'нНηΗһҺʜꓧᎻհħĦ',
  i: 'іІιΙıɪӏӀꓲᎥᏆɩ',
  j: 'јЈᴊꓙᎫϳ',
  k: 'кКκΚᴋꓗᏦ',
  l: '£ʟꓡᏞłŁ∣',
  m: 'мМμΜᴍꓟᎷ',
  n: 'пПνΝɴꓠոռŋ',
  o: 'оОοΟσᴏꓳօՕøØ',
  p: 'рРρΡᴘꓑᏢþÞ',
  q: 'ԛԚզ',
  r: 'гГяЯʀꓣᏒᎡɾ',
  s: 'ѕЅꜱꓢᏚՏ',
  t: 'тТτΤᴛꓔᎢŧŦ',
  u: 'υᴜꓴՍսцЦ',
  v: 'ѵѴᴠꓦᏙ',
  w: 'ԝԜѡшШωᴡꓪᎳ',
  x: 'хХχΧ',
  y: 'уУγΥүҮʏꓬ',
  z: 'ᴢΖꓜᏃƶ',
}

const LIGATURES: readonly (readonly [string, string])[] = [
  ['æ', 'ae'],
  ['Æ', 'ae'],
  ['œ', 'oe'],
  ['Œ', 'oe'],
  ['ß', 'ss'],
  ['ẞ', 'ss'],
]

/** Pictures that stand for a word of their own. */
const PICTURES: readonly (readonly [string, string])[] = [['🧊', ' ice ']]

/** Letters in a box, in a disc or as a flag: 26 code points from each start, and normalisation leaves them alone. */
const ALPHABETS = [0x1f150, 0x1f170, 0x1f1e6]
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** Look-alike character -> the Latin letters it is read as. */
export const CONFUSABLES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(LOOKALIKES).flatMap(([latin, likes]) => [...likes].map(like => [like, latin] as const)),
  ...ALPHABETS.flatMap(start => [...LETTERS].map((latin, i) => [String.fromCodePoint(start + i), latin] as const)),
  ...LIGATURES,
  ...PICTURES,
])
