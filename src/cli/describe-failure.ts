import { Fault, FilesRefused } from '../terms/faults.ts'

/** What went wrong, where, and what to do: lines for a person at a terminal, never a stack. */
export function describeFailure(error: unknown): readonly string[] {
  if (error instanceof FilesRefused) return [...error.problems.map(p => `${p.file}:${p.line}:${p.column}: ${p.message}`), error.message]
  if (error instanceof Fault) return [error.message]
  if (!(error instanceof Error)) return ['an unknown failure']
  return [ofSystem(error) ?? error.message]
}

/** A sentence for a refusal of the operating system; null for any other error. */
function ofSystem(error: Error): string | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if ('port' in error) {
    if (code === 'EADDRINUSE') return `port ${error.port} is in use; stop what listens there, or change 'listen' in the configuration`
    if (code === 'EACCES') return `port ${error.port} may not be opened by this user; use a port above 1023`
  }
  const advice = 'path' in error && typeof error.path === 'string' ? ADVICE[code] : undefined
  return advice && 'path' in error ? `${error.path}: ${advice} (${code})` : null
}

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'this user may not open it; give the user the right to it, or name another place',
  EEXIST: 'it is there already and is not overwritten; name another file, or move this one away',
  EISDIR: 'it is a folder, and a file is needed; name a file in it',
  ENOENT: 'there is no such file or folder; check the name, and make the folder it stands in',
}
