import { ApiError } from './api-error.ts'
import type { RecordStore } from './database.ts'
import { parseQuery } from './parse-query.ts'
import { readSql } from './read-sql.ts'
import { TABLES, type Table } from './tables.ts'

export interface Asked {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  /** Header values by lower-case name, joined with commas. */
  readonly header: (name: string) => string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const OBJECT = 'application/vnd.pgrst.object+json'
const ARRAY = 'application/vnd.pgrst.array+json'

const chooseType = (accept: string): string => {
  const wanted = accept.split(',').map(part => part.split(';')[0]!.trim().toLowerCase())
  for (const type of wanted) {
    if (type === '' || type === '*/*' || type === 'application/*' || type === 'application/json') return 'application/json'
    if (type === OBJECT || type === ARRAY) return type
  }
  throw new ApiError(406, 'PGRST107', `None of these media types are available: ${accept}`)
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new ApiError(400, 'PGRST100', 'the query string is not percent-encoded UTF-8')
  }
}

const readPairs = (query: string): readonly (readonly [string, string])[] =>
  query
    .split('&')
    .filter(part => part !== '')
    .map(part => {
      const at = part.indexOf('=')
      return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))]
    })

const findTable = (path: string): Table => {
  const parts = path.split('/').slice(1)
  const name = decode(parts[0] ?? '')
  if (name === 'rpc') throw new ApiError(404, 'PGRST202', `Could not find the function public.${parts[1] ?? ''} in the schema cache`)
  if (parts.length !== 1 || name === '') throw new ApiError(404, 'PGRST125', 'Invalid path specified in request URL')
  const table = TABLES.get(name)
  if (table === undefined) throw new ApiError(404, 'PGRST205', `Could not find the table 'public.${name}' in the schema cache`)
  return table
}

const pageOf = (range: string): { readonly limit: number | null; readonly offset: number } => {
  const parts = /^(\d{1,9})-(\d{0,9})$/u.exec(range)
  if (parts === null) return { limit: null, offset: 0 }
  const offset = Number(parts[1])
  return { limit: parts[2] === '' ? null : Math.max(0, Number(parts[2]) - offset + 1), offset }
}

const rangeHeader = (offset: number, length: number, total: number | null): string =>
  `${length === 0 ? '*' : `${offset}-${offset + length - 1}`}/${total ?? '*'}`

const oneRow = (rows: readonly string[]): string => {
  if (rows.length === 1) return rows[0]!
  throw new ApiError(406, 'PGRST116', 'Cannot coerce the result to a single JSON object', `The result contains ${rows.length} rows`)
}

/** Answers a read as PostgREST would. It checks nobody's rights: whoever reaches it gets what they ask for. Throws ApiError. */
export const answerRead = (records: RecordStore, asked: Asked): Answer => {
  if (asked.method !== 'GET' && asked.method !== 'HEAD') throw new ApiError(405, 'PGRST117', `Unsupported HTTP method: ${asked.method}`)
  const profile = asked.header('accept-profile')
  if (profile !== '' && profile !== 'public') throw new ApiError(406, 'PGRST106', `Invalid schema: ${profile}`)
  const type = chooseType(asked.header('accept'))
  const [path = '', query = ''] = asked.target.split(/\?(.*)/su)
  const table = findTable(path)
  const parsed = parseQuery(readPairs(query))
  const page = pageOf(asked.header('range'))
  const request = { ...parsed, limit: parsed.limit ?? page.limit, offset: parsed.offset || page.offset }
  const statement = readSql(table, request)
  const counted = /(?:^|[,;\s])count=(exact|planned|estimated)/u.exec(asked.header('prefer'))?.[1]
  const total = counted === undefined ? null : records.count(statement)
  if (total !== null && request.offset > 0 && request.offset >= total) {
    const details = `An offset of ${request.offset} was requested, but there are only ${total} rows.`
    throw new ApiError(416, 'PGRST103', 'Requested range not satisfiable', details)
  }
  const rows = records.rows(statement)
  const body = type === OBJECT ? oneRow(rows) : `[${rows.join(',\n ')}]`
  return {
    status: total !== null && rows.length < total ? 206 : 200,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-range': rangeHeader(request.offset, rows.length, total),
      'content-location': asked.target,
      ...(counted === undefined ? {} : { 'preference-applied': `count=${counted}` }),
    },
    body: asked.method === 'HEAD' ? '' : body,
  }
}
