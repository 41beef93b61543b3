/** Where a command speaks, and how it ends. `main` makes it; tests hand in their own. */
export interface CliIo {
  /** A line of the result, on standard output. */
  print(line: string): void
  /** A line for the person at the terminal, on standard error. */
  warn(line: string): void
  /** The exit code: 0 done, 1 a check failed, 2 usage. The command returns after calling it. */
  exit(code: number): void
  /** How far a long run is; left out when nobody is looking (not a terminal). */
  progress?(line: string): void
}
