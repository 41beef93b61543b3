import type { Command } from 'commander'
import { FilesRefused } from '../terms/faults.ts'
import type { CliIo } from './io.ts'

/** `haven journal key --config FILE`: prints the verifier key. `loadJournalKey` reads it; `main` knows how. */
export function addJournalKey(journal: Command, io: CliIo, loadJournalKey: (configFile: string) => Promise<string>): void {
  journal
    .command('key')
    .description('print the verifier key of the journal')
    .requiredOption('--config <file>', 'the configuration')
    .action(async ({ config }: { config: string }) => {
      try {
        io.print(await loadJournalKey(config))
        io.exit(0)
      } catch (error) {
        for (const line of explain(error)) io.warn(line)
        io.exit(1)
      }
    })
}

function explain(error: unknown): string[] {
  if (error instanceof FilesRefused) return error.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
  return [error instanceof Error ? error.message : 'the key cannot be read']
}
