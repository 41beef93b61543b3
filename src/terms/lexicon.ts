import { z } from 'zod'
import { Purpose } from './purpose.ts'

const Word = z.string().regex(/^[a-z0-9]+$/, 'write one word in lower case a-z and 0-9, without accents')
const Phrase = z
  .string()
  .regex(
    /^[a-z0-9]+\*?( [a-z0-9]+\*?)*$/,
    'write words in lower case a-z and 0-9, one space between; * at the end of a word makes it a stem',
  )

/** Words near a hit, at most `within` words away: before it, after it, or on either side (`near`). */
const Context = z.strictObject({
  before: z.array(Phrase).default([]),
  after: z.array(Phrase).default([]),
  near: z.array(Phrase).default([]),
  within: z.int().min(1).max(8).default(2),
})

const DeclarablePurpose = Purpose.exclude(['immigration-enforcement', 'suspected', 'vague', 'unstated'])

const LexiconEntry = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write an entry id in lower case with hyphens'),
  language: z.enum(['en', 'es']).default('en'),
  words: z.array(Phrase).min(1),
  'points-at': z.union([z.literal('enforcement'), z.strictObject({ recipient: z.string() })]),
  /** Only a hit in this context counts. */
  needs: Context.optional(),
  /** A hit in this context is something harmless. */
  unless: Context.optional(),
  /** Ids of `asides`: in such a context the word is spoken of, and nobody is served. */
  asides: z.array(z.string()).default([]),
  /** Purposes that speak these words every day. A body named as the one served counts all the same. */
  'unless-purpose': z.array(DeclarablePurpose).default([]),
})
export type LexiconEntry = z.infer<typeof LexiconEntry>

/** policies/purposes.yaml: turns the free text of a reason into recipients and suspicion. It never grants anything. */
export const Lexicon = z.strictObject({
  entries: z.array(LexiconEntry).min(1),
  /** Contexts many entries share: a place, a victim, an impostor. A body named as the one served counts all the same. */
  asides: z.array(Context.extend({ id: z.string().min(1) })).default([]),
  /** What makes a named body the one served: `for <body>`, `<body> request`. Fillers may stand between. `except`: `collision with`. */
  serves: z.strictObject({
    before: z.array(Phrase).min(1),
    after: z.array(Phrase).default([]),
    fillers: z.array(Phrase).default([]),
    except: z.array(Phrase).default([]),
  }),
  /** A text of nothing but these phrases, these fillers and numbers says nothing, unless one of `telling` is in it: penal codes. */
  vague: z.strictObject({ phrases: z.array(Phrase).min(1), fillers: z.array(Word).default([]), telling: z.array(Phrase).default([]) }),
  /** Words with digits or an l that mean what they say, and are never read as letters in disguise. */
  'as-written': z.array(Word).default([]),
})
export type Lexicon = z.infer<typeof Lexicon>
