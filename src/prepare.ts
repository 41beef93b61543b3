import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Loaded, loadConfiguration } from './config/load.ts'
import { compileRulebook } from './policy/compile.ts'
import type { Rulebook } from './policy/rulebook.ts'
import { compileCatalogue } from './query/compile-catalogue.ts'
import type { InspectableSource } from './query/inspect.ts'
import { type CompiledLexicon, compileLexicon } from './requester/compile-lexicon.ts'
import { compileDirectory, type Directory } from './requester/directory.ts'
import { type FileProblem, FilesRefused } from './terms/faults.ts'

/** A configuration, loaded and compiled: all that can be wrong with files is behind us. */
export interface Prepared {
  readonly loaded: Loaded
  readonly rulebook: Rulebook
  readonly directory: Directory
  readonly lexicon: CompiledLexicon
  readonly sources: readonly InspectableSource[]
  /** Names the vocabulary protects and a catalogue declares harmless. */
  readonly weakenings: readonly string[]
  /** Settings that are read and that nothing depends on yet. */
  readonly warnings: readonly string[]
}

/** Loads and compiles everything, and starts nothing. @throws FilesRefused with every problem of every file */
export function prepare(configFile: string): Prepared {
  const loaded = loadConfiguration(configFile)
  const problems: FileProblem[] = []
  const rulebook = collect(problems, () => compileRulebook(loaded.laws, loaded.grants))
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
  if (directory) problems.push(...unknownAgencies(loaded, directory))
  if (!rulebook || !directory || !lexicon || problems.length > 0) throw new FilesRefused(problems)
  return { loaded, rulebook, directory, lexicon, sources, weakenings, warnings: warnings(loaded) }
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

function warnings({ haven }: Loaded): string[] {
  const { trustedProxies, identity, register, owner, policies } = haven.value
  const parts = owner.jurisdiction.split('-')
  const own = parts
    .map((_, i) => parts.slice(0, i + 1).join('-'))
    .filter(folder => folder !== 'us' && existsSync(join(policies.dir, folder)))
  const asleep = own.filter(folder => !policies.laws.includes(folder))
  return [
    ...asleep.map(folder => `policies.laws: the laws of '${folder}' bind ${owner.name} and are not in force here`),
    ...(trustedProxies.length > 0 ? ['trustedProxies: forwarding headers are not read by this version, from anybody'] : []),
    ...(identity.admin ? ['identity.admin: this version gives no role on the admin address'] : []),
    ...(register ? ['register: this version keeps holds in memory and in the journal'] : []),
  ]
}
