import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { stringify } from 'yaml'
import { type City, city } from './city.ts'
import type { Answer } from './haven.ts'
import { upstream } from './upstream.ts'

const ROWS = ['11', '12', '13'].map(id => ({
  id,
  full_name: `N${id}`,
  address: `${id} Olive St`,
  citizenship: 'tps',
  opened: '2026-10-01',
  home: { street: 'S', city: 'LA', gate: 'G' },
  household: [{ id: '12', full_name: 'N12' }],
  visits: [{ visit_id: 'v1', place: 'clinic' }],
}))

const FIELDS = {
  id: 'open',
  full_name: 'personal',
  address: 'locating',
  citizenship: 'status',
  opened: 'open',
  home: { fields: { street: 'locating', city: 'open', gate: 'locating' } },
}
const PARAMETERS = {
  ...{ id: { field: 'id', use: 'identify' }, address: { field: 'address', use: 'filter' }, q: { use: 'search', fields: ['full_name'] } },
  ...{ sort: { use: 'sort' }, fields: { use: 'select' }, limit: { use: 'page' }, offset: { use: 'page' }, page: { use: 'page' } },
}
const PLAIN = { key: 'id', subjects: true, fields: FIELDS }
const PEOPLE = { ...PLAIN, fields: { ...FIELDS, household: { collection: 'people' }, visits: { collection: 'visits' } } }
const VISITS = {
  key: 'visit_id',
  fields: { visit_id: 'open', place: 'locating', opened: 'open', resident: { collection: 'people' } },
}
const BY_KEY = { '/people/{id}': { id: { field: 'id', use: 'identify' } } }
const CATALOGUES = {
  water: { source: 'water', collections: { people: PEOPLE, visits: VISITS } },
  rest: { source: 'rest', collections: { people: { ...PLAIN, parameters: PARAMETERS, paths: BY_KEY } } },
}

export interface Household extends City {
  /** Asks as the removal branch, with this process. */
  readonly ask: (path: string, process: string) => Promise<Answer>
  /** What was asked of the record API, newest last. */
  readonly seen: readonly string[]
}

/** A city whose people have relations: `water` in PostgREST's dialect, and `rest`, which cannot be asked for some persons alone. */
export async function household(t: Test): Promise<Household> {
  const dir = await mkdtemp(join(tmpdir(), 'haven-household-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const seen: string[] = []
  const { url }: { url: string } = await upstream(t, (call, reply) => {
    seen.push(decodeURIComponent(call.url))
    reply.writeHead(200, { 'content-type': 'application/json' })
    reply.end(JSON.stringify(answerFor(new URL(call.url, url).searchParams)))
  })
  const sources = []
  for (const [name, catalogue] of Object.entries(CATALOGUES)) {
    const file = join(dir, `${name}.yaml`)
    await writeFile(file, stringify(catalogue))
    const dialect = name === 'rest' ? 'rest' : 'postgrest'
    sources.push({ name, url, dialect, keeper: 'utility', records: 'utility', catalogue: file })
  }
  const limits = { callsPerMinute: { urgent: 10_000, ordinary: 10_000, bulk: 10_000 } }
  const gate = await city(t, { config: { sources, limits } })
  const ero = { agency: 'us-dhs-ice-ero', purpose: 'immigration-enforcement', sub: 'officer' }
  return {
    ...{ ...gate, seen },
    activeProcess: more => gate.activeProcess({ document: randomBytes(32).toString('hex'), ...more }),
    ask: (path, process) => gate.get(path, ero, { 'haven-process': process }),
  }
}

/** Enough of PostgREST for equality on the key and for names that a select gives to columns. */
function answerFor(asked: URLSearchParams): readonly object[] {
  const keys = /^(?:eq\.|in\.\()(.*?)\)?$/.exec(asked.get('id') ?? '')?.[1]?.split(',')
  const renamed = [...(asked.get('select') ?? '').matchAll(/(\w+):(\w+)(?=,|$)/g)]
  return ROWS.filter(({ id }) => keys?.includes(id) ?? true).map(row => ({
    ...row,
    ...Object.fromEntries(renamed.map(([, alias = '', column = '']) => [alias, Reflect.get(row, column)])),
  }))
}
