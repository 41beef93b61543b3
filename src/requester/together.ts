import type { Lexicon } from '../terms/lexicon.ts'
import type { CompiledEntry } from './compile-lexicon.ts'
import { type Context, inContext } from './context.ts'
import { compilePhrase, indexPhrases, type Match, matchesAt, type PhraseIndex } from './phrase.ts'
import type { Hit } from './served.ts'

/** Kinds of words that say little alone, and which of them say much together. */
export interface Together {
  readonly words: PhraseIndex<string>
  /** Kinds by the ids of entries whose hits are of that kind. */
  readonly entries: ReadonlyMap<string, string>
  readonly asides: readonly Context[]
  readonly combinations: readonly { readonly entry: CompiledEntry; readonly of: readonly string[]; readonly within: number }[]
}

/** Compiles them. `asidesOf` and `purposesOf` look up what is shared with the entries. */
export function compileTogether(
  { kinds, combinations, asides }: NonNullable<Lexicon['together']>,
  asidesOf: (ids: readonly string[]) => readonly Context[],
  purposesOf: (written: readonly string[]) => ReadonlySet<string>,
): Together {
  return {
    words: indexPhrases(kinds.flatMap(({ id, words }) => words.map(written => ({ phrase: compilePhrase(written), of: id })))),
    entries: new Map(kinds.flatMap(({ id, entries }) => entries.map(entry => [entry, id] as const))),
    asides: asidesOf(asides),
    combinations: combinations.map(({ id, of, within, 'unless-purpose': everyday, 'in-care': asks }) => ({
      entry: {
        id,
        recipient: null,
        suspicious: true,
        alone: false,
        combined: true,
        asks,
        needs: null,
        unless: null,
        unlessPurpose: purposesOf(everyday),
        asides: [],
      },
      of,
      within,
    })),
  }
}

/**
 * The combinations a text holds: one word of each kind, all within reach of each other. `hits` are those of the entries. Time is linear in
 * the words: of each kind only the last one seen is kept.
 */
export function findTogether(
  { words: index, entries, asides, combinations }: Together,
  hits: readonly Hit[],
  words: readonly string[],
  denied: ReadonlySet<number>,
): readonly Hit[] {
  const byStart = Map.groupBy(hits, hit => hit.start)
  const isAside = (contexts: readonly Context[], start: number, end: number) => contexts.some(one => inContext(one, words, start, end))
  const found: Hit[] = []
  const last = new Map<string, number>()
  for (let at = 0; at < words.length; ) {
    const ofEntries = (byStart.get(at) ?? []).flatMap(({ entry, end }) => {
      const of = entries.get(entry.id)
      return of === undefined || isAside(entry.asides, at, end) ? [] : [{ of, end }]
    })
    const longest = longestOf([...ofEntries, ...matchesAt(index, words, at)])
    if (longest !== null && !denied.has(at) && !isAside(asides, at, longest.end)) {
      last.set(longest.of, at)
      for (const { entry, of, within } of combinations) {
        const start = of.includes(longest.of) ? Math.min(...of.map(kind => last.get(kind) ?? NEVER)) : NEVER
        if (longest.end - start <= within) found.push({ entry, start, end: longest.end })
      }
    }
    at = longest?.end ?? at + 1
  }
  return found
}

const NEVER = Number.NEGATIVE_INFINITY

const longestOf = (matches: readonly Match<string>[]): Match<string> | null =>
  matches.reduce<Match<string> | null>((best, match) => (best === null || match.end > best.end ? match : best), null)
