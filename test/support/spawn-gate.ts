import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { parse, stringify } from 'yaml'
import { startChild } from '../long/child.ts'
import { MAIN } from '../long/gate-folder.ts'
import { ROLES, STAFF } from './city.ts'
import { type Keys, writeFolder } from './haven.ts'
import { json, upstream } from './upstream.ts'

/** A gate in a process of its own, to be killed and started again on the same folder. */
export interface SpawnedGate {
  readonly keys: Keys
  readonly configFile: string
  readonly journal: string
  /** @returns its admin address */
  readonly start: () => Promise<string>
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
}

export async function spawnGate(t: Test): Promise<SpawnedGate> {
  const dir = await mkdtemp(join(tmpdir(), 'haven-spawn-'))
  const api = await upstream(t, json([]))
  const folder = await writeFolder({ upstream: api.url, dir })
  const config = parse(await readFile(folder.configFile, 'utf8'))
  const people = Object.keys(ROLES).map(id => ({ id, name: id, logins: [{ iss: STAFF, sub: id }] }))
  config.identity.admin = { issuers: [{ issuer: STAFF, audience: 'haven-admin', jwks: 'jwks.json', algorithms: ['ES256'] }], people }
  await writeFile(folder.configFile, stringify(config))
  let child: Awaited<ReturnType<typeof startChild>> | null = null
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    await child?.end(signal)
    child = null
  }
  t.teardown(async () => {
    await end('SIGKILL')
    await rm(dir, { recursive: true, force: true })
  })
  return {
    keys: folder.keys,
    configFile: folder.configFile,
    journal: join(dir, 'journal'),
    start: async () => {
      child = await startChild(MAIN, ['serve', '--config', folder.configFile])
      return String(child.ready['admin'])
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}
