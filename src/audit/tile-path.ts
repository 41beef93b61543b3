import { TILE_WIDTH } from './tree.ts'

/** `1234067` -> `x001/x234/067` (C2SP tlog-tiles: groups of three digits, every group but the last prefixed `x`). */
export function numberPath(n: number): string {
  let path = String(n % 1000).padStart(3, '0')
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) path = `x${String(rest % 1000).padStart(3, '0')}/${path}`
  return path
}

/** Path of a file in units of 256, with `.p/<width>` when it is not full. */
export function unitPath(n: number, width: number): string {
  return width === TILE_WIDTH ? numberPath(n) : `${numberPath(n)}.p/${width}`
}

/** Path of a hash tile below `public/`. */
export const tilePath = (level: number, n: number, width: number): string => `tile/${level}/${unitPath(n, width)}`

/** Path of an entry bundle below `public/`. */
export const entriesPath = (n: number, width: number): string => `tile/entries/${unitPath(n, width)}`
