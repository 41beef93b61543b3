import { createHash } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '../terms/faults.ts'

/** What people and calls put into the register that the journal may not say in clear: instruments, sealed queries, reasons of counsel. */
export interface Rows {
  /** Durable when it returns. @returns the digest that names the row in the journal @throws Fault `fault.register` */
  readonly add: (kind: string, id: string, content: unknown) => string
  /** The content whose digest this is; null if the file does not have exactly it. */
  readonly read: (digest: string) => unknown
  readonly close: () => void
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS content (
  digest TEXT PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, salt BLOB NOT NULL, text TEXT NOT NULL
) STRICT`
const SALT_BYTES = 32

/**
 * Opens the register's file and owns it until `close`. A row is named by the salted SHA-256 of its text, and only the journal says what a
 * row means: one that was edited has another name, one that was added has no entry, one that was deleted is missed.
 * @throws Fault `fault.register`
 */
export function openRows(options: { readonly file: string; readonly randomBytes: (n: number) => Uint8Array }): Rows {
  const { file } = options
  const db = attempt(`the register ${file} cannot be opened`, () => {
    // Persons and dockets stand in it in clear: made for its owner alone, and SQLite gives its companions the same mode.
    closeSync(openSync(file, 'a', 0o600))
    const opened = new DatabaseSync(file, { timeout: 0 })
    // Another gate on this file would not see what this one wrote. FULL: what counsel was told is done must outlive a power cut.
    opened.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SCHEMA}`)
    return opened
  })
  const insert = db.prepare('INSERT INTO content (digest, kind, id, salt, text) VALUES (?, ?, ?, ?, ?)')
  const select = db.prepare('SELECT salt, text FROM content WHERE digest = ?')
  return {
    add(kind, id, content) {
      const salt = options.randomBytes(SALT_BYTES)
      const text = JSON.stringify(content)
      const digest = digestOf(salt, text)
      attempt('the register cannot be written', () => insert.run(digest, kind, id, salt, text))
      return digest
    },
    read(digest) {
      const row = attempt('the register cannot be read', () => select.get(digest))
      if (!row || !(row['salt'] instanceof Uint8Array) || typeof row['text'] !== 'string') return null
      return digestOf(row['salt'], row['text']) === digest ? JSON.parse(row['text']) : null
    },
    close: () => db.close(),
  }
}

/** Salted: the journal carries it, and a warrant's few facts could be guessed from a plain hash. */
function digestOf(salt: Uint8Array, text: string): string {
  return createHash('sha256').update(salt).update(text).digest('hex')
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new Fault('fault.register', 'unavailable', what, { cause })
  }
}
