import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A running Haven: where it listens, and how to end it. */
export interface HavenProcess {
  readonly gate: string
  readonly admin: string
  /** What it wrote to standard error so far (the last 200 lines). */
  readonly log: () => string
  /** Resolves when the process has ended, however it came to. */
  readonly ended: Promise<void>
  readonly close: () => Promise<void>
}

/** Haven did not come up; the message holds what it said. */
export class HavenDown extends Error {
  override readonly name = 'HavenDown'
}

const START_MS = 30_000
const STOP_MS = 10_000

interface ReadyLine {
  readonly ready: true
  readonly gate: string
  readonly admin: string
}

const readReady = (line: string): ReadyLine | null => {
  try {
    const value: Partial<ReadyLine> = JSON.parse(line)
    return value.ready === true && typeof value.gate === 'string' && typeof value.admin === 'string' ? (value as ReadyLine) : null
  } catch {
    return null
  }
}

const keepLog = (child: ChildProcess): (() => string) => {
  const lines: string[] = []
  createInterface({ input: child.stderr! }).on('line', line => {
    lines.push(line)
    if (lines.length > 200) lines.shift()
  })
  return () => lines.join('\n')
}

const waitReady = (child: ChildProcess, log: () => string): Promise<ReadyLine> =>
  new Promise((resolve, reject) => {
    const giveUp = (why: string): void => {
      clearTimeout(timer)
      const said = log()
      reject(new HavenDown(said === '' ? `Haven ${why} and said nothing.` : `Haven ${why}. It said:\n${said}`))
    }
    const timer = setTimeout(() => giveUp(`was not ready after ${START_MS / 1000} seconds`), START_MS)
    child.once('error', error => giveUp(`could not be started (${error.message})`))
    // `close` and not `exit`: only then is everything it said to be read.
    child.once('close', code => giveUp(`ended with code ${code}`))
    createInterface({ input: child.stdout! }).on('line', line => {
      const ready = readReady(line)
      if (ready === null) return
      clearTimeout(timer)
      resolve(ready)
    })
  })

/** Starts `haven serve` as its own process and waits for its ready line. Throws HavenDown. */
export const startHaven = async (root: string, config: string): Promise<HavenProcess> => {
  // A process group of its own: Ctrl-C must reach the demo alone, which then closes things in order.
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--config', config], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const ended = once(child, 'close').then(() => undefined)
  const kill = (): boolean => child.kill('SIGKILL')
  process.once('exit', kill)
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const timer = setTimeout(kill, STOP_MS)
      await ended
      clearTimeout(timer)
    }
    process.off('exit', kill)
  }
  const log = keepLog(child)
  try {
    const { gate, admin } = await waitReady(child, log)
    return { gate, admin, log, ended, close }
  } catch (error) {
    await close()
    throw error
  }
}
