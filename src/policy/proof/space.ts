import { Category, FlagName } from '../../terms/agency.ts'
import { DataClass, UseKind } from '../../terms/data-class.ts'
import type { Condition } from '../../terms/law.ts'
import { type LegalProcess, ProcessKind, ProcessState } from '../../terms/legal-process.ts'
import type { Party } from '../../terms/parties.ts'
import { Purpose } from '../../terms/purpose.ts'
import { Keeper, RecordClass } from '../../terms/source.ts'
import { compels } from '../grant.ts'
import { compileCondition, enforcesImmigration, purposeTowards, type Situation } from '../match.ts'

/** One point of the decision space: one recipient of one inquiry about one use. */
export interface Point {
  readonly purpose: Purpose
  readonly process: LegalProcess | null
  readonly keeper: Keeper
  readonly records: RecordClass
  readonly requester: Party
  readonly recipient: Party
  readonly class: DataClass
  readonly kind: UseKind
  readonly moment: number
  readonly bulk: boolean
  readonly routed: boolean
  readonly retry: boolean
  readonly attested: boolean
  readonly self: boolean
  /** Only where no grants are at hand (a law checked by itself): whether one covers the use. */
  readonly granted: boolean
}
export type AxisName = keyof Point

/** The values of one variable, in classes that no condition tells apart. */
export interface Axis {
  readonly name: AxisName
  readonly classes: readonly (readonly Point[AxisName][])[]
}

export interface Space {
  readonly axes: readonly Axis[]
  readonly level: Readonly<Record<AxisName, number>>
  /** The point that the first members of the given classes make; the first class where none is given. */
  readonly pointAt: (classes: Partial<Record<AxisName, number>>) => Point
}

export interface SpaceParts {
  readonly conditions: readonly Condition[]
  readonly classSets: readonly ReadonlySet<DataClass>[]
  readonly kindSets: readonly ReadonlySet<UseKind>[]
  /** Moments to decide at, milliseconds since 1970. */
  readonly moments: readonly number[]
  /** Agencies of the directory, besides every party that can be written out. */
  readonly parties: readonly Party[]
  /** What else tells parties apart. */
  readonly tellApart?: ((party: Party) => string) | undefined
  readonly grantedIsFree: boolean
}

/** From the top of the diagrams down. Requester and recipient stand together: the diagonal needs it. */
const ORDER: readonly AxisName[] = [
  'purpose',
  'keeper',
  'records',
  'process',
  'requester',
  'recipient',
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

/** Every value there is of every variable, reduced to classes: two values are one where every condition answers the same for both. */
export function spaceOf(parts: SpaceParts): Space {
  const leaves = distinct(parts.conditions.flatMap(leavesOf))
  const answers = (name: AxisName) => {
    const tests = leaves.filter(leaf => speaksOf(leaf, name)).map(compileCondition)
    return (at: Partial<Point>) => tests.map(test => test(situationOf({ ...ORDINARY, ...at }))).join()
  }
  const parties = [...parts.parties, ...everyParty(leaves)]
  const byParty = answers('recipient')
  const partyClasses = classesOf(parties, party => {
    const built = [party.category === 'unknown', enforcesImmigration(party), parts.tellApart?.(party) ?? '']
    return [byParty({ requester: party, recipient: party }), ...built].join()
  })
  const simple = <K extends AxisName>(name: K, values: readonly Point[K][], more: (value: Point[K]) => unknown = () => '') => {
    const answer = answers(name)
    return classesOf(values, value => `${answer({ [name]: value } as Partial<Point>)}|${more(value)}`)
  }
  const classes: Record<AxisName, readonly (readonly Point[AxisName][])[]> = {
    purpose: simple('purpose', Purpose.options, purpose => [purposeTowards(AUTHORITY, purpose) === purpose, isEnforcement(purpose)]),
    process: simple('process', everyProcess(leaves), compels),
    keeper: simple('keeper', Keeper.options),
    records: simple('records', RecordClass.options),
    requester: partyClasses,
    recipient: partyClasses,
    class: classesOf(DataClass.options, value => parts.classSets.map(set => set.has(value)).join()),
    kind: simple('kind', UseKind.options, value => parts.kindSets.map(set => set.has(value)).join()),
    moment: simple('moment', parts.moments),
    attested: simple('attested', BOTH),
    bulk: simple('bulk', BOTH),
    routed: simple('routed', BOTH),
    retry: simple('retry', BOTH),
    self: simple('self', BOTH),
    granted: parts.grantedIsFree ? simple('granted', BOTH) : [[false]],
  }
  const axes = ORDER.map(name => ({ name, classes: classes[name] }))
  const level = Object.fromEntries(ORDER.map((name, i) => [name, i])) as Record<AxisName, number>
  return { axes, level, pointAt: at => pointOf(axes, name => axisMember(classes[name], at[name] ?? 0)) }
}

const BOTH: readonly boolean[] = [false, true]
const isEnforcement = (purpose: Purpose): boolean => purpose === 'immigration-enforcement'

const party = (over: Partial<Party>): Party => ({
  id: 'written',
  name: 'written',
  category: 'city',
  jurisdiction: 'us-elsewhere',
  flags: [],
  via: 'requester',
  ...over,
})
const AUTHORITY = party({ category: 'immigration-authority' })

/** What goes without saying, and stands for a variable that a condition does not speak of. */
export const ORDINARY: Point = {
  purpose: 'service-delivery',
  process: null,
  keeper: 'general',
  records: 'general',
  requester: party({}),
  recipient: party({}),
  class: 'open',
  kind: 'select',
  moment: 0,
  bulk: false,
  routed: false,
  retry: false,
  attested: false,
  self: false,
  granted: false,
}

/** The situation a compiled condition is asked about. */
export function situationOf({ purpose, process, keeper, records, requester, recipient, kind, moment, granted, ...at }: Point): Situation {
  const use = { class: at.class, kind }
  const { bulk, routed, retry, attested, self } = at
  const inquiry = { requester, recipients: [recipient], purpose, process, source: { keeper, records }, uses: [use] }
  return { inquiry: { ...inquiry, bulk, routed, retry, attested, self, at: moment }, recipient, use, granted }
}

/** The conditions a condition is made of: each says one thing. */
export function leavesOf(condition: Condition): readonly Condition[] {
  const { all, any, not, requester, recipient, process, source, ...rest } = condition
  const parts = (key: 'requester' | 'recipient' | 'process' | 'source', value: object | undefined): Condition[] =>
    Object.entries(value ?? {}).map(([name, wanted]) => ({ [key]: { [name]: wanted } }))
  return [
    ...parts('requester', requester),
    ...parts('recipient', recipient),
    ...parts('process', process),
    ...parts('source', source),
    ...Object.entries(rest).map(([key, value]) => ({ [key]: value }) as Condition),
    ...[...(all ?? []), ...(any ?? []), ...(not ? [not] : [])].flatMap(leavesOf),
  ]
}

const AXES_OF: Readonly<Record<string, readonly AxisName[]>> = {
  uses: ['kind'],
  date: ['moment'],
  requester: ['requester', 'recipient'],
  recipient: ['requester', 'recipient'],
}

/** Which variables decide one leaf. A purpose is judged towards a recipient (an authority that will not say why is taken to enforce). */
export function axesOf(leaf: Condition): readonly AxisName[] {
  const [key] = Object.keys(leaf)
  if (key === 'source') return Object.keys(leaf.source ?? {}).map(name => (name === 'keeper' ? 'keeper' : 'records'))
  if (key === 'purpose') return ['purpose', 'recipient']
  if (key === 'requester') return ['requester']
  if (key === 'recipient') return ['recipient']
  return AXES_OF[key ?? ''] ?? [key as AxisName]
}

function speaksOf(leaf: Condition, name: AxisName): boolean {
  const [key = ''] = Object.keys(leaf)
  // For the classes of parties both kinds of leaves count; what a purpose does with them is built in.
  return key !== 'purpose' && name === 'recipient' ? key === 'requester' || key === 'recipient' : axesOf(leaf)[0] === name
}

const distinct = (leaves: readonly Condition[]): readonly Condition[] => [
  ...new Map(leaves.map(leaf => [JSON.stringify(leaf), leaf])).values(),
]

function classesOf<T>(values: readonly T[], signature: (value: T) => unknown): readonly (readonly T[])[] {
  return [...Map.groupBy(values, value => String(signature(value))).values()]
}

function axisMember(classes: readonly (readonly Point[AxisName][])[], at: number): Point[AxisName] {
  const [member] = classes[at] ?? []
  if (member === undefined) throw new Error('there is no such class of values')
  return member
}

function pointOf(axes: readonly Axis[], member: (name: AxisName) => Point[AxisName]): Point {
  return Object.fromEntries(axes.map(({ name }) => [name, member(name)])) as { [K in AxisName]: never }
}

function everyParty(leaves: readonly Condition[]): readonly Party[] {
  const named = leaves.flatMap(({ requester, recipient }) => [requester ?? {}, recipient ?? {}])
  const listed = <T>(value: readonly T[] | { readonly not: readonly T[] } | undefined): readonly T[] =>
    value === undefined ? [] : 'not' in value ? value.not : value
  const jurisdictions = new Set(['us-elsewhere', 'us', 'unknown', ...named.flatMap(one => listed(one.jurisdiction))])
  const ids = new Set(['written', ...named.flatMap(one => listed(one.agency))])
  const flags = FlagName.options.reduce<FlagName[][]>((sets, flag) => sets.concat(sets.map(set => [...set, flag])), [[]])
  const placed = Category.options.filter(category => category !== 'unknown')
  const written = [...ids].flatMap(id =>
    placed.flatMap(category =>
      flags.flatMap(set => [...jurisdictions].map(jurisdiction => party({ id, name: category, category, jurisdiction, flags: set }))),
    ),
  )
  return [...written, party({ id: 'unknown', name: 'unknown', category: 'unknown', jurisdiction: 'unknown' })]
}

function everyProcess(leaves: readonly Condition[]): readonly (LegalProcess | null)[] {
  const named = leaves.flatMap(({ process }) => (process ? [process] : []))
  const words = (key: 'court' | 'signer'): readonly string[] => {
    const listed = named.flatMap(one => (one[key] === undefined ? [] : 'not' in one[key] ? one[key].not : one[key]))
    return listed.length === 0 ? ['unknown'] : [...new Set(['unknown', 'another', ...listed])]
  }
  const sealed = named.some(one => one.sealed !== undefined) ? BOTH : [false]
  const paper = ProcessKind.options.flatMap(kind =>
    ProcessState.options.flatMap(state =>
      (['none', 'query'] as const).flatMap(covers =>
        sealed.flatMap(seal =>
          words('court').flatMap(court =>
            words('signer').map(signer => ({ kind, state, covers, sealed: seal, issuer: { court, signer } })),
          ),
        ),
      ),
    ),
  )
  return [null, ...paper]
}
