import { Category, FlagName } from '../../terms/agency.ts'
import { DataClass, UseKind } from '../../terms/data-class.ts'
import type { Condition } from '../../terms/law.ts'
import { ProcessKind, ProcessState } from '../../terms/legal-process.ts'
import type { Party } from '../../terms/parties.ts'
import { Purpose } from '../../terms/purpose.ts'
import { Keeper, RecordClass } from '../../terms/source.ts'
import { compels, reads } from '../grant.ts'
import { compileCondition, purposeTowards } from '../match.ts'
import { axesOf, leavesOf } from './leaves.ts'
import { ABSENT, type AxisName, ORDINARY, type Point, partyAt, processAt, situationOf } from './point.ts'

/** The values of one variable, in classes that no condition tells apart. */
export interface Axis {
  readonly name: AxisName
  readonly classes: readonly (readonly Point[AxisName][])[]
}

export interface Space {
  readonly axes: readonly Axis[]
  readonly level: Readonly<Record<AxisName, number>>
  /** The directory's agencies, by id, with the first members of the classes their attributes are in. */
  readonly agencies: ReadonlyMap<string, Party>
  /** The point that the first members of the given classes make; what goes without saying where none is given. */
  readonly pointAt: (classes: Partial<Record<AxisName, number>>) => Point
}

export interface SpaceParts {
  readonly conditions: readonly Condition[]
  readonly classSets: readonly ReadonlySet<DataClass>[]
  readonly kindSets: readonly ReadonlySet<UseKind>[]
  /** Moments to decide at, milliseconds since 1970. */
  readonly moments: readonly number[]
  /** The agencies of the directory: their places are told apart, and an id that a rule names is the agency it names. */
  readonly known?: readonly Party[]
  readonly grantedIsFree: boolean
  /** Which values there are at all; every one where it is left out. */
  readonly only?: ((name: AxisName, value: Point[AxisName]) => boolean) | undefined
}

/** From the top of the diagrams down. What the requester and the recipient have in common stands together: the diagonal needs it. */
const ORDER: readonly AxisName[] = [
  'purpose',
  'keeper',
  'records',
  'processKind',
  'processState',
  'processCovers',
  'processSealed',
  'processCourt',
  'processSigner',

  'requesterCategory',
  'recipientCategory',
  'requesterFlags',
  'recipientFlags',
  'requesterPlace',
  'recipientPlace',
  'requesterId',
  'recipientId',
  'class',
  'kind',
  'moment',
  'attested',
  'bulk',
  'routed',
  'retry',
  'self',
  'granted',
]

/** Variables of the requester with those of the recipient that take the same values. */
export const PAIRS: readonly (readonly [AxisName, AxisName])[] = [
  ['requesterCategory', 'recipientCategory'],
  ['requesterFlags', 'recipientFlags'],
  ['requesterPlace', 'recipientPlace'],
  ['requesterId', 'recipientId'],
]

const BOTH: readonly boolean[] = [false, true]

/** Every value there is of every variable, reduced to classes: two values are one where every condition answers the same for both. */
export function spaceOf(parts: SpaceParts): Space {
  const leaves = [...new Map(parts.conditions.flatMap(leavesOf).map(leaf => [JSON.stringify(leaf), leaf])).values()]
  const named = namesIn(leaves)
  const known = parts.known ?? []

  const values: { readonly [K in AxisName]: readonly Point[K][] } = {
    purpose: Purpose.options,
    keeper: Keeper.options,
    records: RecordClass.options,
    processKind: ['none', ...ProcessKind.options],
    processState: ProcessState.options,
    processCovers: ['none', 'query'],
    processSealed: BOTH,
    processCourt: named.courts,
    processSigner: named.signers,

    ...twice('Category', Category.options),
    ...twice('Flags', everySet(FlagName.options)),
    ...twice('Place', [...new Set(['us-elsewhere', 'us', 'unknown', ...named.places, ...known.map(party => party.jurisdiction)])]),
    ...twice('Id', [...new Set(['written', ...named.ids])]),
    class: DataClass.options,
    kind: UseKind.options,
    moment: parts.moments,
    attested: BOTH,
    bulk: BOTH,
    routed: BOTH,
    retry: BOTH,
    self: BOTH,
    granted: parts.grantedIsFree ? BOTH : [false],
  }
  const axes = ORDER.map(name => ({ name, classes: classesOf(name, values[name], leaves, parts) }))
  const level = Object.fromEntries(ORDER.map((name, i) => [name, i])) as Record<AxisName, number>
  const pointAt = (at: Partial<Record<AxisName, number>>): Point => {
    const given = Object.entries(at).map(([name, i]) => [name, axes[level[name as AxisName]]?.classes[i]?.[0]] as const)
    return { ...ORDINARY, ...Object.fromEntries(given) }
  }
  return { axes, level, pointAt, agencies: new Map(known.map(party => [party.id, inClasses(party, axes, level)])) }
}

/** An agency by the first members of the classes that its attributes are in: as it stands in the points that diagrams are drawn from. */
function inClasses(party: Party, axes: readonly Axis[], level: Space['level']): Party {
  const first = <K extends AxisName>(name: K, is: (value: Point[K]) => boolean, otherwise: Point[K]): Point[K] =>
    (axes[level[name]]?.classes.find(members => (members as readonly Point[K][]).some(is))?.[0] as Point[K] | undefined) ?? otherwise
  return {
    ...party,
    category: first('recipientCategory', value => value === party.category, party.category),
    flags: first('recipientFlags', value => value.join() === party.flags.join(), party.flags),
    jurisdiction: first('recipientPlace', value => value === party.jurisdiction, party.jurisdiction),
    id: first('recipientId', value => value === party.id, 'written'),
  }
}

function classesOf(name: AxisName, values: readonly unknown[], leaves: readonly Condition[], parts: SpaceParts): Axis['classes'] {
  const present = (values as readonly Point[AxisName][]).filter(value => parts.only?.(name, value) ?? true)
  // Laws begin and end between any two moments.
  if (name === 'moment') return present.map(value => [value])
  const twin: readonly AxisName[] = PAIRS.find(pair => pair.includes(name)) ?? [name]
  const tests = leaves.filter(leaf => axesOf(leaf).some(axis => twin.includes(axis))).map(compileCondition)
  const signature = (value: Point[AxisName]): string => {
    // Without process there is no state, scope, court or seal to tell apart.
    const paper: Partial<Point> = name.startsWith('process') ? { processKind: 'court-order' } : {}
    const point = { ...ORDINARY, ...paper, ...Object.fromEntries(twin.map(axis => [axis, value])) }
    return [...tests.map(test => test(situationOf(point))), ...builtIn(name, point, parts)].join()
  }
  return [...Map.groupBy(present, signature).values()]
}

/** What the algebra itself tells apart, whatever the rules say. */
function builtIn(name: AxisName, point: Point, { classSets, kindSets }: SpaceParts): readonly unknown[] {
  if (name === 'purpose') return [purposeTowards(AUTHORITY, point.purpose) === point.purpose, point.purpose === 'immigration-enforcement']
  if (name === 'processKind')
    return [point.processKind === 'none', compels(processAt({ ...point, processState: 'active', processCovers: 'query' }))]
  if (name === 'processState') return [point.processState === 'active', point.processState === 'none']
  if (name in ABSENT) return [point[name] === ABSENT[name as keyof typeof ABSENT]]

  if (name === 'class') return classSets.map(set => set.has(point.class))
  if (name === 'kind') return [reads(point.kind), ...kindSets.map(set => set.has(point.kind))]
  if (name.endsWith('Category')) return [point.recipientCategory === 'unknown', point.recipientCategory === 'immigration-authority']
  if (name.endsWith('Flags')) return [point.recipientFlags.includes('287g'), point.recipientFlags.length === 0]
  return name.endsWith('Place') ? [point.recipientPlace === 'unknown'] : name.endsWith('Id') ? [point.recipientId] : []
}

const AUTHORITY = partyAt({ ...ORDINARY, recipientCategory: 'immigration-authority' }, 'recipient')

function twice<K extends string, T>(name: K, values: readonly T[]) {
  return { [`requester${name}`]: values, [`recipient${name}`]: values } as Record<`requester${K}` | `recipient${K}`, readonly T[]>
}

const everySet = <T>(values: readonly T[]): readonly (readonly T[])[] =>
  values.reduce<readonly (readonly T[])[]>((sets, value) => sets.concat(sets.map(set => set.concat([value]))), [[]])

const listed = <T>(value: readonly T[] | { readonly not: readonly T[] } | undefined): readonly T[] =>
  value === undefined ? [] : 'not' in value ? value.not : value

interface Names {
  readonly places: readonly string[]
  readonly ids: readonly string[]
  readonly courts: readonly string[]
  readonly signers: readonly string[]
}

/** The words that conditions name, with one that stands for every other. */
function namesIn(leaves: readonly Condition[]): Names {
  const parties = leaves.flatMap(({ requester, recipient }) => [requester ?? {}, recipient ?? {}])
  const papers = leaves.flatMap(({ process }) => (process ? [process] : []))
  const signed = (key: 'court' | 'signer') => [...new Set(['unknown', 'another', ...papers.flatMap(one => listed(one[key]))])]
  return {
    places: parties.flatMap(one => listed(one.jurisdiction)),
    ids: parties.flatMap(one => listed(one.agency)),
    courts: signed('court'),
    signers: signed('signer'),
  }
}
