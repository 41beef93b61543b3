import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import type { JWTPayload } from 'jose'
import t from 'tap'
import { PEOPLE, writeFolder } from '../support/haven.ts'
import { upstream } from '../support/upstream.ts'

/** What each class may at most be released to, by the caller alone: everything else about a row is a canary to them. */
const FIELDS = [
  'id',
  'service',
  'zip',
  'full_name',
  'address',
  'citizenship',
  'alien_number',
  'birth_country',
  'ssn',
  'notes',
  'uncatalogued',
] as const
type Field = (typeof FIELDS)[number]
const ORDINARY: readonly Field[] = ['id', 'service', 'zip', 'full_name', 'address', 'notes']

interface Caller {
  readonly name: string
  readonly claims: JWTPayload
  readonly issuer?: string
  readonly may: readonly Field[]
}
const CALLERS: readonly Caller[] = [
  { name: 'a caseworker', claims: { agency: 'us-ca-los-angeles-housing', purpose: 'service-delivery' }, may: ORDINARY },
  { name: 'ICE', claims: { agency: 'us-dhs-ice-ero' }, may: [] },
  {
    name: 'ICE with a warrant nobody verified',
    claims: { agency: 'us-dhs-ice', process: { kind: 'judicial-warrant', state: 'active', covers: 'query' } },
    may: [],
  },
  {
    name: 'an officer who asks for ICE',
    claims: { agency: 'us-ca-los-angeles-lapd', purpose: 'public-safety', reason: 'for ICE ERO' },
    may: [],
  },
  { name: 'HUD', claims: { agency: 'us-hud', purpose: 'audit' }, may: ORDINARY },
  {
    name: 'a caseworker who passes it on',
    claims: { agency: 'us-ca-los-angeles-housing', purpose: 'service-delivery', recipient: 'us-nlets' },
    may: [],
  },
  { name: 'a stranger', claims: { purpose: 'public-records' }, issuer: PEOPLE, may: ['id', 'service'] },
  {
    name: 'a person who asks for all',
    claims: { purpose: 'subject-access', subject_of: { residents: 'R-none' } },
    issuer: PEOPLE,
    may: [],
  },
  { name: 'nobody in the directory', claims: { agency: 'us-nowhere', purpose: 'emergency' }, may: [] },
]

/** A value that stands nowhere else: its field, its row and a word no program writes. */
const canary = (field: Field, row: number) => `zq${field.replace('_', '')}${row}xj`
const ROWS = [1, 2, 3].map(row => Object.fromEntries(FIELDS.map(field => [field, canary(field, row)])))
const FIELD_OF = new Map(FIELDS.map(field => [field.replace('_', ''), field]))

/** Answers whatever is asked under the keys the question names, always with everything it has, and with headers that tell. */
const records = await upstream(t, (asked, reply) => {
  const select = new URL(asked.url, 'http://x').searchParams.get('select')
  const aliases = [...(select ?? '').matchAll(/([A-Za-z0-9_]+):([a-z_]+)/g)].map(match => [match[1] ?? '', match[2] ?? ''] as const)
  const body = ROWS.map(row => ({
    ...row,
    ...Object.fromEntries(aliases.map(([alias, name]) => [alias, row[name] ?? canary('ssn', 1)])),
    all: { ...row },
  }))
  const leaky = { etag: `"${canary('ssn', 1)}"`, 'x-total': canary('citizenship', 2), 'content-range': '0-2/3' }
  const failing = asked.url.includes('R-fails')
  reply.writeHead(failing ? 400 : 200, { 'content-type': 'application/json', ...leaky })
  reply.end(
    asked.method === 'HEAD' ? undefined : JSON.stringify(failing ? { message: `Failing row contains ${JSON.stringify(ROWS)}` } : body),
  )
})

// A process of its own: its log goes to a pipe that the test reads, as an operator's would.
const folder = await writeFolder({ upstream: records.url })
t.teardown(() => rm(folder.dir, { recursive: true, force: true }))
const main = resolve(import.meta.dirname, '../../src/main.ts')
const child = spawn(process.execPath, [main, 'serve', '--config', folder.configFile], { stdio: ['ignore', 'pipe', 'pipe'] })
t.teardown(() => void child.kill('SIGKILL'))
const stopped = once(child, 'close')
const logged: Buffer[] = []
child.stderr.on('data', (chunk: Buffer) => logged.push(chunk))
const [ready]: Buffer[] = await once(child.stdout, 'data')
const { gate }: { gate: string } = JSON.parse(String(ready))

const odd = [
  'to_jsonb',
  'Citizenship',
  '"ssn"',
  'ssn::text',
  'zip::text',
  'citizenship.max()',
  'residents(ssn)',
  '...residents(*)',
  'all',
  'notes->ssn',
  '*',
  'count()',
]
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...ORDINARY) },
  { weight: 4, arbitrary: fc.constantFrom(...FIELDS) },
  { weight: 1, arbitrary: fc.constantFrom(...odd) },
)
const alias = fc.constantFrom('', '', '', '', '', 'zip:', 'id:', 'x:', 'service:', 'ssn:', 'all:')
const select = fc.option(
  fc
    .array(
      fc.tuple(alias, name).map(([a, n]) => a + n),
      { minLength: 1, maxLength: 5 },
    )
    .map(items => `select=${items.join(',')}`),
  { nil: '' },
)
const operand = fc.constantFrom('eq.', 'neq.', 'like.', 'in.(', 'is.null', 'not.eq.', 'gt.', 'fts.')
const value = fc.constantFrom('R-1', 'R-fails', '*', canary('id', 1), 'x')
const filter = fc.tuple(name, operand, value).map(([n, o, v]) => `${n}=${o}${o === 'is.null' ? '' : v}${o === 'in.(' ? ')' : ''}`)
const other = fc.oneof(
  name.map(n => `order=${n}.desc`),
  fc.constantFrom('limit=1', 'offset=1'),
  fc.tuple(name, value).map(([n, v]) => `or=(${n}.eq.${v},id.eq.R-1)`),
)
const query = fc
  .tuple(select, fc.array(filter, { maxLength: 1 }), fc.array(other, { maxLength: 1 }))
  .map(([s, f, o]) => [s, ...f, ...o].filter(Boolean).join('&'))
const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD')
const prefer = fc.constantFrom(null, null, 'count=exact')

const anybody = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...CALLERS.filter(({ may }) => may.length > 0)) },
  { weight: 1, arbitrary: fc.constantFrom(...CALLERS) },
)

const found = (text: string) => [...text.matchAll(/zq([a-z]+)\dxj/g)].map(match => FIELD_OF.get(match[1] ?? ''))

t.test('no caller gets a value they may not have, whatever they ask and however', async t => {
  const tokens = new Map<Caller, string>()
  for (const caller of CALLERS) tokens.set(caller, await folder.token(caller.claims, caller.issuer ? { issuer: caller.issuer } : {}))
  const seen = { released: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(anybody, query, method, prefer, async (caller, asked, how, preference) => {
      const headers = { authorization: `Bearer ${tokens.get(caller)}`, ...(preference ? { prefer: preference } : {}) }
      const answer = await fetch(`${gate}/residents/residents?${asked}`, { method: how, headers })
      // What the caller wrote into the question may come back; what the rows hold may not.
      const text = (JSON.stringify([...answer.headers]) + (await answer.text())).replaceAll(canary('id', 1), '')
      const leaked = found(text).filter(field => field === undefined || !caller.may.includes(field))
      if (answer.status === 200) seen.released += 1
      else seen.refused += 1
      if (leaked.length > 0) throw new Error(`${caller.name} got ${leaked.join()} by ${how} ?${asked}`)
      if (answer.headers.get('etag') || answer.headers.get('content-range')) throw new Error(`a header of the record API by ?${asked}`)
    }),
    { numRuns: 600 },
  )
  t.ok(seen.released > 100 && seen.refused > 100, `${seen.released} released, ${seen.refused} refused`)
})

t.test('twin: the search for canaries finds them, where they are allowed', async t => {
  const answer = await fetch(`${gate}/residents/residents`, { headers: { authorization: `Bearer ${await folder.token()}` } })
  t.same(new Set(found(await answer.text())), new Set(ORDINARY))
})

t.test('nor does any of it stand in the journal or in the log', async t => {
  child.kill('SIGTERM')
  await stopped
  const files = await readdir(folder.dir, { recursive: true, withFileTypes: true })
  let bytes = 0
  for (const file of files.filter(one => one.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), 'latin1')
    bytes += text.length
    t.same(found(text), [], file.name)
  }
  t.ok(bytes > 100_000, `${bytes} bytes were searched`)
  t.same(found(Buffer.concat(logged).toString('latin1')), [], 'the log')
})
