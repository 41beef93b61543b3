import { type FileProblem, FilesRefused } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import type { Reading } from './read-yaml.ts'

/** Gathers every problem of every file, so that whoever writes them learns all at once. */
export interface Collector {
  readonly add: (...problems: readonly FileProblem[]) => void
  /** What was read, or null; its problems are kept. */
  readonly take: <T>(reading: Reading<T>) => FromFile<T> | null
  readonly failed: () => boolean
  readonly refusal: () => FilesRefused
}

export function collector(): Collector {
  const problems: FileProblem[] = []
  return {
    add: (...more) => void problems.push(...more),
    take: reading => {
      if ('read' in reading) return reading.read
      problems.push(...reading.problems)
      return null
    },
    failed: () => problems.length > 0,
    refusal: () => new FilesRefused(problems),
  }
}
