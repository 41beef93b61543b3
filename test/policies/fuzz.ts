import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadPolicies } from '../../src/config/load.ts'
import { readYaml } from '../../src/config/read-yaml.ts'
import { compileRulebook } from '../../src/policy/compile.ts'
import { diffRulebooks } from '../../src/policy/diff.ts'
import type { Rulebook } from '../../src/policy/rulebook.ts'
import { FilesRefused } from '../../src/terms/faults.ts'
import type { FromFile } from '../../src/terms/file.ts'
import { LawFile } from '../../src/terms/law.ts'
import { breakText } from './broken-files.ts'

const AT = Date.parse('2026-12-01T12:00:00Z')

export interface Fuzzed {
  readonly files: number
  readonly refused: number
  readonly loaded: number
  /** Of those that load: how many a gate would not take without two signatures. */
  readonly weaker: number
  /** What should never happen, with the seed that shows it. */
  readonly wrong: readonly string[]
}

/** Breaks law files and loads them: an error with a place, or a rulebook; and one that permits more than the whole file did is seen to. */
export function fuzz(dir: string, seeds: readonly number[]): Fuzzed {
  const policies = loadPolicies(dir)
  const laws = policies.laws.filter(({ value }) => !value.missing)
  const grants = policies.grants[0] ?? null
  const texts = new Map(laws.map(law => [law, readFileSync(law.file, 'utf8')]))
  const whole = new Map(laws.map(law => [law, compileRulebook([law], grants)]))
  const counts = { refused: 0, loaded: 0, weaker: 0 }
  const wrong: string[] = []
  for (const seed of seeds) {
    const law = laws[seed % laws.length]
    const [text, before] = law ? [texts.get(law), whole.get(law)] : []
    if (!law || text === undefined || !before) continue
    const after = load(breakText(text, seed), law, grants, message => wrong.push(`seed ${seed}, ${law.value.law}: ${message}`))
    if (!after) {
      counts.refused++
      continue
    }
    counts.loaded++
    const { weaker, groups } = diffRulebooks(before, after, AT)
    if (weaker) counts.weaker++
    else if (groups.some(({ before: was, after: is }) => is === 'permit' && was !== 'permit'))
      wrong.push(`seed ${seed}, ${law.value.law}: permits more and is not seen to`)
  }
  return { files: seeds.length, ...counts, wrong }
}

function load(
  text: string,
  { file }: FromFile<LawFile>,
  grants: Parameters<typeof compileRulebook>[1],
  complain: (message: string) => void,
): Rulebook | null {
  try {
    const reading = readYaml(file, LawFile, () => new TextEncoder().encode(text))
    if ('read' in reading) return compileRulebook([reading.read], grants)
    for (const { line, column, message } of reading.problems) {
      if (line < 1 || column < 1 || message.length < 5 || line > text.split('\n').length + 1)
        complain(`a problem without a place: ${line}:${column} ${message}`)
    }
    if (reading.problems.length === 0) complain('refused without a problem')
  } catch (error) {
    if (!(error instanceof FilesRefused)) complain(`crashed: ${error instanceof Error ? error.message : String(error)}`)
    else if (error.problems.some(({ line, column }) => line < 1 || column < 1)) complain('a problem without a place')
  }
  return null
}

export const POLICIES = join(import.meta.dirname, '../../policies')
