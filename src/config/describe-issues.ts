import { z } from 'zod'
import { nearest } from '../terms/nearest.ts'

export interface DescribedIssue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

const NO_WORD = 'cannot stand here'

/**
 * Says each zod issue in words a person who writes the file can act on: what is wrong there, and what to write instead. `raw` is the value
 * that was read, so that the wrong word itself can be named.
 */
export function describeIssues(issues: readonly z.core.$ZodIssue[], schema: z.ZodType, raw: unknown): readonly DescribedIssue[] {
  return issues.flatMap(issue => describe(issue, [], schema, raw))
}

function describe(issue: z.core.$ZodIssue, under: readonly PropertyKey[], schema: z.ZodType, raw: unknown): readonly DescribedIssue[] {
  const path = [...under, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({ path: [...path, key], message: `unknown key '${key}'; ${suggest(key, propertyNamesOf(schema))}` }))
  }
  if (issue.code === 'invalid_union') return describeUnion(issue, path, schema, raw)
  const found = valueAt(raw, path)
  if (found === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    return [{ path, message: `'${String(path.at(-1) ?? '')}' is missing here; add it` }]
  }
  // A message of the schema's own says more than the list (HS256 must not be answered with "did you mean ES256?").
  if (issue.code === 'invalid_value' && typeof found === 'string' && issue.message.startsWith('Invalid option')) {
    const words = issue.values.map(String)
    const meant = nearest(found, words)
    return [{ path, message: `'${found}' ${NO_WORD}; ${meant ? `did you mean '${meant}'? One of` : 'write one of'}: ${words.join(', ')}` }]
  }
  return [{ path, message: lower(issue.message) }]
}

/** Of the ways a value could have been written, the one that got furthest is the one the author meant. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[], schema: z.ZodType, raw: unknown) {
  const branches = issue.errors
    .filter(branch => branch.length > 0)
    .map(branch => branch.flatMap(inner => describe(inner, path, schema, raw)))
  const depth = (branch: readonly DescribedIssue[]) => Math.max(...branch.map(inner => inner.path.length))
  const deepest = Math.max(...branches.map(depth))
  const meant = branches.filter(branch => depth(branch) === deepest)
  // A word that is nearly right says more than that an object could stand there too.
  const wrongWord = meant.find(branch => branch.some(({ message }) => message.includes(NO_WORD)))
  if (wrongWord) return wrongWord
  const [only] = meant
  if (only !== undefined && (meant.length === 1 || deepest > path.length)) return only
  return [{ path, message: [...new Set(meant.flat().map(({ message }) => message))].join(', or ') }]
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), raw)
}

const lower = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1)

function suggest(word: string, known: readonly string[]): string {
  if (known.includes(word)) return 'it belongs at another level; check its indentation'
  const meant = nearest(word, known)
  return meant ? `did you mean '${meant}'?` : 'remove it, or check its spelling and its indentation'
}

const propertyNamesOf = (schema: z.ZodType): readonly string[] => [
  ...new Set(propertyNames(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))),
]

function propertyNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema && typeof schema.properties === 'object' && schema.properties ? Object.keys(schema.properties) : []
  return [...own, ...Object.values(schema).flatMap(propertyNames)]
}
