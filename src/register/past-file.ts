import type { DatabaseSync } from 'node:sqlite'
import { Fault } from '../terms/faults.ts'
import type { JournalEntry } from './journal-entry.ts'

/** Keyed: whoever can write the file cannot make one. */
export type Mac = (...parts: readonly string[]) => string

/** An entry, and the newest time the journal had when it was written: they differ where the clock was set back. */
export type PastItem = readonly [newest: number, entry: JournalEntry]

/** How far what is kept reaches. */
export interface Reach {
  /** Index of the first entry that is not covered. */
  readonly upTo: number
  /** Name of the last entry that is: in another history another one stands there. */
  readonly last: string
  /** Newest time among all that is covered, milliseconds since 1970. */
  readonly newest: number
}

export interface PastRow {
  readonly n: number
  readonly items: readonly PastItem[]
}

/** The kept past in the register's file: rows of entries, chained with a key, and a head that says where they end. */
export interface PastFile {
  /** Reads everything once. Null: nothing is kept. `refused`: it is not what was kept here, or another version kept it. */
  readonly verify: () => Reach | 'refused' | null
  /** How many entries the rows have. */
  readonly size: () => number
  /** The row after this number or before it; from one end on where none is given. */
  readonly after: (n?: number) => PastRow | null
  readonly before: (n?: number) => PastRow | null
  /** Adds a row and moves the head: both or neither. @throws Fault `fault.register` */
  readonly append: (items: readonly PastItem[], reach: Reach) => void
  /** Starts another past beside this one, with the same reach; `replace` puts it in its place. Sweep first. @throws Fault `fault.register` */
  readonly draft: () => { readonly add: (items: readonly PastItem[]) => void; readonly replace: () => void }
  /** Throws away a row of what `replace` left over, or of a draft that nobody finished. @returns false: there was none */
  readonly sweep: () => boolean
  /** Throws everything away. @throws Fault `fault.register` */
  readonly clear: () => void
}

/** How many entries are best written in one go: few enough that no call waits for them. */
export const ROW_ENTRIES = 100
/** Counted up whenever the books read more of an entry, or more entries: what an older version kept is too little for a newer one. */
const FORMAT = 1
const ROWS = '(n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT'
const WASTE = ['past_waste', 'past_draft'] as const
const FRESH = `${['past', 'past_head', ...WASTE].map(table => `DROP TABLE IF EXISTS ${table}`).join('; ')}; CREATE TABLE past ${ROWS};
  CREATE TABLE past_head (one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL, mac TEXT NOT NULL) STRICT`

/** Rows, and the token that stands for all of them in their order. */
interface Chain {
  readonly link: string
  readonly n: number
  readonly size: number
}
const NO_ROWS: Chain = { link: '', n: 0, size: 0 }
export const NOWHERE: Reach = { upTo: 0, last: '', newest: 0 }

/** The past in one register's file. Nothing but `verify` and `clear` may be called before one of them. */
export function openPastFile(db: DatabaseSync, mac: Mac): PastFile {
  let [chain, reach] = [NO_ROWS, NOWHERE]
  const put = (rows: Chain, to: Reach) => {
    const text = JSON.stringify({ ...to, size: rows.size, format: FORMAT })
    db.prepare('INSERT OR REPLACE INTO past_head (one, text, mac) VALUES (1, ?, ?)').run(text, mac('head', rows.link, text))
  }
  return {
    verify() {
      const found = readAll(db, mac)
      if (found !== null && found !== 'refused') [chain, reach] = [found.chain, found.reach]
      return found === null || found === 'refused' ? found : reach
    },
    size: () => chain.size,
    after: (n = 0) => rowOf(db.prepare('SELECT n, text FROM past WHERE n > ? ORDER BY n LIMIT 1').get(n)),
    before: (n = chain.n + 1) => rowOf(db.prepare('SELECT n, text FROM past WHERE n < ? ORDER BY n DESC LIMIT 1').get(n)),
    append(items, to) {
      const rows = inTransaction(db, () => {
        const longer = items.length === 0 ? chain : addRow(db, 'past', mac, chain, items)
        put(longer, to)
        return longer
      })
      ;[chain, reach] = [rows, to]
    },
    draft() {
      let rows = NO_ROWS
      inTransaction(db, () => db.exec(`CREATE TABLE past_draft ${ROWS}`))
      return {
        add: items => {
          rows = inTransaction(db, () => addRow(db, 'past_draft', mac, rows, items))
        },
        replace: () => {
          inTransaction(db, () => {
            db.exec('ALTER TABLE past RENAME TO past_waste; ALTER TABLE past_draft RENAME TO past')
            put(rows, reach)
          })
          chain = rows
        },
      }
    },
    sweep: () => inTransaction(db, () => WASTE.some(table => sweepRow(db, table))),
    clear() {
      inTransaction(db, () => db.exec(FRESH))
      ;[chain, reach] = [NO_ROWS, NOWHERE]
    },
  }
}

function readAll(db: DatabaseSync, mac: Mac): { readonly chain: Chain; readonly reach: Reach } | 'refused' | null {
  try {
    const tables = db.prepare(`SELECT count(*) AS tables FROM sqlite_schema WHERE name IN ('past', 'past_head')`).get()
    if (tables?.['tables'] === 0) return null
    const { link, n } = chainOf(db, mac)
    const head = db.prepare('SELECT text, mac FROM past_head').get()
    if (!head) return n === 0 ? null : 'refused'
    const text = String(head['text'])
    if (head['mac'] !== mac('head', link, text)) return 'refused'
    const { format, size, ...reach }: Reach & { format: number; size: number } = JSON.parse(text)
    return format === FORMAT ? { chain: { link, n, size }, reach } : 'refused'
  } catch {
    return 'refused' // a damaged page, a table of another shape: the journal has it all
  }
}

function chainOf(db: DatabaseSync, mac: Mac): { readonly link: string; readonly n: number } {
  let [link, n] = ['', '0']
  // As text: a number beyond what JavaScript counts is no reason to stop.
  const rows = db.prepare('SELECT CAST(n AS TEXT) AS number, text FROM past ORDER BY n').iterate()
  try {
    for (const row of rows) {
      n = String(row['number'])
      link = mac(link, n, String(row['text']))
    }
  } finally {
    rows.return?.() // a statement that failed would keep the table locked
  }
  return { link, n: Number(n) }
}

function addRow(db: DatabaseSync, table: 'past' | 'past_draft', mac: Mac, chain: Chain, items: readonly PastItem[]): Chain {
  const [n, text] = [chain.n + 1, JSON.stringify(items)]
  db.prepare(`INSERT INTO ${table} (n, text) VALUES (?, ?)`).run(n, text)
  return { n, link: mac(chain.link, String(n), text), size: chain.size + items.length }
}

/** Row by row: to drop a long table in one go would make calls wait. */
function sweepRow(db: DatabaseSync, table: (typeof WASTE)[number]): boolean {
  if (!db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table)) return false
  const { changes } = db.prepare(`DELETE FROM ${table} WHERE n = (SELECT min(n) FROM ${table})`).run()
  if (changes === 0) db.exec(`DROP TABLE ${table}`)
  return true
}

function rowOf(row: Record<string, unknown> | undefined): PastRow | null {
  return row ? { n: Number(row['n']), items: JSON.parse(String(row['text'])) } : null
}

/** Nothing may be awaited within: a row that somebody else adds meanwhile would be as durable as this, and no more. */
function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE')
    const done = work()
    db.exec('COMMIT')
    return done
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw new Fault('fault.register', 'unavailable', 'what was kept of the past cannot be written', { cause })
  }
}
