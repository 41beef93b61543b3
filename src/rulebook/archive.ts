import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { makeDirectory, readIfThere, replaceFile } from '../audit/durable-file.ts'
import { type CanonicalRulebook, RulebookContent } from '../terms/rulebook-content.ts'

const fileOf = (journalDir: string, digest: string): string => join(journalDir, 'rulebooks', `${digest}.json`)

/** Keeps a rulebook beside the journal that names it. On disk, names and all, when this resolves. */
export async function archiveRulebook(journalDir: string, { digest, text }: CanonicalRulebook): Promise<void> {
  if ((await readArchived(journalDir, digest)) !== null) return
  await makeDirectory(join(journalDir, 'rulebooks'), 0o755)
  await replaceFile(fileOf(journalDir, digest), Buffer.from(text), 0o644)
}

/** A rulebook that was in force once; null where it is missing, or is not what its name says. */
export async function readArchived(journalDir: string, digest: string): Promise<CanonicalRulebook | null> {
  const bytes = /^[0-9a-f]{64}$/.test(digest) ? await readIfThere(fileOf(journalDir, digest)) : null
  return bytes && readCanonical(digest, bytes.toString('utf8'))
}

/** Reads a canonical form; null unless its SHA-256 is the digest, and this version still understands it. */
export function readCanonical(digest: string, text: string): CanonicalRulebook | null {
  if (createHash('sha256').update(text).digest('hex') !== digest) return null
  const parsed = RulebookContent.safeParse(JSON.parse(text))
  return parsed.success ? { digest, text, content: parsed.data } : null
}
