import { z } from 'zod'
import { type LegalProcess, ProcessKind } from '../terms/legal-process.ts'
import { malformed, type Refused } from './refusal.ts'

const Named = z.object({ kind: z.string() })

/** Forms that exist in lettered editions: I-247A, I-247D, I-247N, I-247X. */
const FORM = /^i[- ]?(200|203|205|247|286)[adnx]?$/

/** An id of the register: 128 random bits. */
const ID = /^[0-9a-f]{32}$/

/** Process as a caller presents it: by the id the register gave it, or by its kind. */
export type DeclaredProcess = { readonly id: string; readonly process: null } | { readonly id: null; readonly process: LegalProcess }

/**
 * Reads the process a caller says it has: an id of the register, a kind of the closed list, or an object with that `kind`. Whatever else
 * the caller says of a kind, it is only `entered` and covers nothing: nobody verifies their own warrant.
 */
export function readProcess(declared: unknown): DeclaredProcess | Refused {
  if (typeof declared === 'string' && ID.test(declared.trim())) return { id: declared.trim(), process: null }
  const object = Named.safeParse(declared)
  const written = (object.success ? object.data.kind : typeof declared === 'string' ? declared : '').trim().toLowerCase()
  const kind = ProcessKind.safeParse(written.replace(FORM, 'i-$1'))
  if (!kind.success) return malformed(`The declared process is no id of the register and none of: ${ProcessKind.options.join(', ')}.`)
  return { id: null, process: { kind: kind.data, state: 'entered', covers: 'none', sealed: false } }
}
