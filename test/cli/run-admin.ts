import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import type { AdminParts } from '../../src/cli/admin-client.ts'
import { addCertificate } from '../../src/cli/certificate.ts'
import { addHold } from '../../src/cli/hold.ts'
import type { CliIo } from '../../src/cli/io.ts'
import { addProcess } from '../../src/cli/process.ts'
import { addNotice, addReview } from '../../src/cli/tasks.ts'
import { type Hall, partsOf } from '../admin/hall.ts'

export interface Said {
  readonly code: number | null
  readonly out: string
  readonly err: string
  // biome-ignore lint/suspicious/noExplicitAny: what a script gets from --json
  readonly json: () => any
}

/** Runs `haven <words>`. */
export async function run(words: readonly string[], parts: AdminParts = partsOf()): Promise<Said> {
  const out: string[] = []
  const err: string[] = []
  let code: number | null = null
  const io: CliIo = {
    print: line => out.push(line),
    warn: line => err.push(line),
    exit: given => {
      code = given
    },
  }
  const program = new Command('haven').exitOverride().configureOutput({ writeErr: text => err.push(text) })
  for (const add of [addProcess, addHold, addNotice, addReview, addCertificate]) add(program, io, parts)
  await program.parseAsync(words, { from: 'user' }).catch((error: { code?: string }) => {
    err.push(String(error.code))
    code = 2
  })
  return { code, out: out.join('\n'), err: err.join('\n'), json: () => JSON.parse(out.join('')) }
}

/** Runs a command as one of the people, with a token file. */
export function commander(at: Hall): (sub: string, roles: unknown, ...words: string[]) => Promise<Said> {
  return async (sub, roles, ...words) => {
    const file = join(at.home, `${sub}.token`)
    await writeFile(file, `${await at.token(sub, roles)}\n`)
    return run([...words, '--admin', at.url, '--token', file])
  }
}
