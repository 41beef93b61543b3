import { Agency, CONCLUDED_PURPOSES, IMMIGRATION_ORI, RESERVED_IDS } from '../terms/agency.ts'
import { type AgencyLine, WHOLE } from './agency-table.ts'
import { checkDomain } from './check-domain.ts'
import { checkNetwork } from './check-network.ts'

/** What an agency of the directory is and has already. */
export interface Held extends Omit<AgencyLine, 'line'> {
  readonly names: readonly string[]
}

export interface LineProblem {
  readonly column: string
  readonly message: string
}

/** Everything that speaks against taking a line; what the agency has already is not judged again. `known` is null for a new agency. */
export function checkAgencyLine(line: AgencyLine, known: Held | null, all: ReadonlyMap<string, Held>): LineProblem[] {
  if (line.id === '') return [{ column: 'id', message: 'the line names no agency; write its directory id' }]
  const { id, category } = known ?? line
  const fresh = <L extends 'oris' | 'domains' | 'networks'>(list: L) => line[list].filter(value => !known?.[list].includes(value))
  const others = [...all.values()].filter(other => other.id !== id)
  const each = (column: 'oris' | 'domains' | 'networks', check: (value: string) => string | null): LineProblem[] =>
    fresh(column).flatMap(value => {
      const message = check(value)
      return message === null ? [] : [{ column, message }]
    })
  return [
    ...(known ? checkUnchanged(line, known) : checkNew(line, others)),
    ...checkShape(line, known),
    ...each('oris', ori => checkOri(ori, { id, category }, others)),
    ...each('domains', domain => checkDomain(domain, { id, category }, others)),
    ...each('networks', network => checkNetwork(network, { id, category }, others)),
  ]
}

const checkUnchanged = (line: AgencyLine, known: Held): LineProblem[] =>
  WHOLE.filter(column => line[column].length > 0 && JSON.stringify(line[column]) !== JSON.stringify(known[column])).map(column => ({
    column,
    message: `'${line.id}' is in the directory with another ${column}; change that by hand, or leave the cell empty`,
  }))

function checkNew({ id, name, category, purposes }: AgencyLine, others: readonly Held[]): LineProblem[] {
  const whole = others.find(other => id.startsWith(`${other.id}-`) && other.category !== category)
  const namesake = others.find(other => [other.name, ...other.names].some(taken => foldName(taken) === foldName(name)))
  return [
    ...(RESERVED_IDS.includes(id) ? [{ column: 'id', message: `'${id}' is Haven's own word; give the agency another id` }] : []),
    // The mail, networks and tokens of the whole count for its parts.
    ...(whole
      ? [
          {
            column: 'id',
            message: `the id makes it a part of '${whole.id}', which is no ${category}; add it by hand, or give it another id`,
          },
        ]
      : []),
    ...(namesake ? [{ column: 'name', message: `'${name}' is a name of '${namesake.id}'; write another one` }] : []),
    ...purposes
      .filter(purpose => CONCLUDED_PURPOSES.includes(purpose))
      .map(purpose => ({ column: 'purposes', message: `nobody states '${purpose}': Haven concludes it; remove it` })),
  ]
}

/** Case, accents and spacing. What looks alike in other ways is found when the whole directory is compiled. */
const foldName = (name: string): string => name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim().replace(/\s+/g, ' ')

function checkShape(line: AgencyLine, known: Held | null): LineProblem[] {
  const { id, name, category, jurisdiction, purposes } = known ?? line
  const { oris, domains, networks } = line
  const read = Agency.safeParse({ id, name, category, jurisdiction, purposes, oris, domains, networks })
  return read.success ? [] : read.error.issues.map(({ path, message }) => ({ column: String(path[0] ?? 'id'), message }))
}

function checkOri(ori: string, { id, category }: { id: string; category: string }, others: readonly Held[]): string | null {
  const holder = others.find(({ oris }) => oris.includes(ori))
  if (holder) return `'${ori}' already belongs to '${holder.id}'; keep it in one place`
  if (!IMMIGRATION_ORI.test(ori) || category === 'immigration-authority') return null
  return `'${ori}' has the shape of an immigration authority's ORI, and '${id}' is none; if that is right, write it by hand`
}
