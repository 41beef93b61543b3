import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { Lexicon, LexiconContext } from '../terms/lexicon.ts'
import { Purpose } from '../terms/purpose.ts'
import { checkContradictions } from './contradictions.ts'
import type { Directory } from './directory.ts'
import { compilePhrase, STEM_MINIMUM } from './phrase.ts'

/** Everything in the lexicon that its schema cannot see, each with its place. */
export function checkLexicon(file: FromFile<Lexicon>, directory: Directory): FileProblem[] {
  return [...checkEntries(file, directory), ...checkEveryday(file), ...checkStems(file), ...checkContradictions(file)]
}

function checkEntries(file: FromFile<Lexicon>, directory: Directory): FileProblem[] {
  const { entries, asides, everyday } = file.value
  return entries.flatMap((entry, i) => {
    const target = entry['points-at']
    const known = (purpose: string) => everyday.some(({ id }) => id === purpose) || isPurpose(purpose)
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
      ...entry['unless-purpose'].flatMap((purpose, j) =>
        known(purpose)
          ? []
          : [
              file.problem(
                ['entries', i, 'unless-purpose', j],
                `'${purpose}' is no purpose that can be declared, and no group below 'everyday'; write one of those`,
              ),
            ],
      ),
    ]
  })
}

/** Nobody speaks of enforcement in the everyday words of enforcement. */
const CONCLUDED: readonly string[] = ['immigration-enforcement', 'suspected', 'vague', 'unstated']
const isPurpose = (written: string): boolean => Purpose.safeParse(written).success && !CONCLUDED.includes(written)

function checkEveryday(file: FromFile<Lexicon>): FileProblem[] {
  return file.value.everyday.flatMap(({ id }, i, all) =>
    isPurpose(id) || all.findIndex(other => other.id === id) < i
      ? [file.problem(['everyday', i, 'id'], `the group '${id}' has the name of a purpose or of another group; give it its own`)]
      : [],
  )
}

// A stem of one or two letters would hit half the dictionary.
function checkStems(file: FromFile<Lexicon>): FileProblem[] {
  return phraseLists(file.value).flatMap(({ path, words }) =>
    words.flatMap((written, i) =>
      compilePhrase(written).some(word => word.kind === 'stem' && word.text.length < STEM_MINIMUM)
        ? [file.problem([...path, i], `the stem in '${written}' is too short; write at least ${STEM_MINIMUM} letters before *`)]
        : [],
    ),
  )
}

interface PhraseList {
  readonly path: readonly (string | number)[]
  readonly words: readonly string[]
}

function phraseLists({ entries, serves, vague, asides, denied, contradicts }: Lexicon): readonly PhraseList[] {
  const sides = (path: PhraseList['path'], context: LexiconContext | undefined): readonly PhraseList[] =>
    (['before', 'after', 'near'] as const).map(side => ({ path: [...path, side], words: context?.[side] ?? [] }))
  return [
    ...entries.flatMap((entry, i) => [
      { path: ['entries', i, 'words'], words: entry.words },
      ...sides(['entries', i, 'needs'], entry.needs),
      ...sides(['entries', i, 'unless'], entry.unless),
    ]),
    ...asides.flatMap((aside, i) => sides(['asides', i], aside)),
    ...(['before', 'after', 'fillers', 'except'] as const).map(side => ({ path: ['serves', side], words: serves[side] })),
    ...(['to', 'what', 'asks', 'unless'] as const).map(part => ({
      path: ['serves', 'receives', part],
      words: serves.receives?.[part] ?? [],
    })),
    { path: ['denied', 'phrases'], words: denied?.phrases ?? [] },
    { path: ['vague', 'phrases'], words: vague.phrases },
    { path: ['vague', 'telling'], words: vague.telling },
    ...contradicts.map((one, i) => ({ path: ['contradicts', i, 'case'], words: one.case ?? [] })),
  ]
}
