import { spawnSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'

/** Where the numbers come from: without it they mean nothing. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly node: string
  /** File system of the journal: on tmpfs a sync costs nothing, and the figures would flatter. */
  readonly journalOn: string
  readonly loadBefore: number
  readonly pinned: string | null
}

/** Where to run what: the measured proxy alone on one core, everything else on the others. Empty when it cannot be done. */
export interface Pins {
  readonly proxy: readonly string[]
  readonly rest: readonly string[]
}

const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  61267: 'ext4',
  16914836: 'tmpfs',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlay',
}

export function choosePins(): Pins {
  const cores = availableParallelism()
  const has = spawnSync('taskset', ['-c', String(cores - 1), 'true']).status === 0
  if (!has || cores < 2) return { proxy: [], rest: [] }
  return { proxy: ['taskset', '-c', String(cores - 1)], rest: ['taskset', '-c', `0-${cores - 2}`] }
}

export function describeMachine(journalDir: string, pins: Pins): Machine {
  const { type } = statfsSync(journalDir)
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    journalOn: FILE_SYSTEMS[Number(type)] ?? `0x${type.toString(16)}`,
    loadBefore: loadavg()[0] ?? 0,
    pinned: pins.proxy.length === 0 ? null : `proxy: ${pins.proxy.join(' ')}; record API and load: ${pins.rest.join(' ')}`,
  }
}
