// What Haven's whole path costs, beside a proxy that judges nothing and beside no proxy at all: `npm run bench`. Linux only (/proc).
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Child, startChild } from '../test/long/child.ts'
import { HOUSING, prepareGate, startGate } from '../test/long/gate-folder.ts'
import { choosePins, describeMachine, type Machine } from './machine.ts'
import { measure, type Scenario, type Target } from './measure.ts'
import { type Body, CATALOGUE, makeList, makeRecord } from './records.ts'
import { type Result, summarise, tabulate } from './table.ts'

const ONE = '/residents?id=eq.R-000001'
const MANY = '/residents?limit=700'
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
    /** Where the journal lies while it runs; a disk, or its sync costs nothing. */
    dir: { type: 'string', default: tmpdir() },
    /** Writes a CPU profile of the gate into this folder; the figures are then not to be quoted. */
    profile: { type: 'string' },
    only: { type: 'string', default: 'ab' },
  },
})

const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)]
if (!Number.isInteger(rounds) || rounds < 1 || !(seconds > 0)) {
  process.stderr.write('usage: node bench/run.ts [--rounds N] [--seconds N] [--only a|b|ab] [--dir DIR] [--profile DIR] [--json]\n')
  process.exit(2)
}

const dir = await mkdtemp(join(values.dir, 'haven-bench-'))
const children: Child[] = []
try {
  const { machine, results } = await run()
  if (values.json) process.stdout.write(`${JSON.stringify({ machine, rounds, seconds, results })}\n`)
  else process.stdout.write(`${[head(machine), ...results.map(tabulate)].join('\n\n')}\n`)
} catch (error) {
  process.stderr.write(`the benchmark failed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  for (const child of children.reverse()) await child.end('SIGTERM')
  await rm(dir, { recursive: true, force: true })
}

async function run(): Promise<{ machine: Machine; results: Result[] }> {
  const pins = choosePins()
  const machine = describeMachine(dir, pins)
  const start = async <C extends Child>(starting: Promise<C>): Promise<C> => {
    const child = await starting
    children.push(child)
    return child
  }
  const here = (script: string) => join(import.meta.dirname, script)
  const upstream = await start(startChild(here('upstream.ts'), [], { prefix: pins.rest }))
  const direct = String(upstream.ready['url'])
  const peer = await start(startChild(here('peer.ts'), [direct], { prefix: pins.proxy }))
  const folder = await prepareGate(dir, direct, CATALOGUE)
  const node = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
  const gate = await start(startGate(folder, { prefix: pins.proxy, node }))
  const load = await start(startChild(here('load.ts'), [], { prefix: pins.rest, ipc: true }))

  const targets: Target[] = [
    { name: 'direct', origin: direct, pid: null },
    { name: 'http-proxy', origin: String(peer.ready['url']), pid: peer.pid },
    { name: 'haven', origin: gate.gate, pid: gate.pid },
  ]
  const tokens = await Promise.all(Array.from({ length: 32 }, (_, i) => folder.token(`worker-${i}`, HOUSING)))
  const results: Result[] = []
  for (const [letter, scenario, body] of scenarios()) {
    if (!values.only.includes(letter)) continue
    for (const target of targets) await checkBody(target, scenario, body, tokens[0] ?? '')
    results.push(summarise(scenario.name, await measure(load, targets, scenario, { rounds, seconds, tokens, say })))
  }
  return { machine, results }
}

function scenarios(): [string, Scenario, Body][] {
  const of = (name: string, connections: number, path: string, { whole, redacted }: Body): Scenario => {
    const passing = { path, bytes: Buffer.byteLength(whole) }
    const haven = { path: `/residents${path}`, bytes: Buffer.byteLength(redacted) }
    return { name, connections, asks: new Map(Object.entries({ direct: passing, 'http-proxy': passing, haven })) }
  }
  const [record, list] = [makeRecord(), makeList()]
  return [
    ['a', of('(a) one record of 1.5 KB, 32 connections', 32, ONE, record), record],
    ['b', of('(b) a list of 700 records, 1 MB, 8 connections', 8, MANY, list), list],
  ]
}

/** Before anything is measured: the very bytes that must come. Later the load generator checks status and length. */
async function checkBody({ name, origin }: Target, scenario: Scenario, { whole, redacted }: Body, token: string): Promise<void> {
  const answer = await fetch(`${origin}${scenario.asks.get(name)?.path}`, { headers: { authorization: `Bearer ${token}` } })
  const text = await answer.text()
  if (answer.status !== 200 || text !== (name === 'haven' ? redacted : whole))
    throw new Error(`${name} answered ${answer.status} with other bytes than expected: ${text.slice(0, 300)}`)
}

function head({ processor, cores, node, journalOn, loadBefore, pinned }: Machine): string {
  return [
    `${processor}, ${cores} cores, load ${loadBefore.toFixed(2)} before; Node ${node}; journal on ${journalOn}, fdatasync before every release`,
    `${rounds} rounds of ${seconds} s each, interleaved; medians (least-greatest); ES256 tokens, one to a connection; every answer checked`,
    pinned === null ? 'nothing pinned (no taskset, or one core)' : `pinned: ${pinned}`,
    ...(values.profile === undefined ? [] : ['PROFILED: not to be quoted']),
  ].join('\n')
}

function say(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line}\u001b[K`)
}
