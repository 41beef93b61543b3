import type { Condition } from '../../terms/law.ts'
import type { AxisName } from './point.ts'

/** The conditions a condition is made of: each says one thing. */
export function leavesOf(condition: Condition): readonly Condition[] {
  const { all, any, not, requester, recipient, process, source, ...rest } = condition
  const parts = (key: 'requester' | 'recipient' | 'process' | 'source', value: object | undefined): Condition[] =>
    Object.entries(value ?? {}).flatMap(([name, wanted]) => (wanted === undefined ? [] : [{ [key]: { [name]: wanted } }]))
  return [
    ...parts('requester', requester),
    ...parts('recipient', recipient),
    ...parts('process', process),
    ...parts('source', source),
    ...Object.entries(rest).flatMap(([key, value]) => (value === undefined ? [] : [{ [key]: value } as Condition])),
    ...[...(all ?? []), ...(any ?? []), ...(not ? [not] : [])].flatMap(leavesOf),
  ]
}

const PROCESS = {
  kind: 'processKind',
  state: 'processState',
  covers: 'processCovers',
  sealed: 'processSealed',
  court: 'processCourt',
  signer: 'processSigner',
} as const
const ATTRIBUTE = { category: 'Category', flags: 'Flags', jurisdiction: 'Place', agency: 'Id' } as const

/** Which variables decide one leaf. A purpose is judged towards a recipient: an authority that will not say why is taken to enforce. */
export function axesOf(leaf: Condition): readonly AxisName[] {
  const [[key, value] = ['', {}]] = Object.entries(leaf)
  const [attribute] = Object.keys(value ?? {})
  if (key === 'source') return [attribute === 'keeper' ? 'keeper' : 'records']
  if (key === 'purpose') return ['purpose', 'recipientCategory', 'recipientFlags']
  if (key === 'uses') return ['kind']
  if (key === 'date') return ['moment']
  // Where there is no process, nothing is said of its state, scope, court or seal.
  if (key === 'process') return [...new Set<AxisName>(['processKind', PROCESS[attribute as keyof typeof PROCESS]])]

  if (key !== 'requester' && key !== 'recipient') return [key as AxisName]
  const own: AxisName = `${key}${ATTRIBUTE[attribute as keyof typeof ATTRIBUTE]}`
  // Of an unplaced party nothing is known but that its place is not.
  return attribute === 'flags' || attribute === 'agency' ? [`${key}Category`, own] : [own]
}
