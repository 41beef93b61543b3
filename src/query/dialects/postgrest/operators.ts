/** How the value of an operator is written. */
export type OperatorForm = 'plain' | 'quantified' | 'search' | 'list' | 'is'

/** Every filter operator of PostgREST (its documentation, "Operators"). */
export const OPERATORS: ReadonlyMap<string, OperatorForm> = new Map([
  ...['eq', 'gte', 'gt', 'lte', 'lt', 'like', 'ilike', 'match', 'imatch'].map(name => [name, 'quantified'] as const),
  ...['neq', 'isdistinct', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj'].map(name => [name, 'plain'] as const),
  ...['fts', 'plfts', 'phfts', 'wfts'].map(name => [name, 'search'] as const),
  ['in', 'list'],
  ['is', 'is'],
])

/** Operators whose value is a pattern, where `%41` can be meant as it stands. */
export const PATTERNS: ReadonlySet<string> = new Set(['like', 'ilike', 'match', 'imatch'])
