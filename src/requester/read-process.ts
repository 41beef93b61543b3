import { z } from 'zod'
import { type LegalProcess, ProcessKind } from '../terms/legal-process.ts'
import { malformed, type Refused } from './refusal.ts'

const Named = z.object({ kind: z.string() })

/** Forms that exist in lettered editions: I-247A, I-247D, I-247N, I-247X. */
const FORM = /^i[- ]?(200|203|205|247|286)[adnx]?$/

/**
 * Reads the process a caller says it has: a kind of the closed list, or an object with that `kind`. Whatever else the caller
 * says of it, it is only `entered` and covers nothing: nobody verifies their own warrant.
 */
export function readProcess(declared: unknown): { readonly process: LegalProcess } | Refused {
  const object = Named.safeParse(declared)
  const written = (object.success ? object.data.kind : typeof declared === 'string' ? declared : '').trim().toLowerCase()
  const kind = ProcessKind.safeParse(written.replace(FORM, 'i-$1'))
  if (!kind.success) return malformed(`The declared process is none of: ${ProcessKind.options.join(', ')}.`)
  return { process: { kind: kind.data, state: 'entered', covers: 'none', sealed: false } }
}
