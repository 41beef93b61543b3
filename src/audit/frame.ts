import { crc32 } from 'node:zlib'
import { type Item, SALT_BYTES } from './leaf.ts'

/** `uint32be length || uint32be CRC-32 of the payload || payload`; the payload's first byte says which frame it is. */
const HEADER = 8
const SEGMENT = 0x53
const BATCH = 0x42
const ENTRY = 0x45
const MARK_BYTES = 17
const PAYLOAD_MAX = 64 * 1024 * 1024

export type Frame =
  /** Opens a segment file: the index of the first entry that goes into it. */
  | { readonly kind: 'segment'; readonly first: number; readonly end: number }
  /** Opens a batch: the index of its first entry, and the offset before which this file is known to be synced. */
  | { readonly kind: 'batch'; readonly first: number; readonly synced: number; readonly end: number }
  | { readonly kind: 'entry'; readonly item: Item; readonly end: number }

/** Frames an entry. Throws a `RangeError` when it is larger than a frame may be. */
export function entryFrame(item: Item): Buffer {
  if (item.length >= PAYLOAD_MAX) throw new RangeError(`an entry of ${item.length} bytes is larger than the journal takes`)
  const frame = Buffer.allocUnsafe(HEADER + 1 + item.length)
  frame[HEADER] = ENTRY
  frame.set(item, HEADER + 1)
  return seal(frame)
}

export const entryOf = (frame: Buffer): Item => frame.subarray(HEADER + 1)
export const segmentFrame = (first: number): Buffer => mark(SEGMENT, first, 0)
export const batchFrame = (first: number, synced: number): Buffer => mark(BATCH, first, synced)

function mark(type: number, first: number, synced: number): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + MARK_BYTES)
  frame[HEADER] = type
  frame.writeBigUInt64BE(BigInt(first), HEADER + 1)
  frame.writeBigUInt64BE(BigInt(synced), HEADER + 9)
  return seal(frame)
}

function seal(frame: Buffer): Buffer {
  frame.writeUInt32BE(frame.length - HEADER, 0)
  frame.writeUInt32BE(crc32(frame.subarray(HEADER)), 4)
  return frame
}

/** The whole, unbroken frame at an offset; `null` when there is none. */
export function readFrame(bytes: Buffer, at: number): Frame | null {
  if (at + HEADER >= bytes.length) return null
  const length = bytes.readUInt32BE(at)
  const end = at + HEADER + length
  if (length === 0 || length > PAYLOAD_MAX || end > bytes.length) return null
  const type = bytes[at + HEADER]
  if (type === ENTRY ? length < 1 + SALT_BYTES + 4 : (type !== SEGMENT && type !== BATCH) || length !== MARK_BYTES) return null
  const payload = bytes.subarray(at + HEADER, end)
  if (crc32(payload) !== bytes.readUInt32BE(at + 4)) return null
  if (type === ENTRY) {
    const item = payload.subarray(1)
    return item.readUInt32BE(SALT_BYTES) === item.length - SALT_BYTES - 4 ? { kind: 'entry', item, end } : null
  }
  const first = Number(payload.readBigUInt64BE(1))
  return type === SEGMENT ? { kind: 'segment', first, end } : { kind: 'batch', first, synced: Number(payload.readBigUInt64BE(9)), end }
}

/** Looks for a whole frame at any offset from `from` on: if there is one, what stands before it is damage and not a torn tail. */
export function findFrame(bytes: Buffer, from: number): number | null {
  for (let at = from; at + HEADER < bytes.length; at++) if (readFrame(bytes, at) !== null) return at
  return null
}
