import { hash } from 'node:crypto'

/** Hashes a tile is made of: 256 of them, 32 bytes each (C2SP tlog-tiles). */
export const TILE_WIDTH = 256

/** The right edge of a tree: per level, the hashes of the tile that is not full yet. */
export interface Tree {
  size: number
  readonly edge: Buffer[][]
}

/** A tile that an append completed. */
export interface FullTile {
  readonly level: number
  readonly n: number
  readonly hashes: readonly Buffer[]
}

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer')

/** RFC 6962 leaf: `SHA256(0x00 || entry)`. */
export function hashLeaf(entry: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(entry.length + 1)
  input[0] = 0
  input.set(entry, 1)
  return sha256(input)
}

/** RFC 6962 node: `SHA256(0x01 || left || right)`. */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(65)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 33)
  return sha256(input)
}

export const emptyTree = (): Tree => ({ size: 0, edge: [[]] })

/** Appends one leaf hash; returns the tiles it completed, lowest level first. Only full tiles are hashed into their parent. */
export function appendLeaf(tree: Tree, leaf: Buffer): FullTile[] {
  const full: FullTile[] = []
  tree.edge[0]!.push(leaf)
  tree.size += 1
  for (let level = 0, n = tree.size / TILE_WIDTH - 1; tree.edge[level]!.length === TILE_WIDTH; level++, n = (n + 1) / TILE_WIDTH - 1) {
    const hashes = tree.edge[level]!
    full.push({ level, n, hashes })
    tree.edge[level] = []
    tree.edge[level + 1] ??= []
    tree.edge[level + 1]!.push(perfectRoot(hashes))
  }
  return full
}

/** The tree's root, from its right edge: the low bits of the size are the low tile, so the fold runs from the right. */
export function rootOf(tree: Tree): Buffer {
  let root: Buffer | null = null
  for (const hashes of tree.edge) {
    let end = hashes.length
    for (let count = 1; count < TILE_WIDTH; count *= 2) {
      if ((hashes.length & count) === 0) continue
      const subtree = perfectRoot(hashes.slice(end - count, end))
      end -= count
      root = root === null ? subtree : hashNode(subtree, root)
    }
  }
  return root ?? sha256(Buffer.alloc(0))
}

/** How many hashes the last tile of a level has in a tree of this size; 0 means there is no such partial tile. */
export const partialWidth = (size: number, level: number): number => Math.floor(size / TILE_WIDTH ** level) % TILE_WIDTH

/** The root of 2^k hashes. */
export function perfectRoot(hashes: readonly Buffer[]): Buffer {
  let row = hashes
  while (row.length > 1) {
    const above: Buffer[] = []
    for (let i = 0; i < row.length; i += 2) above.push(hashNode(row[i]!, row[i + 1]!))
    row = above
  }
  return row[0]!
}
