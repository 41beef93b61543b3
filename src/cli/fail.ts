import { FilesRefused } from '../terms/faults.ts'
import { describeFailure } from './describe-failure.ts'
import type { CliIo } from './io.ts'
import { isUsage } from './usage.ts'

/**
 * Ends a command that failed: sentences on standard error and exit code 1, or 2 where the command was not understood. With `json` also one
 * document on standard output, so that a program finds one on every road; `more` is what else is known.
 */
export function fail(io: CliIo, error: unknown, json: boolean | undefined, more: Readonly<Record<string, unknown>> = {}): void {
  const lines = describeFailure(error)
  if (json) {
    const problems = error instanceof FilesRefused ? error.problems : lines.map(message => ({ message }))
    io.print(JSON.stringify({ ok: false, problems, ...more }))
  }
  for (const line of lines) io.warn(line)
  io.exit(isUsage(error) ? 2 : 1)
}
