import { parse } from 'csv-parse/sync'

/** Lists to which a line may add. */
export const LISTS = ['oris', 'domains', 'networks'] as const
/** What an agency is: a line says it of a new one only. */
export const WHOLE = ['name', 'category', 'jurisdiction', 'purposes'] as const
const COLUMNS: readonly string[] = ['id', ...WHOLE, ...LISTS]

/** One line of the operator's table; an empty cell is an empty text or list. Lines count from 1, the header is line 1. */
export interface AgencyLine {
  readonly line: number
  readonly id: string
  readonly name: string
  readonly category: string
  readonly jurisdiction: string
  readonly purposes: readonly string[]
  readonly oris: readonly string[]
  readonly domains: readonly string[]
  readonly networks: readonly string[]
}

/** Reads the table (CSV with a header). @throws Error when it cannot be read at all, with its line */
export function readAgencyTable(csv: string): AgencyLine[] {
  const rows: { record: Readonly<Record<string, string>>; info: { lines: number } }[] = parse(csv, {
    columns: header => header.map(checkColumn),
    bom: true,
    info: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: 64 * 1024,
  })
  return rows.map(({ record, info }) => {
    const { id = '', name = '', category = '', jurisdiction = '' } = record
    return {
      ...{ line: info.lines, id, name, category, jurisdiction },
      purposes: split(record['purposes']),
      oris: split(record['oris']).map(ori => ori.toUpperCase()),
      domains: split(record['domains']).map(domain => domain.toLowerCase()),
      networks: split(record['networks']),
    }
  })
}

function checkColumn(name: string): string {
  const folded = name.trim().toLowerCase()
  if (!COLUMNS.includes(folded)) throw new Error(`line 1: there is no column '${name}'; write some of ${COLUMNS.join(', ')}`)
  return folded
}

const split = (cell = ''): string[] =>
  cell
    .split(';')
    .map(value => value.trim())
    .filter(value => value !== '')
