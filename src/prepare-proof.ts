import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadPolicies } from './config/load.ts'
import { readYaml } from './config/read-yaml.ts'
import { compileRulebook } from './policy/compile.ts'
import type { Entitled } from './policy/prove.ts'
import type { Rulebook } from './policy/rulebook.ts'
import { compileDirectory } from './requester/directory.ts'
import { partyOf } from './requester/party.ts'
import { type FileProblem, FilesRefused } from './terms/faults.ts'
import { type Invariant, Invariants } from './terms/invariant.ts'

/** A policies folder as `policy prove` and `policy diff` see it. */
export interface ProvablePolicies {
  readonly rulebook: Rulebook
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

/** Loads a policies folder for a proof. @throws FilesRefused with every problem; Error naming an unknown folder */
export function loadProvablePolicies(dir: string, which: WhichLaws): ProvablePolicies {
  const policies = loadPolicies(resolve(dir))
  const directory = compileDirectory(policies.agencies)
  const invariants = readInvariants(join(resolve(dir), 'invariants.yaml'))
  const problems = [...('problems' in directory ? directory.problems : []), ...('problems' in invariants ? invariants.problems : [])]
  if (problems.length > 0) throw new FilesRefused(problems)
  const folders = new Set([...policies.laws.map(({ value }) => value.jurisdiction), ...policies.grants.map(({ value }) => value.grants)])
  const unknown = [...(which.laws ?? []), ...(which.grants === null ? [] : [which.grants])].find(folder => !folders.has(folder))
  if (unknown !== undefined) throw new Error(`there is no folder '${unknown}' of laws or grants in ${dir}`)
  if (which.grants === null && policies.grants.length > 1) {
    throw new Error(`say whose grants are in force (--grants): ${policies.grants.map(({ value }) => value.grants).join(', ')}`)
  }
  const inForce = policies.laws.filter(({ value }) =>
    which.laws === null ? !value.missing : value.jurisdiction === 'us' || which.laws.includes(value.jurisdiction),
  )
  const grants = policies.grants.find(({ value }) => which.grants === null || value.grants === which.grants) ?? null
  return {
    rulebook: compileRulebook(inForce, grants),
    laws: inForce.map(({ value }) => value.law),
    stubs: policies.laws.flatMap(({ value }) => (value.missing ? [value.law] : [])),
    grants: grants?.value.grants ?? null,
    parties: policies.agencies.value.agencies.map(agency => ({ party: partyOf(agency, 'requester', which.at), purposes: agency.purposes })),
    invariants: 'read' in invariants ? invariants.read : [],
  }
}

function readInvariants(file: string): { readonly read: readonly Invariant[] } | { readonly problems: readonly FileProblem[] } {
  if (!existsSync(file)) return { read: [] }
  const reading = readYaml(file, Invariants)
  if ('problems' in reading) return reading
  const { value, problem } = reading.read
  const twice = value.invariants.flatMap(({ id }, i) =>
    value.invariants.findIndex(other => other.id === id) < i
      ? [problem(['invariants', i, 'id'], `the id '${id}' is used twice in this file`)]
      : [],
  )
  return twice.length > 0 ? { problems: twice } : { read: value.invariants }
}
