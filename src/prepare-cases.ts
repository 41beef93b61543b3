import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { loadPolicies } from './config/load.ts'
import { readYaml } from './config/read-yaml.ts'
import { compileRulebook } from './policy/compile.ts'
import type { Rulebook } from './policy/rulebook.ts'
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

/** Loads a policies folder with its cases, and further files of cases. @throws FilesRefused with every problem at once */
export function loadTestablePolicies(dir: string, further: readonly string[]) {
  const policies = loadPolicies(resolve(dir))
  const directory = compileDirectory(policies.agencies)
  if ('problems' in directory) throw new FilesRefused(directory.problems)
  const lexicon = compileLexicon(policies.lexicon, directory.directory)
  if ('problems' in lexicon) throw new FilesRefused(lexicon.problems)
  const compiled = new Map<string, Rulebook>()
  const known = new Set([...policies.laws.map(law => law.value.jurisdiction), ...policies.grants.map(grants => grants.value.grants)])
  const rulebookOf = (laws: readonly string[], grants: string | null) => {
    const unknown = [...laws, ...(grants ? [grants] : [])].find(folder => !known.has(folder))
    if (unknown) throw new Error(`there is no folder '${unknown}' of laws or grants in ${dir}`)
    const key = JSON.stringify([laws, grants])
    const rulebook = compiled.get(key) ?? compile(policies, laws, grants)
    compiled.set(key, rulebook)
    return rulebook
  }
  // A stub says what is missing; a case that puts it in force is told so.
  const all = [...new Set(policies.laws.flatMap(({ value }) => (value.missing ? [] : [value.jurisdiction])))]
  const everything = [compile(policies, all, null), ...policies.grants.map(({ value }) => compile(policies, [], value.grants))]
  const rules = everything.flatMap(book => [
    ...book.rules.map(rule => ({ id: rule.id, cites: rule.bite.reason.cite })),
    ...book.grants.map(grant => ({ id: grant.id, cites: grant.reason.cite })),
  ])
  const distinct = [...new Map(rules.map(rule => [rule.id, rule])).values()]
  return { ...directory, ...lexicon, cases: readCases(resolve(dir), further), rulebookOf, rules: distinct }
}

function compile({ laws, grants }: ReturnType<typeof loadPolicies>, folders: readonly string[], granting: string | null): Rulebook {
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
