import { Fault, FilesRefused } from '../terms/faults.ts'

/** What went wrong, where, and what to do: lines for a person at a terminal, never a stack. */
export function describeFailure(error: unknown): readonly string[] {
  if (error instanceof FilesRefused) return [...error.problems.map(p => `${p.file}:${p.line}:${p.column}: ${p.message}`), error.message]
  if (error instanceof Fault) return [error.message]
  const code = error instanceof Error && 'code' in error ? error.code : ''
  const port = error instanceof Error && 'port' in error ? error.port : ''
  if (code === 'EADDRINUSE') return [`port ${port} is in use; stop what listens there, or change 'listen' in the configuration`]
  if (code === 'EACCES') return [`port ${port} may not be opened by this user; use a port above 1023`]
  return [error instanceof Error ? error.message : 'an unknown failure']
}
