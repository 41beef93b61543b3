import type { LegalProcess } from '../../terms/legal-process.ts'
import type { Party } from '../../terms/parties.ts'
import type { Node } from './diagram.ts'
import type { Drawing } from './draw.ts'
import { cheapestPath } from './measure.ts'
import { type AxisName, ORDINARY, type Point, partyAt, processAt } from './point.ts'
import { PAIRS } from './space.ts'

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

/**
 * The simplest inquiry of a region (the points that a diagram sends to 1), or null where it is empty: with one recipient if that is
 * enough, and with an agency of the directory where one fits.
 */
export function simplestOf({ chart }: Drawing, region: Node, known: readonly Party[]): WrittenInquiry | null {
  const { axes } = chart.space
  const isPlain = (level: number, i: number) => axes[level]?.classes[i]?.some(member => isOrdinary(axes[level]?.name, member)) ?? false
  const path = (node: Node) =>
    cheapestPath(
      chart.diagrams,
      node,
      (level, i) => (isPlain(level, i) ? 0 : 1),
      value => value === 1,
    )
  const single = path(chart.diagonal(region))
  const found = single ?? path(region)
  if (!found) return null
  const chosen = new Map(axes.map(({ name, classes }, level) => [name, classes[found[level] ?? 0] ?? []] as const))
  if (single) for (const [requester, recipient] of PAIRS) chosen.set(recipient, chosen.get(requester) ?? [])
  return write(chosen, single === null, known)
}

const isOrdinary = (name: AxisName | undefined, member: unknown): boolean =>
  name === undefined ||
  name === 'moment' ||
  name.endsWith('Category') ||
  name.endsWith('Place') ||
  (name.endsWith('Flags') ? (member as Party['flags']).length === 0 : member === ORDINARY[name])

type Chosen = ReadonlyMap<AxisName, readonly unknown[]>

function write(chosen: Chosen, further: boolean, known: readonly Party[]): WrittenInquiry {
  const members = [...chosen].map(([name, of]) => [name, of.find(member => member === ORDINARY[name]) ?? of[0]])
  const point = Object.fromEntries(members) as { [K in AxisName]: never } as Point
  const process = processAt(point)
  const facts = (['bulk', 'routed', 'retry', 'attested', 'self'] as const).filter(fact => point[fact])
  return {
    requester: writeParty(chosen, point, 'requester', known),
    ...(further ? { recipients: [writeParty(chosen, point, 'recipient', known)] } : {}),
    purpose: point.purpose,
    ...(process ? { process: writeProcess(process) } : {}),
    source: { keeper: point.keeper, records: point.records },
    uses: { [point.kind]: [point.class] },
    ...Object.fromEntries(facts.map(fact => [fact, true])),
    at: new Date(point.moment).toISOString(),
  }
}

function writeParty(chosen: Chosen, point: Point, which: 'requester' | 'recipient', known: readonly Party[]): unknown {
  const among = (attribute: 'Category' | 'Flags' | 'Place' | 'Id', value: string): boolean =>
    chosen.get(`${which}${attribute}`)?.some(member => String(member) === value) ?? false
  const fits = (id: string, party: Party): boolean =>
    among('Category', party.category) && among('Flags', String(party.flags)) && among('Place', party.jurisdiction) && among('Id', id)
  const { id, category, jurisdiction, flags } = partyAt(point, which)
  if (category === 'unknown') return 'unknown'
  const agency = known.find(party => fits(id === 'written' ? 'written' : party.id, party))
  if (agency) return agency.id
  return id === 'written' ? { category, jurisdiction, ...(flags.length > 0 ? { flags } : {}) } : id
}

function writeProcess({ kind, state, covers, sealed, issuer }: LegalProcess): unknown {
  const signed = issuer && (issuer.court !== 'unknown' || issuer.signer !== 'unknown')
  return { kind, state, ...(covers === 'query' ? { covers } : {}), ...(sealed ? { sealed } : {}), ...(signed ? { issuer } : {}) }
}
