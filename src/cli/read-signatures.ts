import { readIfThere } from '../audit/durable-file.ts'
import { readNotes } from '../rulebook/statement.ts'

const BYTES_MAX = 1024 * 1024

/** The signatures of a rulebook as they stand; empty where there is no file. @throws Error naming why no gate could read them */
export async function readSignatures(file: string): Promise<string> {
  const text = (await readIfThere(file))?.toString('utf8') ?? ''
  checkNotes(file, text)
  return text
}

/** @throws Error naming why no gate could read these signatures */
export function checkNotes(file: string, text: string): void {
  const why = problemOf(text)
  if (why !== null) throw new Error(`${file} cannot be read: ${why}`)
}

function problemOf(text: string): string | null {
  if (Buffer.byteLength(text) > BYTES_MAX) return 'it is larger than 1 MiB; move it away and begin a new one'
  if (readNotes(text) !== null) return null
  // An editor or a checkout on Windows does it, and it cannot be seen.
  if (text.includes('\r')) return 'its lines end with CR LF; write them with LF alone'
  return 'not all of it is signed notes; restore it, or move it away and begin a new one'
}
