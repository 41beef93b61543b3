import { usageError } from './usage.ts'

/**
 * A time as a person writes it for `--at`; milliseconds since 1970. A mistake is one of usage.
 * @throws Error saying how to write one
 */
export function readMoment(written: string | undefined, otherwise: number): number {
  if (written === undefined) return otherwise
  // Only forms that mean the same everywhere: `Date.parse` would read `12/01/2026` in its own way and a time without a zone as local.
  const known = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(written)
  const time = known ? Date.parse(written) : Number.NaN
  if (Number.isNaN(time)) throw usageError(`--at ${written}: write a time such as 2026-12-01 or 2026-12-01T12:00:00Z`)
  return time
}
