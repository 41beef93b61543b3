/** The bytes RFC 8259 gives a meaning. */
export const BYTE = {
  newline: 0x0a,
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  point: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openArray: 0x5b,
  backslash: 0x5c,
  closeArray: 0x5d,
  f: 0x66,
  n: 0x6e,
  t: 0x74,
  u: 0x75,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const

/** 1 for the four bytes of white space (RFC 8259 section 2). */
export const SPACE = table(0x20, 0x09, 0x0a, 0x0d)

/** White space inside a line of NDJSON: a newline ends the record there, so one inside it would be read in two ways. */
export const LINE_SPACE = table(0x20, 0x09, 0x0d)

/** Index of the first byte that is not in the table, or `end`. */
export function skip(bytes: Uint8Array, from: number, end: number, space: Uint8Array): number {
  let i = from
  while (i < end && space[bytes[i]!] === 1) i++
  return i
}

function table(...members: readonly number[]): Uint8Array {
  const made = new Uint8Array(256)
  for (const byte of members) made[byte] = 1
  return made
}
