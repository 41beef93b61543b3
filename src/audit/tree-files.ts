import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { unpackEntries, unpackHashes, unpackItems } from './bundle.ts'
import { isMissing, readIfThere } from './durable-file.ts'
import type { Item } from './leaf.ts'
import { entriesPath, tilePath, unitPath } from './tile-path.ts'
import { TILE_WIDTH } from './tree.ts'

/** A file of the tree as read: its parts, and the name to blame. `parts` is `null` when it is missing or not of its format. */
export interface Unit {
  readonly file: string
  readonly parts: Buffer[] | null
}

/** The first `width` hashes of a tile: from the partial tile, or from the full one that has replaced it (C2SP tlog-tiles). */
export const readTile = (dir: string, level: number, n: number, width: number): Promise<Unit> =>
  readPublic(dir, [tilePath(level, n, width), tilePath(level, n, TILE_WIDTH)], unpackHashes, width)

/** The first `width` entries of an entry bundle. */
export const readEntries = (dir: string, n: number, width: number): Promise<Unit> =>
  readPublic(dir, [entriesPath(n, width), entriesPath(n, TILE_WIDTH)], unpackEntries, width)

async function readPublic(
  dir: string,
  paths: readonly [string, string],
  unpack: (b: Buffer) => Buffer[] | null,
  width: number,
): Promise<Unit> {
  let named = `public/${paths[0]}`
  let bytes = await readIfThere(join(dir, named))
  if (bytes === null && paths[1] !== paths[0]) {
    bytes = await readIfThere(join(dir, `public/${paths[1]}`))
    if (bytes !== null) named = `public/${paths[1]}`
  }
  const parts = bytes === null ? null : unpack(bytes)
  const enough = parts !== null && (named.endsWith(paths[0]) ? parts.length === width : parts.length === TILE_WIDTH)
  return { file: named, parts: enough ? parts.slice(0, width) : null }
}

/** The first `width` records of a file of `records/`: a running gate replaces a partial file by a wider one at any moment. */
export async function readItems(dir: string, n: number, width: number): Promise<{ file: string; parts: Item[] | null }> {
  const whole = `records/${unitPath(n, TILE_WIDTH)}`
  for (let tries = 0; tries < 5; tries++) {
    const partial = width === TILE_WIDTH ? null : await widestPartial(dir, n)
    const file = partial !== null && partial >= width ? `records/${unitPath(n, partial)}` : whole
    const bytes = await readIfThere(join(dir, file))
    if (bytes === null) continue
    const parts = unpackItems(bytes)
    const expected = file === whole ? TILE_WIDTH : partial
    return { file, parts: parts?.length === expected ? parts.slice(0, width) : null }
  }
  return { file: `records/${unitPath(n, width)}`, parts: null }
}

async function widestPartial(dir: string, n: number): Promise<number | null> {
  const widths = await partialWidths(dirname(join(dir, 'records', unitPath(n, 1))))
  return widths.length === 0 ? null : Math.max(...widths)
}

/** The widths for which a `.p` directory holds a partial file. */
export async function partialWidths(dir: string): Promise<number[]> {
  try {
    return (await readdir(dir)).filter(name => /^[1-9]\d{0,2}$/.test(name)).map(Number)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
