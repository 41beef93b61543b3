/**
 * Letters that look like, or stand for, a Latin letter and survive compatibility normalisation: Cyrillic, Greek, Armenian,
 * Cherokee, Coptic, Lisu, small capitals, letters with strokes. Chosen from Unicode's confusables (UTS 39) and from what people type.
 */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аАαΑɑᴀꓮᎪⱥȺⲀⲁ',
  b: 'вВβΒьЬʙᏴꓐƀɃƁɓⲂⲃ',
  c: '¢₵сСϲϹᴄꓚᏟƈȼȻꞓꞒƆɔⲤⲥ',
  d: 'ԁԀᴅꓓᎠđĐðƉɖƊɗ',
  e: '€еЕεΕєЄэЭᴇꓰᎬɛɇɆƎǝⲈⲉҽҼ',
  f: 'ғҒꓝꜰƒϝ',
  g: 'ɡɢԌԍꓖᏀցǥǤƓɠ',
  h: 'нНηΗһҺʜꓧᎻհħĦⱧⱨⲎⲏ',
  i: 'іІιΙıɪӏӀꓲᎥᏆɩɨƗⲒⲓ',
  j: 'јЈᴊꓙᎫϳɉɈ',
  k: 'кКκΚᴋꓗᏦⱩⱪƘƙꝀꝁⲔⲕ',
  l: '£ʟꓡᏞłŁ∣ƚȽⱠⱡ',
  m: 'мМμΜᴍꓟᎷⲘⲙɱⱮ',
  n: 'пПνΝɴꓠոռŋƝɲⲚⲛ',
  o: 'оОοΟσᴏꓳօՕøØɵƟⲞⲟ',
  p: 'рРρΡᴘꓑᏢþÞᵽⱣƤƥⲢⲣ',
  q: 'ԛԚզ',
  r: 'гГяЯʀꓣᏒᎡɾɍɌⱤɽ',
  s: 'ѕЅꜱꓢᏚՏꞩꞨ',
  t: 'тТτΤᴛꓔᎢŧŦⱦȾƬƭⲦⲧ',
  u: 'υᴜꓴՍսцЦʉɄ',
  v: 'ѵѴᴠꓦᏙ',
  w: 'ԝԜѡшШωᴡꓪᎳⱲⱳⲰⲱ',
  x: 'хХχΧⲬⲭ',
  y: 'уУγΥүҮʏꓬɏɎⲨⲩ',
  z: 'ᴢΖꓜᏃƶƵȤȥ',
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

/** Small Cherokee letters, which look like the capitals: 80 code points from here stand for 80 from there. */
const SMALL_CHEROKEE = 0xab70
const CHEROKEE = 0x13a0
const CHEROKEE_LETTERS = 80

const smallCherokee = ([like, latin]: readonly [string, string]): readonly (readonly [string, string])[] => {
  const place = like.codePointAt(0)! - CHEROKEE
  return place >= 0 && place < CHEROKEE_LETTERS ? [[String.fromCodePoint(SMALL_CHEROKEE + place), latin]] : []
}

const PLAIN = Object.entries(LOOKALIKES).flatMap(([latin, likes]) => [...likes].map(like => [like, latin] as const))

/** Look-alike character -> the Latin letters it is read as. */
export const CONFUSABLES: ReadonlyMap<string, string> = new Map([
  ...PLAIN,
  ...PLAIN.flatMap(smallCherokee),
  ...ALPHABETS.flatMap(start => [...LETTERS].map((latin, i) => [String.fromCodePoint(start + i), latin] as const)),
  ...LIGATURES,
  ...PICTURES,
])
