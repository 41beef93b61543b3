import { DatabaseSync } from 'node:sqlite'
import { refused } from './refused.ts'

/** An exclusive claim that ends with the process, however it ends. */
export interface Lock {
  release(): void
}

/**
 * Takes the directory for this process: an exclusive SQLite transaction held open for life. A file with a process id in it
 * would outlive a crash or be believed after the id was used again; two owners would sign two histories.
 */
export function lockDirectory(path: string, what: string): Lock {
  const db = new DatabaseSync(path, { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    throw refused(isBusy(error) ? `${what} is in use by another gate` : `${what} cannot be locked`, error)
  }
  return { release: () => db.close() }
}

/** SQLite's word for "somebody else holds the lock" (result codes 5 and 6). */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && [5, 6].includes(error.errcode & 0xff)
}
