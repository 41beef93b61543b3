import type { Command } from 'commander'
import { describeFailure } from './describe-failure.ts'
import type { CliIo } from './io.ts'

interface Running {
  readonly gate: string
  readonly admin: string
  readonly close: () => Promise<void>
}

/** `haven serve --config FILE`: runs the gate until it is told to stop. `untilStopped` resolves when that is. */
export function addServe(
  program: Command,
  io: CliIo,
  serve: (config: string) => Promise<Running>,
  untilStopped: () => Promise<void>,
): void {
  program
    .command('serve')
    .description('run the gate')
    .requiredOption('--config <file>', 'the configuration')
    .action(async ({ config }: { config: string }) => {
      try {
        const running = await serve(config)
        io.print(JSON.stringify({ ready: true, gate: running.gate, admin: running.admin }))
        await untilStopped()
        await running.close()
        io.exit(0)
      } catch (error) {
        for (const line of describeFailure(error)) io.warn(line)
        io.exit(1)
      }
    })
}
