import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AgencyDirectory } from '../terms/agency.ts'
import { CatalogueFile, type Vocabulary } from '../terms/catalogue.ts'
import { type FileProblem, FilesRefused } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { Invariants } from '../terms/invariant.ts'
import { GrantsFile, type LawFile } from '../terms/law.ts'
import { Lexicon } from '../terms/lexicon.ts'
import type { CanonicalRulebook } from '../terms/rulebook-content.ts'
import { BUNDLE_ROOT } from './bundle.ts'
import { canonicalJson, canonicalRulebook } from './canonical.ts'
import { checkHavenFile } from './check-haven-file.ts'
import { type Collector, collector } from './collector.ts'
import { contentOf } from './content.ts'
import { disk } from './files.ts'
import { absolute } from './haven-paths.ts'
import { type Origin, originOf } from './origin.ts'
import { foldersOfLaws, lawFiles, type PolicyFiles, readLaw, readPolicies } from './read-policies.ts'
import { readYaml } from './read-yaml.ts'
import { HavenFile } from './schema.ts'

/** Everything that was read, before the zones compile it. Paths in `haven` are absolute. */
export interface Loaded {
  readonly haven: FromFile<HavenFile>
  readonly laws: readonly FromFile<LawFile>[]
  readonly grants: FromFile<GrantsFile>
  readonly agencies: FromFile<AgencyDirectory>
  readonly vocabulary: FromFile<Vocabulary>
  readonly lexicon: FromFile<Lexicon>
  readonly invariants: FromFile<Invariants> | null
  /** In the order of the sources. */
  readonly catalogues: readonly FromFile<CatalogueFile>[]
  /** Everything that decides: laws, grants, catalogues, directory, vocabulary, lexicon, invariants, sources, signers. */
  readonly canonical: CanonicalRulebook
  /** `canonical.digest`. */
  readonly rulebookDigest: string
  /** SHA-256, hex, of every setting in haven.yaml but the secrets. */
  readonly configDigest: string
  /** Every setting that a running gate cannot change, in one text to be compared. It holds secrets: never print, log or keep it. */
  readonly settings: string
  /** Signed notes of those who changed the rulebook; empty where there are none. */
  readonly signatures: string
  /** Serial of the bundle it came in; null for a folder. */
  readonly serial: number | null
  /** The candidate of `policies.shadow`, or why it does not load: a candidate's mistake must not stop a gate. */
  readonly shadow: CanonicalRulebook | { readonly problems: readonly FileProblem[] } | null
}

/** The policy files alone: what `haven policy test` needs. */
export interface LoadedPolicies {
  readonly laws: readonly FromFile<LawFile>[]
  readonly grants: readonly FromFile<GrantsFile>[]
  readonly agencies: FromFile<AgencyDirectory>
  readonly lexicon: FromFile<Lexicon>
}

/** haven.yaml alone, its paths made absolute. @throws FilesRefused */
export function loadHavenFile(file: string, environment: NodeJS.ProcessEnv = process.env): HavenFile {
  const { haven, all } = openHavenFile(file, environment)
  if (all.failed()) throw all.refusal()
  return haven.value
}

function openHavenFile(file: string, environment: NodeJS.ProcessEnv) {
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
  return { raw, haven, all }
}

/**
 * Loads haven.yaml and every file it names. The only reader of the environment. `bundle` is the text of a bundle that was fetched, or
 * `ignored` for who makes one.
 * @throws FilesRefused with every problem at once.
 */
export function loadConfiguration(file: string, environment: NodeJS.ProcessEnv = process.env, bundle: Origin['asked'] = null): Loaded {
  const { raw, haven, all } = openHavenFile(file, environment)
  const origin = originOf(haven, bundle)
  if ('message' in origin) {
    all.add(origin)
    throw all.refusal()
  }
  const read = readInForce(haven, origin, all)
  if (!read || all.failed()) throw all.refusal()
  const { files, catalogues } = read
  const canonical = nameRulebook(() => canonicalRulebook(contentOf(haven.value, files, catalogues, origin.dir)), files, all)
  if (canonical && origin.digest !== null && origin.digest !== canonical.digest) {
    const names = `the bundle names ${origin.digest}, and with this configuration its files make ${canonical.digest}`
    all.add(haven.problem(['policies', 'bundle'], `${names}; bundle it for these sources, laws and signers`))
  }
  if (!canonical || all.failed()) throw all.refusal()
  const shadow =
    haven.value.policies.shadow === undefined ? null : loadCandidate(haven, { ...files, catalogues }, haven.value.policies.shadow)
  return {
    ...{ haven, ...files, catalogues, canonical, rulebookDigest: canonical.digest, shadow },
    ...{ configDigest: digestOfSettings(raw.value), settings: settingsOf(raw.value) },
    ...{ signatures: origin.signatures, serial: origin.serial },
  }
}

function readInForce(haven: FromFile<HavenFile>, origin: Origin, all: Collector) {
  const { policies, owner, sources } = haven.value
  const place = {
    ...{ files: origin.files, dir: origin.dir, folders: policies.laws, jurisdiction: owner.jurisdiction },
    agencies: origin.serial === null ? policies.agencies : undefined,
    complain: (i: number | null, message: string) => haven.problem(i === null ? ['policies', 'dir'] : ['policies', 'laws', i], message),
  }
  const files = readPolicies(place, all)
  const catalogues = sources.map((source, i) => {
    const file = origin.serial === null ? source.catalogue : join(BUNDLE_ROOT, 'catalogues', `${source.name}.yaml`)
    const read = all.take(readYaml(file, CatalogueFile, origin.files.bytes))
    if (read && read.value.source !== source.name) {
      all.add(haven.problem(['sources', i, 'catalogue'], `the catalogue is about '${read.value.source}', not about '${source.name}'`))
    }
    return read
  })
  return files && { files, catalogues: catalogues.filter(catalogue => catalogue !== null) }
}

/** What was read for the rulebook in force: what a candidate folder leaves out is taken from it. */
export type InForce = Pick<Loaded, 'agencies' | 'vocabulary' | 'lexicon' | 'invariants' | 'catalogues'>

/** The rulebook that a folder would make in the place of the one in force: same owner, laws, sources and signers. */
export function loadCandidate(haven: FromFile<HavenFile>, instead: InForce, dir: string) {
  const all = collector()
  const { policies, owner } = haven.value
  const complain = (_: number | null, message: string) => ({ file: dir, line: 1, column: 1, message })
  const candidate = readPolicies({ files: disk, dir, folders: policies.laws, jurisdiction: owner.jurisdiction, instead, complain }, all)
  const named =
    candidate && nameRulebook(() => canonicalRulebook(contentOf(haven.value, candidate, instead.catalogues, dir)), candidate, all)
  return named && !all.failed() ? named : { problems: all.refusal().problems }
}

function nameRulebook(name: () => CanonicalRulebook, { invariants }: PolicyFiles, all: Collector): CanonicalRulebook | null {
  try {
    return name()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    // Only the invariants are taken as they come; every other file went through a schema that leaves no such value.
    all.add({ file: invariants?.file ?? 'invariants.yaml', line: 1, column: 1, message: error.message })
    return null
  }
}

/** Loads every law and grants file under a policies folder. @throws FilesRefused */
export function loadPolicies(dir: string): LoadedPolicies {
  const all = collector()
  const folders = foldersOfLaws(disk, dir)
  if (folders.length === 0) all.add({ file: dir, line: 1, column: 1, message: 'there is no folder of laws here' })
  const laws = folders.flatMap(folder => lawFiles(disk, join(dir, folder), all).map(law => all.take(readLaw(disk, law, folder))))
  const grants = folders
    .map(folder => join(dir, folder, 'grants.yaml'))
    .filter(file => existsSync(file))
    .map(file => all.take(readYaml(file, GrantsFile)))
  const agencies = all.take(readYaml(join(dir, 'agencies.yaml'), AgencyDirectory))
  const lexicon = all.take(readYaml(join(dir, 'purposes.yaml'), Lexicon))
  if (!agencies || !lexicon || all.failed()) throw all.refusal()
  return { laws: laws.filter(law => law !== null), grants: grants.filter(grant => grant !== null), agencies, lexicon }
}

function settingsOf({ policies: _, sources, ...others }: HavenFile): string {
  return canonicalJson({ ...others, sources: sources.map(({ keeper: _k, records: _r, catalogue: _c, ...fixed }) => fixed) })
}

function digestOfSettings(value: HavenFile): string {
  const sources = value.sources.map(source => ({ ...source, auth: source.auth !== undefined }))
  return createHash('sha256')
    .update(JSON.stringify({ ...value, sources }))
    .digest('hex')
}
