import type { LexiconContext } from '../terms/lexicon.ts'
import type { Purpose } from '../terms/purpose.ts'
import { endsAt, indexBare, matchesAt, type PhraseIndex } from './phrase.ts'

/** Words near a hit, ready to look for. */
export interface Context {
  readonly before: PhraseIndex<null>
  readonly after: PhraseIndex<null>
  readonly within: number
  /** Only in the reasons of these; null for all. */
  readonly purposes: ReadonlySet<Purpose> | null
}

export const compileContext = (written: LexiconContext & { readonly purposes?: readonly Purpose[] | undefined }): Context => ({
  before: indexBare([...written.before, ...written.near]),
  after: indexBare([...written.after, ...written.near]),
  within: written.within,
  purposes: written.purposes === undefined ? null : new Set(written.purposes),
})

/**
 * Does a phrase of the context stand wholly within reach of the words from `start` up to `end`? One that is longer than the reach may
 * stand right beside them.
 */
export function inContext({ before, after, within }: Context, tokens: readonly string[], start: number, end: number): boolean {
  return (
    standsIn(before, tokens, Math.max(0, start - within), start) ||
    endsAt(before, tokens, start) ||
    standsIn(after, tokens, end, Math.min(tokens.length, end + within)) ||
    matchesAt(after, tokens, end).length > 0
  )
}

function standsIn(index: PhraseIndex<null>, tokens: readonly string[], from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (matchesAt(index, tokens, at).some(match => match.end <= to)) return true
  return false
}
