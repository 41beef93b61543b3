import { z } from 'zod'
import { Purpose } from './purpose.ts'
import { RecordClass } from './source.ts'

const Word = z.string().regex(/^[a-z0-9]+$/, 'write one word in lower case a-z and 0-9, without accents')
const LongWord = z
  .string()
  .regex(/^[a-z]{9,}$/, 'write one word of at least nine letters a-z: one wrong letter makes a short word another word')
const Phrase = z.string().regex(/^[a-z0-9]+\*?(( _)* [a-z0-9]+\*?)*$/, {
  error: ({ input }) =>
    `'${String(input)}' is no phrase; write words in lower case a-z and 0-9, one space between; * at the end of a word makes it a stem, _ between words stands for any word`,
})
/** A list, or one text with commas between: `ice ero, ero`. A list of 80 phrases is 80 lines to whoever reads the file. */
const listOf = (one: z.ZodString) =>
  z.union([
    z.array(one),
    z
      .string()
      .transform(written => written.split(/,\s*/))
      .pipe(z.array(one)),
  ])
const Phrases = listOf(Phrase)
const SomePhrases = Phrases.refine(phrases => phrases.length > 0, 'write at least one phrase')
const Id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write an id in lower case with hyphens')

/** Words near a hit, at most `within` words away: before it, after it, or on either side (`near`). */
const Context = z.strictObject({
  before: Phrases.default([]),
  after: Phrases.default([]),
  near: Phrases.default([]),
  within: z.int().min(1).max(12).default(2),
})
export type LexiconContext = z.infer<typeof Context>

const DeclarablePurpose = Purpose.exclude(['immigration-enforcement', 'suspected', 'vague', 'unstated'])
export type DeclarablePurpose = z.infer<typeof DeclarablePurpose>

const LexiconEntry = z.strictObject({
  id: Id,
  language: z.enum(['en', 'es']).default('en'),
  words: SomePhrases,
  'points-at': z.union([z.literal('enforcement'), z.strictObject({ recipient: z.string() })]),
  /** Only a hit in this context counts. */
  needs: Context.optional(),
  /** A hit in this context is something harmless. */
  unless: Context.optional(),
  /** A text of nothing but this names the body, even where it is an everyday word. False for a name that another office bears too. */
  alone: z.boolean().default(true),
  /** Ids of `asides`: in such a context the word is spoken of, and nobody is served. */
  asides: z.array(z.string()).default([]),
  /** Purposes, or ids of `everyday`, that speak these words every day. A body named as the one served counts all the same. */
  'unless-purpose': z.array(z.string()).default([]),
})
export type LexiconEntry = z.infer<typeof LexiconEntry>

/** Purposes that nothing may contradict: nobody waits in them, and somebody's right hangs on each. */
const UNTOUCHABLE = ['emergency', 'child-protection', 'court', 'audit', 'subject-access', 'public-records'] as const

/** A purpose that cannot be meant: of these record classes, or with one of these phrases in the case number. One of the two is written. */
const Contradiction = z
  .strictObject({
    purpose: z.array(DeclarablePurpose.exclude(UNTOUCHABLE)).min(1),
    records: z.array(RecordClass).min(1).optional(),
    case: SomePhrases.optional(),
    /** With one of these anywhere in the case number it contradicts nothing: dust is fugitive too. */
    unless: Phrases.default([]),
    /** For the caller: what contradicts what, and what to write instead. */
    say: z.string().min(40, 'say what contradicts what, and what to write instead'),
  })
  .refine(({ records, case: phrases }) => (records === undefined) !== (phrases === undefined), 'write records or case, and not both')
export type Contradiction = z.infer<typeof Contradiction>

/** Words that say little alone and much together. */
const Together = z.strictObject({
  /**
   * Words, and entries by their ids: a hit of one counts with its needs, its unless and its asides, whatever purpose is declared. Each word
   * of a text counts for one kind at most: that of the longest phrase which begins there.
   */
  kinds: z.array(z.strictObject({ id: Id, words: Phrases.default([]), entries: listOf(Id).default([]) })).min(2),
  /** Hit where one of each of these kinds stands within so many words; the purpose is `suspected`, and nobody is added. */
  combinations: z
    .array(
      z.strictObject({
        id: Id,
        of: z.array(Id).min(2),
        within: z.int().min(2).max(24).default(12),
        /** It says that records are asked for, so that it counts even in the reason of who gives care. */
        'in-care': z.boolean().default(false),
        'unless-purpose': z.array(z.string()).default([]),
      }),
    )
    .min(1),
  /** Ids of `asides`: a word that stands in one is no word of a kind. */
  asides: z.array(z.string()).default([]),
})

/** policies/purposes.yaml: turns the free text of a reason into recipients and suspicion. It never grants anything. */
export const Lexicon = z.strictObject({
  entries: z.array(LexiconEntry).min(1),
  /** Groups of purposes that speak the same words every day; `unless-purpose` names them. */
  everyday: z.array(z.strictObject({ id: Id, purposes: z.array(DeclarablePurpose).min(1) })).default([]),
  /** Contexts many entries share: a place, a victim, an impostor. A body named as the one served counts all the same. */
  asides: z
    .array(
      Context.extend({
        id: z.string().min(1),
        /** Only in the reasons of these purposes, and never in those of a badge. */
        purposes: z.array(DeclarablePurpose).min(1).optional(),
      }),
    )
    .default([]),
  together: Together.optional(),
  /** In these phrases, and up to `within` words after them, no entry counts, not even a body that is served: `not for`. `stops` end it. */
  denied: z.strictObject({ phrases: SomePhrases, within: z.int().min(1).max(8).default(4), stops: listOf(Word).default([]) }).optional(),
  /** What makes a named body the one served: `for <body>`, `<body> request`. Fillers may stand between. `except`: `collision with`. */
  serves: z.strictObject({
    before: SomePhrases,
    after: Phrases.default([]),
    fillers: Phrases.default([]),
    except: Phrases.default([]),
    /**
     * What makes it receive the records themselves, so that it counts even in the reason of who gives care: `to` it goes one of `what`
     * (`copy of the chart to`, at most 8 words before), or it `asks` (at most 10 words after), or a verb of handing over stands right
     * before it (`hands`: `give to`). Not of a person it holds (`unless`).
     */
    receives: z
      .strictObject({
        to: SomePhrases,
        what: SomePhrases,
        asks: Phrases.default([]),
        hands: Phrases.default([]),
        unless: Phrases.default([]),
      })
      .optional(),
  }),
  /** A text of nothing but these phrases, these fillers and numbers says nothing, unless one of `telling` is in it: penal codes. */
  vague: z.strictObject({ phrases: SomePhrases, fillers: listOf(Word).default([]), telling: Phrases.default([]) }),
  /** Words with digits or an l that mean what they say, and are never read as letters in disguise. */
  'as-written': listOf(Word).default([]),
  /** Words that are also read with one letter lost, added, changed, or two swapped. */
  misspelt: listOf(LongWord).default([]),
  /** Declared purposes that the record class or the case number contradicts: they are `vague`. */
  contradicts: z.array(Contradiction).default([]),
})
export type Lexicon = z.infer<typeof Lexicon>
