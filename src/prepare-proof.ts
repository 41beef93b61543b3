import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type LoadedPolicies, loadPolicies } from './config/load.ts'
import { readYaml } from './config/read-yaml.ts'
import { checkNames } from './policy/check-names.ts'
import { compileRulebook } from './policy/compile.ts'
import type { Entitled } from './policy/prove.ts'
import type { Rulebook } from './policy/rulebook.ts'
import { compileDirectory } from './requester/directory.ts'
import { partyOf } from './requester/party.ts'
import { Vocabulary } from './terms/catalogue.ts'
import { type FileProblem, FilesRefused } from './terms/faults.ts'
import { type Invariant, Invariants } from './terms/invariant.ts'
import type { GrantsFile } from './terms/law.ts'
import type { RulebookContent } from './terms/rulebook-content.ts'

/** A policies folder as `policy prove` and `policy diff` see it. */
export interface ProvablePolicies {
  readonly rulebook: Rulebook
  /**
   * Folders as they can stand in force besides `us`: those that bind whose grants these are, and each other one by itself. Laws of several
   * states in force together hide each other, as they do nowhere. Empty where the folders were named.
   */
  readonly sets: readonly (readonly string[])[]
  /** The same files with other folders in force. */
  readonly rulebookFor: (folders: readonly string[]) => Rulebook
  /** All that can be compared of the folder; without sources, which are of a configuration. */
  readonly content: RulebookContent
  /** The laws that are in force in it, by id, and those that only say what is missing. */
  readonly laws: readonly string[]
  readonly stubs: readonly string[]
  readonly grants: string | null
  readonly parties: readonly Entitled[]
  readonly invariants: readonly Invariant[]
}

export interface WhichLaws {
  /** Folders in force besides `us`; null: all of them. */
  readonly laws: readonly string[] | null
  /** Whose ordinary business; null: that of the only folder that has any. */
  readonly grants: string | null
  /** Milliseconds since 1970: which flags of the directory are in force. */
  readonly at: number
}

const NOBODY: GrantsFile = { grants: 'us', title: 'Nobody', source: 'none', rules: [] }
const NO_VOCABULARY: Vocabulary = { names: {}, phrases: { status: [] } }

/** Loads a policies folder for a proof. @throws FilesRefused with every problem; Error naming an unknown folder, with the code USAGE */
export function loadProvablePolicies(dir: string, which: WhichLaws): ProvablePolicies {
  const policies = loadFolder(dir)
  const directory = compileDirectory(policies.agencies)
  const invariants = readIfThere(join(resolve(dir), 'invariants.yaml'), readInvariants)
  const vocabulary = readIfThere(join(resolve(dir), 'vocabulary.yaml'), readVocabulary)
  const problems = [directory, invariants, vocabulary].flatMap(part => ('problems' in part ? part.problems : []))
  if ('directory' in directory) problems.push(...checkFolder(policies, id => directory.directory.byId(id) !== null))
  if (problems.length > 0) throw new FilesRefused(problems)
  const { laws, grants } = choose(policies, which, dir)
  const written = 'read' in invariants ? invariants.read : null
  return {
    rulebook: compileRulebook(laws, grants),
    sets: which.laws === null ? setsOf(policies, grants?.value.grants ?? null) : [],
    rulebookFor: folders => compileRulebook(choose(policies, { ...which, laws: folders }, dir).laws, grants),
    content: {
      format: 'haven-rulebook/1',
      jurisdiction: 'us',
      folders: [],
      laws: laws.map(({ file, value }) => ({ file, law: value })),
      grants: grants?.value ?? NOBODY,
      agencies: policies.agencies.value,
      vocabulary: ('read' in vocabulary ? vocabulary.read : null) ?? NO_VOCABULARY,
      lexicon: policies.lexicon.value,
      invariants: written,
      sources: [],
      signers: [],
    },
    laws: laws.map(({ value }) => value.law),
    stubs: policies.laws.flatMap(({ value }) => (value.missing ? [value.law] : [])),
    grants: grants?.value.grants ?? null,
    parties: policies.agencies.value.agencies.map(agency => ({ party: partyOf(agency, 'requester', which.at), purposes: agency.purposes })),
    invariants: written?.invariants ?? [],
  }
}

function setsOf({ laws }: LoadedPolicies, home: string | null): readonly (readonly string[])[] {
  const folders = [...new Set(laws.flatMap(({ value }) => (value.missing || value.jurisdiction === 'us' ? [] : [value.jurisdiction])))]
  const binding = folders.filter(folder => home !== null && (home === folder || home.startsWith(`${folder}-`)))
  const others = folders.filter(folder => !binding.includes(folder)).map(folder => [folder])
  return binding.length > 0 ? [binding, ...others] : others
}

/** Names in conditions that the directory does not know: the gate refuses them too. */
export function checkFolder({ laws, grants }: LoadedPolicies, knowsAgency: (id: string) => boolean): FileProblem[] {
  return [...checkNames(laws, null, knowsAgency), ...grants.flatMap(file => checkNames([], file, knowsAgency))]
}

/** A policies folder without a configuration, held to what the gate asks of one. @throws FilesRefused with every problem */
export function loadFolder(dir: string): LoadedPolicies {
  const root = resolve(dir)
  const problems = folderProblems(root)
  try {
    const policies = loadPolicies(root)
    if (problems.length > 0) throw new FilesRefused([])
    return policies
  } catch (error) {
    if (!(error instanceof FilesRefused)) throw error
    const others = error.problems.filter(({ file }) => !problems.some(known => known.file === file))
    throw new FilesRefused([...problems, ...others])
  }
}

function folderProblems(root: string): FileProblem[] {
  const at = (file: string, message: string) => ({ file, line: 1, column: 1, message })
  if (!existsSync(root)) return [at(root, 'there is no such folder')]
  const copy = `there is no such file; copy policies/agencies.yaml and policies/purposes.yaml from Haven, or point at a folder that has them`
  const absent = ['agencies.yaml', 'purposes.yaml'].map(name => join(root, name)).filter(file => !existsSync(file))
  return [
    ...absent.map(file => at(file, copy)),
    // What is tested and proved without it is not what a gate decides: it refuses such a folder.
    ...(existsSync(join(root, 'us')) ? [] : [at(root, `there is no folder 'us' in ${root}; federal law is always in force`)]),
  ]
}

function choose(policies: LoadedPolicies, which: WhichLaws, dir: string) {
  const granting = policies.grants.map(({ value }) => value.grants)
  const folders = new Set([...policies.laws.map(({ value }) => value.jurisdiction), ...granting])
  const unknown = [...(which.laws ?? []), ...(which.grants === null ? [] : [which.grants])].find(folder => !folders.has(folder))
  if (unknown !== undefined) throw usage(`there is no folder '${unknown}' of laws or grants in ${dir}`)
  if (which.grants === null && granting.length > 1) throw usage(`say whose grants are in force (--grants): ${granting.join(', ')}`)
  const laws = policies.laws.filter(({ value }) =>
    which.laws === null ? !value.missing : value.jurisdiction === 'us' || which.laws.includes(value.jurisdiction),
  )
  return { laws, grants: policies.grants.find(({ value }) => which.grants === null || value.grants === which.grants) ?? null }
}

/** The command was not understood: `code` is what the command line tells it by. */
export const usage = (message: string): Error => Object.assign(new Error(message), { code: 'USAGE' })

type Read<T> = { readonly read: T } | { readonly problems: readonly FileProblem[] }

const readIfThere = <T>(file: string, read: (file: string) => Read<T>): Read<T | null> => (existsSync(file) ? read(file) : { read: null })

function readVocabulary(file: string): Read<Vocabulary> {
  const reading = readYaml(file, Vocabulary)
  return 'problems' in reading ? reading : { read: reading.read.value }
}

function readInvariants(file: string): Read<Invariants> {
  const reading = readYaml(file, Invariants)
  if ('problems' in reading) return reading
  const { value, problem } = reading.read
  const twice = value.invariants.flatMap(({ id }, i) =>
    value.invariants.findIndex(other => other.id === id) < i
      ? [problem(['invariants', i, 'id'], `the id '${id}' is used twice in this file`)]
      : [],
  )
  return twice.length > 0 ? { problems: twice } : { read: value }
}
