import { ambiguous } from '../unreadable.ts'
import { decodeOnce, refuseDoubleEncoding } from './decode-once.ts'

/**
 * The path as decoded segments. Refuses every spelling that a record API might normalise into another path: empty and dot
 * segments, encoded separators, matrix parameters (CVE-2021-32779, GHSA-3q34-rx83-r6mq, GHSA-p224-6x5r-fjpm).
 */
export function readPath(raw: string): readonly string[] {
  if (!raw.startsWith('/')) throw ambiguous('path', 'the path must start with /')
  if (raw === '/') return []
  return raw
    .slice(1)
    .split('/')
    .map(piece => {
      const segment = decodeOnce(piece, 'path')
      refuseDoubleEncoding(segment, 'path')
      if (segment === '') throw ambiguous('path', 'the path has an empty segment')
      if (segment === '.' || segment === '..') throw ambiguous('path', 'the path has a dot segment')
      if (/[/\\;?#]/.test(segment)) throw ambiguous('path', 'a path segment holds one of / \\ ; ? #')
      return segment
    })
}
