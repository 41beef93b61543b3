import { Category } from '../../terms/agency.ts'
import type { LegalProcess } from '../../terms/legal-process.ts'
import type { Party } from '../../terms/parties.ts'
import type { AxisName, Space } from './space.ts'

/** The values of each variable that occur in a region; variables of which every value occurs are left out. */
export type RegionValues = Readonly<Record<string, readonly string[]>>

/** In which values a region lies, in words. `support` says for each variable which classes of values lead there. */
export function valuesOf(space: Space, support: readonly ReadonlySet<number>[]): RegionValues {
  const named = space.axes.flatMap(({ name, classes }, level) => {
    const inside = classes.flatMap((members, i) => (support[level]?.has(i) ? members : []))
    const outside = classes.flatMap((members, i) => (support[level]?.has(i) ? [] : members))
    if (outside.length === 0 || classes.length === 1) return []
    const words = describe(name, inside, outside)
    return words.length === 0 ? [] : [[name, words] as const]
  })
  return Object.fromEntries(named)
}

/** One phrase for a region: who, why, on what paper, which records. */
export function phraseOf(values: RegionValues): string {
  const part = (name: AxisName, words: (list: string) => string): string[] => (values[name] ? [words(values[name].join(', '))] : [])
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
  if (name === 'requester' || name === 'recipient') return parties(inside as readonly Party[], outside as readonly Party[])
  if (name === 'process') return processes(inside as readonly (LegalProcess | null)[], outside as readonly (LegalProcess | null)[])
  if (name === 'moment') return (inside as readonly number[]).map(time => new Date(time).toISOString().slice(0, 10))
  const words = inside.map(String)
  return outside.length > 3 || words.length <= 3 ? words : [`all but ${outside.map(String).join(' and ')}`]
}

/** Categories, each with what its parties have in common where not all of them are meant. */
function parties(inside: readonly Party[], outside: readonly Party[]): readonly string[] {
  const phrases = Category.options.flatMap(category => {
    const meant = inside.filter(party => party.category === category)
    const others = outside.filter(party => party.category === category)
    if (meant.length === 0) return []
    if (others.length === 0) return [{ category, qualifier: '' }]
    const known = meant.filter(party => party.id !== 'written')
    if (known.length === meant.length) return known.map(({ id }) => ({ category: id, qualifier: '' }))
    return [{ category, qualifier: [flagsOf(meant, others), placesOf(meant, others)].filter(Boolean).join(' ') }]
  })
  return [...Map.groupBy(phrases, ({ qualifier }) => qualifier)].map(([qualifier, all]) =>
    `${shorten(all.map(({ category }) => category))} ${qualifier}`.trim(),
  )
}

/** Most categories are said by those that are missing. */
function shorten(categories: readonly string[]): string {
  const missing = Category.options.filter(category => !categories.includes(category))
  return missing.length > 4 || categories.length < 5 ? categories.join(', ') : `anybody but ${missing.join(' and ')}`
}

function flagsOf(meant: readonly Party[], others: readonly Party[]): string {
  const everybody = meant[0]?.flags.filter(flag => meant.every(party => party.flags.includes(flag))) ?? []
  const nobody = [...new Set(others.flatMap(({ flags }) => flags))].filter(flag => meant.every(party => !party.flags.includes(flag)))
  return [...everybody.map(flag => `with ${flag}`), ...nobody.map(flag => `without ${flag}`)].join(' ')
}

function placesOf(meant: readonly Party[], others: readonly Party[]): string {
  const places = [...new Set(meant.map(({ jurisdiction }) => jurisdiction))]
  const elsewhere = [...new Set(others.map(({ jurisdiction }) => jurisdiction))].filter(place => !places.includes(place))
  if (elsewhere.length === 0) return ''
  return places.length <= elsewhere.length ? `of ${places.join(' or ')}` : `not of ${elsewhere.join(' or ')}`
}

function processes(inside: readonly (LegalProcess | null)[], outside: readonly (LegalProcess | null)[]): readonly string[] {
  const papers = inside.filter(paper => paper !== null)
  if (papers.length === 0) return ['no process']
  const others = outside.filter(paper => paper !== null)
  const of = <T>(list: readonly LegalProcess[], pick: (paper: LegalProcess) => T): readonly T[] => [...new Set(list.map(pick))]
  const kinds = of(papers, paper => paper.kind)
  const states = of(papers, paper => paper.state)
  const missingKinds = of(others, paper => paper.kind).filter(kind => !kinds.includes(kind))
  const which =
    missingKinds.length === 0
      ? 'any process'
      : kinds.length > missingKinds.length
        ? `any process but ${missingKinds.join(' and ')}`
        : kinds.join(' or ')
  const when = of(others, paper => paper.state).some(state => !states.includes(state)) ? ` (${states.join(' or ')})` : ''
  const covering = papers.every(paper => paper.covers === 'query') ? ' that covers the query' : ''
  const phrase = `${which}${when}${covering}`
  if (papers.length === inside.length) return [phrase]
  return phrase === 'any process' ? [] : [phrase, 'no process']
}
