import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readYaml } from '../config/read-yaml.ts'
import { FilesRefused } from '../terms/faults.ts'

type Schema = Parameters<typeof readYaml>[1]

/** What somebody wrote down of a document, to be entered into the register. */
export interface PaperSchemas {
  readonly whole: Schema
  /** The same, where the digest of the document is not written but computed. */
  readonly withoutDigest: Schema
}

/**
 * Reads a YAML or JSON file; with `document`, the SHA-256 of that file becomes its `document`.
 * @throws FilesRefused with the places, or an Error where the file names another document
 */
export async function readPaper(file: string, document: string | undefined, { whole, withoutDigest }: PaperSchemas): Promise<object> {
  const reading = readYaml(file, document === undefined ? whole : withoutDigest)
  if ('problems' in reading) throw new FilesRefused(reading.problems)
  const paper: object = Object(reading.read.value)
  if (document === undefined) return paper
  const digest = await sha256(document)
  const written: unknown = 'document' in paper ? paper.document : undefined
  if (written !== undefined && written !== digest)
    throw new Error(`${file} names the document ${String(written)}, and ${document} is ${digest}; correct one of the two`)
  return { ...paper, document: digest }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
