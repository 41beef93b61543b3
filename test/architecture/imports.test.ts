import t from 'tap'
import { readSource } from './source.ts'

const files = readSource()
const ZONES = ['requester', 'query', 'policy', 'redact', 'audit', 'register', 'rulebook']

/** What other zones may enter by; everything else of a zone is its own business. */
const DOORS = [
  'requester/identify.ts',
  'requester/addressees.ts',
  'requester/claims.ts',
  'requester/directory.ts',
  'requester/compile-lexicon.ts',
  'requester/party.ts',
  'requester/conclude-purpose.ts',
  'query/inspect.ts',
  'query/compile-catalogue.ts',
  'query/list-uses.ts',
  'policy/await-notice.ts',
  'policy/decide.ts',
  'policy/explain.ts',
  'policy/compile.ts',
  'policy/rulebook.ts',
  'policy/check-case.ts',
  'policy/combine.ts',
  'policy/fold-fields.ts',
  'policy/prove.ts',
  'policy/diff.ts',
  'policy/why.ts',
  'policy/check-names.ts',
  'policy/asleep.ts',
  'policy/decide-cached.ts',
  'redact/redact.ts',
  'redact/compile-search.ts',
  'audit/open.ts',
  'audit/record.ts',
  'audit/verify.ts',
  'audit/read.ts',
  'audit/vkey.ts',
  'audit/parse-entry.ts',
  'audit/durable-file.ts',
  'audit/inquiry-of.ts',
  'audit/last-rulebook.ts',
  'rulebook/archive.ts',
  'rulebook/compare-parts.ts',
  'rulebook/compare.ts',
  'rulebook/judge-change.ts',
  'rulebook/named-issuers.ts',
  'rulebook/print-files.ts',
  'rulebook/shadow.ts',
  'rulebook/signer-key.ts',
  'rulebook/statement.ts',
  'rulebook/take-force.ts',
  'rulebook/watch-files.ts',
  'register/book.ts',
  'register/certificates.ts',
  'register/check-scope.ts',
  'register/holds.ts',
  'register/processes.ts',
  'register/register.ts',
  'register/seal.ts',
  'register/tasks.ts',
]

/** The import table of docs/architecture.md. `own` is always allowed. */
const TABLE: Readonly<Record<string, { ours: readonly string[]; packages: readonly string[] }>> = {
  terms: { ours: [], packages: ['zod'] },
  requester: { ours: ['terms'], packages: ['zod', 'node:'] },
  query: { ours: ['terms'], packages: ['node:'] },
  policy: { ours: ['terms'], packages: [] },
  redact: { ours: ['terms'], packages: ['node:'] },
  audit: { ours: ['terms'], packages: ['zod', 'node:'] },
  register: { ours: ['terms'], packages: ['jose', 'zod', 'node:'] },
  rulebook: { ours: ['terms', 'policy', 'audit'], packages: ['node:'] },
  'gatekeeper.ts': { ours: ['terms'], packages: [] },
  config: { ours: ['terms'], packages: ['zod', 'yaml', 'csv-parse/sync', 'node:'] },
  'outbound.ts': { ours: ['terms'], packages: ['undici'] },
  proxy: {
    ours: ['terms', 'gatekeeper.ts', 'outbound.ts', ...ZONES],
    packages: ['fastify', '@fastify/jwt', 'jose', 'zod', 'node:'],
  },
  admin: { ours: ['terms', 'gatekeeper.ts', 'outbound.ts', ...ZONES], packages: ['fastify', 'prom-client', 'zod', 'node:'] },
  cli: { ours: ['terms', 'config', ...ZONES], packages: ['commander', 'node:'] },
  'prepare.ts': { ours: ['terms', 'config', ...ZONES], packages: ['node:'] },
  'policy-thread.ts': { ours: ['terms', 'policy-worker.ts', 'rulebook'], packages: ['node:'] },
  'policy-worker.ts': { ours: ['terms', 'policy', 'prepare.ts', 'rulebook'], packages: ['node:'] },
  'reload.ts': { ours: ['terms', 'config', 'outbound.ts', 'policy-thread.ts', 'prepare.ts', 'rulebook'], packages: ['node:'] },
  'fill-stages.ts': { ours: ['terms', 'config', 'gatekeeper.ts', 'proxy', 'admin', 'prepare.ts', ...ZONES], packages: [] },
  'replay-register.ts': { ours: ['terms', 'config', 'audit', 'register'], packages: ['node:'] },
  'build-servers.ts': {
    ours: ['terms', 'config', 'outbound.ts', 'proxy', 'admin', 'fill-stages.ts', 'requester'],
    packages: ['fastify', 'node:'],
  },
  'open-offline.ts': { ours: ['terms', 'config', 'admin', 'audit', 'assembly.ts', 'replay-register.ts'], packages: ['node:'] },
  'prepare-proof.ts': { ours: ['terms', 'config', ...ZONES], packages: ['node:'] },
  'prepare-cases.ts': { ours: ['terms', 'config', 'prepare-proof.ts', ...ZONES], packages: ['node:'] },
  'assembly.ts': {
    ours: [
      'terms',
      'config',
      'gatekeeper.ts',
      'outbound.ts',
      'proxy',
      'admin',
      'prepare.ts',
      'build-servers.ts',
      'fill-stages.ts',
      'replay-register.ts',
      'policy-thread.ts',
      'reload.ts',
      ...ZONES,
    ],
    packages: ['pino', 'fastify', 'node:'],
  },
  'main.ts': {
    ours: [
      'terms',
      'assembly.ts',
      'open-offline.ts',
      'outbound.ts',
      'prepare.ts',
      'prepare-cases.ts',
      'prepare-proof.ts',
      'policy-thread.ts',
      'cli',
      'config',
      'policy',
    ],
    packages: ['commander', 'node:'],
  },
}

const zoneOf = (path: string): string => path.split('/')[0] ?? path

t.test('every file imports only what its zone may', async t => {
  for (const file of files) {
    const zone = zoneOf(file.path)
    const row = TABLE[zone]
    if (!row) {
      t.fail(`${file.path}: the zone ${zone} is not in the import table; add a row, with a decision record`)
      continue
    }
    const foreign = file.imports.filter(path => zoneOf(path) !== zone && !row.ours.includes(zoneOf(path)))
    t.same(foreign, [], `${file.path} imports from zones it may not; exchange a value of terms/ instead`)
    const closed = file.imports.filter(path => zoneOf(path) !== zone && ZONES.includes(zoneOf(path)) && !DOORS.includes(path))
    t.same(closed, [], `${file.path} enters a zone past its door`)
    const packages = file.packages.filter(
      name => !row.packages.some(allowed => (allowed.endsWith(':') ? name.startsWith(allowed) : name === allowed)),
    )
    t.same(packages, [], `${file.path} imports packages its zone may not`)
  }
})

t.test('every door is there', async t => {
  for (const door of DOORS)
    t.ok(
      files.some(file => file.path === door),
      `${door} is listed as a door and does not exist`,
    )
})

t.test('no file is dead', async t => {
  const byPath = new Map(files.map(file => [file.path, file]))
  const reached = new Set<string>()
  const visit = (path: string): void => {
    if (reached.has(path)) return
    reached.add(path)
    for (const next of byPath.get(path)?.imports ?? []) visit(next)
  }
  visit('main.ts')
  const dead = files.map(file => file.path).filter(path => !reached.has(path))
  t.same(dead, [], 'delete files that nothing imports')
})
