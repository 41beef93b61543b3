import { newestOf } from './newest.ts'
import { memberObject } from './parse-entry.ts'
import { readJournal } from './read.ts'
import { refused } from './refused.ts'
import { takeSnapshot } from './snapshot.ts'
import { pendingOf } from './wal-scan.ts'

/** Digest of the rulebook in the newest entry that names one; null in an empty journal. Read-only, also beside a running gate. */
export async function lastRulebookOf(dir: string): Promise<string | null> {
  const { note, wal } = await takeSnapshot(dir)
  const size = Number(/^[^\n]*\n(0|[1-9]\d{0,15})\n/.exec(note ?? '')?.[1] ?? 0)
  const pending = pendingOf(wal, size)
  if (typeof pending === 'string') throw refused(pending)
  return (await newestOf(dir, size, pending)).rulebook
}

/** What the journal says of changes: the highest serial of a bundle, and who might change each rulebook, by digest. Reads it all. */
export async function historyOfRulebooks(dir: string): Promise<{
  readonly serial: number
  readonly keys: ReadonlyMap<string, readonly string[]>
}> {
  let serial = 0
  const keys = new Map<string, readonly string[]>()
  for await (const { entry } of readJournal(dir, { kind: 'rulebook' })) {
    const body = memberObject(entry, 'body') ?? {}
    if (typeof body.serial === 'number') serial = Math.max(serial, body.serial)
    if (typeof body.digest === 'string' && Array.isArray(body.keys)) keys.set(body.digest, body.keys.map(String))
  }
  return { serial, keys }
}
