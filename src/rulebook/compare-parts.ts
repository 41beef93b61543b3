import { isDeepStrictEqual } from 'node:util'
import { type Agency, FlagName } from '../terms/agency.ts'
import type { PhraseEntry, Vocabulary } from '../terms/catalogue.ts'
import type { RulebookContent } from '../terms/rulebook-content.ts'
import { compareCatalogues } from './compare-catalogues.ts'
import { flagsThatOpen } from './flags-that-open.ts'

/**
 * What became weaker beside laws and grants, in sentences. Whatever is not provably only stricter counts as weaker: a name that left the
 * vocabulary or a purpose that was added opens as much as a law that was repealed.
 */
export function compareParts(before: RulebookContent, after: RulebookContent): readonly string[] {
  return [
    ...(before.jurisdiction === after.jurisdiction ? [] : ['the owner changed']),
    ...compareSources(before, after),
    ...compareAgencies(before, after),
    ...compareVocabulary(before.vocabulary, after.vocabulary),
    // A word more can hide the word beside it (known words are read as they are written), so no change of it is provably stricter.
    ...(isDeepStrictEqual(before.lexicon, after.lexicon) ? [] : ['the lexicon of purposes changed']),
    ...(keepsAll(before.invariants, after.invariants) ? [] : ['an invariant was removed or changed']),
  ]
}

function compareSources(before: RulebookContent, after: RulebookContent): string[] {
  return after.sources.flatMap(source => {
    const was = before.sources.find(({ name }) => name === source.name)
    if (!was) return [`source ${source.name}: it was not there before`]
    return [
      ...(was.keeper === source.keeper ? [] : [`source ${source.name}: its keeper was ${was.keeper} and is ${source.keeper}`]),
      ...(was.records === source.records ? [] : [`source ${source.name}: its record class was ${was.records} and is ${source.records}`]),
      ...compareCatalogues(was.catalogue, source.catalogue).map(sentence => `catalogue ${source.name}: ${sentence}`),
    ]
  })
}

function compareAgencies({ agencies: { agencies: before } }: RulebookContent, content: RulebookContent): string[] {
  const after = content.agencies.agencies
  const opening = flagsThatOpen(content)
  const removed = before.filter(({ id }) => !after.some(agency => agency.id === id))
  return [
    // Its domain, ORI or name may now lead to another agency, or to nobody where it led to an authority.
    ...removed.map(({ id }) => `directory: ${id} was removed`),
    ...after.flatMap(agency => {
      const was = before.find(({ id }) => id === agency.id)
      if (!was) return [`directory: ${agency.id} was added`]
      return isStricterAgency(was, agency, opening) ? [] : [`directory: ${agency.id} changed`]
    }),
  ]
}

/** Only purposes were taken away (they become `vague`, which no grant serves), or a flag was added that opens nothing. */
function isStricterAgency(before: Agency, after: Agency, opening: ReadonlySet<FlagName>): boolean {
  const { purposes, flags, ...others } = before
  const { purposes: purposesNow, flags: flagsNow, ...othersNow } = after
  return (
    isDeepStrictEqual(others, othersNow) &&
    purposesNow.every(purpose => purposes.includes(purpose)) &&
    FlagName.options.every(name => {
      const mayCome = flags[name] === undefined && name !== 'certified' && !opening.has(name)
      return mayCome || isDeepStrictEqual(flags[name], flagsNow[name])
    })
  )
}

function compareVocabulary(before: Vocabulary, after: Vocabulary): string[] {
  const names = Object.entries(before.names).flatMap(([dataClass, list]) => {
    const now = after.names[dataClass as keyof Vocabulary['names']] ?? []
    return (list ?? []).filter(name => !now.includes(name)).map(name => `vocabulary: ${dataClass} no longer knows the name ${name}`)
  })
  const lost = Object.entries(before.phrases).some(([dataClass, list]: [string, PhraseEntry[] | undefined]) => {
    const now: readonly PhraseEntry[] = after.phrases[dataClass as keyof Vocabulary['phrases']] ?? []
    return (list ?? []).some(phrase => !now.some(other => isDeepStrictEqual(other, phrase)))
  })
  return [...names, ...(lost ? ['vocabulary: a phrase was removed or changed'] : [])]
}

/** Everything of one value is in the other, lists as sets: invariants may be added, and none may go. */
function keepsAll(before: unknown, after: unknown): boolean {
  if (before === null || before === undefined) return true
  if (Array.isArray(before)) return Array.isArray(after) && before.every(item => after.some(other => isDeepStrictEqual(item, other)))
  if (!isObject(before) || !isObject(after)) return isDeepStrictEqual(before, after)
  return Object.keys({ ...before, ...after }).every(name => keepsAllOf(before[name], after[name]))
}

/** Inside the file only lists may grow: another word beside an invariant may change what it says. */
const keepsAllOf = (before: unknown, after: unknown): boolean =>
  Array.isArray(before) ? keepsAll(before, after) : isDeepStrictEqual(before, after)

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
