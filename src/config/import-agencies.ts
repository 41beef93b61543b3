import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml'
import { type AgencyLine, LISTS, readAgencyTable } from './agency-table.ts'
import { checkAgencyLine, type Held, type LineProblem } from './check-agency-line.ts'

/** One line of the operator's table that was not taken, and what to write instead. Lines count from 1, the header is line 1. */
export interface RefusedLine extends LineProblem {
  readonly line: number
}

export interface Imported {
  /** The directory file with everything that was taken; its comments and its other entries are as they were. */
  readonly text: string
  /** Ids of new entries, and of entries that were extended. */
  readonly added: readonly string[]
  readonly extended: readonly string[]
  readonly refused: readonly RefusedLine[]
}

/**
 * Merges a table of agencies (CSV with a header: id, name, category, jurisdiction, purposes, oris, domains, networks; several values of a
 * cell are separated by `;`) into a directory file. A line for an id that exists only adds ORIs, domains and networks to it: what an agency is, and
 * what it may state, is changed by hand. A line is taken whole or not at all.
 * @throws Error when the table cannot be read at all, with its line
 */
export function importAgencies(directory: string, csv: string): Imported {
  const document = parseDocument(directory)
  const seq = document.get('agencies')
  if (document.errors.length > 0 || !isSeq(seq))
    throw new Error('the directory file is not a list of agencies; check it with `haven check`')
  const entries = new Map(seq.items.flatMap(item => (isMap(item) ? [[String(item.get('id')), item] as const] : [])))
  const all = new Map([...entries].map(([id, entry]) => [id, readHeld(id, entry.toJSON())]))
  const [added, extended, refused]: [string[], string[], RefusedLine[]] = [[], [], []]
  for (const line of readAgencyTable(csv)) {
    const { id } = line
    const known = all.get(id) ?? null
    const problems = checkAgencyLine(line, known, all)
    if (problems.length > 0) {
      refused.push(...problems.map(problem => ({ line: line.line, ...problem })))
      continue
    }
    const entry = entries.get(id)
    if (entry) {
      extend(document, entry, line)
      if (!added.includes(id) && !extended.includes(id)) extended.push(id)
    } else {
      const made = document.createNode(entryOf(line)) as YAMLMap
      seq.add(made)
      entries.set(id, made)
      added.push(id)
    }
    all.set(id, join(known ?? readHeld(id, { ...line }), line))
  }
  return { text: document.toString({ lineWidth: 140, flowCollectionPadding: false }), added, extended, refused }
}

/** An entry that the operator wrote, whatever is wrong with it: the compiler says so later. */
function readHeld(id: string, entry: Readonly<Record<string, unknown>>): Held {
  const list = (written: unknown): readonly string[] => (Array.isArray(written) ? written.map(String) : [])
  const { name, category, jurisdiction, purposes, names, oris, domains, networks } = entry
  return {
    ...{ id, name: String(name), category: String(category), jurisdiction: String(jurisdiction) },
    ...{ purposes: list(purposes), names: list(names), oris: list(oris), domains: list(domains), networks: list(networks) },
  }
}

const join = (held: Held, line: AgencyLine): Held => ({
  ...held,
  oris: [...new Set([...held.oris, ...line.oris])],
  domains: [...new Set([...held.domains, ...line.domains])],
  networks: [...new Set([...held.networks, ...line.networks])],
})

function entryOf(line: AgencyLine): Record<string, unknown> {
  const { id, name, category, jurisdiction, purposes } = line
  const lists = LISTS.flatMap(list => (line[list].length > 0 ? [[list, line[list]] as const] : []))
  return { id, name, category, jurisdiction, purposes, ...Object.fromEntries(lists) }
}

function extend(document: ReturnType<typeof parseDocument>, entry: YAMLMap, line: AgencyLine): void {
  for (const list of LISTS) {
    const had = entry.get(list)
    const before = isSeq(had) ? had.items.map(String) : []
    const fresh = line[list].filter(value => !before.includes(value))
    if (fresh.length > 0) entry.set(list, document.createNode([...before, ...fresh], { flow: true }))
  }
}
