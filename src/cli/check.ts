import type { Command } from 'commander'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { noteNotInForce, type Offered } from './note-not-in-force.ts'

interface Checked {
  /** What is not wrong and still worth a look. */
  readonly warnings: readonly string[]
  readonly summary: string
  readonly offered: Offered
}

/** `haven check --config FILE`: loads everything, starts nothing, prints every problem at once. */
export function addCheck(program: Command, io: CliIo, check: (config: string) => Checked): void {
  program
    .command('check')
    .description('load everything, start nothing, print every problem with file, line and column')
    .requiredOption('--config <file>', 'the configuration')
    .option('--json', 'print the result as JSON')
    .action(async ({ config, json }: { config: string; json?: boolean }) => {
      try {
        const { warnings, summary, offered } = check(config)
        const notes = [...warnings, ...(await noteNotInForce(offered))]
        if (json) io.print(JSON.stringify({ ok: true, problems: [], warnings: notes }))
        else for (const line of [...notes.map(note => `note: ${note}`), summary]) io.print(line)
        io.exit(0)
      } catch (error) {
        fail(io, error, json, { warnings: [] })
      }
    })
}
