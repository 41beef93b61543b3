import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { stringify } from 'yaml'
import { type Child, type ChildOptions, startChild } from './child.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const ISSUER = 'https://id.city.example'

export const MAIN = join(ROOT, 'src/main.ts')

/** A folder from which `haven serve` runs with the real policies of Los Angeles. It outlives the process: that is what restarts need. */
export interface GateFolder {
  readonly configFile: string
  readonly journal: string
  /** An ES256 token, valid for two hours. */
  readonly token: (subject: string, claims: Readonly<Record<string, unknown>>) => Promise<string>
  readonly vkey: () => Promise<string>
}

export interface GateProcess extends Child {
  readonly gate: string
}

/** Who may read a tenant's file, and who may not. */
export const HOUSING = { agency: 'us-ca-los-angeles-housing', purpose: 'service-delivery' }
export const ICE = { agency: 'us-dhs-ice-ero' }

/** Writes keys, catalogue and haven.yaml; nothing is started. */
export async function prepareGate(dir: string, upstream: string, catalogue: object): Promise<GateFolder> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  const configFile = join(dir, 'haven.yaml')
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'jwks.json'), JSON.stringify({ keys: [jwk] }))
  await writeFile(join(dir, 'catalogue.yaml'), stringify(catalogue))
  await writeFile(configFile, stringify(configuration(upstream)))
  return {
    configFile,
    journal: join(dir, 'journal'),
    token: (subject, claims) =>
      new SignJWT({ sub: subject, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuer(ISSUER)
        .setAudience('haven')
        .setIssuedAt()
        .setExpirationTime('2h')
        .sign(privateKey),
    vkey: async () => (await readFile(join(dir, 'journal/public/vkey'), 'utf8')).trim(),
  }
}

function configuration(upstream: string): object {
  const any = { host: '127.0.0.1', port: 0 }
  return {
    owner: { name: 'City of Los Angeles', jurisdiction: 'us-ca-los-angeles' },
    listen: { gate: any, admin: any },
    identity: { issuers: [{ issuer: ISSUER, audience: 'haven', kind: 'agencies', jwks: 'jwks.json', algorithms: ['ES256'] }] },
    policies: { dir: join(ROOT, 'policies'), laws: ['us-ca-los-angeles', 'us-ca'] },
    sources: [
      { name: 'residents', url: upstream, dialect: 'postgrest', keeper: 'housing', records: 'housing', catalogue: 'catalogue.yaml' },
    ],
    journal: { dir: 'journal', origin: 'long.haven.example/journal', key: 'journal.key' },
    // One agency is all the load there is: what is measured is the gate, not its limits.
    limits: { callsPerMinute: { urgent: 100_000_000, ordinary: 100_000_000, bulk: 100_000_000 } },
  }
}

/** Runs `haven serve` as a process of its own. */
export async function startGate(folder: GateFolder, options: ChildOptions = {}): Promise<GateProcess> {
  const child = await startChild(MAIN, ['serve', '--config', folder.configFile], options)
  return { ...child, gate: String(child.ready['gate']) }
}
