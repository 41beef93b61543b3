import { join } from 'node:path'
import type { z } from 'zod'
import { AgencyDirectory, Jurisdiction } from '../terms/agency.ts'
import { Vocabulary } from '../terms/catalogue.ts'
import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import { Invariants } from '../terms/invariant.ts'
import { GrantsFile, LawFile } from '../terms/law.ts'
import { Lexicon } from '../terms/lexicon.ts'
import type { Collector } from './collector.ts'
import type { Files } from './files.ts'
import { type Reading, readYaml } from './read-yaml.ts'

/** The files of a policies folder that are in force. */
export interface PolicyFiles {
  readonly laws: readonly FromFile<LawFile>[]
  readonly grants: FromFile<GrantsFile>
  readonly agencies: FromFile<AgencyDirectory>
  readonly vocabulary: FromFile<Vocabulary>
  readonly lexicon: FromFile<Lexicon>
  readonly invariants: FromFile<Invariants> | null
}

/** A policies folder, and which of it is in force. */
export interface PolicyPlace {
  readonly files: Files
  readonly dir: string
  readonly folders: readonly string[]
  /** Whose ordinary business. */
  readonly jurisdiction: string
  /** The directory, where it stands apart. */
  readonly agencies?: string | undefined
  /** What stands in for a file that a candidate folder does not have. */
  readonly instead?: Omit<PolicyFiles, 'laws' | 'grants'>
  /** A problem with a folder, at its place in haven.yaml; `i` is its place in the list of laws, null for the folder of them all. */
  readonly complain: (i: number | null, message: string) => FileProblem
}

/** Reads the laws of the folders in force, the grants, and what stands beside them. Null where something is wrong: the collector has it. */
export function readPolicies(place: PolicyPlace, all: Collector): PolicyFiles | null {
  const { files, dir, jurisdiction, instead } = place
  const read = <S extends z.ZodType>(file: string, schema: S) => all.take(readYaml(file, schema, files.bytes))
  const beside = <S extends z.ZodType>(name: string, schema: S, stand: FromFile<z.output<S>> | undefined) => {
    const file = join(dir, name)
    return stand && !files.has(file) ? stand : read(file, schema)
  }
  const laws = lawFolders(place, all).flatMap(folder =>
    lawFiles(files, join(dir, folder), all).map(law => all.take(readLaw(files, law, folder))),
  )
  const grants = read(join(dir, jurisdiction, 'grants.yaml'), GrantsFile)
  const agencies =
    place.agencies === undefined ? beside('agencies.yaml', AgencyDirectory, instead?.agencies) : read(place.agencies, AgencyDirectory)
  const vocabulary = beside('vocabulary.yaml', Vocabulary, instead?.vocabulary)
  const lexicon = beside('purposes.yaml', Lexicon, instead?.lexicon)
  const written = join(dir, 'invariants.yaml')
  const invariants = files.has(written) ? read(written, Invariants) : (instead?.invariants ?? null)
  if (grants && grants.value.grants !== jurisdiction) all.add(grants.problem(['grants'], `write '${jurisdiction}', the folder's name`))
  if (!grants || !agencies || !vocabulary || !lexicon) return null
  return { laws: laws.filter(law => law !== null), grants, agencies, vocabulary, lexicon, invariants }
}

/** The folders that are named after a jurisdiction. Others beside them, such as `docs`, hold no law. */
export const foldersOfLaws = (files: Files, dir: string): readonly string[] =>
  files.folders(dir).filter(name => Jurisdiction.safeParse(name).success)

/** The folders in force: those listed, and `us`, which binds every city. */
function lawFolders({ files, dir, folders, complain }: PolicyPlace, all: Collector): readonly string[] {
  const there = foldersOfLaws(files, dir)
  folders.forEach((folder, i) => {
    if (!there.includes(folder)) all.add(complain(i, `there is no folder '${folder}' in ${dir}`))
  })
  // Without it a status that a government body names would be refused in silence (8 U.S.C. 1373).
  if (!there.includes('us')) all.add(complain(null, `there is no folder 'us' in ${dir}; federal law is always in force`))
  // The broadest law first: its reason is the first a caller reads.
  return [...new Set(['us', ...folders])].filter(folder => there.includes(folder))
}

/** The law files of a folder. A file that nobody would read is a problem: its author believes the law is in force. */
export function lawFiles(files: Files, folder: string, all: Collector): readonly string[] {
  const names = files.names(folder)
  for (const name of names.filter(name => !name.endsWith('.yaml'))) {
    const message = 'not read: a law is a .yaml file directly in its folder; rename or move it'
    all.add({ file: join(folder, name), line: 1, column: 1, message })
  }
  return names
    .filter(name => name.endsWith('.yaml') && name !== 'grants.yaml' && !name.endsWith('.cases.yaml'))
    .map(name => join(folder, name))
}

/** One law; it must stand in the folder of its jurisdiction. */
export function readLaw(files: Files, file: string, folder: string): Reading<LawFile> {
  const reading = readYaml(file, LawFile, files.bytes)
  if ('problems' in reading || reading.read.value.jurisdiction === folder) return reading
  return { problems: [reading.read.problem(['jurisdiction'], `write '${folder}', the folder's name, or move the file`)] }
}
