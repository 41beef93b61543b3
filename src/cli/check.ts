import type { Command } from 'commander'
import { FilesRefused } from '../terms/faults.ts'
import { describeFailure } from './describe-failure.ts'
import type { CliIo } from './io.ts'

interface Checked {
  /** What is not wrong and still worth a look. */
  readonly warnings: readonly string[]
  readonly summary: string
}

/** `haven check --config FILE`: loads everything, starts nothing, prints every problem at once. */
export function addCheck(program: Command, io: CliIo, check: (config: string) => Checked): void {
  program
    .command('check')
    .description('load everything, start nothing, print every problem with file, line and column')
    .requiredOption('--config <file>', 'the configuration')
    .option('--json', 'print the result as JSON')
    .action(({ config, json }: { config: string; json?: boolean }) => {
      try {
        const { warnings, summary } = check(config)
        if (json) io.print(JSON.stringify({ ok: true, problems: [], warnings }))
        else for (const line of [...warnings.map(warning => `note: ${warning}`), summary]) io.print(line)
        io.exit(0)
      } catch (error) {
        if (json && error instanceof FilesRefused) io.print(JSON.stringify({ ok: false, problems: error.problems, warnings: [] }))
        else for (const line of describeFailure(error)) io.warn(line)
        io.exit(1)
      }
    })
}
