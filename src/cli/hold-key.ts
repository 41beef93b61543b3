import { createHash, generateKeyPairSync } from 'node:crypto'
import type { Command } from 'commander'
import { writeNew } from '../audit/durable-file.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'

/** `haven hold key --out FILE`: the key pair of counsel. The gate gets the public half and can seal; only the file made here can open. */
export function addHoldKey(hold: Command, io: CliIo): void {
  hold
    .command('key')
    .description("make counsel's key: what waits is sealed to it, and only its file opens it")
    .requiredOption('--out <file>', 'where the private key goes; keep it with counsel, not with the gate')
    .option('--json', 'print the public key alone')
    .action(async ({ out, json }: { out: string; json?: boolean }) => {
      try {
        const publicJwk = await makeCounselKey(out)
        io.print(JSON.stringify(publicJwk))
        if (!json) for (const line of advice(out)) io.warn(line)
        io.exit(0)
      } catch (error) {
        fail(io, error, json)
      }
    })
}

/** Makes a P-256 pair, writes the private JWK (mode 0600, never over a file), gives the public one. `kid` is its thumbprint (RFC 7638). */
async function makeCounselKey(file: string): Promise<object> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { d, x, y } = privateKey.export({ format: 'jwk' })
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }))
    .digest('base64url')
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y, kid, use: 'enc' }
  await writeNew(file, Buffer.from(`${JSON.stringify({ ...publicJwk, d })}\n`), 0o600)
  return publicJwk
}

const advice = (out: string): readonly string[] => [
  `The private key is in ${out}: give it to counsel and keep no copy beside the gate.`,
  'Put the line above into a file of its own, such as keys/counsel.jwk, and into haven.yaml:',
  '  register: { file: register.db, counselKey: keys/counsel.jwk }',
]
