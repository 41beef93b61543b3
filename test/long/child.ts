import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process of this project's own, started and ready. */
export interface Child {
  readonly pid: number
  readonly process: ChildProcess
  /** The first line it printed: a JSON object, by which it says that it is ready and where. */
  readonly ready: Readonly<Record<string, unknown>>
  /** What it wrote to standard error, the last 100 lines. */
  readonly log: () => string
  /** Sends the signal and waits for the end. SIGTERM is followed by SIGKILL after 20 s, and then throws. */
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>
}

export interface ChildOptions {
  /** Put before the command, as in `taskset -c 1`. */
  readonly prefix?: readonly string[]
  /** Options of Node's own. */
  readonly node?: readonly string[]
  readonly ipc?: boolean
}

const READY_MS = 30_000
const STOP_MS = 20_000

/** Starts a script and waits for its first line. @throws Error with what it said, when it ends or stays silent */
export async function startChild(script: string, args: readonly string[], options: ChildOptions = {}): Promise<Child> {
  const [command = process.execPath, ...rest] = [...(options.prefix ?? []), process.execPath, ...(options.node ?? []), script, ...args]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc ? ['ipc' as const] : [])] })
  const closed = once(child, 'close')
  const log = keepLog(child)
  const killAlong = () => void child.kill('SIGKILL')
  process.once('exit', killAlong)
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    process.off('exit', killAlong)
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await closed
    clearTimeout(hard)
    if (signal === 'SIGTERM' && child.signalCode === 'SIGKILL') throw new Error(`${script} did not stop within ${STOP_MS} ms\n${log()}`)
  }
  try {
    const ready = await readyLine(child, script, log)
    return { pid: child.pid ?? 0, process: child, ready, log, end }
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
}

function keepLog(child: ChildProcess): () => string {
  const lines: string[] = []
  if (child.stderr)
    createInterface({ input: child.stderr }).on('line', line => {
      lines.push(line)
      if (lines.length > 100) lines.shift()
    })
  return () => lines.join('\n')
}

function readyLine(child: ChildProcess, script: string, log: () => string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const giveUp = (why: string) => {
      clearTimeout(timer)
      reject(new Error(`${script} ${why}\n${log()}`))
    }
    const timer = setTimeout(() => giveUp('was not ready in time'), READY_MS)
    child.once('error', error => giveUp(error.message))
    child.once('close', code => giveUp(`ended with ${code}`))
    if (child.stdout)
      createInterface({ input: child.stdout }).once('line', line => {
        clearTimeout(timer)
        try {
          resolve(JSON.parse(line))
        } catch {
          giveUp(`said something that is not JSON: ${line}`)
        }
      })
  })
}
