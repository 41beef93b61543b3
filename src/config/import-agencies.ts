import { isIP } from 'node:net'
import { parse } from 'csv-parse/sync'
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml'
import { Agency } from '../terms/agency.ts'

/** One line of the operator's table that was not taken, and what to write instead. Lines count from 1, the header is line 1. */
export interface RefusedLine {
  readonly line: number
  readonly column: string
  readonly message: string
}

export interface Imported {
  /** The directory file with everything that was taken; its comments and its other entries are as they were. */
  readonly text: string
  /** Ids of new entries, and of entries that were extended. */
  readonly added: readonly string[]
  readonly extended: readonly string[]
  readonly refused: readonly RefusedLine[]
}

const LISTS = ['oris', 'domains', 'networks'] as const
const WHOLE = ['name', 'category', 'jurisdiction', 'purposes'] as const
const COLUMNS: readonly string[] = ['id', ...WHOLE, ...LISTS]
/** Mailboxes anybody can open: as a domain of an agency they would make everybody that agency. */
const PUBLIC_MAIL = [
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'yahoo.com',
  'icloud.com',
  'aol.com',
  'proton.me',
]

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
  const taken = claimsOf(entries)
  const [added, extended, refused]: [string[], string[], RefusedLine[]] = [[], [], []]
  for (const { line, cells } of readLines(csv)) {
    const problems = checkLine(cells, entries.get(cells['id'] ?? '') ?? null, taken)
    if (problems.length > 0) {
      refused.push(...problems.map(problem => ({ line, ...problem })))
      continue
    }
    const id = cells['id'] ?? ''
    const known = entries.get(id)
    if (known) {
      extend(document, known, cells)
      if (!added.includes(id) && !extended.includes(id)) extended.push(id)
    } else {
      const made = document.createNode(entryOf(cells)) as YAMLMap
      seq.add(made)
      entries.set(id, made)
      added.push(id)
    }
    for (const list of LISTS) for (const value of valuesOf(cells, list)) taken.set(`${list} ${value}`, id)
  }
  return { text: document.toString({ lineWidth: 140, flowCollectionPadding: false }), added, extended, refused }
}

type Cells = Readonly<Record<string, string>>

function readLines(csv: string): { line: number; cells: Cells }[] {
  const rows: { record: Cells; info: { lines: number } }[] = parse(csv, {
    columns: header => header.map(checkColumn),
    bom: true,
    info: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: 64 * 1024,
  })
  return rows.map(({ record, info }) => ({ line: info.lines, cells: record }))
}

function checkColumn(name: string): string {
  const folded = name.trim().toLowerCase()
  if (!COLUMNS.includes(folded)) throw new Error(`line 1: there is no column '${name}'; write some of ${COLUMNS.join(', ')}`)
  return folded
}

const valuesOf = (cells: Cells, column: string): string[] =>
  (cells[column] ?? '')
    .split(';')
    .map(value => value.trim())
    .filter(value => value !== '')
    .map(value => (column === 'oris' ? value.toUpperCase() : column === 'domains' ? value.toLowerCase() : value))

function entryOf(cells: Cells): Record<string, unknown> {
  const lists = LISTS.flatMap(list => (valuesOf(cells, list).length > 0 ? [[list, valuesOf(cells, list)] as const] : []))
  const { id, name, category, jurisdiction } = cells
  return { id, name, category, jurisdiction, purposes: valuesOf(cells, 'purposes'), ...Object.fromEntries(lists) }
}

function extend(document: ReturnType<typeof parseDocument>, entry: YAMLMap, cells: Cells): void {
  for (const list of LISTS) {
    const had = entry.get(list)
    const before = isSeq(had) ? had.items.map(String) : []
    const fresh = valuesOf(cells, list).filter(value => !before.includes(value))
    if (fresh.length > 0) entry.set(list, document.createNode([...before, ...fresh], { flow: true }))
  }
}

/** Who holds an ORI, a domain or a network already: one signal names one agency. */
function claimsOf(entries: ReadonlyMap<string, YAMLMap>): Map<string, string> {
  const claims = new Map<string, string>()
  for (const [id, entry] of entries)
    for (const list of LISTS) {
      const values = entry.get(list)
      if (isSeq(values)) for (const value of values.items) claims.set(`${list} ${String(value)}`, id)
    }
  return claims
}

function checkLine(cells: Cells, known: YAMLMap | null, taken: ReadonlyMap<string, string>): Omit<RefusedLine, 'line'>[] {
  const id = cells['id'] ?? ''
  const problem = (column: string, message: string) => ({ column, message })
  if (id === '') return [problem('id', 'the line names no agency; write its directory id')]
  const changes = known ? WHOLE.filter(column => (cells[column] ?? '') !== '' && !isSame(known, column, cells)) : []
  const clashes = LISTS.flatMap(list =>
    valuesOf(cells, list).flatMap(value => {
      const holder = taken.get(`${list} ${value}`)
      return holder === undefined || holder === id ? [] : [problem(list, `'${value}' already belongs to '${holder}'; keep it in one place`)]
    }),
  )
  const wide = valuesOf(cells, 'domains').flatMap(domain =>
    PUBLIC_MAIL.includes(domain) ? [problem('domains', `anybody can have an address at ${domain}; it would make everybody '${id}'`)] : [],
  )
  return [
    ...changes.map(column =>
      problem(column, `'${id}' is in the directory with another ${column}; change that by hand, or leave the cell empty`),
    ),
    ...checkShape(known ? { ...entryOf(cells), ...wholeOf(known) } : entryOf(cells)),
    ...wide,
    ...valuesOf(cells, 'networks').flatMap(checkNetwork),
    ...clashes,
  ]
}

/** An address family's whole space, or a great part of it, would make half the world one agency. */
function checkNetwork(written: string): Omit<RefusedLine, 'line'>[] {
  const [address = '', length = ''] = written.split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  const isWritten = isIP(address) !== 0 && /^\d{1,3}$/.test(length) && Number(length) <= bits
  if (!isWritten) return [{ column: 'networks', message: `'${written}' is no network; write one such as 192.0.2.0/24 or 2001:db8::/32` }]
  return Number(length) >= 8 ? [] : [{ column: 'networks', message: `'${written}' is too wide to be one agency's; write its own networks` }]
}

const wholeOf = (known: YAMLMap): Record<string, unknown> => {
  const { id, name, category, jurisdiction, purposes } = known.toJSON()
  return { id, name, category, jurisdiction, purposes }
}

function isSame(known: YAMLMap, column: (typeof WHOLE)[number], cells: Cells): boolean {
  if (column !== 'purposes') return known.get(column) === cells[column]
  return JSON.stringify(known.toJSON().purposes) === JSON.stringify(valuesOf(cells, 'purposes'))
}

function checkShape(entry: Record<string, unknown>): Omit<RefusedLine, 'line'>[] {
  const read = Agency.safeParse(entry)
  return read.success ? [] : read.error.issues.map(({ path, message }) => ({ column: String(path[0] ?? 'id'), message }))
}
