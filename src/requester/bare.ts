import type { CompiledLexicon } from './compile-lexicon.ts'
import { inContext } from './context.ts'
import { matchesAt } from './phrase.ts'
import type { Hit } from './served.ts'

/**
 * Is the text nothing but suspicious hits, and words that say nothing or lead to a body: `ICE ERO`, `requested by ICE`? `bodies`: only hits
 * that name an immigration authority, and hold nobody (`ICE custody`), count.
 */
export function isBare(hits: readonly Hit[], words: readonly string[], lexicon: CompiledLexicon, kind: 'bodies' | 'all'): boolean {
  const { serves, vague } = lexicon
  const holds = ({ start }: Hit) => serves.receives !== null && inContext(serves.receives.unless, words, start, start + 1)
  const covered = new Set<number>()
  for (const hit of hits) {
    const { entry, start, end } = hit
    if (!entry.suspicious || entry.combined || !entry.alone) continue
    if (kind === 'bodies' && (entry.recipient === null || holds(hit))) continue
    for (let at = start; at < end; at++) covered.add(at)
  }
  if (covered.size === 0) return false
  const leads = [serves.before, serves.after, serves.fillers, vague.phrases]
  for (let at = 0; at < words.length; ) {
    const end = Math.max(at, ...leads.flatMap(index => matchesAt(index, words, at).map(match => match.end)))
    const word = words[at]!
    if (end === at && !covered.has(at) && !vague.fillers.has(word) && word.length > 1 && !/^\d+$/.test(word)) return false
    at = covered.has(at) ? at + 1 : Math.max(end, at + 1)
  }
  return true
}
