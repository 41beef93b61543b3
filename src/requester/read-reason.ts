import type { Purpose } from '../terms/purpose.ts'
import type { CompiledEntry, CompiledLexicon } from './compile-lexicon.ts'
import { foldText, hasForeignLetters } from './fold-text.ts'
import { inContext, type Phrase, phrasesAt, startsAt } from './phrase.ts'
import { type Tokens, tokenize } from './tokenize.ts'

/** How many fillers and other bodies may stand between `for` and the body it serves: `for the local HSI and ICE agents of ERO`. */
const SERVES_REACH = 8

/** What a free text says, as far as the lexicon can tell. It never grants anything. */
export interface ReasonReading {
  /** Ids of the lexicon entries that were hit, each once, in the order of the text. */
  readonly hits: readonly string[]
  /** Directory ids of the bodies the text names as the one served. */
  readonly recipients: readonly string[]
  readonly suspected: boolean
  readonly vague: boolean
}

interface Hit {
  readonly entry: CompiledEntry
  readonly start: number
  readonly end: number
}

/**
 * Reads the free text of a reason or a case number: whole words in context (`black ice` is weather). `declared` is the purpose
 * whose everyday words count as such, or null. Time is linear in the text; the caller bounds it.
 */
export function readReason(text: string, lexicon: CompiledLexicon, declared: Purpose | null = null): ReasonReading {
  const folded = foldText(text)
  const tokens = tokenize(folded, lexicon.known)
  const hits = findHits(tokens.words, lexicon)
  const bodies = new Set(hits.flatMap(hit => (hit.entry.recipient === null ? [] : range(hit.start, hit.end))))
  const served = new Set(hits.filter(hit => hit.entry.recipient !== null && isServed(hit, tokens, bodies, lexicon)))
  const everyday = ({ entry }: Hit) => declared !== null && entry.unlessPurpose.has(declared)
  const aside = ({ entry, start, end }: Hit) => entry.asides.some(context => inContext(context, tokens.words, start, end))
  const counted = hits.filter(hit => served.has(hit) || !(everyday(hit) || aside(hit)))
  return {
    hits: [...new Set(counted.map(hit => hit.entry.id))],
    recipients: [...new Set([...served].flatMap(hit => hit.entry.recipient ?? []))],
    suspected: counted.some(hit => hit.entry.suspicious),
    vague: hasForeignLetters(folded) || saysNothing(tokens.words, lexicon),
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

function findHits(tokens: readonly string[], lexicon: CompiledLexicon): Hit[] {
  return tokens.flatMap((_, start) =>
    [...phrasesAt(lexicon.entries, tokens, start)].flatMap(({ of: entry, end }) => {
      if (entry.needs !== null && !inContext(entry.needs, tokens, start, end)) return []
      if (entry.unless !== null && inContext(entry.unless, tokens, start, end)) return []
      return [{ entry, start, end }]
    }),
  )
}

// Each step back is either filler or another body ("for ICE and CBP"): anything else ends the phrase, so a `for` far away is not ours.
function isServed(hit: Hit, { words, breaks }: Tokens, bodies: ReadonlySet<number>, lexicon: CompiledLexicon): boolean {
  const { before, after, fillers, except } = lexicon.serves
  const between = (at: number) => bodies.has(at) || phrasesAt(fillers, words, at).next().done !== true
  const endsAt = (phrase: Phrase, at: number) => startsAt(phrase, words, at - phrase.length + 1)
  for (let at = hit.start - 1, steps = 0; at >= 0 && steps <= SERVES_REACH; at--, steps++) {
    if (before.some(phrase => endsAt(phrase, at)) && !except.some(phrase => endsAt(phrase, at))) return true
    if (!between(at)) break
  }
  // "worried about ICE, wants a new number": behind a comma it is somebody else who wants.
  for (let at = hit.end, steps = 0; at < words.length && steps <= SERVES_REACH && !breaks.has(at); at++, steps++) {
    if (after.some(phrase => startsAt(phrase, words, at))) return true
    if (!between(at)) break
  }
  return false
}

function saysNothing(tokens: readonly string[], lexicon: CompiledLexicon): boolean {
  const { phrases, fillers, telling } = lexicon.vague
  for (let at = 0; at < tokens.length; ) {
    if (phrasesAt(telling, tokens, at).next().done !== true) return false
    const end = Math.max(at, ...[...phrasesAt(phrases, tokens, at)].map(match => match.end))
    const token = tokens[at]!
    if (end === at && token.length > 1 && !/^\d+$/.test(token) && !fillers.has(token)) return false
    at = Math.max(end, at + 1)
  }
  return true
}
