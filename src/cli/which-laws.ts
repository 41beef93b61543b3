import type { Entitled } from '../policy/prove.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import type { Invariant } from '../terms/invariant.ts'
import type { RulebookContent } from '../terms/rulebook-content.ts'

/** What `policy prove` and `policy diff` are handed: a policies folder, loaded and compiled. @throws FilesRefused, or Error for an unknown folder */
export type LoadProvable = (
  dir: string,
  which: { readonly laws: readonly string[] | null; readonly grants: string | null; readonly at: number },
) => {
  readonly rulebook: Rulebook
  /** Folders as they can stand in force; empty where the folders were named. */
  readonly sets: readonly (readonly string[])[]
  readonly rulebookFor: (folders: readonly string[]) => Rulebook
  readonly laws: readonly string[]
  /** All that can be compared of the folder; without sources, which are of a configuration. */
  readonly content: RulebookContent
  readonly stubs: readonly string[]
  readonly grants: string | null
  readonly parties: readonly Entitled[]
  readonly invariants: readonly Invariant[]
}
