import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { packEntries } from './bundle.ts'
import { makeDirectory, syncDirectory, writeImmutable } from './durable-file.ts'
import { type Item, leafEntry } from './leaf.ts'
import type { RightEdge } from './right-edge.ts'
import { entriesPath, tilePath, unitPath } from './tile-path.ts'
import { appendLeaf, type FullTile, hashLeaf, rootOf, TILE_WIDTH } from './tree.ts'
import { partialWidths } from './tree-files.ts'

/** Puts durable entries into the tree's files. Recovery uses it exactly as normal work does. */
export interface Integrator {
  readonly size: () => number
  /** Adds entries; writes the files that became full. */
  add(items: readonly Item[]): Promise<void>
  /** Writes the partial files of the present size and syncs every directory touched. Only after this may the root be signed. */
  settle(): Promise<Buffer>
  /** Removes what a published checkpoint has made superfluous. */
  collect(): Promise<void>
}

interface State {
  readonly dir: string
  readonly edge: RightEdge
  entries: Buffer[]
  items: Item[]
  /** Directories whose names are not durable yet; and those known to exist. */
  readonly dirty: Set<string>
  readonly known: Set<string>
  /** `.p` directories that hold partial files; of tiles that are full now; of those that were so at the last checkpoint. */
  readonly partial: Set<string>
  readonly full: string[]
  readonly spent: string[]
}

export function createIntegrator(dir: string, edge: RightEdge): Integrator {
  const state: State = {
    ...{ dir, edge, entries: [...edge.entries], items: [...edge.items] },
    ...{ dirty: new Set(), known: new Set(), partial: new Set(), full: [], spent: [] },
  }
  for (const { path } of partialFiles(state)) state.partial.add(dirname(path))
  return { size: () => edge.tree.size, add: items => add(state, items), settle: () => settle(state), collect: () => collect(state) }
}

async function add(state: State, items: readonly Item[]): Promise<void> {
  for (const item of items) {
    const entry = leafEntry(item)
    state.items.push(item)
    state.entries.push(entry)
    const full = appendLeaf(state.edge.tree, hashLeaf(entry))
    if (full.length > 0) await writeFull(state, full)
  }
}

async function writeFull(state: State, tiles: readonly FullTile[]): Promise<void> {
  const n = tiles[0]!.n
  const files = [
    { path: `records/${unitPath(n, TILE_WIDTH)}`, bytes: Buffer.concat(state.items) },
    { path: `public/${entriesPath(n, TILE_WIDTH)}`, bytes: packEntries(state.entries) },
    ...tiles.map(tile => ({ path: `public/${tilePath(tile.level, tile.n, TILE_WIDTH)}`, bytes: Buffer.concat(tile.hashes) })),
  ]
  state.entries = []
  state.items = []
  for (const { path } of files) if (state.partial.delete(`${path}.p`)) state.full.push(`${path}.p`)
  await writeAll(state, files)
}

async function settle(state: State): Promise<Buffer> {
  const files = partialFiles(state)
  for (const { path } of files) state.partial.add(dirname(path))
  await writeAll(state, files)
  for (const dir of state.dirty) await syncDirectory(dir)
  state.dirty.clear()
  return rootOf(state.edge.tree)
}

function partialFiles(state: State): { path: string; bytes: Buffer }[] {
  const { size, edge } = state.edge.tree
  const files = edge.flatMap((hashes, level) => {
    const path = `public/${tilePath(level, Math.floor(size / TILE_WIDTH ** (level + 1)), hashes.length)}`
    return hashes.length === 0 ? [] : [{ path, bytes: Buffer.concat(hashes) }]
  })
  if (state.items.length === 0) return files
  const n = Math.floor(size / TILE_WIDTH)
  return [
    ...files,
    { path: `public/${entriesPath(n, state.entries.length)}`, bytes: packEntries(state.entries) },
    { path: `records/${unitPath(n, state.items.length)}`, bytes: Buffer.concat(state.items) },
  ]
}

// Waits for all of them also when one fails: a write still under way when ownership is given up would land in the next owner's tree.
async function writeAll(state: State, files: readonly { path: string; bytes: Buffer }[]): Promise<void> {
  const results = await Promise.allSettled(files.map(file => write(state, file)))
  const failed = results.find(result => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

async function write(state: State, { path, bytes }: { path: string; bytes: Buffer }): Promise<void> {
  const isPublic = path.startsWith('public/')
  const full = join(state.dir, path)
  const dir = dirname(full)
  if (!state.known.has(dir)) {
    await makeDirectory(dir, isPublic ? 0o755 : 0o700)
    if (state.known.size > 10_000) state.known.clear()
    state.known.add(dir)
  }
  await writeImmutable(full, bytes, isPublic ? 0o644 : 0o600)
  state.dirty.add(dir)
}

// Partial tiles of a full tile stay for one more checkpoint: a reader that holds the older one may be fetching them.
// Partial records have no outside readers: only the widest file stays, and none beside a full one.
async function collect(state: State): Promise<void> {
  for (const path of state.spent.splice(0)) await remove(state, path)
  for (const path of state.full.splice(0)) {
    if (path.startsWith('records/')) await remove(state, path)
    else state.spent.push(path)
  }
  const width = state.items.length
  if (width === 0) return
  const partial = dirname(join(state.dir, 'records', unitPath(Math.floor(state.edge.tree.size / TILE_WIDTH), width)))
  for (const older of await partialWidths(partial)) if (older < width) await rm(join(partial, String(older)), { force: true })
}

async function remove(state: State, path: string): Promise<void> {
  state.known.delete(join(state.dir, path))
  await rm(join(state.dir, path), { recursive: true, force: true })
}
