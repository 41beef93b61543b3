import { notUnderstood } from '../../unreadable.ts'
import type { ColumnName, JsonStep } from './question.ts'
import { attempt, type Scan, stuck, takePattern, takeWord } from './scan.ts'

// PostgREST joins identifiers by dashes and trims them; a dash that begins an arrow ends the name.
const BARE = /(?:[\p{L}\p{Nd}_ $]|-(?!>))+/uy
// One way to match only: an unterminated quote must fail in linear time, not by trying every split of the text.
const QUOTED = /"[^"\\]*(?:\\.[^"\\]*)*"/suy
// An index must be followed by what may follow a JSON operand, else it is a key.
const INDEX = /-?[0-9]+(?=->|::|[.,:)]|$)/y

/** The text of a `"quoted"` name or value with its `\` escapes undone, or null if none stands here. */
export function takeQuoted(scan: Scan): string | null {
  const literal = takePattern(scan, QUOTED)
  return literal === null ? null : literal.slice(1, -1).replace(/\\(.)/gsu, '$1')
}

/** A field name after PostgREST's own unescaping and trimming, or null if none stands here. */
export function takeName(scan: Scan): string | null {
  const quoted = takeQuoted(scan)
  if (quoted !== null) return quoted
  return attempt(scan, () => {
    const name = takePattern(scan, BARE)?.replace(/^ +| +$/g, '') ?? ''
    // `a--b`, `-a` and `a-` are no names to PostgREST either.
    return name === '' || /^-|-$|--/.test(name) ? null : name
  })
}

export function readName(scan: Scan): string {
  const name = takeName(scan)
  if (name === null) throw stuck(scan)
  return name
}

/** `name->key->>0`. */
export function readColumn(scan: Scan): ColumnName {
  const start = scan.at
  const name = readName(scan)
  const path: JsonStep[] = []
  for (let arrow = takeArrow(scan); arrow !== null; arrow = takeArrow(scan)) path.push({ arrow, key: readOperand(scan) })
  // `->>` gives text, and PostgREST would send the database an operator that text does not have.
  if (path.slice(0, -1).some(step => step.arrow === '->>'))
    throw notUnderstood(scan.where, `${scan.where}: ->> can only be the last step of a JSON path`)
  return { name, path, spelling: scan.text.slice(start, scan.at).trim() }
}

const takeArrow = (scan: Scan): JsonStep['arrow'] | null => (takeWord(scan, '->>') ? '->>' : takeWord(scan, '->') ? '->' : null)

function readOperand(scan: Scan): string | number {
  const index = takePattern(scan, INDEX)
  if (index === null) return readName(scan)
  if (!Number.isSafeInteger(Number(index))) throw stuck(scan)
  return Number(index)
}
