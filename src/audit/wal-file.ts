import { open } from 'node:fs/promises'

/** What the log needs of an open segment file; tests hand in disks that fail. */
export interface WalFile {
  writev(buffers: readonly Uint8Array[]): Promise<{ readonly bytesWritten: number }>
  datasync(): Promise<void>
  close(): Promise<void>
}
export type OpenWalFile = (path: string) => Promise<WalFile>

/** Makes a segment file; it must not exist. */
export const openWalFile: OpenWalFile = path => open(path, 'wx', 0o600)

/** `000000000042.wal` */
export const segmentName = (number: number): string => `${String(number).padStart(12, '0')}.wal`

/** The number in a segment's name; `null` for any other file. */
export function segmentNumber(name: string): number | null {
  const match = /^(\d{12})\.wal$/.exec(name)
  return match === null ? null : Number(match[1])
}
