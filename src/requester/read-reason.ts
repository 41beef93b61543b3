import type { Purpose } from '../terms/purpose.ts'
import { isBare } from './bare.ts'
import type { CompiledLexicon, Denied } from './compile-lexicon.ts'
import { type Context, inContext } from './context.ts'
import { foldText, hasForeignLetters, withoutForeignWords } from './fold-text.ts'
import { matchesAt } from './phrase.ts'
import { type Hit, servedIn } from './served.ts'
import { findTogether } from './together.ts'
import { type Tokens, tokenize } from './tokenize.ts'

/** What a free text says, as far as the lexicon can tell. It never grants anything. */
export interface ReasonReading {
  /** Ids of the lexicon entries that were hit, each once, in the order of the text. */
  readonly hits: readonly string[]
  /** Directory ids of the bodies the text names as the one served. */
  readonly recipients: readonly string[]
  readonly suspected: boolean
  readonly vague: boolean
  /** Vague, and what else stands in the text is in letters the lexicon cannot read: no case number tells what it says. */
  readonly unreadable: boolean
  /** A body that is suspected on a mere mention is served. */
  readonly serves: boolean
  /** The text is nothing but what is suspected. */
  readonly bare: boolean
  /** What the text says in so many words: the records go there, or are asked for from there. Null where it does not. */
  readonly handedTo: { readonly recipients: readonly string[] } | null
}

/**
 * Reads the free text of a reason or a case number: whole words in context (`black ice` is weather). `declared` is the purpose
 * whose everyday words count as such, or null. Time is linear in the text; the caller bounds it.
 */
export function readReason(text: string, lexicon: CompiledLexicon, declared: Purpose | null = null): ReasonReading {
  const folded = foldText(text)
  const tokens = tokenize(folded, lexicon.known)
  const { words } = tokens
  const hits = findHits(tokens, lexicon)
  const { isServed, isHanded } = servedIn(hits, tokens, lexicon.serves)
  const served = new Set(hits.filter(isServed))
  const isAside = ({ entry, start, end }: Hit) => entry.asides.some(one => speaks(one, declared) && inContext(one, words, start, end))
  const named = declared === null || MAY_NAME.includes(declared) ? false : isBare(hits, words, lexicon, 'bodies')
  const isEveryday = ({ entry }: Hit) => declared !== null && !named && entry.unlessPurpose.has(declared)
  const handed = new Set(hits.filter(hit => isHanded(hit) && !isAside(hit) && !(hit.entry.asks && isEveryday(hit))))
  const counted = hits.filter(hit => served.has(hit) || handed.has(hit) || !(isEveryday(hit) || isAside(hit)))
  const isForeign = hasForeignLetters(folded)
  const vague = isForeign
    ? saysNothing(tokenize(foldText(withoutForeignWords(text)), lexicon.known).words, lexicon)
    : saysNothing(words, lexicon)
  return {
    hits: [...new Set(counted.map(hit => hit.entry.id))],
    recipients: recipientsOf(served),
    suspected: counted.some(hit => hit.entry.suspicious),
    vague,
    unreadable: vague && isForeign,
    serves: [...served].some(({ entry }) => entry.suspicious),
    bare: isBare(hits, words, lexicon, 'all'),
    handedTo: handed.size === 0 ? null : { recipients: recipientsOf(handed) },
  }
}

// The name of a body is no business of an office. Who helps against it, or asks what a city does with it, may write no more.
const MAY_NAME: readonly Purpose[] = ['immigration-assistance', 'subject-access', 'public-records', 'research']

const speaks = ({ purposes }: Context, declared: Purpose | null): boolean =>
  purposes === null || (declared !== null && purposes.has(declared))

const recipientsOf = (hits: ReadonlySet<Hit>): readonly string[] => [...new Set([...hits].flatMap(hit => hit.entry.recipient ?? []))]

function findHits(tokens: Tokens, { entries, together, denied }: CompiledLexicon): readonly Hit[] {
  const { words } = tokens
  const hits: Hit[] = []
  for (let start = 0; start < words.length; start++)
    for (const { of: entry, end } of matchesAt(entries, words, start)) {
      if (entry.needs !== null && !inContext(entry.needs, words, start, end)) continue
      if (entry.unless !== null && inContext(entry.unless, words, start, end)) continue
      hits.push({ entry, start, end })
    }
  const inDenial = denied === null ? NOWHERE : deniedWords(tokens, denied)
  const plain = hits.filter(hit => !inDenial.has(hit.start))
  return together === null ? plain : [...plain, ...findTogether(together, plain, words, inDenial)].toSorted((a, b) => a.start - b.start)
}

const NOWHERE: ReadonlySet<number> = new Set()

// A denial that reached over the whole text would be a pass for everything: it ends with its clause, and at a `but`.
function deniedWords({ words, breaks, sentences }: Tokens, { phrases, within, stops }: Denied): ReadonlySet<number> {
  const denied = new Set<number>()
  for (let start = 0; start < words.length; start++)
    for (const { end } of matchesAt(phrases, words, start)) {
      for (let at = start; at < end; at++) denied.add(at)
      for (let at = end; at < Math.min(words.length, end + within); at++) {
        if (breaks.has(at) || sentences.has(at) || stops.has(words[at]!)) break
        denied.add(at)
      }
    }
  return denied
}

function saysNothing(words: readonly string[], lexicon: CompiledLexicon): boolean {
  const { phrases, fillers, telling } = lexicon.vague
  for (let at = 0; at < words.length; ) {
    if (matchesAt(telling, words, at).length > 0) return false
    const end = matchesAt(phrases, words, at).reduce((furthest, match) => Math.max(furthest, match.end), at)
    const word = words[at]!
    if (end === at && word.length > 1 && !/^\d+$/.test(word) && !fillers.has(word)) return false
    at = Math.max(end, at + 1)
  }
  return true
}
