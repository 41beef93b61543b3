import { type Context, standsBeside } from './context.ts'
import type { Span } from './read-text.ts'
import { type Words, wordNear } from './words.ts'

/**
 * A number that says something about status by its form. Patterns run on folded text (lower case, every dash a hyphen). Every quantifier in
 * them is bounded and none is nested in another, so each place of the text costs a constant, whatever stands there.
 */
export interface Identifier {
  readonly of: 'status-identifier' | 'status-proxy'
  readonly pattern: RegExp
  /** Without one of these words beside it the form alone says too little. */
  readonly needs?: Context
  /** Beside one of these words it is something else. */
  readonly unless?: Context
  /** What the pattern cannot say. */
  readonly isMeant?: (matched: string) => boolean
}

const near = (words: readonly string[], within = 5): Context => ({ before: words, after: words, within })
const ITIN_GROUP = '(?:5\\d|6[0-5]|7\\d|8[0-8]|9[0-2]|9[4-9])'
const SSN = (gap: string) => `(?!000|666|9)\\d{3}${gap}(?!00)\\d{2}${gap}(?!0000)\\d{4}`
const OWN_HINTS = ['alien', 'uscis', 'a number', 'a no', 'a file', 'anumber', 'a numero', 'numero a', 'extranjero', 'i 94', 'i94', 'sevis']
const WORK_PERMIT = ['ead', 'work permit', 'employment authorization', 'work authorization', 'permiso de trabajo', 'eligibility category']

/** Formats, ranges and collisions: docs/laws.md, "Identifier patterns". */
export const IDENTIFIERS: readonly Identifier[] = [
  {
    of: 'status-identifier',
    pattern: whole('a[-#:.]{0,2}(?:\\d{7,9}|\\d{2,3}[ .-]\\d{3}[ .-]\\d{3})'),
    // California driver licences, parts and assets share the form; an A-number written with all nine digits is never taken for one.
    unless: {
      before: ['part*', 'asset*', 'model', 'serial', 'sku', 'item', 'invoice', 'licen*', 'dl', 'meter', 'plate'],
      after: [],
      within: 3,
    },
  },
  { of: 'status-identifier', pattern: whole('a[#:.-]{0,2}\\s[#:]?\\s?(?:\\d{8,9}|\\d{3}[.-]\\d{3}[.-]\\d{3}|[0-2]\\d{2} \\d{3} \\d{3})') },
  {
    of: 'status-identifier',
    pattern: whole('(?:ioe|eac|vsc|wac|csc|lin|nsc|src|tsc|msc|nbc|ysc|psc)[ -]{0,2}\\d{2}[ -]?\\d{3}[ -]?\\d{5}'),
  },
  { of: 'status-identifier', pattern: whole('n[ -]?00\\d{8}') },
  { of: 'status-identifier', pattern: whole('n[ -]?\\d{10}'), needs: near(['sevis']) },
  { of: 'status-identifier', pattern: whole('\\d{9}[a-z]\\d'), needs: near(['i 94', 'i94', 'admission', 'admision', 'entry']) },
  { of: 'status-identifier', pattern: whole('\\d(?:[ -]?\\d){6,10}'), needs: near(OWN_HINTS), isMeant: isOwnNumber },
  { of: 'status-identifier', pattern: whole('[a-z]{0,2}\\d{6,9}'), needs: near(['passport*', 'pasaporte*'], 4) },
  { of: 'status-identifier', pattern: whole(`9\\d{2}[ -]${ITIN_GROUP}[ -]\\d{4}`) },
  {
    of: 'status-identifier',
    pattern: whole(`9\\d{2}[ -]?${ITIN_GROUP}[ -]?\\d{4}`),
    needs: near(['itin', 'taxpayer', 'tax id', 'contribuyente']),
  },
  { of: 'status-identifier', pattern: whole('\\d{13}[a-z]{2}') },
  { of: 'status-identifier', pattern: /(?<![a-z0-9])(?:c[12]|ia)usa[a-z0-9<]{9,25}/g },
  { of: 'status-identifier', pattern: /(?<![a-z0-9])p[a-z<][a-z<]{3}[a-z0-9<]{39}(?![a-z0-9])/g, isMeant: line => line.includes('<<') },
  { of: 'status-identifier', pattern: /(?<![a-z0-9])[a-z0-9<]{9}\d[a-z<]{3}\d{7}[mfx<]\d{7}[a-z0-9<]{14}[\d<]\d(?![a-z0-9])/g },
  {
    of: 'status-identifier',
    pattern: whole('(?:\\([ac]\\) ?\\((?:0?[1-9]|[1-5]\\d)\\)|[ac]-?(?:0?[1-9]|[1-5]\\d)[a-p]?)'),
    needs: near(WORK_PERMIT),
  },
  { of: 'status-proxy', pattern: whole(SSN('[ -]')) },
  { of: 'status-proxy', pattern: whole(SSN('[ -]?')), needs: near(['ssn', 'social security', 'seguro social', 'social number']) },
]

/** Every identifier in the text; those that are only a proxy for status where `proxies` says so. */
export function findIdentifiers(words: Words, proxies: boolean): Span[] {
  const { text } = words
  if (!/\d|<</.test(text)) return []
  return IDENTIFIERS.filter(({ of }) => proxies || of !== 'status-proxy').flatMap(identifier =>
    [...text.matchAll(identifier.pattern)]
      .map(({ index, 0: matched }) => ({ start: index, end: index + matched.length }))
      .filter(span => isOne(identifier, words, span)),
  )
}

function isOne({ needs, unless, isMeant }: Identifier, words: Words, { start, end }: Span): boolean {
  const matched = words.text.slice(start, end)
  if (isMeant !== undefined && !isMeant(matched)) return false
  const first = wordNear(words, start)
  const after = wordNear(words, end - 1) + 1
  if (needs !== undefined && !standsBeside(needs, words, first, after, false)) return false
  return unless === undefined || digitsOf(matched) > 8 || !standsBeside(unless, words, first, after, true)
}

function whole(pattern: string): RegExp {
  return new RegExp(`(?<![a-z0-9])${pattern}(?![a-z0-9])`, 'g')
}

/** A-numbers have 7 to 9 digits, old I-94s 11; ten digits are a telephone number, and so are 3-4; 2019-05-12 is a day. */
function isOwnNumber(matched: string): boolean {
  return [7, 8, 9, 11].includes(digitsOf(matched)) && !/^\d{3}[ -]\d{4}$|^(?:19|20)\d\d-\d\d-\d\d$/.test(matched)
}

function digitsOf(matched: string): number {
  return matched.replace(/\D/g, '').length
}
