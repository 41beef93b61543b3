import { z } from 'zod'
import { HavenFile } from '../src/config/schema.ts'
import { AgencyDirectory, Category } from '../src/terms/agency.ts'
import { CatalogueFile, Vocabulary } from '../src/terms/catalogue.ts'
import { DataClass, UseKind } from '../src/terms/data-class.ts'
import { Invariants } from '../src/terms/invariant.ts'
import { Condition, GrantsFile, LawFile, Obligation } from '../src/terms/law.ts'
import { ProcessKind } from '../src/terms/legal-process.ts'
import { Lexicon } from '../src/terms/lexicon.ts'
import { CasesFile } from '../src/terms/policy-case.ts'
import { Purpose } from '../src/terms/purpose.ts'
import { SCHEMA_WORDS } from './schema-words.ts'

/** Every kind of file a person writes: `schemas/<kind>.schema.json`. */
export const FILE_KINDS: Readonly<Record<string, { readonly title: string; readonly schema: z.ZodType }>> = {
  law: { title: 'Haven: a law', schema: LawFile },
  grants: { title: "Haven: a city's grants", schema: GrantsFile },
  cases: { title: 'Haven: cases of policy', schema: CasesFile },
  agencies: { title: 'Haven: the agency directory', schema: AgencyDirectory },
  purposes: { title: 'Haven: the lexicon of purposes', schema: Lexicon },
  vocabulary: { title: 'Haven: the vocabulary of field names', schema: Vocabulary },
  invariants: { title: 'Haven: invariants', schema: Invariants },
  catalogue: { title: "Haven: a source's catalogue", schema: CatalogueFile },
  haven: { title: 'Haven: haven.yaml', schema: HavenFile },
}

/** What stands in many places is defined once, under its own name. */
const NAMED: Readonly<Record<string, z.ZodType>> = { Condition, Obligation, DataClass, UseKind, Purpose, ProcessKind, Category }

/**
 * The JSON Schema (draft 2020-12) of each kind of file, as the text of its file. What a schema cannot say, such as that a law ends after it
 * begins, only `haven check` knows. @throws Error if a description speaks of a key that is not there
 */
export function makeSchemas(words: typeof SCHEMA_WORDS = SCHEMA_WORDS): ReadonlyMap<string, string> {
  const names = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(NAMED)) names.add(schema, { id })
  return new Map(
    Object.entries(FILE_KINDS).map(([kind, { title, schema }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', metadata: names })
      const root = { $schema, title, ...rest }
      for (const [path, sentence] of Object.entries(words[kind] ?? {})) describe(root, path, sentence, kind)
      return [`${kind}.schema.json`, `${JSON.stringify(root, null, 2)}\n`]
    }),
  )
}

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

function describe(root: Json, path: string, sentence: string, kind: string): void {
  const found = path.split('.').reduce<readonly Json[]>((nodes, key) => nodes.flatMap(node => propertiesOf(root, node, key)), [root])
  if (found.length === 0) throw new Error(`scripts/schema-words.ts: ${kind}: there is no key '${path}'`)
  for (const node of found) node['description'] = sentence
}

/** The schemas of a property, through references, lists, maps and alternatives. */
function propertiesOf(root: Json, node: Json, key: string): readonly Json[] {
  const { $ref, properties, items, additionalProperties, anyOf } = node
  const { $defs } = root
  if (isObject(properties) && isObject(properties[key])) return [properties[key]]
  const referred = typeof $ref === 'string' && isObject($defs) ? $defs[$ref.replace('#/$defs/', '')] : undefined
  const inner = [referred, items, additionalProperties, ...(Array.isArray(anyOf) ? anyOf : [])].filter(isObject)
  return inner.flatMap(one => propertiesOf(root, one, key))
}
