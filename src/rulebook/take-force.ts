import { historyOfRulebooks } from '../audit/last-rulebook.ts'
import { memberObject } from '../audit/parse-entry.ts'
import { readJournal } from '../audit/read.ts'
import type { Journal } from '../audit/record.ts'
import type { CanonicalRulebook } from '../terms/rulebook-content.ts'
import { archiveRulebook, readArchived } from './archive.ts'
import type { Comparison } from './compare.ts'
import { type ChangeRefusal, judgeChange } from './judge-change.ts'

const SENTENCES_MAX = 50
const SENTENCE_CHARS_MAX = 500

/** A rulebook that would take force. */
export interface Proposal {
  readonly canonical: CanonicalRulebook
  readonly signatures: string
  /** Of the bundle it came in; null for a folder. */
  readonly serial: number | null
  /** Names the vocabulary protects and a catalogue declares harmless. */
  readonly weakenings: readonly string[]
}

export interface ForceParts {
  readonly journal: Journal
  readonly journalDir: string
  /** Compares two canonical forms, away from the thread that answers callers. */
  readonly compare: (before: CanonicalRulebook, after: CanonicalRulebook) => Promise<Comparison>
}

export type Force =
  | { readonly taken: true; readonly changed: boolean }
  | { readonly taken: false; readonly code: ChangeRefusal; readonly message: string; readonly weaker: readonly string[] }

const UNKNOWN: Comparison = { weaker: true, summary: ['the rulebook before it is not in the archive, so nothing can be compared'] }
// Not the same as no signers: with those anybody may change everything.
const NOBODY_KNOWN = 'neither the archive nor the journal says who may change the rulebook in force; restore the archive'
const FIRST: Comparison = { weaker: false, summary: [] }

/**
 * The one road by which a rulebook takes force, at the start as under way. `swap` is called once if it may, in the same turn in which the
 * change is written to the journal: no decision under the old rulebook can stand behind it, none under the new one before it. A refusal
 * changes nothing; the caller records it.
 * @throws Fault `fault.journal`
 */
export async function takeForce(parts: ForceParts, proposal: Proposal, swap: () => void): Promise<Force> {
  const { journal, journalDir, compare } = parts
  const { canonical, signatures, serial } = proposal
  const previous = journal.lastRulebook
  if (previous === canonical.digest) {
    await archiveRulebook(journalDir, canonical)
    swap()
    return { taken: true, changed: false }
  }
  if (serial !== null) {
    const known = (await historyOfRulebooks(journalDir)).serial
    if (serial <= known) {
      const message = `the bundle has the serial ${serial}, and another rulebook came with ${known}; a newer bundle has a higher one`
      return refuse('serial-rolled-back', message, [])
    }
  }
  const before = previous === null ? null : await readArchived(journalDir, previous)
  const comparison = previous === null ? FIRST : before === null ? UNKNOWN : await compare(before, canonical)
  const own = canonical.content.signers
  const signers = previous === null ? own : (before?.content.signers ?? (await signersInJournal(journalDir, previous)))
  if (signers === null) return refuse('not-signed', NOBODY_KNOWN, comparison.summary)
  const signersChange = previous !== null && signers.toSorted().join('\n') !== own.toSorted().join('\n')
  const verdict = judgeChange({ previous, digest: canonical.digest, signers, signersChange, comparison, signatures })
  if (!verdict.allowed) return refuse(verdict.code, verdict.message, comparison.summary)
  await archiveRulebook(journalDir, canonical)
  const recorded = journal.recordEvent('rulebook', {
    digest: canonical.digest,
    keys: own,
    previous,
    serial,
    signers: verdict.signers,
    signersChanged: signersChange,
    ...summaryOf(comparison),
    weakenings: proposal.weakenings,
  })
  swap()
  await recorded
  return { taken: true, changed: true }
}

/** Whoever deletes the archive must not get rid of the signers with it: the journal names their keys too. */
async function signersInJournal(journalDir: string, digest: string): Promise<readonly string[] | null> {
  return (await historyOfRulebooks(journalDir)).keys.get(digest) ?? null
}

const refuse = (code: ChangeRefusal, message: string, weaker: readonly string[]): Force => ({ taken: false, code, message, weaker })

/** A rulebook that was offered and did not take force; `digest` is null where its files make none. */
export function recordRefusal(journal: Journal, digest: string | null, code: ChangeRefusal, weaker: readonly string[]): Promise<void> {
  const { summary, more } = summaryOf({ weaker: true, summary: weaker })
  return journal.recordEvent('rulebook-refused', { code, digest, inForce: journal.lastRulebook, more, summary })
}

/** As `recordRefusal`, unless the journal ends with this refusal already: who starts a gate again and again must not fill it. */
export async function recordRefusalOnce(
  journal: Journal,
  journalDir: string,
  digest: string,
  code: ChangeRefusal,
  weaker: readonly string[],
): Promise<void> {
  let last: { code?: unknown; digest?: unknown } = {}
  for await (const { entry } of readJournal(journalDir)) {
    if (entry.kind === 'rulebook-refused') last = memberObject(entry, 'body') ?? {}
    else if (entry.kind === 'rulebook' || entry.kind === 'config') last = {}
  }
  if (last.code !== code || last.digest !== digest) await recordRefusal(journal, digest, code, weaker)
}

/** An entry has an end; a new state's worth of laws does not fit. */
const summaryOf = ({ weaker, summary }: Comparison) => ({
  more: Math.max(0, summary.length - SENTENCES_MAX),
  summary: summary.slice(0, SENTENCES_MAX).map(sentence => sentence.slice(0, SENTENCE_CHARS_MAX).toWellFormed()),
  weaker,
})
