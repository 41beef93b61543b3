/** Longest run of pieces that may spell one word: `i m m i g r a t i o n` has eleven. */
const LONGEST_SPELLING = 16

const LEET = [
  { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' },
  { 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' },
] as const satisfies readonly Readonly<Record<string, string>>[]

/** A California plate, and nothing but digits and letters: `7ICE123` names nobody. */
const PLATE = /^\d[a-z]{3}\d{3}$/

/** The number on an alien's file, however it is spaced; ten digits are a telephone. */
const ALIEN_NUMBER = /(?<![a-z0-9])a[#:.\s-]{0,3}\d{3}[\s-]?\d{3}[\s-]?\d{3}(?![\s-]?\d)/g

/** The words of a text, before which of them a comma or a semicolon ends a clause, and before which a sentence or a line ends, or a bracket stands. */
export interface Tokens {
  readonly words: readonly string[]
  readonly breaks: ReadonlySet<number>
  readonly sentences: ReadonlySet<number>
}

/** What the tokenizer must know of the lexicon to undo a disguise, and only there. */
export interface KnownWords {
  /** Is this a word of an entry, or does it begin with a stem of one? */
  readonly has: (word: string) => boolean
  readonly asWritten: ReadonlySet<string>
  /** The word that a misspelt one stands for, or null. */
  readonly meant: (word: string) => string | null
}

interface Piece {
  readonly text: string
  /** Punctuation, and no white space, between this piece and the one before. */
  readonly tight: boolean
  readonly breaks: boolean
  readonly sentence: boolean
  /** A letter the punctuation before this piece may stand for: `deport@tion`. */
  readonly stands: string
}

/** `ice.gov`, `287(g)` and `I/C/E` have no blank beside the mark. Dashes longer than a hyphen never stand inside a word. */
const SENTENCE_END = /[.:?!)\]}]\s|\s[([{]|[\n\r]|\s[-/\u2010-\u2015]+\s|[\u2013-\u2015]|\.{2}/

/**
 * Cuts folded text into words: runs of a-z and 0-9. Pieces that spell a known word are joined (`i.c.e.`, `i c e`, `i-205`,
 * `287(g)`, `re-entry`), digits and an l that stand for letters are read (`1ce`, `lce`), known words are cut from numbers
 * (`title8`, `ice1234`), a long known word is read through one slip; every other word stays as it is. Linear time.
 */
export function tokenize(folded: string, known: KnownWords): Tokens {
  const pieces = cut(folded.includes('a') ? folded.replace(ALIEN_NUMBER, ' anumber ') : folded)
  const words: string[] = []
  const breaks = new Set<number>()
  const sentences = new Set<number>()
  for (let i = 0; i < pieces.length; ) {
    const own = readDisguise(pieces[i]!.text, known)
    const spelt = known.has(own) ? null : joinFrom(pieces, i, known)
    if (pieces[i]!.breaks) breaks.add(words.length)
    if (pieces[i]!.sentence) sentences.add(words.length)
    if (spelt !== null) words.push(spelt.word)
    else for (const word of cutNumbers(own, known)) words.push(known.meant(word) ?? word)
    i += spelt?.pieces ?? 1
  }
  return { words, breaks, sentences }
}

function cut(folded: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of folded.matchAll(/[a-z0-9]+/g)) {
    const { index } = match
    // One blank between two words is by far the most common gap.
    const isBlank = index - end === 1 && folded[end] === ' '
    const gap = isBlank ? ' ' : folded.slice(end, index)
    end = index + match[0].length
    pieces.push({
      text: match[0],
      tight: pieces.length > 0 && !isBlank && !/\s/.test(gap),
      breaks: !isBlank && /[,;]\s/.test(gap),
      sentence: !isBlank && SENTENCE_END.test(gap),
      stands: gap === '@' ? 'a' : '',
    })
  }
  return pieces
}

function joinFrom(pieces: readonly Piece[], start: number, known: KnownWords): { word: string; pieces: number } | null {
  let joined = pieces[start]!.text
  let best: { word: string; pieces: number } | null = null
  for (let length = 2; length <= LONGEST_SPELLING; length++) {
    const next = pieces[start + length - 1]
    const previous = pieces[start + length - 2]
    if (next === undefined || previous === undefined) break
    if (!next.tight && (next.text.length > 1 || previous.text.length > 1)) break
    joined += next.stands + next.text
    const word = readDisguise(joined, known)
    if (known.has(word)) best = { word, pieces: length }
  }
  return best
}

const hasDigit = (word: string): boolean => /\d/.test(word)

function cutNumbers(word: string, known: KnownWords): readonly string[] {
  if (!hasDigit(word) || known.has(word) || known.asWritten.has(word) || PLATE.test(word)) return [word]
  const runs = word.match(/[a-z]+|\d+/g) ?? []
  return runs.some(run => /^[a-z]{3}/.test(run) && known.has(run)) ? runs : [word]
}

function readDisguise(word: string, known: KnownWords): string {
  const read = hasDigit(word) ? readDigits(word, known) : word
  if (!read.includes('l') || read.length < 3 || known.has(read) || known.asWritten.has(read)) return read
  return [read.replaceAll('l', 'i'), read.replace('l', 'i')].find(known.has) ?? read
}

// Reading every digit as a letter would turn unit numbers and plates into words: at least two letters, and more than digits.
function readDigits(word: string, known: KnownWords): string {
  const digits = word.replace(/[a-z]/g, '').length
  const letters = word.length - digits
  if (letters < 2 || letters <= digits || known.asWritten.has(word) || known.has(word)) return word
  for (const alphabet of LEET) {
    const table: Readonly<Record<string, string>> = alphabet
    const read = word.replace(/\d/g, digit => table[digit] ?? digit)
    if (known.has(read)) return read
  }
  return word
}
