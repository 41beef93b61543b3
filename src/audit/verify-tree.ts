import { join } from 'node:path'
import { unpackEntries, unpackHashes, unpackItems } from './bundle.ts'
import type { TreeHead } from './checkpoint.ts'
import { readIfThere } from './durable-file.ts'
import { type Item, leafEntry } from './leaf.ts'
import { entriesPath, tilePath, unitPath } from './tile-path.ts'
import { appendLeaf, emptyTree, hashLeaf, rootOf, TILE_WIDTH, type Tree } from './tree.ts'
import { partialWidths, readEntries, readItems, readTile } from './tree-files.ts'

/** Says what is wrong with an entry, or nothing. */
export type CheckItem = (index: number, item: Item) => string | null

/**
 * Rebuilds the tree from the records and compares every file with it: bundles, tiles, partial ones, and the signed root.
 * The root comes from entry bytes and never from stored hashes, so an entry forged together with its hash is found.
 */
export async function verifyTree(
  dir: string,
  head: TreeHead,
  checkItem: CheckItem,
  progress: (done: number, total: number) => void,
): Promise<string | null> {
  const tree = emptyTree()
  for (let at = 0; at < head.size; at += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, head.size - at)
    const problem = await verifyUnit(dir, tree, at / TILE_WIDTH, width, checkItem)
    if (problem !== null) return problem
    progress(tree.size, head.size)
  }
  for (const [level, hashes] of tree.edge.entries()) {
    if (level === 0 || hashes.length === 0) continue
    const problem = await verifyTile(dir, level, Math.floor(tree.size / TILE_WIDTH ** (level + 1)), hashes)
    if (problem !== null) return problem
  }
  return rootOf(tree).equals(head.root) ? null : `public/checkpoint: its root is not that of the ${head.size} entries`
}

async function verifyUnit(dir: string, tree: Tree, n: number, width: number, checkItem: CheckItem): Promise<string | null> {
  const records = await readItems(dir, n, width)
  if (records.parts === null) return `${records.file} is missing or damaged, from entry ${n * TILE_WIDTH} on`
  const entries = await readEntries(dir, n, width)
  if (entries.parts === null) return `${entries.file} is missing or damaged, from entry ${n * TILE_WIDTH} on`
  const tile = await readTile(dir, 0, n, width)
  if (tile.parts === null) return `${tile.file} is missing or damaged, from entry ${n * TILE_WIDTH} on`
  const leaves: Buffer[] = []
  for (const [i, item] of records.parts.entries()) {
    const index = n * TILE_WIDTH + i
    const entry = leafEntry(item)
    const leaf = hashLeaf(entry)
    if (!entry.equals(entries.parts[i]!)) {
      const liar = leaf.equals(tile.parts[i]!) ? entries.file : records.file
      return `${liar}: entry ${index}: record and public commitment do not fit together`
    }
    if (!leaf.equals(tile.parts[i]!)) return `${tile.file}: the hash of entry ${index} is false`
    const problem = checkItem(index, item)
    if (problem !== null) return `${records.file}: entry ${index} ${problem}`
    leaves.push(leaf)
  }
  return (await verifyPartials(dir, 0, n, leaves, records.parts)) ?? (await grow(dir, tree, leaves))
}

async function grow(dir: string, tree: Tree, leaves: readonly Buffer[]): Promise<string | null> {
  for (const leaf of leaves) {
    for (const { level, n, hashes } of appendLeaf(tree, leaf)) {
      if (level === 0) continue // its hashes have been compared one by one
      const problem = await verifyTile(dir, level, n, hashes)
      if (problem !== null) return problem
    }
  }
  return null
}

async function verifyTile(dir: string, level: number, n: number, hashes: readonly Buffer[]): Promise<string | null> {
  const { file, parts } = await readTile(dir, level, n, hashes.length)
  if (parts === null) return `${file} is missing or damaged`
  const wrong = hashes.findIndex((hash, i) => !hash.equals(parts[i]!))
  return wrong >= 0 ? `${file}: hash ${wrong} is false` : verifyPartials(dir, level, n, hashes, null)
}

// Partial tiles of earlier checkpoints are still served: each must be the beginning of what stands there now.
async function verifyPartials(
  dir: string,
  level: number,
  n: number,
  hashes: readonly Buffer[],
  items: readonly Item[] | null,
): Promise<string | null> {
  for (const width of await partialWidths(join(dir, 'public', `${tilePath(level, n, TILE_WIDTH)}.p`))) {
    const file = `public/${tilePath(level, n, width)}`
    const problem = width > hashes.length ? null : await compare(dir, file, unpackHashes, hashes.slice(0, width))
    if (problem !== null) return problem
  }
  return items === null ? null : verifyPartialBundles(dir, n, items)
}

async function verifyPartialBundles(dir: string, n: number, items: readonly Item[]): Promise<string | null> {
  for (const width of await partialWidths(join(dir, 'public', `${entriesPath(n, TILE_WIDTH)}.p`))) {
    const file = `public/${entriesPath(n, width)}`
    const problem = width > items.length ? null : await compare(dir, file, unpackEntries, items.slice(0, width).map(leafEntry))
    if (problem !== null) return problem
  }
  // A crash may leave a narrower file of records behind; it is read by nobody, and still must not say anything else.
  for (const width of await partialWidths(join(dir, 'records', `${unitPath(n, TILE_WIDTH)}.p`))) {
    const problem = width > items.length ? null : await compare(dir, `records/${unitPath(n, width)}`, unpackItems, items.slice(0, width))
    if (problem !== null) return problem
  }
  return null
}

async function compare(
  dir: string,
  file: string,
  unpack: (b: Buffer) => Buffer[] | null,
  expected: readonly Buffer[],
): Promise<string | null> {
  const bytes = await readIfThere(join(dir, file))
  if (bytes === null) return null // collected by the running gate since the listing
  const parts = unpack(bytes)
  const isSame = parts !== null && parts.length === expected.length && parts.every((part, i) => part.equals(expected[i]!))
  return isSame ? null : `${file}: it is not the beginning of what stands there now`
}
