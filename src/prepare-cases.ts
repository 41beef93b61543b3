import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { LoadedPolicies } from './config/load.ts'
import { readYaml } from './config/read-yaml.ts'
import { compileRulebook } from './policy/compile.ts'
import type { Rulebook } from './policy/rulebook.ts'
import { checkFolder, loadFolder, usage } from './prepare-proof.ts'
import { compileLexicon } from './requester/compile-lexicon.ts'
import { compileDirectory } from './requester/directory.ts'
import { FilesRefused } from './terms/faults.ts'
import { CasesFile, type PolicyCase } from './terms/policy-case.ts'

/** A case, the file it stands in, and the folder of laws it stands beside, if any. */
interface PlacedCase {
  readonly file: string
  readonly folder: string | null
  readonly of: PolicyCase
}

/** A policies folder, compiled as far as it can be without knowing which laws are in force. @throws FilesRefused */
function preparePolicies(dir: string) {
  const policies = loadFolder(dir)
  const directory = compileDirectory(policies.agencies)
  if ('problems' in directory) throw new FilesRefused(directory.problems)
  const lexicon = compileLexicon(policies.lexicon, directory.directory)
  if ('problems' in lexicon) throw new FilesRefused(lexicon.problems)
  const unknown = checkFolder(policies, id => directory.directory.byId(id) !== null)
  if (unknown.length > 0) throw new FilesRefused(unknown)
  const compiled = new Map<string, Rulebook>()
  const known = new Set([...policies.laws.map(law => law.value.jurisdiction), ...policies.grants.map(grants => grants.value.grants)])
  const absent = (laws: readonly string[], grants: string | null) => {
    const missing = [...laws, ...(grants ? [grants] : [])].find(folder => !known.has(folder))
    return missing === undefined ? null : `there is no folder '${missing}' of laws or grants in ${dir}`
  }
  const rulebookOf = (laws: readonly string[], grants: string | null) => {
    const missing = absent(laws, grants)
    if (missing !== null) throw usage(missing)
    const key = JSON.stringify([laws, grants])
    const rulebook = compiled.get(key) ?? compile(policies, laws, grants)
    compiled.set(key, rulebook)
    return rulebook
  }
  return { policies, parts: { ...directory, ...lexicon }, rulebookOf, absent }
}

/** Loads a policies folder with its cases, and further files of cases. @throws FilesRefused with every problem at once */
export function loadTestablePolicies(dir: string, further: readonly string[]) {
  const { policies, parts, rulebookOf, absent } = preparePolicies(dir)
  // A stub is listed and covers nothing; a case that puts it in force is told so.
  const written = policies.laws.filter(({ value }) => !value.missing)
  const everything = [compileRulebook(written, null), ...policies.grants.map(grants => compileRulebook([], grants))]
  const clauses = everything.flatMap(book => [
    ...book.rules.map(({ id, bite, unless }) => ({
      id,
      cites: bite.reason.cite,
      exceptions: unless.map(exception => ({ cites: exception.bite.reason.cite, text: exception.bite.reason.text })),
    })),
    ...book.grants.map(grant => ({ id: grant.id, cites: grant.reason.cite, exceptions: [] })),
  ])
  const stubs = policies.laws.flatMap(({ value }) => (value.missing ? [{ law: value.law, missing: value.missing }] : []))
  return { ...parts, cases: readCases(resolve(dir), further), rulebookOf, absent, rules: clauses, stubs }
}

/**
 * A policies folder with some of its laws in force, for `policy explain --dir`. Unsaid, the grants are the only ones there are, and the laws
 * are those that bind the body whose grants they are. @throws Error naming what is unknown or must be said; FilesRefused
 */
export function prepareFolder(dir: string, laws: readonly string[] | null, grants: string | null) {
  const { policies, parts, rulebookOf } = preparePolicies(dir)
  const [only, ...others] = policies.grants.map(({ value }) => value.grants)
  if (grants === null && laws === null && (only === undefined || others.length > 0)) {
    const found = [only ?? [], others].flat().join(', ')
    throw usage(`say whose grants (--grants) or which laws (--laws) are in force; there are grants of: ${found || 'nobody'}`)
  }
  const granting = grants ?? (others.length === 0 ? (only ?? null) : null)
  const home = granting ?? laws?.[0] ?? 'us'
  const bind = (jurisdiction: string) => jurisdiction === 'us' || home === jurisdiction || home.startsWith(`${jurisdiction}-`)
  const own = [...new Set(policies.laws.map(({ value }) => value.jurisdiction))].filter(bind)
  return { ...parts, rulebook: rulebookOf(laws ?? own, granting), home }
}

function compile({ laws, grants }: LoadedPolicies, folders: readonly string[], granting: string | null): Rulebook {
  // Federal law is always in force.
  const inForce = laws.filter(({ value }) => folders.includes(value.jurisdiction) || value.jurisdiction === 'us')
  return compileRulebook(inForce, grants.find(({ value }) => value.grants === granting) ?? null)
}

function readCases(dir: string, further: readonly string[]): readonly PlacedCase[] {
  const folders = existsSync(dir) ? readdirSync(dir).filter(name => statSync(join(dir, name)).isDirectory()) : []
  const beside = folders.flatMap(folder =>
    readdirSync(join(dir, folder))
      .filter(name => name.endsWith('.cases.yaml'))
      .map(name => join(dir, folder, name)),
  )
  const readings = [...beside.toSorted(), ...further.map(file => resolve(file))].map(file => readYaml(file, CasesFile))
  const problems = readings.flatMap(reading => ('problems' in reading ? reading.problems : []))
  if (problems.length > 0) throw new FilesRefused(problems)
  return readings.flatMap(reading => {
    if (!('read' in reading)) return []
    const { file, value } = reading.read
    const folder = dirname(dirname(file)) === dir ? basename(dirname(file)) : null
    return value.cases.map(of => ({ file, folder, of }))
  })
}
