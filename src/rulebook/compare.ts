import { isDeepStrictEqual } from 'node:util'
import type { Rulebook } from '../policy/rulebook.ts'
import type { RulebookContent } from '../terms/rulebook-content.ts'
import { compareParts } from './compare-parts.ts'
import { compareSigners } from './compare-signers.ts'

/** Whether any decision became weaker from one rulebook to the next, and what, in sentences of ours. */
export interface Comparison {
  readonly weaker: boolean
  readonly summary: readonly string[]
}

/** Compares laws and grants over the whole decision space, from one moment on (milliseconds since 1970, UTC). */
export type DiffRulebooks = (before: Rulebook, after: Rulebook, at: number) => Comparison

export interface Comparable {
  readonly content: RulebookContent
  readonly rulebook: Rulebook
}

/** Compares two rulebooks whole. Takes seconds of processor time. */
export function compareRulebooks(before: Comparable, after: Comparable, at: number, diff: DiffRulebooks): Comparison {
  const signers = compareSigners(before.content.signers, after.content.signers)
  const parts = compareParts(before.content, after.content)
  const beside = { weaker: signers.weaker || parts.length > 0, summary: [...signers.summary, ...parts] }
  const lawsOf = ({ laws, grants }: RulebookContent) => [laws.map(({ law }) => law), grants]
  if (isDeepStrictEqual(lawsOf(before.content), lawsOf(after.content))) return beside
  const { weaker, summary } = diff(before.rulebook, after.rulebook, at)
  return { weaker: weaker || beside.weaker, summary: [...beside.summary, ...summary] }
}
