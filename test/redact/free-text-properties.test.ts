import fc from 'fast-check'
import t from 'tap'
import { IDENTIFIERS } from '../../src/redact/text/identifiers.ts'
import { records, text } from './support/build.ts'
import { anySizes } from './support/generate.ts'
import { holds } from './support/holds.ts'
import { run } from './support/run.ts'

const NOTES = records({ note: text('note') })
const HITS = ['undocumented', 'indocumentadas', 'A123456789', 'A-012-345-678', 'DACA', 'refugiados', 'EAC2112351234', '912-70-1234']
const MORE_HITS = ['123-45-6789', 'citizenship', 'I-589', 'deported', 'IOE 09 123 45678', 'green card', 'sin papeles', 'N0012345678']
const HARMLESS = [
  'x',
  'q',
  'Z',
  'é',
  'ñ',
  '"',
  '\\',
  '/',
  '\n',
  '\t',
  ' ',
  ',',
  '{',
  '😀',
  '中',
  '\u200b',
  '\u0301',
  '\u0000',
  '\ud83d',
  '\u00a0',
  'ﬁ',
]
const INVISIBLE = ['\u00ad', '\u200b', '\u2060', '\u0336', '\ufeff']

/** A text as characters, and how each is written. */
const anyFiller = fc.array(fc.tuple(fc.constantFrom(...HARMLESS), fc.boolean()), { maxLength: 30 })
const anyHit = fc.tuple(fc.constantFrom(...HITS, ...MORE_HITS), fc.infiniteStream(fc.nat(19)), fc.infiniteStream(fc.boolean()))

function spell(characters: readonly (readonly [string, boolean])[]): string {
  return characters.map(([character, coded]) => (coded ? unicode(character) : JSON.stringify(character).slice(1, -1))).join('')
}

function unicode(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
}

/** A hit in any case, with invisible characters between its own, some of them escaped. */
function disguise([hit, turns, escapes]: [string, Stream<number>, Stream<boolean>]): string {
  const characters = [...hit].flatMap((character, i) => {
    const turn = turns.next().value
    const cased = turn % 2 === 0 ? character.toUpperCase() : character.toLowerCase()
    return i > 0 && turn < INVISIBLE.length ? [INVISIBLE[turn]!, cased] : [cased]
  })
  return spell(characters.map(character => [character, escapes.next().value] as const))
}

interface Stream<T> {
  next(): IteratorResult<T, undefined> & { value: T }
}

t.test('a planted hit never leaves, the text around it always does, byte for byte, at any chunking', async t => {
  holds(
    t,
    fc.property(anyFiller, anyHit, anyFiller, anySizes, (before, [hit, turns, escapes], after, sizes) => {
      const body = (middle: string) => `[{"note":"${spell(before)} ${middle} ${spell(after)}"},{"note":"x"}]`
      const { out, cut } = run(NOTES, body(disguise([hit, turns as Stream<number>, escapes as Stream<boolean>])), {}, { sizes })
      return out === body('***') && cut['people.note'] === 1
    }),
    3000,
  )
})

t.test('text without hits leaves byte for byte at any chunking', async t => {
  holds(
    t,
    fc.property(anyFiller, anySizes, (filler, sizes) => {
      const body = `[{"note":"${spell(filler)}"},{"note":["${spell(filler)}",null,12]}]`
      const { out, cut } = run(NOTES, body, {}, { sizes })
      return out === body && Object.keys(cut).length === 0
    }),
    1500,
  )
})

t.test('what leaves does not depend on where the chunks are cut', async t => {
  const words = fc.constantFrom(
    ...HITS,
    ...MORE_HITS,
    'visa',
    'card',
    'a',
    '12345678',
    'alien',
    'number',
    'no',
    '.',
    ',',
    '\u00ad',
    '(',
    'el',
    'de',
  )
  holds(
    t,
    fc.property(fc.array(fc.tuple(words, fc.constantFrom('', ' ', '. ', '-')), { maxLength: 25 }), anySizes, (parts, sizes) => {
      const body = JSON.stringify([{ note: parts.flat().join('') }])
      return JSON.stringify(run(NOTES, body)) === JSON.stringify(run(NOTES, body, {}, { sizes }))
    }),
    800,
  )
})

t.test('no pattern repeats without bound, so none can be made to run for ever', async t => {
  t.ok(IDENTIFIERS.length > 10)
  for (const { pattern } of IDENTIFIERS) t.notMatch(pattern.source, /[*+]|\{\d+,\}/, pattern.source)
})

t.test('long texts that would hang a backtracking search', async t => {
  const parts = [
    'a',
    'a-',
    '9',
    '1 ',
    '9 1-',
    'visa ',
    'permanent resident of the u ',
    'alien ',
    'p<',
    'c1usa',
    '(c)(',
    'ciudadano de los ',
    '\u00ad',
    'é',
  ]
  for (const part of parts) {
    const body = JSON.stringify([{ note: part.repeat(Math.ceil(300_000 / part.length)) }])
    const { out } = run(NOTES, body)
    t.ok(JSON.parse(out)[0].note.length > 0, part)
  }
})
