import { sha256 } from './tree.ts'

export const SALT_BYTES = 32
export const LEAF_BYTES = 40
const COMMITMENT = Buffer.from('haven/leaf/v1\0', 'latin1')
// One constant type for every entry: publishing which leaf is a decision and which an outcome would publish how often the city refuses.
const PREFIX = Buffer.from([0x68, 0x76, 0x6c, 0x31, 1, 0, 0, 0])

/** An entry as stored: `salt[32] || uint32be(length) || record`. What the commitment covers, after its own prefix. */
export type Item = Buffer

/** Packs a canonical record and its salt. */
export function packItem(salt: Uint8Array, record: string): Item {
  const length = Buffer.byteLength(record)
  const item = Buffer.allocUnsafe(SALT_BYTES + 4 + length)
  item.set(salt)
  item.writeUInt32BE(length, SALT_BYTES)
  item.write(record, SALT_BYTES + 4)
  return item
}

/** The record's exact text, as it was hashed. */
export const recordText = (item: Item): string => item.toString('utf8', SALT_BYTES + 4)

/** The public leaf: fixed size and salted, so that it tells neither content nor length. `"hvl1" || 1 || 0 0 0 || C`. */
export function leafEntry(item: Item): Buffer {
  return Buffer.concat([PREFIX, sha256(Buffer.concat([COMMITMENT, item]))])
}
