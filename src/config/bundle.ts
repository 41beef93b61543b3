import { z } from 'zod'
import { type Files, inMemory } from './files.ts'

export const BUNDLE_BYTES_MAX = 8 * 1024 * 1024
/** Where the files of a bundle seem to stand; nothing is written there. */
export const BUNDLE_ROOT = 'bundle'

const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'write a SHA-256 in hex')

export const Bundle = z.strictObject({
  format: z.literal('haven-rulebook-bundle/1'),
  /** Grows with every bundle. A gate refuses another rulebook whose serial is not above the one it knows. */
  serial: z.int().positive(),
  previous: Digest.nullable(),
  /** The rulebook these files make with the configuration they were bundled for. */
  digest: Digest,
  /** `policies/...` and `catalogues/<source>.yaml`, with their text. */
  files: z.record(
    z.string().regex(/^(policies|catalogues)(\/(?!\.)[A-Za-z0-9_.-]+)+$/, 'write a path below policies/ or catalogues/'),
    z.string(),
  ),
  /** Signed notes over `previous` and `digest`. */
  signatures: z.string(),
})
export type Bundle = z.infer<typeof Bundle>

/** Reads a bundle. @throws Error saying what is wrong with it */
export function readBundle(text: string): { readonly bundle: Bundle; readonly files: Files } {
  if (Buffer.byteLength(text) > BUNDLE_BYTES_MAX) throw new Error(`the bundle is larger than ${BUNDLE_BYTES_MAX} bytes`)
  const parsed = Bundle.safeParse(parseJson(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`the bundle is not one of this version: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
  return { bundle: parsed.data, files: inMemory(BUNDLE_ROOT, new Map(Object.entries(parsed.data.files))) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the bundle is not JSON')
  }
}
