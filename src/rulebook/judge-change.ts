import type { Comparison } from './compare.ts'
import { readNotes, readSigners, signersOf, statementOf } from './statement.ts'

/** Why a rulebook does not take force. */
export type ChangeRefusal =
  | 'does-not-load'
  | 'not-signed'
  | 'signature-false'
  | 'signatures-unreadable'
  | 'serial-rolled-back'
  | 'restart-needed'

/** One change of the rulebook: from which digest to which, and who may make it. */
export interface Change {
  /** Null for the first rulebook of a journal. */
  readonly previous: string | null
  readonly digest: string
  /** Of the rulebook in force; for the first one, its own. */
  readonly signers: readonly string[]
  readonly signersChange: boolean
  readonly comparison: Comparison
  /** Signed notes. */
  readonly signatures: string
}

export type ChangeVerdict =
  | { readonly allowed: true; readonly signers: readonly string[] }
  | { readonly allowed: false; readonly code: ChangeRefusal; readonly message: string }

/**
 * Two signatures of two signers for a change that makes any decision weaker, that changes the signers, or that begins a journal; one for a
 * change that only strengthens; none where there are no signers. The signers are those of the rulebook in force: else whoever can write
 * haven.yaml would name himself first and sign after.
 */
export function judgeChange({ previous, digest, signers, signersChange, comparison, signatures }: Change): ChangeVerdict {
  if (signers.length === 0) return { allowed: true, signers: [] }
  const refuse = (code: ChangeRefusal, message: string): ChangeVerdict => ({ allowed: false, code, message })
  const known = readSigners(signers)
  const notes = readNotes(signatures)
  if ('problems' in known) return refuse('not-signed', 'the keys of the signers cannot be read')
  if (notes === null) return refuse('signatures-unreadable', 'the signatures are not signed notes; restore the file, or begin a new one')
  const signed = signersOf(notes, statementOf(previous, digest), known.keys)
  if ('falseOf' in signed) return refuse('signature-false', `the signature of ${signed.falseOf} is false`)
  const why =
    previous === null
      ? 'it is the first rulebook of this journal'
      : signersChange
        ? 'it changes who may sign'
        : comparison.weaker
          ? `it is weaker than ${previous}`
          : null
  const needed = why === null ? 1 : 2
  if (signed.names.length >= needed) return { allowed: true, signers: signed.names }
  const has = signed.names.length === 0 ? 'nobody' : signed.names.join(', ')
  const reason = why === null ? 'every change needs a signature' : `${why}, and that needs the signatures of two signers`
  return refuse('not-signed', `${reason}; so far it was signed by ${has}`)
}
