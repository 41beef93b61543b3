import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { Lexicon, LexiconEntry } from '../terms/lexicon.ts'
import type { Purpose } from '../terms/purpose.ts'
import type { Directory } from './directory.ts'
import { type Context, compilePhrase, indexPhrases, type Phrase, type PhraseIndex, phrasesAt, STEM_MINIMUM } from './phrase.ts'
import type { KnownWords } from './tokenize.ts'

/** One entry, ready to match. */
export interface CompiledEntry {
  readonly id: string
  /** Directory id of the body it names, if it names one. */
  readonly recipient: string | null
  /** A mere mention makes the purpose suspected. */
  readonly suspicious: boolean
  readonly needs: Context | null
  readonly unless: Context | null
  readonly unlessPurpose: ReadonlySet<Purpose>
  /** Here it is spoken of, and counts only for a body that is served. */
  readonly asides: readonly Context[]
}

/** The lexicon of policies/purposes.yaml, ready to read a text. */
export interface CompiledLexicon {
  readonly entries: PhraseIndex<CompiledEntry>
  readonly serves: {
    readonly before: readonly Phrase[]
    readonly after: readonly Phrase[]
    readonly fillers: PhraseIndex<null>
    readonly except: readonly Phrase[]
  }
  readonly vague: { readonly phrases: PhraseIndex<null>; readonly fillers: ReadonlySet<string>; readonly telling: PhraseIndex<null> }
  readonly known: KnownWords
}

/** Compiles the lexicon against the directory its recipients stand in. Every problem at once. */
export function compileLexicon(
  file: FromFile<Lexicon>,
  directory: Directory,
): { readonly lexicon: CompiledLexicon } | { readonly problems: readonly FileProblem[] } {
  const problems = [...checkEntries(file, directory), ...checkStems(file)]
  if (problems.length > 0) return { problems }
  const { entries, serves, vague, asides } = file.value
  const contexts = new Map(asides.map(aside => [aside.id, compileContext(aside)]))
  const compiled = entries.flatMap(entry => {
    const of = compileEntry(entry, directory, contexts)
    return entry.words.map(words => ({ phrase: compilePhrase(words), of }))
  })
  return {
    lexicon: {
      entries: indexPhrases(compiled),
      serves: {
        before: serves.before.map(compilePhrase),
        after: serves.after.map(compilePhrase),
        fillers: indexBare(serves.fillers),
        except: serves.except.map(compilePhrase),
      },
      vague: { phrases: indexBare(vague.phrases), fillers: new Set(vague.fillers), telling: indexBare(vague.telling) },
      known: knownWords(
        compiled.map(item => item.phrase),
        file.value['as-written'],
      ),
    },
  }
}

function checkEntries(file: FromFile<Lexicon>, directory: Directory): FileProblem[] {
  const { entries, asides } = file.value
  return entries.flatMap((entry, i) => {
    const target = entry['points-at']
    return [
      ...(entries.findIndex(other => other.id === entry.id) < i
        ? [file.problem(['entries', i, 'id'], `the entry '${entry.id}' is written twice; give each its own id`)]
        : []),
      ...(target !== 'enforcement' && directory.byId(target.recipient) === null
        ? [
            file.problem(
              ['entries', i, 'points-at', 'recipient'],
              `no agency '${target.recipient}' in the directory; add it there, or write 'enforcement'`,
            ),
          ]
        : []),
      ...entry.asides.flatMap((aside, j) =>
        asides.some(({ id }) => id === aside)
          ? []
          : [file.problem(['entries', i, 'asides', j], `there is no aside '${aside}'; write one of those below 'asides', or add it`)],
      ),
    ]
  })
}

// A stem of one or two letters would hit half the dictionary.
function checkStems(file: FromFile<Lexicon>): FileProblem[] {
  const { entries, serves, vague, asides } = file.value
  const contexts = (['needs', 'unless'] as const).flatMap(kind =>
    (['before', 'after', 'near'] as const).flatMap(side =>
      entries.map((entry, i) => ({ path: ['entries', i, kind, side], words: entry[kind]?.[side] ?? [] })),
    ),
  )
  const lists = [
    ...entries.map((entry, i) => ({ path: ['entries', i, 'words'], words: entry.words })),
    ...contexts,
    ...asides.flatMap((aside, i) =>
      (['before', 'after', 'near'] as const).map(side => ({ path: ['asides', i, side], words: aside[side] })),
    ),
    ...(['before', 'after', 'fillers', 'except'] as const).map(side => ({ path: ['serves', side], words: serves[side] })),
    { path: ['vague', 'phrases'], words: vague.phrases },
    { path: ['vague', 'telling'], words: vague.telling },
  ]
  return lists.flatMap(({ path, words }) =>
    words.flatMap((written, i) =>
      compilePhrase(written).some(word => word.stem && word.text.length < STEM_MINIMUM)
        ? [file.problem([...path, i], `the stem in '${written}' is too short; write at least ${STEM_MINIMUM} letters before *`)]
        : [],
    ),
  )
}

function compileEntry(entry: LexiconEntry, directory: Directory, asides: ReadonlyMap<string, Context>): CompiledEntry {
  const target = entry['points-at']
  const recipient = target === 'enforcement' ? null : target.recipient
  const agency = recipient === null ? null : directory.byId(recipient)
  return {
    id: entry.id,
    recipient,
    // Delegated federal power makes a local body an immigration authority by function (case 118, Gov. Code 7284.4(c)).
    suspicious: agency === null || agency.category === 'immigration-authority' || agency.flags['287g'] !== undefined,
    needs: entry.needs === undefined ? null : compileContext(entry.needs),
    unless: entry.unless === undefined ? null : compileContext(entry.unless),
    asides: entry.asides.flatMap(id => asides.get(id) ?? []),
    unlessPurpose: new Set<Purpose>(entry['unless-purpose']),
  }
}

const compileContext = (written: NonNullable<LexiconEntry['needs']>): Context => ({
  before: [...written.before, ...written.near].map(compilePhrase),
  after: [...written.after, ...written.near].map(compilePhrase),
  within: written.within,
})

const indexBare = (phrases: readonly string[]): PhraseIndex<null> =>
  indexPhrases(phrases.map(written => ({ phrase: compilePhrase(written), of: null })))

function knownWords(phrases: readonly Phrase[], asWritten: readonly string[]): KnownWords {
  const words = indexPhrases(
    phrases.flatMap(phrase => phrase.filter(word => word.stem || word.text.length > 2).map(word => ({ phrase: [word], of: null }))),
  )
  return { has: word => phrasesAt(words, [word], 0).next().done !== true, asWritten: new Set(asWritten) }
}
