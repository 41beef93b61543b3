import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { Lexicon } from '../terms/lexicon.ts'
import { checkLexicon } from './check-lexicon.ts'
import { type Context, compileContext } from './context.ts'
import { compileContradictions, type FindContradiction } from './contradictions.ts'
import type { Directory } from './directory.ts'
import { compileMisspelt } from './misspelling.ts'
import { compilePhrase, indexBare, indexPhrases, type Phrase, type PhraseIndex, STEM_MINIMUM } from './phrase.ts'
import { compileTogether, type Together } from './together.ts'
import type { KnownWords } from './tokenize.ts'

/** One entry, ready to match. */
export interface CompiledEntry {
  readonly id: string
  /** Directory id of the body it names, if it names one. */
  readonly recipient: string | null
  /** A mere mention makes the purpose suspected. */
  readonly suspicious: boolean
  /** A text of nothing but this names the body. */
  readonly alone: boolean
  /** Kinds of words that stand together: it covers words which are not its own. */
  readonly combined: boolean
  /** A mere hit says that records are asked for. */
  readonly asks: boolean
  readonly needs: Context | null
  readonly unless: Context | null
  /** Purposes that speak these words every day. */
  readonly unlessPurpose: ReadonlySet<string>
  /** Here it is spoken of, and counts only for a body that is served. */
  readonly asides: readonly Context[]
}

/** Phrases in and after which nothing counts. */
export interface Denied {
  readonly phrases: PhraseIndex<null>
  readonly within: number
  readonly stops: ReadonlySet<string>
}

/** What makes a named body the one that is served. */
export interface Serves {
  readonly before: PhraseIndex<null>
  readonly after: PhraseIndex<null>
  readonly fillers: PhraseIndex<null>
  readonly except: PhraseIndex<null>
  /** Looked for around a body; `unless` right after its first word. */
  readonly receives: {
    readonly to: PhraseIndex<null>
    readonly what: PhraseIndex<null>
    readonly asks: Context
    readonly hands: PhraseIndex<null>
    readonly unless: Context
  } | null
}

/** The lexicon of policies/purposes.yaml, ready to read a text. */
export interface CompiledLexicon {
  readonly entries: PhraseIndex<CompiledEntry>
  readonly together: Together | null
  readonly denied: Denied | null
  readonly serves: Serves
  readonly vague: { readonly phrases: PhraseIndex<null>; readonly fillers: ReadonlySet<string>; readonly telling: PhraseIndex<null> }
  readonly known: KnownWords
  readonly findContradiction: FindContradiction
}

/** Compiles the lexicon against the directory its recipients stand in. Every problem at once. */
export function compileLexicon(
  file: FromFile<Lexicon>,
  directory: Directory,
): { readonly lexicon: CompiledLexicon } | { readonly problems: readonly FileProblem[] } {
  const problems = checkLexicon(file, directory)
  if (problems.length > 0) return { problems }
  const { serves, vague, denied, contradicts, together } = file.value
  const shared = compileShared(file.value)
  const entries = compileEntries(file.value, directory, shared)
  const known = knownWords(
    entries.map(({ phrase }) => phrase),
    file.value,
  )
  return {
    lexicon: {
      entries: indexPhrases(entries),
      together: together === undefined ? null : compileTogether(together, shared.asidesOf, shared.purposesOf),
      denied: denied === undefined ? null : { ...denied, phrases: indexBare(denied.phrases), stops: new Set(denied.stops) },
      serves: {
        before: indexBare(serves.before),
        after: indexBare(serves.after),
        fillers: indexBare(serves.fillers),
        except: indexBare(serves.except),
        receives: serves.receives === undefined ? null : compileReceives(serves.receives),
      },
      vague: { phrases: indexBare(vague.phrases), fillers: new Set(vague.fillers), telling: indexBare(vague.telling) },
      known,
      findContradiction: compileContradictions(contradicts, known),
    },
  }
}

function compileShared({ asides, everyday }: Lexicon) {
  const contexts = new Map(asides.map(aside => [aside.id, compileContext(aside)]))
  const groups = new Map<string, readonly string[]>(everyday.map(({ id, purposes }) => [id, purposes]))
  return {
    asidesOf: (ids: readonly string[]): readonly Context[] => ids.flatMap(id => contexts.get(id) ?? []),
    purposesOf: (written: readonly string[]): ReadonlySet<string> => new Set(written.flatMap(one => groups.get(one) ?? [one])),
  }
}

function compileEntries({ entries }: Lexicon, directory: Directory, { asidesOf, purposesOf }: ReturnType<typeof compileShared>) {
  return entries.flatMap(entry => {
    const target = entry['points-at']
    const recipient = target === 'enforcement' ? null : target.recipient
    const agency = recipient === null ? null : directory.byId(recipient)
    const of: CompiledEntry = {
      id: entry.id,
      recipient,
      // Delegated federal power makes a local body an immigration authority by function (case 118, Gov. Code 7284.4(c)).
      suspicious: agency === null || agency.category === 'immigration-authority' || agency.flags['287g'] !== undefined,
      alone: entry.alone,
      combined: false,
      asks: false,
      needs: entry.needs === undefined ? null : compileContext(entry.needs),
      unless: entry.unless === undefined ? null : compileContext(entry.unless),
      asides: asidesOf(entry.asides),
      unlessPurpose: purposesOf(entry['unless-purpose']),
    }
    return entry.words.map(words => ({ phrase: compilePhrase(words), of }))
  })
}

function compileReceives({ to, what, asks, hands, unless }: NonNullable<Lexicon['serves']['receives']>): NonNullable<Serves['receives']> {
  const after = (phrases: readonly string[], within: number) => compileContext({ before: [], after: [...phrases], near: [], within })
  return { to: indexBare(to), what: indexBare(what), asks: after(asks, 10), hands: indexBare(hands), unless: after(unless, 2) }
}

function knownWords(phrases: readonly Phrase[], lexicon: Lexicon): KnownWords {
  const words = phrases.flat()
  const whole = new Set(words.filter(({ text, kind }) => kind === 'word' && text.length > 2).map(({ text }) => text))
  const stems = Map.groupBy(new Set(words.filter(({ kind }) => kind === 'stem').map(({ text }) => text)), stem =>
    stem.slice(0, STEM_MINIMUM),
  )
  return {
    has: word => whole.has(word) || (stems.get(word.slice(0, STEM_MINIMUM))?.some(stem => word.startsWith(stem)) ?? false),
    asWritten: new Set(lexicon['as-written']),
    meant: compileMisspelt(lexicon.misspelt),
  }
}
