import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { AgencyDirectory } from '../terms/agency.ts'
import { CatalogueFile, Vocabulary } from '../terms/catalogue.ts'
import { type FileProblem, FilesRefused } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import { GrantsFile, LawFile } from '../terms/law.ts'
import { Lexicon } from '../terms/lexicon.ts'
import { checkHavenFile } from './check-haven-file.ts'
import { type Reading, readYaml } from './read-yaml.ts'
import { HavenFile } from './schema.ts'

/** Everything that was read, before the zones compile it. Paths in `haven` are absolute. */
export interface Loaded {
  readonly haven: FromFile<HavenFile>
  readonly laws: readonly FromFile<LawFile>[]
  readonly grants: FromFile<GrantsFile>
  readonly agencies: FromFile<AgencyDirectory>
  readonly vocabulary: FromFile<Vocabulary>
  readonly lexicon: FromFile<Lexicon>
  /** In the order of the sources. */
  readonly catalogues: readonly FromFile<CatalogueFile>[]
  /** SHA-256, hex, over everything that decides: laws, grants, catalogues, directory, vocabulary, lexicon, sources, signers. */
  readonly rulebookDigest: string
  /** SHA-256, hex, of every setting in haven.yaml but the secrets. */
  readonly configDigest: string
}

/** The policy files alone: what `haven policy test` needs. */
export interface LoadedPolicies {
  readonly laws: readonly FromFile<LawFile>[]
  readonly grants: readonly FromFile<GrantsFile>[]
  readonly agencies: FromFile<AgencyDirectory>
  readonly lexicon: FromFile<Lexicon>
}

/**
 * Loads haven.yaml and every file it names. The only reader of the environment.
 * @throws FilesRefused with every problem at once.
 */
export function loadConfiguration(file: string, environment: NodeJS.ProcessEnv = process.env): Loaded {
  // Node would silently accept any certificate: every key and every record could come from anybody.
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    throw new FilesRefused([{ file, line: 1, column: 1, message: 'NODE_TLS_REJECT_UNAUTHORIZED=0 is set; unset it' }])
  }
  const path = resolve(file)
  const all = collector()
  const raw = all.take(readYaml(path, HavenFile))
  if (!raw) throw all.refusal()
  const haven = { ...raw, value: absolute(raw.value, dirname(path), environment, raw.problem, all.add) }
  all.add(...checkHavenFile(haven))
  const { policies, owner, sources } = haven.value
  const laws = lawFolders(haven, all.add).flatMap(folder =>
    lawFiles(join(policies.dir, folder), all.add).map(law => all.take(readLaw(law, folder))),
  )
  const grants = all.take(readYaml(join(policies.dir, owner.jurisdiction, 'grants.yaml'), GrantsFile))
  const agencies = all.take(readYaml(policies.agencies ?? join(policies.dir, 'agencies.yaml'), AgencyDirectory))
  const vocabulary = all.take(readYaml(join(policies.dir, 'vocabulary.yaml'), Vocabulary))
  const lexicon = all.take(readYaml(join(policies.dir, 'purposes.yaml'), Lexicon))
  const catalogues = sources.map((source, i) => {
    const read = all.take(readYaml(source.catalogue, CatalogueFile))
    if (read && read.value.source !== source.name) {
      all.add(haven.problem(['sources', i, 'catalogue'], `the catalogue is about '${read.value.source}', not about '${source.name}'`))
    }
    return read
  })
  if (grants && grants.value.grants !== owner.jurisdiction)
    all.add(grants.problem(['grants'], `write '${owner.jurisdiction}', the folder's name`))
  if (!grants || !agencies || !vocabulary || !lexicon || all.failed()) throw all.refusal()
  const present = catalogues.filter(catalogue => catalogue !== null)
  const read = { laws: laws.filter(law => law !== null), grants, agencies, vocabulary, lexicon, catalogues: present }
  return { haven, ...read, rulebookDigest: digestOf(haven.value, Object.values(read).flat()), configDigest: digestOfSettings(raw.value) }
}

/** Loads every law and grants file under a policies folder. @throws FilesRefused */
export function loadPolicies(dir: string): LoadedPolicies {
  const all = collector()
  const folders = existsSync(dir)
    ? readdirSync(dir)
        .filter(name => statSync(join(dir, name)).isDirectory())
        .toSorted()
    : []
  if (folders.length === 0) all.add({ file: dir, line: 1, column: 1, message: 'there is no folder of laws here' })
  const laws = folders.flatMap(folder => lawFiles(join(dir, folder), all.add).map(law => all.take(readLaw(law, folder))))
  const grants = folders
    .map(folder => join(dir, folder, 'grants.yaml'))
    .filter(file => existsSync(file))
    .map(file => all.take(readYaml(file, GrantsFile)))
  const agencies = all.take(readYaml(join(dir, 'agencies.yaml'), AgencyDirectory))
  const lexicon = all.take(readYaml(join(dir, 'purposes.yaml'), Lexicon))
  if (!agencies || !lexicon || all.failed()) throw all.refusal()
  return { laws: laws.filter(law => law !== null), grants: grants.filter(grant => grant !== null), agencies, lexicon }
}

function collector() {
  const problems: FileProblem[] = []
  return {
    add: (...more: FileProblem[]) => void problems.push(...more),
    take: <T>(reading: Reading<T>): FromFile<T> | null => {
      if ('read' in reading) return reading.read
      problems.push(...reading.problems)
      return null
    },
    failed: () => problems.length > 0,
    refusal: () => new FilesRefused(problems),
  }
}

/** The folders in force: those listed, and `us`, which binds every city. */
function lawFolders(haven: FromFile<HavenFile>, add: (problem: FileProblem) => void): readonly string[] {
  const { dir, laws } = haven.value.policies
  laws.forEach((folder, i) => {
    const known = /^[a-z]{2}(-[a-z0-9]+)*$/.test(folder) && existsSync(join(dir, folder))
    if (!known) add(haven.problem(['policies', 'laws', i], `there is no folder '${folder}' in ${dir}`))
  })
  // Without it a status that a government body names would be refused in silence (8 U.S.C. 1373).
  if (!existsSync(join(dir, 'us')))
    add(haven.problem(['policies', 'dir'], `there is no folder 'us' in ${dir}; federal law is always in force`))
  return [...new Set([...laws, 'us'])].filter(folder => existsSync(join(dir, folder)))
}

/** The law files of a folder. A file that nobody would read is a problem: its author believes the law is in force. */
function lawFiles(folder: string, add: (problem: FileProblem) => void): readonly string[] {
  const names = readdirSync(folder).toSorted((a, b) => a.localeCompare(b))
  for (const name of names.filter(name => !name.endsWith('.yaml') && !name.startsWith('.'))) {
    add({
      file: join(folder, name),
      line: 1,
      column: 1,
      message: 'not read: a law is a .yaml file directly in its folder; rename or move it',
    })
  }
  return names
    .filter(name => name.endsWith('.yaml') && name !== 'grants.yaml' && !name.endsWith('.cases.yaml'))
    .map(name => join(folder, name))
}

function readLaw(file: string, folder: string): Reading<LawFile> {
  const reading = readYaml(file, LawFile)
  if ('problems' in reading || reading.read.value.jurisdiction === folder) return reading
  return { problems: [reading.read.problem(['jurisdiction'], `write '${folder}', the folder's name, or move the file`)] }
}

type Problem = FromFile<unknown>['problem']

function absolute(
  value: HavenFile,
  base: string,
  environment: NodeJS.ProcessEnv,
  problem: Problem,
  add: (p: FileProblem) => void,
): HavenFile {
  const at = (path: string) => resolve(base, path)
  const keysAt = <I extends { jwks: string }>(issuer: I): I => ({
    ...issuer,
    jwks: /^https?:/.test(issuer.jwks) ? issuer.jwks : at(issuer.jwks),
  })
  const { policies, journal, tls, identity } = value
  return {
    ...value,
    ...(tls ? { tls: { ...tls, key: at(tls.key), cert: at(tls.cert) } } : {}),
    identity: {
      issuers: identity.issuers.map(keysAt),
      ...(identity.admin ? { admin: { ...identity.admin, issuers: identity.admin.issuers.map(keysAt) } } : {}),
    },
    ...(value.register ? { register: { file: at(value.register.file) } } : {}),
    policies: { ...policies, dir: at(policies.dir), ...(policies.agencies ? { agencies: at(policies.agencies) } : {}) },
    sources: value.sources.map((source, i) => ({
      ...source,
      catalogue: at(source.catalogue),
      ...(source.auth
        ? { auth: { bearer: secret(source.auth.bearer, environment, message => add(problem(['sources', i, 'auth', 'bearer'], message))) } }
        : {}),
    })),
    journal: {
      ...journal,
      dir: at(journal.dir),
      key: at(journal.key),
      ...(journal.checkpoints ? { checkpoints: at(journal.checkpoints) } : {}),
    },
  }
}

function secret(value: string, environment: NodeJS.ProcessEnv, refuse: (message: string) => void): string {
  const name = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value)?.[1]
  if (name === undefined) {
    if (value.includes('${')) refuse('a name from the environment must be the whole value of the secret')
    return value
  }
  const found = environment[name]
  if (!found) refuse(`the environment variable ${name} is not set, or is empty`)
  return found ?? ''
}

function digestOf(haven: HavenFile, files: readonly FromFile<unknown>[]): string {
  const digest = createHash('sha256')
  for (const { file } of files.toSorted((a, b) => a.file.localeCompare(b.file))) {
    digest.update(`${relative(haven.policies.dir, file)}\0${sha256(file)}\n`)
  }
  const sources = haven.sources.map(({ name, keeper, records }) => ({ name, keeper, records }))
  return digest.update(JSON.stringify({ sources, owner: haven.owner.jurisdiction, signers: haven.policies.signers })).digest('hex')
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

function digestOfSettings(value: HavenFile): string {
  const sources = value.sources.map(source => ({ ...source, auth: source.auth !== undefined }))
  return createHash('sha256')
    .update(JSON.stringify({ ...value, sources }))
    .digest('hex')
}
