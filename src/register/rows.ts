import { createHash } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Fault } from '../terms/faults.ts'
import { type Mac, openPastFile, type PastFile } from './past-file.ts'

/** What people and calls put into the register that the journal may not say in clear: instruments, sealed queries, reasons of counsel. */
export interface Rows {
  /** Durable when it returns. @returns the digest that names the row in the journal @throws Fault `fault.register` */
  readonly add: (kind: string, id: string, content: unknown) => string
  /** The content whose digest this is; null if the file does not have exactly it. */
  readonly read: (digest: string) => unknown
  /** How many rows stand in a damaged part of the file: they were read as missing. */
  readonly damaged: () => number
  /** What is kept of the journal in the same file. */
  readonly past: (mac: Mac) => PastFile
  readonly close: () => void
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS content (
  digest TEXT PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, salt BLOB NOT NULL, text TEXT NOT NULL
) STRICT`
/**
 * Another gate on this file would not see what this one wrote. FULL: what counsel was told is done must outlive a power cut. Few pages at a
 * time go from the log into the file: calls wait while they do.
 */
const SETTINGS = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 64'
const SALT_BYTES = 32
/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGE = [11, 26]

/**
 * Opens the register's file and owns it until `close`. A row is named by the salted SHA-256 of its text, and only the journal says what a
 * row means: one that was edited has another name, one that was added has no entry, one that was deleted is missed.
 * @throws Fault `fault.register`
 */
export function openRows(options: { readonly file: string; readonly randomBytes: (n: number) => Uint8Array }): Rows {
  const { file } = options
  const damaged = new Set<string>()
  const db = attempt(`the register ${file} cannot be opened`, () => {
    // Persons and dockets stand in it in clear: made for its owner alone, and SQLite gives its companions the same mode.
    closeSync(openSync(file, 'a', 0o600))
    const opened = new DatabaseSync(file, { timeout: 0 })
    opened.exec(`${SETTINGS}; ${SCHEMA}`)
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
      const row = attempt('the register cannot be read', () => readRow(select, digest, damaged))
      if (!row || !(row['salt'] instanceof Uint8Array) || typeof row['text'] !== 'string') return null
      return digestOf(row['salt'], row['text']) === digest ? JSON.parse(row['text']) : null
    },
    damaged: () => damaged.size,
    past: mac => openPastFile(db, mac),
    close: () => db.close(),
  }
}

/** One damaged page must not stop a city's gate: a row in it is missing, and what is missing opens nothing. */
function readRow(select: StatementSync, digest: string, damaged: Set<string>): ReturnType<StatementSync['get']> {
  try {
    return select.get(digest)
  } catch (error) {
    // The low byte: SQLite adds in the others where the damage is.
    if (!(error instanceof Error && 'errcode' in error && DAMAGE.includes(Number(error.errcode) & 0xff))) throw error
    damaged.add(digest)
    return undefined
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
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    throw new Fault('fault.register', 'unavailable', `${what}${why}`, { cause })
  }
}
