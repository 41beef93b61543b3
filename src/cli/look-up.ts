import type { Command } from 'commander'
import { type AdminOptions, type AdminParts, askGate, carryOut, checkId, type Item, withAdminOptions } from './admin-client.ts'
import type { CliIo } from './io.ts'
import { lines, plain, table } from './show-item.ts'
import { usageError } from './usage.ts'

/** Where things of one kind are, and what of them a list shows. */
export interface Kind {
  /** First word of the address. */
  readonly shelf: 'process' | 'holds' | 'notices' | 'reviews' | 'certificates'
  /** The member of an answer that lists them. */
  readonly listed: string
  readonly columns: readonly string[]
}

/** `list`: all of a kind, page by page. `--state` keeps those in one state. */
export function addList(group: Command, io: CliIo, parts: AdminParts, kind: Kind, description: string): void {
  withAdminOptions(group.command('list').description(description), true)
    .option('--state <state>', 'only those in this state')
    .action((options: AdminOptions & { state?: string }) =>
      carryOut(io, options, async () => {
        const all =
          options.config === undefined ? await listOnline(parts, options, kind) : await listOffline(parts, options, options.config, kind)
        const items = options.state === undefined ? all : all.filter(item => item['state'] === options.state)
        if (options.json) io.print(JSON.stringify({ [kind.listed]: items }))
        else for (const line of asTable(items, kind.columns)) io.print(line)
      }),
    )
}

/** Something that is shown, read from a running gate or from the files of one that does not run. @throws Error saying why it cannot be */
export async function lookUp(parts: AdminParts, options: AdminOptions, { shelf }: Kind, id: string): Promise<Item> {
  const path = `/${shelf}/${checkId(id)}`
  if (options.config === undefined) return askGate(parts, options, 'GET', path)
  const found = await offline(parts, options, options.config, register => register.show(shelf, id))
  if (found === null) throw new Error(`there is no ${id} here`)
  return { ...found }
}

/** `show ID`: one of a kind, whole. */
export function addShow(group: Command, io: CliIo, parts: AdminParts, kind: Kind, description: string): void {
  withAdminOptions(group.command('show <id>').description(description), true).action((id: string, options: AdminOptions) =>
    carryOut(io, options, async () => {
      const item = await lookUp(parts, options, kind, id)
      if (options.json) io.print(JSON.stringify(item))
      else for (const line of lines(item)) io.print(line)
    }),
  )
}

async function listOnline(parts: AdminParts, options: AdminOptions, { shelf, listed }: Kind): Promise<readonly Item[]> {
  const items: Item[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: Item = await askGate(parts, options, 'GET', `/${shelf}?limit=1000${after && `&after=${encodeURIComponent(after)}`}`)
    const some = page[listed]
    if (!Array.isArray(some)) throw new Error('the answer is no list; check --admin')
    items.push(...some.map((item: unknown) => ({ ...Object(item) })))
    after = typeof page['next'] === 'string' ? page['next'] : null
  }
  return items
}

const listOffline = (parts: AdminParts, options: AdminOptions, config: string, { shelf }: Kind): Promise<readonly Item[]> =>
  offline(parts, options, config, async register => register.list(shelf).map(item => ({ ...item })))

async function offline<T>(
  { openOffline }: AdminParts,
  { admin, token }: AdminOptions,
  config: string,
  read: (register: Awaited<ReturnType<AdminParts['openOffline']>>) => Promise<T>,
): Promise<T> {
  if (admin !== undefined || token !== undefined) throw usageError('write either --admin URL and --token FILE, or --config FILE')
  const register = await openOffline(config)
  try {
    return await read(register)
  } finally {
    await register.close()
  }
}

function asTable(items: readonly Item[], columns: readonly string[]): readonly string[] {
  if (items.length === 0) return ['none']
  return table(
    columns,
    items.map(item => columns.map(column => plain(item[column], column))),
  )
}
