import { join } from 'node:path'
import { signCheckpoint } from './checkpoint.ts'
import type { CheckpointStore, StoredCheckpoint } from './checkpoint-store.ts'
import { replaceFile } from './durable-file.ts'
import type { Integrator } from './integrate.ts'
import type { JournalKey } from './key-file.ts'

/** Signs what the tree's files hold and makes it public. */
export interface Publisher {
  /** Size of the last checkpoint signed. */
  readonly size: () => number
  /** Settles the files, signs, stores, publishes: in this order, so that a crash anywhere leaves a state that start-up mends. */
  publish(lastTime: number): Promise<void>
}

export interface PublisherParts {
  readonly dir: string
  readonly key: JournalKey
  readonly store: CheckpointStore
  readonly integrator: Integrator
  readonly stored: StoredCheckpoint
}

export function createPublisher(parts: PublisherParts): Publisher {
  let stored = parts.stored
  const publish = async (lastTime: number): Promise<void> => {
    const size = parts.integrator.size()
    if (size === stored.size) return
    const root = await parts.integrator.settle()
    const note = signCheckpoint({ origin: stored.origin, size, root }, parts.key.privateKey, parts.key.vkey)
    const after = { origin: stored.origin, size, root: root.toString('base64'), note, lastTime: Math.max(lastTime, stored.lastTime) }
    parts.store.swap(stored, after)
    stored = after
    await writeCheckpoint(parts.dir, note)
    await parts.integrator.collect()
  }
  return { size: () => stored.size, publish }
}

/** Replaces the published checkpoint. */
export const writeCheckpoint = (dir: string, note: string): Promise<void> =>
  replaceFile(join(dir, 'public/checkpoint'), Buffer.from(note), 0o644)
