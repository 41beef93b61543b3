/** What leaves, gathered per chunk. A held part can still be taken back. */
export interface Output {
  buffer: Buffer
  length: number
  /** Where the held part starts, or -1. */
  held: number
  /** Bytes handed out so far. */
  taken: number
}

export function createOutput(): Output {
  return { buffer: Buffer.alloc(0), length: 0, held: -1, taken: 0 }
}

/** Adds the bytes from `from` up to `to`. */
export function append(output: Output, bytes: Buffer, from: number, to: number): void {
  if (from >= to) return
  const length = output.length + to - from
  if (length > output.buffer.length) grow(output, length, bytes.length)
  bytes.copy(output.buffer, output.length, from, to)
  output.length = length
}

/** Hands out everything that is not held. The caller owns the bytes: they are not touched again. */
export function take(output: Output): Uint8Array {
  const size = output.held < 0 ? output.length : output.held
  const bytes = output.buffer.subarray(0, size)
  // With nothing to hand out the buffer stays: moving a long held record for every small chunk would be quadratic.
  if (size === 0) return bytes
  const rest = output.buffer.subarray(size, output.length)
  output.buffer = Buffer.allocUnsafeSlow(rest.length)
  rest.copy(output.buffer)
  output.length = rest.length
  if (output.held >= 0) output.held = 0
  output.taken += size
  return bytes
}

/** Not from the shared pool: a slice of it in the hands of the caller would share memory with other requests. */
function grow(output: Output, needed: number, expected: number): void {
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, output.buffer.length * 2, expected + 64))
  output.buffer.copy(larger, 0, 0, output.length)
  output.buffer = larger
}
