import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { usageError } from './usage.ts'

/** One question to the admin address of a running gate. */
export interface AdminQuestion {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly token: string
  /** JSON; null: none is sent. */
  readonly body: string | null
}

/** The register of a gate that does not run: to look at, never to change. */
export interface OfflineRegister {
  readonly list: (shelf: string) => readonly object[]
  /** Null: there is none of this id. */
  readonly show: (shelf: string, id: string) => Promise<object | null>
  readonly close: () => Promise<void>
}

/** What the commands that speak to a gate are handed by `main`. */
export interface AdminParts {
  /** @throws Error where nothing answers */
  readonly ask: (question: AdminQuestion) => Promise<{ readonly status: number; readonly text: string }>
  /** @throws Fault `fault.journal` where a gate runs and has the journal's lock */
  readonly openOffline: (configFile: string) => Promise<OfflineRegister>
}

export interface AdminOptions {
  readonly admin?: string
  readonly token?: string
  readonly insecure?: boolean
  readonly config?: string
  readonly json?: boolean
}

/** Something of the register as JSON, as the admin address gives it. */
export type Item = Readonly<Record<string, unknown>>

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/

/** Adds what every command takes that speaks to a gate. `offline`: it can look into the files of one that does not run. */
export function withAdminOptions(command: Command, offline: boolean): Command {
  command
    .option('--admin <url>', 'the admin address of the running gate')
    .option('--token <file>', 'a file that holds your token')
    .option('--insecure', 'send the token without TLS to another machine, because something else encrypts')
    .option('--json', 'print the result as JSON')
  return offline ? command.option('--config <file>', 'instead of --admin: the configuration of a gate that does not run') : command
}

/** Runs a command to its end; whatever it throws becomes sentences and an exit code. */
export async function carryOut(io: CliIo, { json }: AdminOptions, work: () => Promise<void>): Promise<void> {
  try {
    await work()
    io.exit(0)
  } catch (error) {
    fail(io, error, json)
  }
}

/** Asks the gate. @throws Error with the sentences of the gate's refusal, or one of usage */
export async function askGate(
  { ask }: AdminParts,
  options: AdminOptions,
  method: AdminQuestion['method'],
  path: string,
  body: object | null = null,
): Promise<Item> {
  const base = readAddress(options)
  const token = await readToken(options)
  const answer = await ask({ url: base + path, method, token, body: body && JSON.stringify(body) })
  const item = parse(answer.text)
  if (answer.status >= 200 && answer.status < 300 && item) return item
  throw new Error(
    item && typeof item['detail'] === 'string'
      ? describeProblem(item, item['detail'])
      : `${base} answered ${answer.status} and no admin page; check --admin`,
  )
}

/** @throws Error of usage where an id could be read as another address */
export function checkId(id: string): string {
  if (!ID.test(id)) throw usageError(`'${id}' is no id; take one from the list`)
  return id
}

function readAddress({ admin, token, config, insecure }: AdminOptions): string {
  if (admin === undefined || token === undefined || config !== undefined)
    throw usageError('write --admin URL and --token FILE; list and show also take --config FILE instead, beside a gate that does not run')
  const url = URL.canParse(admin) ? new URL(admin) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw usageError(`--admin ${admin}: write an http(s) URL without credentials, query or fragment, such as http://127.0.0.1:8081`)
  // Whoever can listen on the way could act as the person until the token ends.
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !insecure)
    throw usageError(
      `--admin ${admin}: the token would travel unencrypted; write an https URL, or add --insecure if something else encrypts`,
    )
  return url.origin + url.pathname.replace(/\/$/, '')
}

async function readToken({ token = '' }: AdminOptions): Promise<string> {
  const text = (await readFile(token, 'utf8')).trim()
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(text))
    throw new Error(`${token} does not hold one token (three words with dots between)`)
  return text
}

function parse(text: string): Item | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null // not JSON is one way of not being an admin page
  }
}

function describeProblem(problem: Item, detail: string): string {
  const places = Array.isArray(problem['problems'])
    ? problem['problems'].map(one => `\n  ${String(Reflect.get(Object(one), 'path'))}: ${String(Reflect.get(Object(one), 'message'))}`)
    : []
  return detail + places.join('')
}
