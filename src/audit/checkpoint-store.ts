import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './lock.ts'
import { refused } from './refused.ts'

/** The last checkpoint that was signed. It must never be rolled back, so it belongs on another volume than the journal. */
export interface StoredCheckpoint {
  readonly origin: string
  readonly size: number
  readonly root: string
  readonly note: string
  /** Newest time in the journal, ms since 1970. */
  readonly lastTime: number
}

export interface CheckpointStore {
  /** `null` in a store that was just made. */
  load(): StoredCheckpoint | null
  /** Compare-and-swap: throws unless the store still holds `before`. Durable when it returns. */
  swap(before: StoredCheckpoint | null, after: StoredCheckpoint): void
  close(): void
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS checkpoint (
  one INTEGER PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL, note TEXT NOT NULL, last_time INTEGER NOT NULL
) STRICT`

/**
 * Opens the store and owns it until `close`: two gates (or two directories) on one store would sign two histories.
 * `locking_mode = EXCLUSIVE` keeps the lock between transactions; it falls with the process.
 */
export function openCheckpointStore(path: string): CheckpointStore {
  const db = openDatabase(path)
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec(`BEGIN EXCLUSIVE; ${SCHEMA}; COMMIT`)
  } catch (error) {
    db.close()
    if (isBusy(error)) throw refused(`checkpoint store ${path} is in use by another gate`, error)
    throw refused(`checkpoint store ${path} cannot be used: ${error instanceof Error ? error.message : 'unknown error'}`, error)
  }
  return { load: () => load(db, path), swap: (before, after) => swap(db, path, before, after), close: () => db.close() }
}

function openDatabase(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 })
  } catch (error) {
    throw refused(`checkpoint store ${path} cannot be opened: ${error instanceof Error ? error.message : 'unknown error'}`, error)
  }
}

function load(db: DatabaseSync, path: string): StoredCheckpoint | null {
  const row = db.prepare('SELECT origin, size, root, note, last_time FROM checkpoint').get()
  if (row === undefined) return null
  const { origin, size, root, note, last_time: lastTime } = row
  if (
    typeof origin !== 'string' ||
    typeof size !== 'number' ||
    typeof root !== 'string' ||
    typeof note !== 'string' ||
    typeof lastTime !== 'number'
  )
    throw refused(`checkpoint store ${path} does not hold a checkpoint`)
  return { origin, size, root, note, lastTime }
}

function swap(db: DatabaseSync, path: string, before: StoredCheckpoint | null, after: StoredCheckpoint): void {
  const { changes } =
    before === null
      ? db
          .prepare('INSERT INTO checkpoint SELECT 1, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM checkpoint)')
          .run(after.origin, after.size, after.root, after.note, after.lastTime)
      : db
          .prepare('UPDATE checkpoint SET size = ?, root = ?, note = ?, last_time = ? WHERE size = ? AND root = ? AND note = ?')
          .run(after.size, after.root, after.note, after.lastTime, before.size, before.root, before.note)
  if (Number(changes) !== 1) throw refused(`checkpoint store ${path} was changed by somebody else: two gates may be signing`)
}
