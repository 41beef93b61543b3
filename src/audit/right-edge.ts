import { type Item, leafEntry } from './leaf.ts'
import { refused } from './refused.ts'
import { hashLeaf, partialWidth, perfectRoot, rootOf, TILE_WIDTH, type Tree } from './tree.ts'
import { readEntries, readItems, readTile } from './tree-files.ts'

/** The tree where it grows, and what the last files of it hold that are not full yet. */
export interface RightEdge {
  readonly tree: Tree
  readonly entries: Buffer[]
  readonly items: Item[]
}

/**
 * Rebuilds the right edge from the files of a signed size. Refuses when its root is not the signed one, or when the last records
 * are not those the tree commits to: signing on from there would be a second history.
 */
export async function loadRightEdge(dir: string, size: number, root: Buffer): Promise<RightEdge> {
  const tree: Tree = { size, edge: [] }
  for (let level = 0; level === 0 || size >= TILE_WIDTH ** level; level++) {
    const width = partialWidth(size, level)
    tree.edge[level] = width === 0 ? [] : need(await readTile(dir, level, Math.floor(size / TILE_WIDTH ** (level + 1)), width))
  }
  if (!rootOf(tree).equals(root)) throw refused(`${dir}/public/tile: the tiles do not lead to the signed root of ${size} entries`)
  if (size === 0) return { tree, entries: [], items: [] }
  const last = await loadLast(dir, tree)
  return partialWidth(size, 0) === 0 ? { tree, entries: [], items: [] } : { tree, ...last }
}

async function loadLast(dir: string, tree: Tree): Promise<{ entries: Buffer[]; items: Item[] }> {
  const n = Math.floor((tree.size - 1) / TILE_WIDTH)
  const width = tree.size - n * TILE_WIDTH
  const entries = need(await readEntries(dir, n, width))
  if (!(await leadsToEdge(dir, tree, entries.map(hashLeaf))))
    throw refused(`${dir}/public/tile/entries: the last bundle is not the one in the tree`)
  const records = await readItems(dir, n, width)
  const items = need(records)
  const wrong = items.findIndex((item, i) => !leafEntry(item).equals(entries[i]!))
  if (wrong >= 0) throw refused(`${dir}/${records.file}: entry ${n * TILE_WIDTH + wrong} is not the one in the tree`)
  return { entries, items }
}

// Levels whose last tile was just completed have an empty edge: climb through their full tiles to the first that has one.
async function leadsToEdge(dir: string, tree: Tree, leaves: Buffer[]): Promise<boolean> {
  let hashes = leaves
  for (let level = 0; ; level++) {
    const edge = tree.edge[level]!
    if (edge.length > 0) return hashes.length === 1 ? edge.at(-1)!.equals(hashes[0]!) : isSame(edge, hashes)
    const n = Math.floor(tree.size / TILE_WIDTH ** (level + 1)) - 1
    const tile = need(await readTile(dir, level, n, TILE_WIDTH))
    if (hashes.length === 1 ? !tile.at(-1)!.equals(hashes[0]!) : !isSame(tile, hashes)) return false
    hashes = [perfectRoot(tile)]
  }
}

const isSame = (a: readonly Buffer[], b: readonly Buffer[]): boolean => a.length === b.length && a.every((hash, i) => hash.equals(b[i]!))

function need<T>(unit: { file: string; parts: T[] | null }): T[] {
  if (unit.parts === null) throw refused(`${unit.file} is missing or damaged, and the checkpoint covers it`)
  return unit.parts
}
