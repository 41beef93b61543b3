import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { refused } from './refused.ts'

/** Waits until the names in a directory are on disk: without it a renamed file can vanish in a power cut. */
export async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a directory and the ones above it, each name durable. */
export async function makeDirectory(dir: string, mode: number): Promise<void> {
  const first = await mkdir(dir, { recursive: true, mode })
  if (first === undefined) return
  for (let at = dirname(dir); ; at = dirname(at)) {
    await syncDirectory(at)
    if (at === dirname(first) || at === dirname(at)) return
  }
}

/** Replaces a file: temporary file, fsync, rename, and unless told otherwise fsync of the directory. */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  mode: number,
  sync: 'directory-too' | 'file-only' = 'directory-too',
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp`)
  const handle = await open(temporary, 'w', mode)
  try {
    await writeWhole(handle, bytes, path)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, path)
  if (sync === 'directory-too') await syncDirectory(dirname(path))
}

/** Writes a file that must not exist yet. */
export async function writeNew(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  await makeDirectory(dirname(path), 0o700)
  const handle = await open(path, 'wx', mode)
  try {
    await writeWhole(handle, bytes, path)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncDirectory(dirname(path))
}

/**
 * Writes a file that never changes. One that is already there (left by a crash before its checkpoint) must be
 * byte-identical: another content under the same name would be a second history. The directory is left to the caller to sync.
 */
export async function writeImmutable(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const there = await readIfThere(path)
  if (there === null) return replaceFile(path, bytes, mode, 'file-only')
  if (!there.equals(bytes)) throw refused(`${path} exists with another content: this would be a second history`)
}

/** A file's bytes; `null` when there is no such file. */
export async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

// A full disk makes write(2) come back short without an error; unnoticed, that loses acknowledged bytes.
async function writeWhole(
  handle: { write(b: Uint8Array): Promise<{ bytesWritten: number }> },
  bytes: Uint8Array,
  path: string,
): Promise<void> {
  if (bytes.length === 0) return
  const { bytesWritten } = await handle.write(bytes)
  if (bytesWritten !== bytes.length) throw refused(`${path}: only ${bytesWritten} of ${bytes.length} bytes were written`)
}
