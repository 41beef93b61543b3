import type { Command } from 'commander'
import { type AdminOptions, type AdminParts, askGate, carryOut, type Item, withAdminOptions } from './admin-client.ts'
import type { CliIo } from './io.ts'

/** A step somebody takes with a command: where it goes, what is sent, and what is said when it was taken. */
export interface StepCommand<Options> {
  readonly path: (id: string) => string
  readonly body: (options: Options) => object | Promise<object>
  readonly say: (item: Item) => string
}

/** Adds what a command needs that takes a step. A step needs a person's token, so it is never taken offline. */
export function addStep<Options extends AdminOptions>(
  command: Command,
  io: CliIo,
  parts: AdminParts,
  { path, body, say }: StepCommand<Options>,
): void {
  const take = (id: string, options: Options) =>
    carryOut(io, options, async () => {
      const item = await askGate(parts, options, 'POST', path(id), await body(options))
      io.print(options.json ? JSON.stringify(item) : say(item))
    })
  withAdminOptions(command, false).action((first: string | Options, second: Options) =>
    typeof first === 'string' ? take(first, second) : take('', first),
  )
}
