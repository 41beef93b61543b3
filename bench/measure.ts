import { once } from 'node:events'
import type { Child } from '../test/long/child.ts'
import { cpuMicroseconds } from './cpu.ts'
import type { Order, Report } from './load.ts'

/** What is compared: a proxy process, or (pid null) the record API asked directly. */
export interface Target {
  readonly name: string
  readonly origin: string
  readonly pid: number | null
}

export interface Scenario {
  readonly name: string
  readonly connections: number
  /** By the name of the target: the path to ask and the bytes that must come. */
  readonly asks: ReadonlyMap<string, { readonly path: string; readonly bytes: number }>
}

/** One target's figures in one round. CPU is of the proxy process, per request; null where there is no proxy. */
export interface Sample {
  readonly rps: number
  readonly cpuUs: number | null
  readonly p50Ms: number
  readonly p99Ms: number
}

export type Samples = ReadonlyMap<string, readonly Sample[]>

/**
 * Measures every target in every round, in an order that rotates, so that a noisy minute hits all of them. A first round warms up and is
 * not counted. @throws Error at the first answer that is not the one expected: refusals are quick, and would win.
 */
export async function measure(
  load: Child,
  targets: readonly Target[],
  scenario: Scenario,
  plan: { readonly rounds: number; readonly seconds: number; readonly tokens: readonly string[]; readonly say: (line: string) => void },
): Promise<Samples> {
  const samples = new Map<string, Sample[]>(targets.map(({ name }) => [name, []]))
  for (let round = 0; round <= plan.rounds; round++) {
    for (let i = 0; i < targets.length; i++) {
      const target = targets[(i + round) % targets.length]!
      const sample = await sampleOf(load, target, scenario, plan)
      if (round > 0) samples.get(target.name)?.push(sample)
    }
    plan.say(`${scenario.name}: ${round === 0 ? 'warm' : `round ${round} of ${plan.rounds}`}`)
  }
  return samples
}

async function sampleOf(
  load: Child,
  target: Target,
  scenario: Scenario,
  { seconds, tokens }: { readonly seconds: number; readonly tokens: readonly string[] },
): Promise<Sample> {
  const ask = scenario.asks.get(target.name)
  if (ask === undefined) throw new Error(`nothing to ask of ${target.name}`)
  const order: Order = { origin: target.origin, ...ask, connections: scenario.connections, seconds, tokens }
  const before = target.pid === null ? 0 : cpuMicroseconds(target.pid)
  load.process.send(order)
  const [report] = (await once(load.process, 'message')) as [Report]
  const used = target.pid === null ? null : cpuMicroseconds(target.pid) - before
  if ('wrong' in report) throw new Error(`${target.name}: ${report.wrong}`)
  const { requests, seconds: took, p50Ms, p99Ms } = report.stretch
  return { rps: requests / took, cpuUs: used === null ? null : used / requests, p50Ms, p99Ms }
}
