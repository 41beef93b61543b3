import { type Item, SALT_BYTES } from './leaf.ts'
import { TILE_WIDTH } from './tree.ts'

/** An entry bundle of C2SP tlog-tiles: `(uint16be length || entry)*`. */
export function packEntries(entries: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(entry.length)
    parts.push(length, entry)
  }
  return Buffer.concat(parts)
}

/** Reads an entry bundle; `null` when a length is cut short, bytes trail, or there are more than 256 entries. */
export function unpackEntries(bytes: Buffer): Buffer[] | null {
  const entries: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + 2 > bytes.length || entries.length === TILE_WIDTH) return null
    const end = at + 2 + bytes.readUInt16BE(at)
    if (end > bytes.length) return null
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return entries
}

/** Reads a file of `records/`: items one after the other; `null` when a length is cut short or there are more than 256. */
export function unpackItems(bytes: Buffer): Item[] | null {
  const items: Item[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + SALT_BYTES + 4 > bytes.length || items.length === TILE_WIDTH) return null
    const end = at + SALT_BYTES + 4 + bytes.readUInt32BE(at + SALT_BYTES)
    if (end > bytes.length) return null
    items.push(bytes.subarray(at, end))
    at = end
  }
  return items
}

/** Reads a hash tile; `null` when it is not a whole number of hashes. */
export function unpackHashes(bytes: Buffer): Buffer[] | null {
  if (bytes.length % 32 !== 0) return null
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, i * 32 + 32))
}
