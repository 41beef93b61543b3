import { z } from 'zod'

export interface DescribedIssue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Says each zod issue in words a person who writes the file can act on: what is wrong there, and what to write instead. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], schema: z.ZodType): readonly DescribedIssue[] {
  return issues.flatMap(issue => describe(issue, [], schema))
}

function describe(issue: z.core.$ZodIssue, under: readonly PropertyKey[], schema: z.ZodType): readonly DescribedIssue[] {
  const path = [...under, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({ path: [...path, key], message: `unknown key '${key}'; ${suggest(key, schema)}` }))
  }
  if (issue.code === 'invalid_union') {
    // The branch that got furthest is the one the author meant.
    const branches = issue.errors.filter(branch => branch.length > 0)
    const depth = (branch: readonly z.core.$ZodIssue[]) => Math.max(...branch.map(inner => inner.path.length))
    const meant = branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0]
    if (meant && depth(meant) > 0) return meant.flatMap(inner => describe(inner, path, schema))
    if (meant) return [{ path, message: [...new Set(branches.flat().map(inner => lower(inner.message)))].join(', or ') }]
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith('undefined')) {
    return [{ path, message: `'${String(issue.path.at(-1) ?? '')}' is missing here; add it` }]
  }
  return [{ path, message: lower(issue.message) }]
}

const lower = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1)

function suggest(key: string, schema: z.ZodType): string {
  const known = [...new Set(propertyNames(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })))]
  const nearest = known.map(name => ({ name, distance: editDistance(key, name) })).toSorted((a, b) => a.distance - b.distance)[0]
  if (nearest?.distance === 0) return 'it belongs at another level; check its indentation'
  return nearest && nearest.distance <= 2 ? `did you mean '${nearest.name}'?` : 'remove it, or check its spelling and its indentation'
}

function propertyNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema && typeof schema.properties === 'object' && schema.properties ? Object.keys(schema.properties) : []
  return [...own, ...Object.values(schema).flatMap(propertyNames)]
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substitute, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
