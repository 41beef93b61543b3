import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { checkReceipts, type ReceiptCheck } from './check-receipts.ts'
import { type Asking, type Crowd, gather } from './crowd.ts'
import { type GateFolder, type GateProcess, HOUSING, ICE, MAIN, prepareGate, startGate } from './gate-folder.ts'
import { CATALOGUE, tenant } from './tenants.ts'

export interface SoakOptions {
  readonly seconds: number
  readonly connections: number
  /** How often the gate is killed, at even distances. */
  readonly kills: number
  /** A decision id nobody was given: the checker must report it. Null in earnest. */
  readonly invented: string | null
  readonly say: (line: string) => void
}

export interface SoakReport {
  readonly counts: Crowd['counts']
  /** Answers received between one kill and the next. */
  readonly received: readonly number[]
  readonly check: ReceiptCheck
  readonly entries: number
  readonly withoutOutcome: number
  /** Everything that must not be. Empty when the gate kept its word. */
  readonly problems: readonly string[]
}

const LIST_RECORDS = 200
// A connection has one call whose outcome is not written yet and, behind it, one whose answer is on its way.
const OPEN_PER_CONNECTION = 2

/**
 * Loads a gate that is killed (SIGKILL) and started again, then holds every answer a client got against the journal. What this cannot see
 * is a missing sync: the kernel keeps what a killed process has written; only a power cut takes it.
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const dir = await mkdtemp(join(tmpdir(), 'haven-soak-'))
  const records = await serveTenants()
  try {
    const folder = await prepareGate(dir, records.url, CATALOGUE)
    let gate = await startGate(folder)
    const crowd = gather(gate.gate, await askings(folder, options.connections))
    const received: number[] = []
    try {
      for (let stretch = 0; stretch <= options.kills; stretch++) {
        if (stretch > 0) gate = await killAndRestart(gate, folder, crowd)
        const before = crowd.received.size
        await wait((options.seconds * 1000) / (options.kills + 1))
        received.push(crowd.received.size - before)
        options.say(`${received.at(-1)} answers ${stretch < options.kills ? 'until the kill' : 'until the end'}`)
      }
    } finally {
      await crowd.stop()
      await gate.end('SIGTERM')
    }
    return await judge(folder, crowd, received, options)
  } finally {
    records.close()
    await rm(dir, { recursive: true, force: true })
  }
}

async function killAndRestart(gate: GateProcess, folder: GateFolder, crowd: Crowd): Promise<GateProcess> {
  await gate.end('SIGKILL')
  await crowd.moveTo(null)
  const next = await startGate(folder)
  await crowd.moveTo(next.gate)
  return next
}

/** Most read one record; some a list that is sent in pieces, so that kills hit answers half sent; some are refused by law. */
async function askings(folder: GateFolder, connections: number): Promise<Asking[]> {
  const housing = await folder.token('worker-7', HOUSING)
  const ice = await folder.token('officer-1', ICE)
  return Array.from({ length: connections }, (_, i): Asking => {
    if (i % 8 === 0) return { path: '/residents/residents?select=address&id=eq.R-000000001', token: ice, expect: 'refused' }
    if (i % 8 === 1) return { path: '/residents/residents?limit=200', token: housing, expect: 'released' }
    return { path: '/residents/residents?id=eq.R-000000001', token: housing, expect: 'released' }
  })
}

async function judge(folder: GateFolder, crowd: Crowd, received: readonly number[], options: SoakOptions): Promise<SoakReport> {
  const held = new Map(crowd.received)
  if (options.invented !== null) held.set(options.invented, 'released')
  const report = await verify(folder)
  const check = await checkReceipts(folder.journal, held)
  const open = options.kills * options.connections * OPEN_PER_CONNECTION
  const problems = [
    ...crowd.wrong.slice(0, 5),
    ...(report.problem === null ? [] : [`the journal does not verify: ${report.problem}`]),
    ...check.missing.map(id => `${id} was answered and is not in the journal`),
    ...check.doubled.map(id => `${id} is in the journal twice`),
    ...check.contradicted.map(id => `${id}: the journal says something else than what the client got`),
    ...(received.some(count => count === 0) ? ['a stretch without any answer proves nothing'] : []),
    ...(report.withoutOutcome > open ? [`${report.withoutOutcome} permits without an outcome; the kills explain ${open}`] : []),
  ]
  const { entries, withoutOutcome } = report
  return { counts: crowd.counts, received, check, entries, withoutOutcome, problems }
}

interface Verified {
  readonly problem: string | null
  readonly entries: number
  readonly withoutOutcome: number
}

/** `haven journal verify`, as an auditor runs it. */
async function verify({ journal, vkey }: GateFolder): Promise<Verified> {
  const args = [MAIN, 'journal', 'verify', journal, '--key', await vkey(), '--json']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`haven journal verify said nothing: ${stderr}`))
      else {
        const report: Verified = JSON.parse(stdout)
        resolve(error !== null && report.problem === null ? { ...report, problem: `exit ${error.code}` } : report)
      }
    })
  })
}

async function serveTenants(): Promise<{ url: string; close: () => void }> {
  const one = `[${tenant(1)}]`
  const list = `[${Array.from({ length: LIST_RECORDS }, (_, i) => tenant(i)).join(',')}]`
  const server = createServer((request, reply) => {
    reply.writeHead(200, { 'content-type': 'application/json' })
    reply.end(request.url?.includes('id=eq.') ? one : list)
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${port}`, close }
}
