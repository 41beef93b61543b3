import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readJournal } from '../../src/audit/read.ts'
import { startChild } from './child.ts'
import { type GateFolder, type GateProcess, HOUSING, prepareGate, startGate } from './gate-folder.ts'
import { forgetPeak, residentBytes } from './memory.ts'
import { readAll, readSlowly } from './readers.ts'
import { CATALOGUE, redactedListBytes, tenant } from './tenants.ts'

export interface BigOptions {
  /** What the record API sends, in bytes. */
  readonly bytes: number
  /** A second client reads at this rate for so long, and leaves. */
  readonly slowSeconds: number
  readonly slowBytesPerSecond: number
  /** Resident memory over idle may not rise by more bytes than this. */
  readonly bound: number
  readonly say: (line: string) => void
}

export interface BigReport {
  /** The rise over idle of the resident memory, in bytes, at its peak. */
  readonly idle: number
  readonly fast: { readonly seconds: number; readonly bytes: number; readonly rise: number }
  readonly slow: { readonly bytes: number; readonly rise: number; readonly readFromApi: number }
  readonly problems: readonly string[]
}

// Socket buffers of the kernel (two connections), and what is under way in two processes.
const READ_AHEAD_MAX = 32 * 1024 * 1024

/** Sends one great list through a gate, to a client at full speed and to a slow one. Linux only: memory is read from /proc. */
export async function runBig(options: BigOptions): Promise<BigReport> {
  const dir = await mkdtemp(join(tmpdir(), 'haven-big-'))
  const records = Math.ceil(options.bytes / (Buffer.byteLength(tenant(0)) + 1))
  const upstream = await startChild(join(import.meta.dirname, 'big-upstream.ts'), [String(records)])
  try {
    const folder = await prepareGate(dir, String(upstream.ready['url']), CATALOGUE)
    const gate = await startGate(folder)
    try {
      return await measure(gate, folder, records, options)
    } finally {
      await gate.end('SIGTERM')
    }
  } finally {
    await upstream.end('SIGTERM')
    await rm(dir, { recursive: true, force: true })
  }
}

async function measure(gate: GateProcess, folder: GateFolder, records: number, options: BigOptions): Promise<BigReport> {
  const url = `${gate.gate}/residents/residents`
  const token = await folder.token('worker-7', HOUSING)
  const idle = residentBytes(gate.pid).now
  const rise = () => residentBytes(gate.pid).peak - idle
  forgetPeak(gate.pid)
  const read = await readAll(url, token)
  const fast = { ...read, rise: rise() }
  options.say(`full speed: ${fast.bytes} bytes in ${fast.seconds.toFixed(1)} s`)
  forgetPeak(gate.pid)
  const taken = await readSlowly(url, token, options.slowSeconds, options.slowBytesPerSecond)
  const slow = { ...taken, rise: rise() }
  await gate.end('SIGTERM')
  const outcomes = await readOutcomes(folder)
  const readFromApi = Number(outcomes.get('abandoned') ?? Number.NaN)
  const expected = redactedListBytes(records)
  const problems = [
    ...read.problems,
    ...(fast.bytes === expected ? [] : [`${fast.bytes} bytes came, not ${expected}`]),
    ...[fast, slow].filter(one => one.rise > options.bound).map(one => `${one.rise} bytes over idle, more than ${options.bound}`),
    ...(outcomes.has('released') ? [] : ['the journal does not say that the whole answer was released']),
    // NaN, no outcome at all, must fail too.
    ...(readFromApi - slow.bytes <= READ_AHEAD_MAX ? [] : [`of ${readFromApi} bytes read, the slow client had taken ${slow.bytes}`]),
  ]
  return { idle, fast, slow: { ...slow, readFromApi }, problems }
}

/** By state, how many bytes the gate had read from the record API. */
async function readOutcomes({ journal }: GateFolder): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  for await (const { entry } of readJournal(journal, { kind: 'outcome' })) found.set(String(entry['state']), Number(entry['bytes_in']))
  return found
}
