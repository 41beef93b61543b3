import { duplicate, undeclared } from '../../unreadable.ts'

/** What the Prefer header asks for, as far as Haven passes it on. */
export interface Preferences {
  /** Judged as a use; the count itself is never asked for. */
  readonly count: string | null
  readonly returns: 'representation' | 'minimal' | null
}

// `handling=strict` only makes PostgREST refuse what Haven refuses already.
const OFFERED: ReadonlyMap<string, readonly string[]> = new Map([
  ['count', ['exact', 'planned', 'estimated']],
  ['return', ['representation', 'minimal', 'headers-only']],
  ['handling', ['strict']],
])

/** Reads Prefer (RFC 7240) against what is offered; upserts, time zones and transaction ends are refused, not ignored. */
export function readPreferences(values: readonly string[] | undefined): Preferences {
  const found = new Map<string, string>()
  for (const token of (values ?? []).flatMap(value => value.split(',')).map(text => text.trim().toLowerCase())) {
    if (token === '') continue
    const [name = '', value = ''] = token.split('=').map(part => part.trim())
    if (!OFFERED.get(name)?.includes(value)) throw undeclared('prefer', `the preference ${JSON.stringify(token)} is not offered`)
    if (found.has(name)) throw duplicate('prefer', name)
    found.set(name, value)
  }
  const returns = found.get('return')
  return {
    count: found.get('count') ?? null,
    returns: returns === undefined ? null : returns === 'representation' ? 'representation' : 'minimal',
  }
}
