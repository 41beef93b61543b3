import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { compileCatalogue } from '../../../src/query/compile-catalogue.ts'
import { type InspectableSource, makeInspect } from '../../../src/query/inspect.ts'
import type { Call } from '../../../src/terms/call.ts'
import type { Catalogue } from '../../../src/terms/catalogue.ts'
import { CatalogueFile, Vocabulary } from '../../../src/terms/catalogue.ts'
import type { FromFile } from '../../../src/terms/file.ts'
import type { Opaque, QueryFacts } from '../../../src/terms/query-facts.ts'

export const VOCABULARY = Vocabulary.parse(parse(readFileSync(new URL('../../../policies/vocabulary.yaml', import.meta.url), 'utf8')))

export const RESIDENTS = {
  source: 'residents',
  collections: {
    residents: {
      key: 'id',
      fields: {
        id: 'open',
        case_no: 'open',
        full_name: 'personal',
        age: 'open',
        zip: 'open',
        service: 'open',
        ssn: ['personal', 'status-proxy'],
        immigration_status: 'status',
        alien_number: 'status-identifier',
        caseworker_notes: { class: 'personal', text: true },
        address: { fields: { street: 'locating', city: 'open' } },
        profile: 'personal',
        'Full Name': 'personal',
        tags: 'open',
        household: { collection: 'residents' },
        visits: { collection: 'visits' },
        custody: { class: 'custody', collection: 'visits' },
      },
    },
    visits: { key: 'visit_id', fields: { visit_id: 'open', place: 'locating', resident: { collection: 'residents' } } },
    numbers: { key: 'alien_number', fields: { alien_number: 'status-identifier', name: 'personal' } },
  },
}

const REST_PARTS = {
  parameters: {
    id: { field: 'id', use: 'identify' },
    status: { field: 'immigration_status', use: 'filter' },
    age: { field: 'age', use: 'filter' },
    q: { use: 'search', fields: ['full_name', 'caseworker_notes'] },
    sort: { use: 'sort' },
    fields: { use: 'select' },
    page: { use: 'page' },
    after: { use: 'cursor' },
    group_by: { use: 'group' },
    max: { use: 'aggregate' },
    expand: { use: 'expand' },
    count: { use: 'count' },
  },
  paths: {
    '/residents/{id}': { id: { field: 'id', use: 'identify' } },
    '/residents/by-zip/{zip}': { zip: { field: 'zip', use: 'filter' } },
  },
}

export const REST_RESIDENTS = {
  source: 'people',
  collections: { ...RESIDENTS.collections, residents: { ...RESIDENTS.collections.residents, ...REST_PARTS } },
}

/** A catalogue as if read from a file; a problem's message is led by its path. */
export function fromFile(value: unknown): FromFile<CatalogueFile> {
  const problem: FromFile<CatalogueFile>['problem'] = (path, message) => ({
    file: 'c.yaml',
    line: 1,
    column: 1,
    message: `${path.join('/')}: ${message}`,
  })
  return { file: 'c.yaml', value: CatalogueFile.parse(value), problem }
}

export function compiled(value: unknown, dialect: string): Catalogue {
  const result = compileCatalogue(fromFile(value), VOCABULARY, dialect)
  if ('problems' in result) throw new Error(result.problems.map(problem => problem.message).join('\n'))
  return result.catalogue
}

export const POSTGREST: InspectableSource = {
  name: 'residents',
  dialect: 'postgrest',
  catalogue: compiled(RESIDENTS, 'postgrest'),
  writes: false,
}
export const REST: InspectableSource = { name: 'people', dialect: 'rest', catalogue: compiled(REST_RESIDENTS, 'rest'), writes: false }

/** A call such as `GET /residents?select=id`, to the source it names first: `/residents/residents?...` is source and path. */
export function callOf(line: string, options: { headers?: Record<string, string>; body?: string | Uint8Array } = {}): Call {
  const [method = '', address = ''] = line.split(/ (.*)/s)
  const [, source = '', path = '', query = ''] = /^\/([^/?]*)([^?]*)\??(.*)$/s.exec(address) ?? []
  const { headers = {}, body } = options
  return {
    id: '0197a000-0000-7000-8000-000000000000',
    receivedAt: 0,
    method,
    source,
    path: path === '' ? '/' : path,
    query,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    body: body === undefined ? null : typeof body === 'string' ? new TextEncoder().encode(body) : body,
  }
}

const READ = makeInspect([POSTGREST, REST])
const WRITE = makeInspect([
  { ...POSTGREST, writes: true },
  { ...REST, writes: true },
])

type Options = NonNullable<Parameters<typeof callOf>[1]>
export const inspect = (line: string, options?: Options): QueryFacts | Opaque => READ(callOf(line, options))
export const inspectWritable = (line: string, options?: Options): QueryFacts | Opaque => WRITE(callOf(line, options))

/** The facts of a call that must be readable. */
export function facts(answer: QueryFacts | Opaque): QueryFacts {
  if (answer.kind === 'opaque') throw new Error(`${answer.code}: ${answer.detail}`)
  return answer
}

/** The code of a call that must be refused; the word `read` where it was not. */
export const refusal = (answer: QueryFacts | Opaque): string => (answer.kind === 'opaque' ? answer.code : 'read')

/** Uses as `kind collection.field`, sorted, each once. */
export function usesOf(answer: QueryFacts | Opaque): readonly string[] {
  return [...new Set(facts(answer).uses.map(use => `${use.kind} ${use.collection}.${use.field}`))].toSorted((a, b) => (a < b ? -1 : 1))
}

/** Uses other than what merely appears in the answer. */
export const asked = (answer: QueryFacts | Opaque): readonly string[] => usesOf(answer).filter(use => !/^(select|implied) /.test(use))

/** Response keys of the records and the field each carries. */
export function keysOf(answer: QueryFacts | Opaque): Record<string, string> {
  const { shape } = facts(answer)
  if (shape.node !== 'records') throw new Error(`a ${shape.node}, not records`)
  return Object.fromEntries(
    [...shape.record.members].map(([name, inner]) => [
      name,
      inner.node === 'field' ? `${inner.kind} ${inner.collection}.${inner.field}` : inner.node,
    ]),
  )
}

export const targetOf = (answer: QueryFacts | Opaque): string => decodeURIComponent(facts(answer).upstream.target)
