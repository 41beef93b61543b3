import { type KeyObject, sign, verify } from 'node:crypto'
import { parseVkey, type VerifierKey } from '../audit/vkey.ts'

/** A signed note (C2SP signed-note) over one change of the rulebook. */
export interface Note {
  /** The signed text. */
  readonly text: string
  readonly signatures: readonly { readonly name: string; readonly id: Buffer; readonly signature: Buffer }[]
}

const HEADER = 'haven rulebook'
const NOTES_CHARS_MAX = 1024 * 1024

/**
 * What a signer signs: from which rulebook to which. The one before is in it, so that a signature under an old change does not bring the
 * old rulebook back after a later one.
 */
export const statementOf = (previous: string | null, digest: string): string => `${HEADER}\n${previous ?? 'none'}\n${digest}\n`

/** A note with one signature, as it is appended to the signatures of a rulebook. */
export function signStatement(statement: string, key: KeyObject, vkey: VerifierKey): string {
  const payload = Buffer.concat([vkey.id, sign(null, Buffer.from(statement), key)])
  return `${statement}\n— ${vkey.name} ${payload.toString('base64')}\n`
}

/** Reads notes that stand one after the other; null if anything else stands among them. */
export function readNotes(text: string): readonly Note[] | null {
  if (text.length > NOTES_CHARS_MAX) return null
  const notes: Note[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; ) {
    if (lines[at] === '') {
      at += 1
      continue
    }
    const [header, previous = '', digest = '', blank] = lines.slice(at, at + 4)
    if (header !== HEADER || !/^(none|[0-9a-f]{64})$/.test(previous) || !/^[0-9a-f]{64}$/.test(digest) || blank !== '') return null
    at += 4
    const signed = []
    for (; lines[at]?.startsWith('— '); at++) signed.push(readSignature(lines[at] ?? ''))
    const signatures = signed.filter(signature => signature !== null)
    if (signed.length === 0 || signatures.length < signed.length) return null
    notes.push({ text: `${HEADER}\n${previous}\n${digest}\n`, signatures })
  }
  return notes
}

function readSignature(line: string): Note['signatures'][number] | null {
  const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? []
  if (name === undefined || encoded === undefined) return null
  const payload = Buffer.from(encoded, 'base64')
  if (payload.toString('base64') !== encoded || payload.length !== 68) return null
  return { name, id: payload.subarray(0, 4), signature: payload.subarray(4) }
}

/** Who of these keys signed this change: each name once, however often it signed. A false signature of a known key refuses them all. */
export function signersOf(
  notes: readonly Note[],
  statement: string,
  keys: readonly VerifierKey[],
): { readonly names: readonly string[] } | { readonly falseOf: string } {
  const names = new Set<string>()
  for (const note of notes.filter(({ text }) => text === statement)) {
    for (const { name, id, signature } of note.signatures) {
      const key = keys.find(known => known.name === name && known.id.equals(id))
      if (!key) continue // a key that is not asked proves nothing, and says nothing against the others
      if (!verify(null, Buffer.from(statement), key.key, signature)) return { falseOf: name }
      names.add(name)
    }
  }
  return { names: [...names] }
}

/** The verifier keys of a list, or what is wrong with each entry. One person with two names must not pass for two. */
export function readSigners(
  texts: readonly string[],
): { readonly keys: readonly VerifierKey[] } | { readonly problems: readonly { readonly i: number; readonly message: string }[] } {
  const parsed = texts.map(text => parseVkey(text))
  const bytesOf = (key: VerifierKey | null | undefined) => key?.key.export({ format: 'der', type: 'spki' }).toString('hex') ?? null
  const problems = parsed.flatMap((key, i) => {
    if (key === null) return [{ i, message: 'write a verifier key name+hash+base64, as haven policy sign --new-key prints it' }]
    const before = parsed.slice(0, i)
    if (before.some(other => other?.name === key.name)) return [{ i, message: `the signer '${key.name}' is already listed` }]
    const twin = before.find(other => bytesOf(other) === bytesOf(key))
    return twin ? [{ i, message: `this is the key of '${twin.name}' under another name; give each signer one entry` }] : []
  })
  return problems.length > 0 ? { problems } : { keys: parsed.filter(key => key !== null) }
}
