import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { partsOf } from './config/content.ts'
import { type Loaded, loadCandidate, loadConfiguration } from './config/load.ts'
import { checkNames } from './policy/check-names.ts'
import { compileRulebook } from './policy/compile.ts'
import type { Rulebook } from './policy/rulebook.ts'
import { compileCatalogue } from './query/compile-catalogue.ts'
import type { InspectableSource } from './query/inspect.ts'
import { type CompiledLexicon, compileLexicon } from './requester/compile-lexicon.ts'
import { compileDirectory, type Directory } from './requester/directory.ts'
import { readSigners } from './rulebook/statement.ts'
import { type FileProblem, FilesRefused } from './terms/faults.ts'
import type { CanonicalRulebook, RulebookContent } from './terms/rulebook-content.ts'

/** A configuration, loaded and compiled: all that can be wrong with files is behind us. */
export interface Prepared {
  readonly loaded: Loaded
  readonly rulebook: Rulebook
  /** The candidate that decides everything a second time, without effect. */
  readonly shadow: { readonly digest: string; readonly rulebook: Rulebook } | null
  readonly directory: Directory
  readonly lexicon: CompiledLexicon
  readonly sources: readonly InspectableSource[]
  /** Names the vocabulary protects and a catalogue declares harmless. */
  readonly weakenings: readonly string[]
  /** Settings that are read and that nothing depends on yet. */
  readonly warnings: readonly string[]
}

/** A bundle that was fetched, or `ignored` to read the folder beside it. */
type Bundle = Parameters<typeof loadConfiguration>[2]

/** Loads and compiles everything, and starts nothing. @throws FilesRefused with every problem of every file */
export function prepare(configFile: string, bundle: Bundle = null): Prepared {
  return compileLoaded(loadConfiguration(configFile, undefined, bundle))
}

/** Compiles what another thread loaded and linted: nothing but its canonical form is needed, and callers wait on this thread. */
export function prepareCanonical(loaded: LoadedElsewhere): Prepared {
  const parts = partsOf(loaded.canonical.content, loaded.haven.sources)
  const haven = {
    file: loaded.configFile,
    value: loaded.haven,
    problem: () => ({ file: loaded.configFile, line: 1, column: 1, message: '' }),
  }
  return compileLoaded({ ...loaded, ...parts, haven, rulebookDigest: loaded.canonical.digest }, false)
}

/** `Loaded` without what a thread cannot hand over: the places in files. */
export interface LoadedElsewhere extends Pick<Loaded, 'canonical' | 'configDigest' | 'settings' | 'signatures' | 'serial' | 'shadow'> {
  readonly configFile: string
  readonly haven: Loaded['haven']['value']
}

/** The rulebook of a canonical form, compiled again without its files. @throws FilesRefused if this version refuses what an older one took */
export function compileContent(content: RulebookContent, lint = true): Rulebook {
  const { laws, grants } = partsOf(content, [])
  return compileRulebook(laws, grants, lint)
}

function compileLoaded(given: Loaded, lint = true): Prepared {
  const problems: FileProblem[] = []
  const { candidate, ...shadowed } = compileShadow(given.shadow, lint)
  const loaded = { ...given, shadow: candidate }
  const rulebook = collect(problems, () => compileRulebook(loaded.laws, loaded.grants, lint))
  const directory = keep(problems, compileDirectory(loaded.agencies), 'directory')
  const lexicon = directory && keep(problems, compileLexicon(loaded.lexicon, directory), 'lexicon')
  const { haven, vocabulary } = loaded
  const weakenings: string[] = []
  const sources = haven.value.sources.flatMap(({ name, dialect, writes }, i) => {
    const file = loaded.catalogues[i]
    if (!file || (dialect !== 'rest' && dialect !== 'postgrest')) return []
    const compiled = compileCatalogue(file, vocabulary.value, dialect)
    if ('problems' in compiled) problems.push(...compiled.problems)
    else weakenings.push(...compiled.weakenings)
    return 'problems' in compiled ? [] : [{ name, dialect, catalogue: compiled.catalogue, writes }]
  })
  if (directory)
    problems.push(
      ...unknownAgencies(loaded, directory),
      ...unknownSources(loaded),
      ...checkNames(loaded.laws, loaded.grants, id => directory.byId(id) !== null),
    )
  problems.push(...unreadableSigners(loaded))
  if (!rulebook || !directory || !lexicon || problems.length > 0) throw new FilesRefused(problems)
  const { shadow, problem } = shadowed
  return { loaded, rulebook, shadow, directory, lexicon, sources, weakenings, warnings: [...warnings(loaded), ...problem] }
}

interface Shadowed {
  readonly shadow: Prepared['shadow']
  readonly problem: readonly string[]
  /** With its problems if it does not compile: another thread must not take it for one that does. */
  readonly candidate: Loaded['shadow']
}

/** A candidate's mistake must not stop a gate: it is said, and nothing is shadowed. */
function compileShadow(candidate: Loaded['shadow'], lint: boolean): Shadowed {
  const off = (problems: readonly FileProblem[]): Shadowed => {
    const [first] = problems
    const where = first ? `${first.file}:${first.line}:${first.column}: ${first.message}` : 'it cannot be read'
    const message = `policies.shadow: the candidate does not load, so nothing is shadowed: ${where}`
    return { shadow: null, problem: [message], candidate: { problems } }
  }
  if (candidate === null) return { shadow: null, problem: [], candidate }
  if ('problems' in candidate) return off(candidate.problems)
  const problems: FileProblem[] = []
  const rulebook = collect(problems, () => compileContent(candidate.content, lint))
  return rulebook ? { shadow: { digest: candidate.digest, rulebook }, problem: [], candidate } : off(problems)
}

function unreadableSigners({ haven }: Loaded): FileProblem[] {
  const read = readSigners(haven.value.policies.signers)
  return 'problems' in read ? read.problems.map(({ i, message }) => haven.problem(['policies', 'signers', i], message)) : []
}

/** The rulebook that a folder would make in the place of the one of a configuration. @throws FilesRefused */
export function prepareCandidate(
  { loaded }: Prepared,
  dir: string,
): { readonly canonical: CanonicalRulebook; readonly rulebook: Rulebook } {
  const candidate = loadCandidate(loaded.haven, loaded, resolve(dir))
  if ('problems' in candidate) throw new FilesRefused(candidate.problems)
  return { canonical: candidate, rulebook: compileContent(candidate.content) }
}

function keep<K extends string, T>(
  problems: FileProblem[],
  result: Record<K, T> | { readonly problems: readonly FileProblem[] },
  key: K,
): T | null {
  if (key in result) return (result as Record<K, T>)[key]
  problems.push(...(result as { readonly problems: readonly FileProblem[] }).problems)
  return null
}

function collect<T>(problems: FileProblem[], compile: () => T): T | null {
  try {
    return compile()
  } catch (error) {
    if (!(error instanceof FilesRefused)) throw error
    problems.push(...error.problems)
    return null
  }
}

/** An issuer that may speak for an agency nobody knows would speak for nobody: a spelling mistake that locks a department out. */
function unknownAgencies({ haven }: Loaded, directory: Directory): FileProblem[] {
  return haven.value.identity.issuers.flatMap(({ agencies }, i) =>
    agencies === 'any'
      ? []
      : agencies.flatMap((id, j) =>
          directory.byId(id)
            ? []
            : [haven.problem(['identity', 'issuers', i, 'agencies', j], `there is no agency '${id}' in the directory`)],
        ),
  )
}

/** A misspelt source would be shared on with nobody, and whoever really gets it would be no recipient. */
function unknownSources({ haven, agencies: file }: Loaded): FileProblem[] {
  const names = new Set(haven.value.sources.map(({ name }) => name))
  return file.value.agencies.flatMap(({ reshares }, i) =>
    reshares.flatMap(({ sources }, j) =>
      (sources === 'all' ? [] : sources).flatMap((name, k) =>
        names.has(name)
          ? []
          : [file.problem(['agencies', i, 'reshares', j, 'sources', k], `there is no source '${name}' in ${haven.file}`)],
      ),
    ),
  )
}

function warnings({ haven }: Loaded): string[] {
  const { identity, register, owner, policies } = haven.value
  const parts = owner.jurisdiction.split('-')
  const own = parts
    .map((_, i) => parts.slice(0, i + 1).join('-'))
    .filter(folder => folder !== 'us' && existsSync(join(policies.dir, folder)))
  const asleep = own.filter(folder => !policies.laws.includes(folder))
  return [
    ...asleep.map(folder => `policies.laws: the laws of '${folder}' bind ${owner.name} and are not in force here`),
    ...(register?.counselKey
      ? []
      : ['register.counselKey: counsel cannot see whom a hold concerns without it; make one with `haven hold key`']),
    ...((identity.admin?.people.length ?? 0) < 3
      ? ['identity.admin.people: it takes three people to enter and verify a warrant; with fewer, no process ever becomes active']
      : []),
  ]
}
