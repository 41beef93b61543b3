import type { Party } from '../../terms/parties.ts'
import type { Node } from './diagram.ts'
import type { Drawing } from './draw.ts'
import { cheapestPath } from './measure.ts'
import { type AxisName, ORDINARY, type Point } from './space.ts'

/** An inquiry in the words that `policy explain` and cases read. */
export interface WrittenInquiry {
  readonly requester: unknown
  readonly recipients?: readonly unknown[]
  readonly purpose: string
  readonly process?: unknown
  readonly source: { readonly keeper: string; readonly records: string }
  readonly uses: Readonly<Record<string, readonly string[]>>
  readonly [flag: string]: unknown
}

/** The simplest inquiry of a region (the points that a diagram sends to 1), or null where it is empty. One recipient if that is enough. */
export function simplestOf(drawing: Drawing, region: Node): WrittenInquiry | null {
  const { chart } = drawing
  const alone = chart.diagonal(region)
  const path = (node: Node) =>
    cheapestPath(
      chart.diagrams,
      node,
      (level, i) => costOf(drawing, level, i),
      value => value === 1,
    )
  const single = path(alone)
  const found = single ?? path(region)
  if (!found) return null
  const classes = Object.fromEntries(chart.space.axes.map(({ name }, level) => [name, found[level] ?? 0]))
  const point = memberwise(drawing, single ? { ...classes, recipient: classes['requester'] ?? 0 } : classes)
  return write(point, single === null)
}

/** What goes without saying costs nothing, so that a reader sees only what matters. */
function costOf({ chart }: Drawing, level: number, at: number): number {
  const axis = chart.space.axes[level]
  const plain = axis && (axis.classes[at] as readonly unknown[] | undefined)?.some(member => isOrdinary(axis.name, member))
  return plain ? 0 : 1
}

function isOrdinary(name: AxisName, member: unknown): boolean {
  if (name === 'requester' || name === 'recipient') return (member as Party).id !== 'written'
  return name === 'moment' || member === ORDINARY[name]
}

/** Of each class the member a reader knows best: what goes without saying, or an agency of the directory. */
function memberwise({ chart }: Drawing, classes: Partial<Record<AxisName, number>>): Point {
  const members = chart.space.axes.map(({ name, classes: all }) => {
    const of: readonly Point[AxisName][] = all[classes[name] ?? 0] ?? []
    return [name, of.find(member => isOrdinary(name, member)) ?? of[0]] as const
  })
  return Object.fromEntries(members) as { [K in AxisName]: never }
}

function write(point: Point, further: boolean): WrittenInquiry {
  const { requester, recipient, purpose, process, keeper, records, kind, moment } = point
  const facts = (['bulk', 'routed', 'retry', 'attested', 'self'] as const).filter(fact => point[fact])
  return {
    requester: writeParty(requester),
    ...(further ? { recipients: [writeParty(recipient)] } : {}),
    purpose,
    ...(process ? { process: writeProcess(process) } : {}),
    source: { keeper, records },
    uses: { [kind]: [point.class] },
    ...Object.fromEntries(facts.map(fact => [fact, true])),
    at: new Date(moment).toISOString(),
  }
}

function writeParty({ id, category, jurisdiction, flags }: Party): unknown {
  if (id !== 'written') return id
  return { category, jurisdiction, ...(flags.length > 0 ? { flags } : {}) }
}

function writeProcess({ kind, state, covers, sealed, issuer }: NonNullable<Point['process']>): unknown {
  const signed = issuer && (issuer.court !== 'unknown' || issuer.signer !== 'unknown')
  return { kind, state, ...(covers === 'query' ? { covers } : {}), ...(sealed ? { sealed } : {}), ...(signed ? { issuer } : {}) }
}
