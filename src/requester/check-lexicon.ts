import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { Lexicon, LexiconContext } from '../terms/lexicon.ts'
import { Purpose } from '../terms/purpose.ts'
import { checkContradictions } from './contradictions.ts'
import type { Directory } from './directory.ts'
import { compilePhrase, STEM_MINIMUM } from './phrase.ts'

/** Everything in the lexicon that its schema cannot see, each with its place. */
export function checkLexicon(file: FromFile<Lexicon>, directory: Directory): FileProblem[] {
  return [
    ...checkEntries(file, directory),
    ...checkTogether(file),
    ...checkEveryday(file),
    ...checkStems(file),
    ...checkContradictions(file),
  ]
}

function checkEntries(file: FromFile<Lexicon>, directory: Directory): FileProblem[] {
  const { entries } = file.value
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
      ...checkAsides(file, ['entries', i, 'asides'], entry.asides),
      ...checkPurposes(file, ['entries', i, 'unless-purpose'], entry['unless-purpose']),
    ]
  })
}

type Path = readonly (string | number)[]

function checkAsides(file: FromFile<Lexicon>, path: Path, asides: readonly string[]): FileProblem[] {
  return asides.flatMap((aside, j) =>
    file.value.asides.some(({ id }) => id === aside)
      ? []
      : [file.problem([...path, j], `there is no aside '${aside}'; write one of those below 'asides', or add it`)],
  )
}

function checkPurposes(file: FromFile<Lexicon>, path: Path, purposes: readonly string[]): FileProblem[] {
  return purposes.flatMap((purpose, j) =>
    file.value.everyday.some(({ id }) => id === purpose) || isPurpose(purpose)
      ? []
      : [file.problem([...path, j], `'${purpose}' is no purpose that can be declared, and no group below 'everyday'; write one of those`)],
  )
}

function checkTogether(file: FromFile<Lexicon>): FileProblem[] {
  const { together, entries } = file.value
  if (together === undefined) return []
  const { kinds, combinations, asides } = together
  const taken = new Map<string, string>()
  const twice = kinds.flatMap((kind, i) =>
    (['words', 'entries'] as const).flatMap(list =>
      kind[list].flatMap((written, j) => {
        const key = `${list}: ${written}`
        const other = taken.get(key)
        taken.set(key, kind.id)
        const path = ['together', 'kinds', i, list, j]
        if (other !== undefined) return [file.problem(path, `'${written}' already belongs to '${other}'; keep one`)]
        return list === 'words' || entries.some(({ id }) => id === written)
          ? []
          : [file.problem(path, `there is no entry '${written}'; write the id of one`)]
      }),
    ),
  )
  const wrong = combinations.flatMap(({ id, of, 'unless-purpose': everyday }, i) => [
    ...([...entries, ...combinations.slice(0, i)].some(other => other.id === id)
      ? [file.problem(['together', 'combinations', i, 'id'], `'${id}' is the id of an entry or of another combination; give it its own`)]
      : []),
    ...of.flatMap((kind, j) =>
      kinds.some(one => one.id === kind)
        ? []
        : [file.problem(['together', 'combinations', i, 'of', j], `there is no kind '${kind}'; write one of those below 'kinds'`)],
    ),
    ...checkPurposes(file, ['together', 'combinations', i, 'unless-purpose'], everyday),
  ])
  return [...twice, ...wrong, ...checkAsides(file, ['together', 'asides'], asides)]
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

function phraseLists({ entries, serves, vague, asides, denied, contradicts, together }: Lexicon): readonly PhraseList[] {
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
    ...(['to', 'what', 'asks', 'hands', 'unless'] as const).map(part => ({
      path: ['serves', 'receives', part],
      words: serves.receives?.[part] ?? [],
    })),
    ...(together?.kinds ?? []).map(({ words }, i) => ({ path: ['together', 'kinds', i, 'words'], words })),
    { path: ['denied', 'phrases'], words: denied?.phrases ?? [] },
    { path: ['vague', 'phrases'], words: vague.phrases },
    { path: ['vague', 'telling'], words: vague.telling },
    ...contradicts.flatMap((one, i) => [
      { path: ['contradicts', i, 'case'], words: one.case ?? [] },
      { path: ['contradicts', i, 'unless'], words: one.unless },
    ]),
  ]
}
