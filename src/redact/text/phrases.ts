import type { PhraseEntry } from '../../terms/catalogue.ts'
import { type Context, standsBeside } from './context.ts'
import type { Span } from './read-text.ts'
import { endsBefore, type Words, wordAt } from './words.ts'

/** A state of the automaton: the words that lead on, the word beginnings that do (by their first letters), and the entries that end here. */
interface State {
  readonly words: Map<string, State>
  readonly stems: Map<string, { readonly stem: string; readonly reached: State }[]>
  readonly ends: Entry[]
}

interface Entry {
  readonly needs: Context | null
  readonly unless: Context | null
}

/** Phrases, compiled. */
export interface PhraseBook {
  readonly start: State
}

const WITHIN = 3
/** A stem has at least as many letters (`terms/catalogue`). */
const INDEXED = 3

/** Compiles entries into one automaton over whole words; entries that begin alike share their states. */
export function compilePhrases(entries: readonly PhraseEntry[]): PhraseBook {
  const start = newState()
  for (const entry of entries) {
    const said = typeof entry === 'string' ? [entry] : entry.say
    const end = typeof entry === 'string' ? ANYWHERE : { needs: contextOf(entry.needs), unless: contextOf(entry.unless) }
    for (const phrase of said) enter(start, phrase).ends.push(end)
  }
  return { start }
}

/**
 * Every place where a phrase stands as whole words of one sentence, its context included. Linear: from each word on, at most as many words
 * are read as the longest phrase has, in at most as many states as the automaton has.
 */
export function findPhrases(book: PhraseBook, words: Words): Span[] {
  const found: Span[] = []
  for (let first = 0; first < words.starts.length; first++) {
    let states: readonly State[] = follow(book.start, wordAt(words, first))
    for (let at = first; states.length > 0; ) {
      if (states.some(state => state.ends.some(entry => applies(entry, words, first, at + 1))))
        found.push({ start: words.starts[first]!, end: words.ends[at]! })
      if (++at === words.starts.length || endsBefore(words, at, false)) break
      const word = wordAt(words, at)
      states = states.flatMap(state => follow(state, word))
    }
  }
  return found
}

function follow(state: State, word: string): State[] {
  const next: State[] = []
  const exact = state.words.get(word)
  if (exact !== undefined) next.push(exact)
  for (const { stem, reached } of state.stems.get(word.slice(0, INDEXED)) ?? []) if (word.startsWith(stem)) next.push(reached)
  return next
}

function applies({ needs, unless }: Entry, words: Words, first: number, end: number): boolean {
  if (needs !== null && !standsBeside(needs, words, first, end, false)) return false
  return unless === null || !standsBeside(unless, words, first, end, true)
}

function enter(start: State, phrase: string): State {
  let state = start
  for (const word of phrase.split(' ')) state = word.endsWith('*') ? stemFrom(state, word.slice(0, -1)) : wordFrom(state, word)
  return state
}

function wordFrom({ words }: State, word: string): State {
  const next = words.get(word) ?? newState()
  words.set(word, next)
  return next
}

function stemFrom({ stems }: State, stem: string): State {
  const alike = stems.get(stem.slice(0, INDEXED)) ?? []
  const known = alike.find(one => one.stem === stem)
  if (known !== undefined) return known.reached
  const reached = newState()
  stems.set(stem.slice(0, INDEXED), [...alike, { stem, reached }])
  return reached
}

type StatedContext = Extract<PhraseEntry, object>['needs']

function contextOf(stated: StatedContext): Context | null {
  if (stated === undefined) return null
  const { near = [], before = [], after = [], within = WITHIN } = stated
  return { before: [...near, ...before], after: [...near, ...after], within }
}

const ANYWHERE: Entry = { needs: null, unless: null }

function newState(): State {
  return { words: new Map(), stems: new Map(), ends: [] }
}
