import { type KeyObject, sign, verify } from 'node:crypto'
import type { VerifierKey } from './vkey.ts'

/** A tree head: what a checkpoint says. */
export interface TreeHead {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
}

export type OpenedCheckpoint = { readonly ok: true; readonly head: TreeHead } | { readonly ok: false; readonly problem: string }

const refuse = (problem: string): OpenedCheckpoint => ({ ok: false, problem })
const SIGNATURES_MAX = 64

/** Signs a tree head as a C2SP tlog-checkpoint: three lines, a blank one, the signature line. */
export function signCheckpoint(head: TreeHead, key: KeyObject, vkey: VerifierKey): string {
  const text = `${head.origin}\n${head.size}\n${head.root.toString('base64')}\n`
  const signature = Buffer.concat([vkey.id, sign(null, Buffer.from(text), key)])
  return `${text}\n— ${vkey.name} ${signature.toString('base64')}\n`
}

/**
 * Reads a checkpoint and demands the log's own signature; signatures of others (witnesses) are no substitute for it.
 * Extension lines are refused: nobody could audit them (C2SP tlog-checkpoint).
 */
export function openCheckpoint(note: string, vkey: VerifierKey): OpenedCheckpoint {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return refuse('it is not a signed note')
  const text = note.slice(0, split + 1)
  const signed = checkSignatures(note.slice(split + 2, -1).split('\n'), text, vkey)
  if (signed !== null) return refuse(signed)
  const lines = text.split('\n')
  if (lines.length !== 4) return refuse('it does not have exactly three lines')
  const [origin = '', size = '', root = ''] = lines
  if (origin !== vkey.name) return refuse(`its origin is not ${vkey.name}`)
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return refuse('its size is not a plain number')
  const hash = strictBase64(root)
  if (hash?.length !== 32) return refuse('its root is not 32 bytes in base64')
  return { ok: true, head: { origin, size: Number(size), root: hash } }
}

function checkSignatures(lines: readonly string[], text: string, vkey: VerifierKey): string | null {
  if (lines.length > SIGNATURES_MAX) return `it has more than ${SIGNATURES_MAX} signatures`
  let own = 0
  for (const line of lines) {
    const match = /^— (\S+) (\S+)$/.exec(line)
    const payload = match === null ? null : strictBase64(match[2]!)
    if (match === null || payload === null || payload.length < 5) return 'a signature line is malformed'
    if (match[1] !== vkey.name || !payload.subarray(0, 4).equals(vkey.id)) continue
    if (!verify(null, Buffer.from(text), vkey.key, payload.subarray(4))) return "the log's signature is false"
    own += 1
  }
  if (own > 1) return "the log's signature stands twice"
  return own === 1 ? null : "it does not carry the log's own signature"
}

function strictBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}
