import { Category, type FlagName } from '../../terms/agency.ts'
import { COURT_PROCESS } from '../../terms/legal-process.ts'
import type { AxisName } from './point.ts'
import type { Space } from './space.ts'

/** The values of each variable that occur in a region; variables of which every value occurs are left out. */
export type RegionValues = Readonly<Record<string, readonly string[]>>
/** For each level the classes of values that lead into a region. */
export type Support = readonly ReadonlySet<number>[]

/**
 * In which values a region lies, in words. `within` gives the support of the part of the region where one variable (a level) has one class
 * of values: parties are told category by category.
 */
export function valuesOf(space: Space, support: Support, within: (level: number, i: number) => Support): RegionValues {
  const named = space.axes.flatMap(({ name, classes }, level) => {
    if (/^(requester|recipient|process)/.test(name)) return []
    const { inside, outside } = split(space, level, support)
    if (outside.length === 0 || classes.length === 1) return []
    const words = describe(name, inside, outside)
    return words.length === 0 ? [] : [[name, words] as const]
  })
  const parties = (['recipient', 'requester'] as const).flatMap(which => {
    const words = describeParties(space, which, support, within)
    return words.length === 0 ? [] : [[which, words] as const]
  })
  const paper = describeProcess(space, support)
  return Object.fromEntries([...parties, ...(paper ? [['process', [paper]]] : []), ...named])
}

function split(
  space: Space,
  level: number,
  support: Support,
): { readonly inside: readonly unknown[]; readonly outside: readonly unknown[] } {
  const classes = space.axes[level]?.classes ?? []
  const of = (wanted: boolean) => classes.flatMap((members, i) => (support[level]?.has(i) === wanted ? members : []))
  return { inside: of(true), outside: of(false) }
}

/** One phrase for a region: who, why, on what paper, which records. */
export function phraseOf(values: RegionValues): string {
  const part = (name: string, words: (list: string) => string): string[] => (values[name] ? [words(values[name].join(', '))] : [])
  const kept = part('keeper', list => `kept by ${list}`)
  const records = part('records', list => `${list} records`)
  const facts = (['bulk', 'routed', 'retry', 'attested', 'self'] as const).flatMap(name =>
    part(name, list => (list === 'true' ? name : `not ${name}`)),
  )
  return [
    ...part('recipient', list => `to ${list}`),
    ...part('requester', list => `asked by ${list}`),
    ...part('purpose', list => `for ${list}`),
    ...part('process', list => `with ${list}`),
    ...part('class', list => `${list} fields`),
    ...(records.length + kept.length > 0 ? [`in ${[records[0] ?? 'records', ...kept].join(' ')}`] : []),
    ...part('kind', list => `used as ${list}`),
    ...part('moment', list => `from ${list}`),
    ...facts,
  ].join('; ')
}

function describe(name: AxisName, inside: readonly unknown[], outside: readonly unknown[]): readonly string[] {
  if (name === 'moment') return (inside as readonly number[]).map(time => new Date(time).toISOString().slice(0, 10))
  const words = inside.map(String)
  return outside.length > 3 || words.length <= 3 ? words : [`all but ${outside.map(String).join(' and ')}`]
}

/** Categories, each with what its parties have in common where not all of them are meant. */
function describeParties(
  space: Space,
  which: 'requester' | 'recipient',
  support: Support,
  within: (level: number, i: number) => Support,
): readonly string[] {
  const level = space.level[`${which}Category`]
  const phrases = (space.axes[level]?.classes ?? []).flatMap((members, i) => {
    if (!support[level]?.has(i)) return []
    const part = within(level, i)
    const qualifier = [flagsOf(space, which, part), placesOf(space, which, part), idsOf(space, which, part, members)]
      .filter(Boolean)
      .join(' ')
    return (members as readonly Category[]).map(category => ({ category, qualifier: category === 'unknown' ? '' : qualifier }))
  })
  const groups = [...Map.groupBy(phrases, ({ qualifier }) => qualifier)]
  if (groups.length === 1 && groups[0]?.[0] === '' && phrases.length >= Category.options.length - 1) {
    return phrases.length === Category.options.length ? [] : [shorten(phrases.map(({ category }) => category))]
  }
  return groups.map(([qualifier, all]) => `${shorten(all.map(({ category }) => category))} ${qualifier}`.trim())
}

/** Most categories are said by those that are missing. */
function shorten(categories: readonly string[]): string {
  const missing = Category.options.filter(category => !categories.includes(category))
  return missing.length > 4 || categories.length < 5 ? categories.join(', ') : `anybody but ${missing.join(' and ')}`
}

function flagsOf(space: Space, which: 'requester' | 'recipient', support: Support): string {
  const { inside, outside } = split(space, space.level[`${which}Flags`], support)
  if (outside.length === 0) return ''
  const [meant, others] = [inside as readonly (readonly FlagName[])[], outside as readonly (readonly FlagName[])[]]
  const everybody = meant[0]?.filter(flag => meant.every(flags => flags.includes(flag))) ?? []
  const nobody = [...new Set(others.flat())].filter(flag => meant.every(flags => !flags.includes(flag)))
  return [...everybody.map(flag => `with ${flag}`), ...nobody.map(flag => `without ${flag}`)].join(' ')
}

function placesOf(space: Space, which: 'requester' | 'recipient', support: Support): string {
  const { inside, outside } = split(space, space.level[`${which}Place`], support)
  // An unknown place stands with whatever protects; it is no place a reader would look for.
  const [places, elsewhere] = [inside, outside].map(values => values.map(String).filter(place => place !== 'unknown'))
  if (!places || !elsewhere || elsewhere.length === 0 || places.length === 0) return ''
  return places.length <= elsewhere.length ? `of ${places.join(' or ')}` : `not of ${elsewhere.join(' or ')}`
}

/** Only ids that parties of these categories have: others are missing because nobody is both. */
function idsOf(space: Space, which: 'requester' | 'recipient', support: Support, categories: readonly unknown[]): string {
  const { inside, outside } = split(space, space.level[`${which}Id`], support)
  const has = (id: unknown): boolean => {
    const agency = space.agencies.get(String(id))
    return !agency || categories.includes(agency.category)
  }
  const [meant, others] = [inside.filter(has), outside.filter(has)]
  if (others.length === 0) return ''
  return meant.includes('written') ? `other than ${others.join(' and ')}` : `namely ${meant.join(' and ')}`
}

/** Kinds, states and scope of process; nothing where every process and none leads there. */
function describeProcess(space: Space, support: Support): string {
  const kinds = split(space, space.level.processKind, support)
  const states = split(space, space.level.processState, support)
  const covers = split(space, space.level.processCovers, support)
  const sealed = split(space, space.level.processSealed, support)
  if (kinds.inside.every(kind => kind === 'none')) return 'no process'
  const papers = kinds.inside.filter(kind => kind !== 'none')
  const missing = kinds.outside.filter(kind => kind !== 'none')
  const court = COURT_PROCESS.every(kind => papers.includes(kind))
  const others = papers.filter(kind => !COURT_PROCESS.some(one => one === kind))
  const listed = court ? ['court process', ...others] : papers
  const which =
    missing.length === 0 ? 'any process' : papers.length > missing.length ? `any process but ${missing.join(' and ')}` : listed.join(' or ')
  const actual = states.inside.filter(state => state !== 'none')
  const when = states.outside.some(state => state !== 'none') ? ` (${actual.join(' or ')})` : ''
  const scope =
    covers.outside.length === 0 ? '' : covers.inside.includes('query') ? ' that covers the query' : ' that does not cover the query'
  const seal = sealed.outside.length === 0 ? '' : sealed.inside.includes(true) ? ', sealed' : ', not sealed'
  const phrase = `${which}${when}${scope}${seal}`
  if (!kinds.inside.includes('none')) return phrase
  return phrase === 'any process' ? '' : `${phrase}, or no process`
}
