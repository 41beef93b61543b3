import type { CompiledEntry, Serves } from './compile-lexicon.ts'
import { inContext } from './context.ts'
import { endsAt, matchesAt, type PhraseIndex } from './phrase.ts'
import type { Tokens } from './tokenize.ts'

/** How many fillers and other bodies may stand between `for` and the body it serves: `for the local HSI and ICE agents of ERO`. */
const SERVES_REACH = 8

/** How many words may stand between what is sent and the body it is sent to: `copy of the run sheet and her address to ICE`. */
const WHAT_REACH = 8

/** An entry of the lexicon found in a text: the words from `start` up to `end`. */
export interface Hit {
  readonly entry: CompiledEntry
  readonly start: number
  readonly end: number
}

/** Says of each hit of one text whom it makes a recipient, and how plainly. */
export interface ServedIn {
  /** Names a body as the one served. */
  readonly isServed: (hit: Hit) => boolean
  /** Says in so many words that the records go there, or are asked for from there. */
  readonly isHanded: (hit: Hit) => boolean
}

/** Prepares the two questions for one text and its hits. */
export function servedIn(hits: readonly Hit[], tokens: Tokens, serves: Serves): ServedIn {
  const bodies = new Set<number>()
  for (const { entry, start, end } of hits) if (entry.recipient !== null) for (let at = start; at < end; at++) bodies.add(at)
  const isBetween = (at: number) => bodies.has(at) || matchesAt(serves.fillers, tokens.words, at).length > 0
  const { before, receives } = serves
  return {
    isServed: hit =>
      hit.entry.recipient !== null && (isLedTo(hit, before, tokens, serves, isBetween) || asks(hit, tokens, serves, isBetween)),
    isHanded: hit => {
      if (hit.entry.asks) return true
      if (
        receives === null ||
        !hit.entry.suspicious ||
        hit.entry.recipient === null ||
        inContext(receives.unless, tokens.words, hit.start, hit.start + 1)
      )
        return false
      if (inContext(receives.asks, tokens.words, hit.start, hit.end) || isLedTo(hit, receives.hands, tokens, serves, isBetween)) return true
      return isLedTo(hit, receives.to, tokens, serves, isBetween) && standsBefore(hit, receives.what, tokens)
    },
  }
}

// Each step back is either filler or another body ("for ICE and CBP"): anything else ends the phrase, so a `for` far away is not ours.
function isLedTo(hit: Hit, before: PhraseIndex<null>, { words }: Tokens, { except }: Serves, isBetween: (at: number) => boolean): boolean {
  for (let at = hit.start, steps = 0; at > 0 && steps <= SERVES_REACH; at--, steps++) {
    if (endsAt(before, words, at) && !endsAt(except, words, at)) return true
    if (!isBetween(at - 1)) return false
  }
  return false
}

// "chart of the detainee, transfer to ICE": behind a comma it is somebody, and not the chart, who goes there.
function standsBefore({ start }: Hit, what: PhraseIndex<null>, { words, breaks }: Tokens): boolean {
  for (let at = start - 1; at >= Math.max(0, start - WHAT_REACH) && !breaks.has(at + 1); at--)
    if (matchesAt(what, words, at).some(({ end }) => end <= start)) return true
  return false
}

// "worried about ICE, wants a new number": behind a comma it is somebody else who wants.
function asks(hit: Hit, { words, breaks }: Tokens, { after }: Serves, isBetween: (at: number) => boolean): boolean {
  for (let at = hit.end, steps = 0; at < words.length && steps <= SERVES_REACH && !breaks.has(at); at++, steps++) {
    if (matchesAt(after, words, at).length > 0) return true
    if (!isBetween(at)) return false
  }
  return false
}
