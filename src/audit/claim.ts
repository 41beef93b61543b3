import { mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { signCheckpoint } from './checkpoint.ts'
import { type CheckpointStore, openCheckpointStore, type StoredCheckpoint } from './checkpoint-store.ts'
import { isMissing, makeDirectory, replaceFile } from './durable-file.ts'
import { createKeyFile, type JournalKey, loadKeyFile } from './key-file.ts'
import { type Lock, lockDirectory } from './lock.ts'
import { writeCheckpoint } from './publish.ts'
import { refused } from './refused.ts'
import { emptyTree, rootOf } from './tree.ts'

/** Where a journal's three parts are. */
export interface Places {
  readonly dir: string
  readonly origin: string
  readonly keyFile: string
  readonly checkpoints: string
  readonly vkey: string | null
}

/** The journal's parts, owned by this process. */
export interface Claimed {
  readonly key: JournalKey
  readonly store: CheckpointStore
  readonly stored: StoredCheckpoint
  readonly release: () => void
}

const LOCK = 'lock'

/**
 * Takes ownership, making the journal only if key, directory and checkpoint store are all absent: a new log in place of a lost one
 * would be a history without its past. Refuses a key other than the pinned one and a store of another origin.
 */
export async function claimJournal(places: Places): Promise<Claimed> {
  const isNew = await mustBeMade(places)
  const lock = isNew ? await claimNew(places) : lockDirectory(join(places.dir, LOCK), `journal ${places.dir}`)
  let store: CheckpointStore | null = null
  try {
    const key = await loadKeyFile(places.keyFile, places.origin)
    if (places.vkey !== null && places.vkey !== key.vkey.text)
      throw refused(`journal key ${places.keyFile} is ${key.vkey.text}, and the configuration pins ${places.vkey}`)
    store = openCheckpointStore(places.checkpoints)
    if (isNew) await makeJournal(places, key, store)
    return { key, store, stored: storedOf(places, store), release: releaser(lock, store) }
  } catch (error) {
    store?.close()
    lock.release()
    throw error
  }
}

function releaser(lock: Lock, store: CheckpointStore): () => void {
  return () => {
    store.close()
    lock.release()
  }
}

async function mustBeMade(places: Places): Promise<boolean> {
  const parts = [
    { name: `key ${places.keyFile}`, isThere: await isThere(places.keyFile) },
    { name: `directory ${places.dir}`, isThere: await hasContent(places.dir) },
    { name: `checkpoint store ${places.checkpoints}`, isThere: await isThere(places.checkpoints) },
  ]
  const there = parts.filter(part => part.isThere).map(part => part.name)
  if (there.length === parts.length) return false
  const absent = parts.filter(part => !part.isThere).map(part => part.name)
  if (there.length > 0)
    throw refused(
      `the journal is incomplete: ${there.join(' and ')} present, ${absent.join(' and ')} absent. A journal is made only when all three are absent`,
    )
  if (places.vkey !== null)
    throw refused(`the configuration pins ${places.vkey}, and there is no journal yet: a new one would have another key`)
  return true
}

async function claimNew(places: Places): Promise<Lock> {
  await makeDirectory(places.dir, 0o755)
  const lock = lockDirectory(join(places.dir, LOCK), `journal ${places.dir}`)
  try {
    // Another gate may have made the journal between the look and the lock.
    if (!(await mustBeMade(places))) throw refused(`journal ${places.dir} is being made by another gate`)
    await mkdir(dirname(places.checkpoints), { recursive: true })
    await createKeyFile(places.keyFile)
    return lock
  } catch (error) {
    lock.release()
    throw error
  }
}

async function makeJournal(places: Places, key: JournalKey, store: CheckpointStore): Promise<void> {
  const root = rootOf(emptyTree())
  const note = signCheckpoint({ origin: places.origin, size: 0, root }, key.privateKey, key.vkey)
  for (const [name, mode] of [
    ['public', 0o755],
    ['records', 0o700],
    ['wal', 0o700],
  ] as const)
    await makeDirectory(join(places.dir, name), mode)
  await replaceFile(join(places.dir, 'public/vkey'), Buffer.from(`${key.vkey.text}\n`), 0o644)
  store.swap(null, { origin: places.origin, size: 0, root: root.toString('base64'), note, lastTime: 0 })
  await writeCheckpoint(places.dir, note)
}

function storedOf(places: Places, store: CheckpointStore): StoredCheckpoint {
  const stored = store.load()
  if (stored === null) throw refused(`checkpoint store ${places.checkpoints} is empty, and the journal is not new`)
  if (stored.origin !== places.origin)
    throw refused(`checkpoint store ${places.checkpoints} belongs to ${stored.origin}, not to ${places.origin}`)
  return stored
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw refused(`${path} cannot be looked at`, error)
  }
}

async function hasContent(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).some(name => name !== LOCK && name !== `${LOCK}-journal`)
  } catch (error) {
    if (isMissing(error)) return false
    throw refused(`${dir} cannot be read`, error)
  }
}
