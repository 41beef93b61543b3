import { z } from 'zod'
import { AgencyDirectory, Jurisdiction } from './agency.ts'
import { CatalogueFile, Vocabulary } from './catalogue.ts'
import { Invariants } from './invariant.ts'
import { GrantsFile, LawFile } from './law.ts'
import { Lexicon } from './lexicon.ts'
import { Keeper, RecordClass } from './source.ts'

const SourceContent = z.strictObject({ name: z.string(), keeper: Keeper, records: RecordClass, catalogue: CatalogueFile })

/**
 * All that decides, as it was parsed: comments and formatting are not in it. The SHA-256 of its canonical JSON names a rulebook, so a
 * new member here, or a new default in a schema it uses, renames every rulebook there is.
 */
export const RulebookContent = z.strictObject({
  format: z.literal('haven-rulebook/1'),
  jurisdiction: Jurisdiction,
  /** The folders of laws in force, as configured. */
  folders: z.array(z.string()),
  /** File names are relative to the policies folder. */
  laws: z.array(z.strictObject({ file: z.string(), law: LawFile })),
  grants: GrantsFile,
  agencies: AgencyDirectory,
  vocabulary: Vocabulary,
  lexicon: Lexicon,
  /** Plain content of policies/invariants.yaml; null where there is no such file. */
  invariants: Invariants.nullable(),
  /** By name. */
  sources: z.array(SourceContent),
  /** Verifier keys of those who may change the rulebook. */
  signers: z.array(z.string()),
})
export type RulebookContent = z.infer<typeof RulebookContent>

/** A rulebook as it is archived: `digest` is the SHA-256, in hex, of `text`, the canonical JSON of `content`. */
export interface CanonicalRulebook {
  readonly digest: string
  readonly text: string
  readonly content: RulebookContent
}
