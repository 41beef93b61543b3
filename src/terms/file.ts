import type { FileProblem } from './faults.ts'

/** A value read from a file, and where each part of it stands: what an error message needs. */
export interface FromFile<T> {
  readonly file: string
  readonly value: T
  /** A problem at a path inside the value (`['rules', 0, 'when']`), with line and column, counted from 1. */
  readonly problem: (path: readonly PropertyKey[], message: string) => FileProblem
}
