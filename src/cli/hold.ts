import { readFile, stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { openSealed } from '../register/seal.ts'
import { type AdminOptions, type AdminParts, carryOut, checkId, type Item, withAdminOptions } from './admin-client.ts'
import { addHoldKey } from './hold-key.ts'
import type { CliIo } from './io.ts'
import { addList, type Kind, lookUp } from './look-up.ts'
import { lines, plain } from './show-item.ts'
import { addStep } from './take-step.ts'
import { usageError } from './usage.ts'

const KIND: Kind = { shelf: 'holds', listed: 'holds', columns: ['id', 'for', 'state', 'agency', 'scope', 'dueAt', 'overdue'] }

type Released = AdminOptions & {
  readonly reason: string
  readonly class?: readonly string[]
  readonly rule?: readonly string[]
  readonly attest?: boolean
  readonly hours?: string
}
type Refused = AdminOptions & { readonly reason: string }
type Shown = AdminOptions & { readonly counselKey?: string }

/** `haven hold list | show | release | refuse | key`: what waits for counsel. */
export function addHold(program: Command, io: CliIo, parts: AdminParts): void {
  const group = program.command('hold').description('what waits for counsel')
  addList(group, io, parts, KIND, 'all holds, the oldest first')
  withAdminOptions(group.command('show <id>').description('one hold; with your key also the query that waits'), true)
    .option('--counsel-key <file>', "counsel's private key: opens the query on this machine, and never leaves it")
    .action((id: string, options: Shown) => carryOut(io, options, () => show(id, options, io, parts)))
  const release = group
    .command('release <id>')
    .description('let the same caller ask the same question once more, and get what you release')
    .requiredOption('--reason <text>', 'why; kept in the register alone')
    .option('--class <class...>', 'release these data classes alone')
    .option('--rule <law/rule...>', 'lift these rules alone')
    .option('--attest', 'attest that the stated purpose is the real one, instead of lifting rules')
    .option('--hours <number>', 'how long it is good, 1 to 168; 24 if left out')
  addStep<Released>(release, io, parts, {
    path: id => `/holds/${checkId(id)}/release`,
    body: releaseOrder,
    say: item =>
      `${plain(item['id'])} is ${plain(item['state'])}${isReleased(item) ? '' : ': another person with the role counsel must release it too'}`,
  })
  const refuse = group
    .command('refuse <id>')
    .description('keep it closed')
    .requiredOption('--reason <text>', 'why; kept in the register alone')
  addStep<Refused>(refuse, io, parts, {
    path: id => `/holds/${checkId(id)}/refuse`,
    body: ({ reason }) => ({ reason }),
    say: item => `${plain(item['id'])} is ${plain(item['state'])}`,
  })
  addHoldKey(group, io)
}

const isReleased = (item: Item): boolean => item['state'] === 'released'

function releaseOrder({ reason, class: classes, rule: rules, attest, hours }: Released): object {
  if (hours !== undefined && !/^[1-9]\d{0,2}$/.test(hours)) throw usageError(`--hours ${hours}: write a number from 1 to 168`)
  return {
    reason,
    ...(classes ? { classes } : {}),
    ...(rules ? { rules } : {}),
    ...(attest ? { attests: true } : {}),
    ...(hours === undefined ? {} : { hours: Number(hours) }),
  }
}

async function show(id: string, options: Shown, io: CliIo, parts: AdminParts): Promise<void> {
  const { counselKey, json } = options
  const key = counselKey === undefined ? null : await readKey(counselKey)
  const { sealed, ...item } = await lookUp(parts, options, KIND, id)
  const query = key === null ? undefined : await open(sealed, key)
  if (json) io.print(JSON.stringify({ ...item, sealed, ...(query === undefined ? {} : { query }) }))
  else for (const line of lines({ ...item, ...(query === undefined ? {} : { query }) })) io.print(line)
}

async function open(sealed: unknown, key: unknown): Promise<unknown> {
  if (typeof sealed !== 'string') throw new Error('there is no sealed query: you need the role counsel, and the gate a register.counselKey')
  const text = await openSealed(sealed, key)
  try {
    return JSON.parse(text)
  } catch {
    return text // sealed as plain words
  }
}

async function readKey(file: string): Promise<unknown> {
  // Whoever reads it can open every query that ever waited.
  if (((await stat(file)).mode & 0o077) !== 0) throw new Error(`${file} is open to others: chmod 600 it`)
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new Error(`${file} is not a private key as 'haven hold key' makes it (a JWK)`, { cause })
  }
}
