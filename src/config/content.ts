import { relative } from 'node:path'
import type { CatalogueFile } from '../terms/catalogue.ts'
import type { FromFile } from '../terms/file.ts'
import type { RulebookContent } from '../terms/rulebook-content.ts'
import type { PolicyFiles } from './read-policies.ts'
import type { HavenFile } from './schema.ts'

/** What decides, as it stands in haven.yaml and in these files. `dir` is the folder that law files are named from. */
export function contentOf(
  haven: HavenFile,
  files: PolicyFiles,
  catalogues: readonly FromFile<CatalogueFile>[],
  dir: string,
): RulebookContent {
  const sources = haven.sources.flatMap(({ name, keeper, records }, i) => {
    const catalogue = catalogues[i]?.value
    return catalogue ? [{ name, keeper, records, catalogue }] : []
  })
  return {
    format: 'haven-rulebook/1',
    jurisdiction: haven.owner.jurisdiction,
    folders: haven.policies.laws,
    laws: files.laws.map(({ file, value }) => ({ file: relative(dir, file), law: value })),
    grants: files.grants.value,
    agencies: files.agencies.value,
    vocabulary: files.vocabulary.value,
    lexicon: files.lexicon.value,
    invariants: files.invariants?.value ?? null,
    sources: sources.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    signers: haven.policies.signers.toSorted(),
  }
}

/** A rulebook's parts as if read from files, for what compiles them. Nobody can be told a line: they were compiled once before. */
export function partsOf(content: RulebookContent, sources: readonly { readonly name: string }[]) {
  const from = <T>(file: string, value: T): FromFile<T> => ({
    file,
    value,
    problem: (path, message) => ({ file, line: 1, column: 1, message: `${path.map(String).join('.')}: ${message}` }),
  })
  const byName = new Map(content.sources.map(source => [source.name, source]))
  return {
    laws: content.laws.map(({ file, law }) => from(file, law)),
    grants: from(`${content.jurisdiction}/grants.yaml`, content.grants),
    agencies: from('agencies.yaml', content.agencies),
    vocabulary: from('vocabulary.yaml', content.vocabulary),
    lexicon: from('purposes.yaml', content.lexicon),
    invariants: content.invariants === null ? null : from('invariants.yaml', content.invariants),
    catalogues: sources.flatMap(({ name }) => {
      const source = byName.get(name)
      return source ? [from(`catalogues/${name}.yaml`, source.catalogue)] : []
    }),
  }
}
